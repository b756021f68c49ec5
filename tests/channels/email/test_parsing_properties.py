"""Whatever the bytes: reading never fails, what comes out can be stored, and a message keeps its key."""

from __future__ import annotations

import dataclasses
import functools
import time
from collections.abc import Iterator

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from majlis.channels.email.parsing import ParsedMail, message_key, parse
from tests.corpus.make import messages

CORPUS = messages()
FRAGMENTS = [
    b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"--", b"--b\r\n", b"=?", b"?=", b"=?utf-8?B?", b"=?utf-8?q?", b"\x00", b"\xff",
    b"<", b">", b"@", b'"', b"(", b",", b";", b":", b"=", b"From: ", b"To: ", b"Subject: ", b"Date: ", b"Message-ID: ",
    b"Content-Type: multipart/mixed; boundary=b\r\n", b"Content-Type: text/html; charset=utf-7\r\n", b"charset=idna",
    b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: x-uuencode\r\n", b"filename*0*=x''%",
    b"Content-Type: message/delivery-status\r\n\r\n", b"<![CDATA[", b"<!-- ", b"&#0;&#xd800;", b"\xd8\xa7", b"\xc7\xe1",
]  # fmt: skip
quick = settings(deadline=None, suppress_health_check=list(HealthCheck))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _strings(one)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _strings(getattr(value, field.name))


def _is_storable(mail: ParsedMail) -> None:
    for text in _strings(mail):
        assert "\x00" not in text
        text.encode("utf-8")  # a lone surrogate would raise
    assert mail.is_bounce == (mail.auto == "bounce")
    assert all(part.name for part in mail.attachments)
    assert len(message_key(mail)) == 64


@settings(quick, max_examples=400)
@given(st.binary(max_size=600))
def test_no_bytes_make_reading_fail(raw: bytes) -> None:
    _is_storable(parse(raw))


@settings(quick, max_examples=250)
@given(st.lists(st.sampled_from(FRAGMENTS) | st.binary(max_size=12), max_size=40))
def test_no_heap_of_mail_like_fragments_makes_reading_fail(pieces: list[bytes]) -> None:
    _is_storable(parse(b"".join(pieces)))


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    raw = CORPUS[draw(st.sampled_from(sorted(CORPUS)))]
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(raw)))
        stop = start + draw(st.integers(0, 20))
        raw = raw[:start] + draw(st.sampled_from(FRAGMENTS) | st.binary(max_size=6)) + raw[stop:]
    return raw


@settings(quick, max_examples=300)
@given(mutated())
def test_no_damage_to_a_real_message_makes_reading_fail(raw: bytes) -> None:
    _is_storable(parse(raw))


TRACE = [
    b"Received: from a (b [192.0.2.1]) by c with ESMTP; Mon, 3 Nov 2025 10:16:00 +0300\r\n",
    b"Delivered-To: support@shop.example\r\n",
    b"X-Spam-Score: 0.1\r\n\tby filter\r\n",
    b"Return-Path: <layla@customer.example>\r\n",
]


def _unix(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n")


def _ends_trimmed(raw: bytes) -> bytes:
    return b"\r\n".join(line.rstrip(b" \t") for line in raw.split(b"\r\n"))


# Keys that stand on nothing but the header lines that tracing adds to, or on spaces that carry meaning.
WITHOUT_HEADERS = {"empty", "no-headers", "mbox-line-first", "lone-cr", "from-missing"}


@functools.cache
def _key(name: str) -> str:
    return message_key(parse(CORPUS[name]), CORPUS[name])


@settings(quick, max_examples=200)
@given(
    st.sampled_from(sorted(CORPUS.keys() - WITHOUT_HEADERS)),
    st.lists(st.sampled_from(TRACE), max_size=4),
    st.lists(st.sampled_from([_unix, _ends_trimmed]), max_size=2),
)
def test_a_message_keeps_its_key_on_every_way_in(
    name: str, trace: list[bytes], changes: list[object]
) -> None:
    raw = b"".join(trace) + CORPUS[name]
    for change in changes:
        raw = change(raw)  # type: ignore[operator]
    assert message_key(parse(raw), raw) == _key(name)


def test_no_two_messages_of_the_corpus_share_a_key() -> None:
    keys: dict[str, set[str]] = {}
    for name in CORPUS:
        keys.setdefault(_key(name), set()).add(name)
    # The two that say the same, one without an id and one with an empty one, are one message.
    assert [twins for twins in keys.values() if len(twins) > 1] == [{"no-message-id", "message-id-empty"}]


def test_a_reused_message_id_with_other_content_is_another_message() -> None:
    first = CORPUS["plain-english"]
    for other in (
        first.replace(b"4417", b"4418"),
        first.replace(b"Subject: Where", b"Subject: Here"),
        first.replace(b"omar@customer", b"layla@customer"),
    ):
        assert parse(other).message_id == parse(first).message_id
        assert message_key(parse(other)) != message_key(parse(first))


def test_another_attachment_makes_another_message() -> None:
    first = CORPUS["name-rfc2231"]
    assert message_key(parse(first.replace(b"JVBERi0x", b"JVBERi0y"))) != message_key(parse(first))


def test_without_a_message_id_the_date_tells_messages_apart() -> None:
    first = CORPUS["no-message-id"]
    assert message_key(parse(first.replace(b"10:15:00", b"10:15:01"))) != message_key(parse(first))


def test_a_huge_message_is_read_in_seconds_and_whole() -> None:
    line = b"QUJD" * 18 + b"\r\n"
    raw = (
        b"From: layla@customer.example\r\nContent-Type: multipart/mixed; boundary=h\r\n\r\n--h\r\n"
        b"Content-Type: text/plain\r\n\r\nbig file\r\n--h\r\nContent-Type: application/zip; name=big.zip\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + line * 340_000 + b"--h--\r\n"
    )
    assert len(raw) > 25_000_000
    began = time.perf_counter()
    mail = parse(raw)
    message_key(mail)
    assert time.perf_counter() - began < 10
    assert mail.text == "big file"
    assert mail.attachments[0].content == b"ABC" * 18 * 340_000


def test_messages_made_to_keep_a_processor_busy_are_read_in_seconds() -> None:
    began = time.perf_counter()
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(3000)
    )
    for raw in (
        deep,
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 100_000,
        b"Subject: " + b"=?a?q?" * 200_000 + b"\r\n\r\n",
        b"To: " + b"<" * 200_000 + b"\r\n\r\n",
        b"To: " + b'"(' * 100_000 + b"\r\n\r\n",
        b"From: " + b"a@" * 100_000 + b"\r\n\r\n",
        b"Content-Type: text/plain" + b"; a*1*=x" * 50_000 + b"\r\n\r\n",
        b"References: " + b"<" * 100_000 + b"a@b" * 10_000 + b"\r\n\r\n",
        b"Content-Type: text/html\r\n\r\n" + b"<div>" * 100_000,
        b"From: postmaster@x.example\r\nSubject: failure notice\r\n\r\n" + b"a" * 200_000,
        b"From: postmaster@x.example\r\nSubject: failure notice\r\n\r\n" + b" \t" * 100_000 + b"\n" * 100_000,
    ):
        parse(raw)
    assert time.perf_counter() - began < 10
