"""Tables as spreadsheets save them are read, whatever the charset and the separator."""

from __future__ import annotations

import codecs

import pytest

from majlis.lib import tables

TEXT = 'الاسم{s}البريد الإلكتروني{s}الشركة\nليلى{s}layla@x.test{s}"سدرة{s} الرياض"\n\n'


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("charset", "mark"),
    [("utf-8", b""), ("utf-8", codecs.BOM_UTF8), ("cp1256", b""), ("utf-16", b""), ("utf-16-le", b"")],
)
def test_rows_are_the_same_in_every_charset_and_separator(charset: str, mark: bytes, separator: str) -> None:
    rows = tables.rows_of(mark + TEXT.format(s=separator).encode(charset))
    assert rows == [
        ["الاسم", "البريد الإلكتروني", "الشركة"],
        ["ليلى", "layla@x.test", f"سدرة{separator} الرياض"],
    ]
    assert tables.fields_of(rows[0]) == ["name", "address", "company"]


def test_heads_are_guessed_in_both_languages_and_others_name_attributes() -> None:
    heads = ["E-Mail Address", "FULL NAME", "عميل منذ", "Customer ID", "المدينة", "name", ""]
    fields = [
        "address",
        "name",
        "customer_since_on",
        "attribute:Customer ID",
        "attribute:المدينة",
        "attribute:name",
        "",
    ]
    assert tables.fields_of(heads) == fields


@pytest.mark.parametrize("content", [b"", b"\n\n", b"name,email\n", b"\xff\xfe"])
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="no table"):
        tables.rows_of(content)


def test_short_and_long_rows_are_as_wide_as_the_head() -> None:
    assert tables.rows_of(b"a,b\n1\n1,2,3\n'=x,2") == [["a", "b"], ["1", ""], ["1", "2"], ["=x", "2"]]
