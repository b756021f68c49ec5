"""Mail in HTML is folded where its plain text would be, whatever elements its program put around a quotation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.channels.email import quoting
from majlis.channels.email.quoting_html import fold, shown
from majlis.lib.html import sanitise
from majlis.lib.plain import to_text
from tests.letters import LETTERS

# In the file every line bears the mark of the piece it belongs to; a mail has characters that nobody sees instead.
MARKS = {"above": "\u2061", "text": "\u2062", "signature": "\u2063", "quoted": "\u2064"}
_UNSEEN = str.maketrans(dict(zip("‡§¶¤", MARKS.values(), strict=True)))
WRITTEN = (Path(__file__).parent / "mails.html").read_text(encoding="utf-8").translate(_UNSEEN)
MAILS = {
    found[1]: found[2] for found in re.finditer(r"<!-- (.*?) -->\n(.*?)(?=\n<!-- |\Z)", WRITTEN, re.DOTALL)
}


def words(html: str) -> str:
    return re.sub(r"\s+", "", re.sub("<[^>]*>", "", re.sub("<style>.*?</style>", "", html)))


def is_balanced(html: str) -> bool:
    open_now: list[str] = []
    for end, tag in re.findall(r'<(/?)([a-z0-9]+)(?:[^">]|"[^"]*")*>', html):
        if not end and tag not in ("br", "hr", "img", "wbr", "area", "col"):
            open_now.append(tag)
        elif end and (not open_now or open_now.pop() != tag):
            return False
    return not open_now


@pytest.mark.parametrize("name", MAILS)
def test_every_part_stands_in_its_piece(name: str) -> None:
    clean = sanitise(MAILS[name])
    found = fold(clean)
    for piece, own in MARKS.items():
        html = getattr(found, piece)
        marks = {mark for mark in MARKS.values() if mark in html}
        assert marks <= {own}, (piece, html)
        assert is_balanced(html)
    for mark in MARKS.values():
        assert sum(getattr(found, piece).count(mark) for piece in MARKS) == clean.count(mark)


@pytest.mark.parametrize("name", MAILS)
def test_what_is_shown_has_every_word_of_the_mail(name: str) -> None:
    clean = sanitise(MAILS[name])
    folded = shown(clean, lambda signature, quotation: "<details><summary></summary>")
    assert words(folded) == words(clean)
    assert is_balanced(folded)
    assert sanitise(folded).count("<details") == folded.count("<details")


ONLY_BY_ELEMENT = {
    "en · Outlook, web",
    "ar · Outlook, web, with its signature",
    "en · Outlook, new",
    "en · Outlook, 2003",
    "en · classes lost, a quotation with a border",
    "ar · a picture above the quotation stays",
}


@pytest.mark.parametrize("name", sorted(MAILS.keys() - ONLY_BY_ELEMENT))
def test_the_text_made_of_a_mail_without_plain_text_is_folded_alike(name: str) -> None:
    found = quoting.fold(to_text(MAILS[name]))
    pieces = (found.above, found.text, found.signature, found.quoted)
    for piece, mark in zip(pieces, MARKS.values(), strict=True):
        assert piece.count(mark) == MAILS[name].count(mark), piece


def test_there_are_enough_of_them() -> None:
    assert len(MAILS) >= 25
    assert sum(name.startswith("ar") for name in MAILS) >= 12


def test_an_answer_to_a_forwarded_message_is_told_by_its_subject() -> None:
    clean = sanitise(MAILS["en · Outlook, web"])
    assert fold(clean, subject="FW: Your order").quoted == ""
    assert fold(clean, subject="RE: FW: Your order").quoted != ""


def test_the_plain_text_made_of_a_piece_is_folded_no_further() -> None:
    for html in MAILS.values():
        text = fold(sanitise(html)).text
        assert fold(text).text == text, to_text(text)


PARTS = st.sampled_from(
    [
        *re.findall(r"<[^>]+>|[^<]+", "\n".join(MAILS.values())),
        "<style>a{color:red}</style>",
        "&amp;",
        "&lt;",
        "--",
    ]
)


@given(st.lists(PARTS | st.text(LETTERS, max_size=6), max_size=25))
def test_no_word_is_ever_lost(parts: list[str]) -> None:
    clean = sanitise("".join(parts))
    folded = shown(clean, lambda signature, quotation: "<details><summary></summary>")
    assert words(folded) == words(clean)
    assert is_balanced(folded)
