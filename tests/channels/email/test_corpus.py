"""Every message of the corpus is read as it was meant, and the files are what the corpus says they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from majlis.channels.email import enriched, invitations, rtf, tnef, uuencoded
from majlis.channels.email.parsing import ParsedMail, message_key, parse
from majlis.channels.email.quoting import fold
from tests.corpus.expected import EXPECTED
from tests.corpus.make import HERE, messages


def _shown(mail: ParsedMail, name: str) -> Any:
    value: Any = getattr(mail, name)
    if name in ("to", "cc", "reply_to"):
        return [(person.name, person.address) for person in value]
    if name == "sender":
        return (value.name, value.address) if value else None
    if name == "date":
        return value.isoformat() if value else None
    if name == "attachments":
        return [(part.name, part.content_type, part.is_inline) for part in value]
    if name == "bounce":
        if value is None:
            return None
        return value.failed, value.original_message_id, value.is_permanent, value.diagnostic, value.status
    return value


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_message_is_read_as_it_was_meant(name: str) -> None:
    mail = parse((HERE / f"{name}.eml").read_bytes())
    wanted = dict(EXPECTED[name])
    parts = {"text_has": mail.text, "html_has": mail.html or ""}
    for key in parts.keys() & wanted.keys():
        assert wanted.pop(key) in parts[key]
    if "visible" in wanted:
        assert fold(mail.text).text.strip() == wanted.pop("visible")
    assert {key: _shown(mail, key) for key in wanted} == wanted
    assert mail.is_bounce == (mail.auto == "bounce")


def test_each_file_has_its_expectation_and_is_what_the_corpus_writes() -> None:
    written = {path.stem: path.read_bytes() for path in Path(HERE).glob("*.eml")}
    assert written == messages()
    assert written.keys() == EXPECTED.keys()
    assert len(written) >= 60


def test_attached_bytes_come_out_whole() -> None:
    contents = {
        name: parse((HERE / f"{name}.eml").read_bytes()).attachments[0].content
        for name in ("name-rfc2231", "uuencoded-part", "attached-text-file", "multipart-unclosed")
    }
    assert contents == {
        "name-rfc2231": b"%PDF-1.4\n",
        "uuencoded-part": b"Cat",
        "attached-text-file": b"line 1",
        "multipart-unclosed": b"%PDF-1",
    }


def test_an_attached_message_can_be_read_again() -> None:
    inner = parse(parse((HERE / "attached-message.eml").read_bytes()).attachments[0].content)
    assert (inner.subject, inner.text) == ("شكوى قديمة", "old text")
    assert inner.sender is not None
    assert inner.sender.address == "omar@customer.example"


def test_what_is_taken_out_of_parts_does_not_change_the_key() -> None:
    for name in ("uuencoded-in-text", "tnef-alone-with-html", "pgp-inline-signed"):
        mail = parse((HERE / f"{name}.eml").read_bytes())
        assert mail.as_written is not None
        text, html, parts = mail.as_written
        assert message_key(mail) == message_key(
            replace(mail, text=text, html=html, attachments=parts, as_written=None)
        )
        assert message_key(mail) != message_key(replace(mail, as_written=None))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_any_message_cut_anywhere_is_still_read(name: str) -> None:
    raw = (HERE / f"{name}.eml").read_bytes()
    for end in range(len(raw) // 7, len(raw), max(1, len(raw) // 7)):
        assert parse(raw[:end]).text is not None


def test_packed_nonsense_neither_raises_nor_takes_long() -> None:
    head = b"\x78\x9f\x3e\x22\x01\x00"
    many_small = head + b"\x01\x0c\x80\x02\x00\x00\x00\x00\x00\x00\x00" * 100_000
    bomb = b"\xff\xff\xff\x7f\xff\xff\xff\x7fLZFu\0\0\0\0" + b"\xff" + b"\x00\x0f" * 8 * 20_000
    deep = b"{\\rtf1" + b"{" * 200_000 + b"\\u1608?" * 1000
    started = process_time()
    assert tnef.read(many_small) is not None
    assert len(rtf.decompress(bomb)) <= rtf.MAX_BYTES + 200
    assert rtf.read(deep)[1] is False
    assert uuencoded.take_out("begin 644 a\n" * 5_000)[1] == []
    assert enriched.to_html("<bold>" * 20_000 + "</italic>" * 20_000).count("<b>") == 100
    assert invitations.read(b"BEGIN:VCALENDAR\n" * 10_000) == []
    assert process_time() - started < 20
