"""What somebody fills in: cleaned, and taken only if it is what the field asks for."""

from __future__ import annotations

import hashlib

import pytest

from majlis.channels.forms import answers, proof
from majlis.channels.forms.answers import address_problem, name_problem, problem, typed
from majlis.channels.forms.fields import Condition, Field, Kind, When, kept, read
from majlis.channels.forms.pages import origin, page
from majlis.channels.forms.starting import STARTS
from majlis.lib.contrast import contrast
from majlis.lib.tints import DARK_FILL, LIGHT_FILL, tints

OPTIONS = (("أ", "a"), ("ب", "b"), ("ج", "c"))


def code(kind: Kind, *values: str) -> str:
    """What is wrong with these answers to a field of a kind; nothing for nothing."""
    field = Field("x", kind, options=OPTIONS if kind in (Kind.CHOICE, Kind.SEVERAL) else ())
    found = problem(field, typed(field, values), {})
    return found.code if found else ""


@pytest.mark.parametrize(
    ("kind", "good", "bad", "why"),
    [
        (Kind.EMAIL, ["a@b.co", "a.b+c@مثال.شركة"], ["a@b", "a b@c.de", "a@b..de", "<a@b.de>", "a@b.de,c@d.ef"], "not_an_address"),
        (Kind.PHONE, ["+966 50 123 4567", "٠٥٠١٢٣٤٥٦٧", "(0)5/12-34"], ["call me", "12", "+"], "not_a_phone"),
        (Kind.NUMBER, ["12", "٣.٥", "-7", "1,5"], ["twelve", "1e9", "--1"], "not_a_number"),
        (Kind.DATE, ["2026-11-23", "٢٠٢٦-١١-٢٣"], ["23/11/2026", "2026-02-30", "0001-01-01"], "not_a_date"),
        (Kind.ORDER, ["#48213", "WH-32695", "طلب-٧"], ["http://x.test", "a.b", "-", "a@b"], "not_an_order"),
        (Kind.CHOICE, ["0", "2"], ["3", "-1", "x"], "not_offered"),
        (Kind.YES_NO, ["yes", "no"], ["maybe"], "not_offered"),
    ],
)  # fmt: skip
def test_each_kind_takes_what_it_asks_for(kind: Kind, good: list[str], bad: list[str], why: str) -> None:
    assert {text: code(kind, text) for text in good} == dict.fromkeys(good, "")
    assert {text: code(kind, text) for text in bad} == dict.fromkeys(bad, why)


def test_several_of_a_list_are_each_there_once() -> None:
    assert code(Kind.SEVERAL, "0", "2") == ""
    assert code(Kind.SEVERAL, "0", "0") == "not_offered"
    field = Field("x", Kind.SEVERAL, options=OPTIONS)
    assert answers.shown(field, ["0", "2"], language="ar", yes="نعم", no="لا") == "أ، ج"
    assert answers.shown(field, ["0", "2"], language="en", yes="Yes", no="No") == "a, c"


def test_what_is_typed_loses_what_turns_or_breaks_lines_and_nothing_else() -> None:
    text = Field("x", Kind.TEXT)
    long = Field("x", Kind.LONG)
    assert typed(text, ["a\r\nBcc: everybody@x.test\x00\x07"]) == ["a Bcc: everybody@x.test"]
    assert typed(long, ["سطر\r\nآخر  \r\n\x00\x1b[31m"]) == ["سطر\nآخر\n  [31m"]
    assert typed(text, ["gpj\u202eexe"]) == ["gpjexe"]
    assert typed(text, ["مي\u200cخواهم 👩‍👩‍👧 <b>"]) == ["مي\u200cخواهم 👩‍👩‍👧 <b>"]
    assert typed(text, ["  ", ""]) == []


def test_a_field_has_its_length() -> None:
    assert code(Kind.TEXT, "ن" * 200) == ""
    assert code(Kind.TEXT, "ن" * 201) == "too_long"
    assert code(Kind.LONG, "ن" * 10_001) == "too_long"


def test_a_name_is_none_that_leads_somewhere() -> None:
    assert name_problem("ليلى القحطاني") is None
    for name in ("Win at http://x.test", "www.x.test", "me@x.test", "cheap.pills.example"):
        found = name_problem(name)
        assert found is not None, name
        assert found.code == "not_a_name"
    assert address_problem("", is_required=False) is None


def test_a_field_is_needed_only_while_its_condition_holds() -> None:
    asked = Field("x", Kind.TEXT, is_required=True, condition=Condition("why", When.IS, "1"))
    assert problem(asked, [], {"why": ["0"]}) is None
    found = problem(asked, [], {"why": ["1"]})
    assert found is not None
    assert found.code == "required"


@pytest.mark.parametrize(
    ("test", "said", "holds"),
    [
        (When.IS, ["Yes "], True),
        (When.IS, ["no"], False),
        (When.IS, [], False),
        (When.IS_NOT, ["no"], True),
        (When.IS_NOT, [], True),
        (When.IS_NOT, ["no", "yes"], False),
        (When.FILLED, ["x"], True),
        (When.FILLED, [" "], False),
    ],
)
def test_conditions(test: When, said: list[str], holds: bool) -> None:
    assert Condition("f", test, "yes").holds({"f": said}) is holds


def test_every_starting_point_is_kept_and_read_again_unchanged() -> None:
    for start in STARTS.values():
        assert read(kept(start.fields)) == start.fields


@pytest.mark.parametrize(
    ("address", "kept_as"),
    [
        ("https://shop.test/contact?utm=1&email=a@b.c#top", "https://shop.test/contact"),
        ("HTTPS://Shop.test:443", "https://shop.test/"),
        ("http://user:secret@shop.test:8080/x", "http://shop.test:8080/x"),
        ("http://[::1]:8000/x", "http://[::1]:8000/x"),
        ("javascript:alert(1)", ""),
        ("//shop.test/x", ""),
        ("https://shop.test/a b", ""),
        ('https://shop.test/"><script>', ""),
        ("https://shop.test;frame-ancestors/*", ""),
        ("http://[::1", ""),
        ("", ""),
    ],
)
def test_a_page_is_kept_without_what_identifies_a_visit(address: str, kept_as: str) -> None:
    assert page(address) == kept_as


def test_a_page_of_another_site_is_none() -> None:
    assert page("https://evil.test/x", sites=["https://shop.test"]) == ""
    assert page("https://shop.test/x", sites=["https://shop.test"]) == "https://shop.test/x"
    assert origin("https://shop.test:444/x") == "https://shop.test:444"


def test_the_work_is_for_one_stamp_and_cannot_be_guessed() -> None:
    done = proof.done("stamp", bits=8)
    assert hashlib.sha256(f"stamp:{done}".encode()).digest()[0] == 0
    assert proof.is_done("stamp", done, bits=8)
    assert not proof.is_done("other stamp", done, bits=16)
    for nothing in ("", "-1", "x", "9" * 13, "١"):
        assert not proof.is_done("stamp", nothing, bits=0)


@pytest.mark.parametrize(
    "colour", ["#0f6b74", "#ffff00", "#000000", "#ffffff", "#ff0000", "#7f7f7f", "#1f2a44"]
)
def test_whatever_colour_a_brand_has_its_form_can_be_read(colour: str) -> None:
    for found, fill in zip(tints(colour), (LIGHT_FILL, DARK_FILL), strict=True):
        assert contrast(found.text, fill) >= 4.5
        assert contrast(found.on, found.solid) >= 4.5
        assert contrast(found.on, found.hover) >= 4.5
