"""Text is read in the charset in which it makes sense, whatever its label says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.lib.charsets import codec_for, decode

ARABIC = [
    "السلام عليكم",
    "أين طلبي رقم ١٢٣؟",
    "لم يصلني الطلب حتى الآن، أرجو المتابعة",
    "دفعت مرتين في نفس اليوم ولم يرجع المبلغ إلى بطاقتي",
    "متى يفتح الفرع؟",
    "محمد عبدالله القحطاني",
    "صورة الإيصال.pdf",
    "سؤال عن الاشتراك",
    "شكوى",
    "ليلى",
]
WESTERN = [
    "café au lait",
    "Müller Straße",
    "naïve déjà vu",
    "señor Peña",
    "élève",
    "Ñandú",
    "100 € – “quoted”",
]


@pytest.mark.parametrize("label", [None, "windows-1256", "iso-8859-1", "us-ascii", "utf-8", "x-unknown"])
@pytest.mark.parametrize("text", ARABIC)
def test_windows_1256_is_read_under_any_label(text: str, label: str | None) -> None:
    data = text.translate(str.maketrans("١٢٣", "123")).encode("cp1256")
    assert decode(data, label) == (data.decode("cp1256"), "cp1256")


@pytest.mark.parametrize("label", ["iso-8859-6", "iso-8859-6-i", "ISO-8859-6-E", "asmo-708"])
@pytest.mark.parametrize("text", ARABIC)
def test_the_iso_charset_is_read_under_all_its_names(text: str, label: str) -> None:
    data = text.translate(str.maketrans("١٢٣", "123")).encode("iso8859_6")
    assert decode(data, label) == (data.decode("iso8859_6"), "iso8859-6")


@pytest.mark.parametrize("text", ARABIC)
def test_the_mac_charset_is_read(text: str) -> None:
    data = text.encode("mac_arabic")
    assert decode(data, "x-mac-arabic")[0] == text


@pytest.mark.parametrize(
    "label", [None, "iso-8859-1", "windows-1256", "us-ascii", "iso-8859-6", "big5", "koi8-r"]
)
@pytest.mark.parametrize("text", ARABIC)
def test_utf_8_is_read_under_any_label(text: str, label: str | None) -> None:
    assert decode(text.encode(), label) == (text, "utf-8")


@pytest.mark.parametrize("label", [None, "iso-8859-1", "us-ascii", "windows-1252"])
@pytest.mark.parametrize("text", WESTERN)
def test_accents_stay_accents(text: str, label: str | None) -> None:
    assert decode(text.encode("cp1252"), label)[0] == text


def test_broken_utf_8_keeps_what_is_whole() -> None:
    text = "مرحبا بكم في متجرنا"
    assert decode(text.encode()[:-1], "utf-8") == (text[:-1] + "\ufffd", "utf-8")


def test_arabic_after_a_long_latin_beginning_is_read() -> None:
    data = b"quoted line\n" * 5000 + "وصلت الشحنة اليوم".encode("cp1256")
    assert decode(data, None)[0].endswith("وصلت الشحنة اليوم")


@pytest.mark.parametrize(
    "label", ["hex", "idna", "rot13", "unicode_escape", "zlib", "../x", "", None, "\x00", "ü"]
)
def test_a_codec_that_is_no_charset_is_not_looked_up(label: str | None) -> None:
    assert codec_for(label) is None


@given(
    st.binary(max_size=200),
    st.sampled_from([None, "utf-8", "utf-7", "utf-16", "iso-2022-jp", "hz", "big5", "cp864"]),
)
def test_no_bytes_make_it_fail(data: bytes, label: str | None) -> None:
    text, codec = decode(data, label)
    assert isinstance(text, str)
    assert codec
