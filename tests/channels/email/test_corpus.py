"""Every message of the corpus is read as it was meant, and the files are what the corpus says they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from majlis.channels.email.parsing import ParsedMail, parse
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
