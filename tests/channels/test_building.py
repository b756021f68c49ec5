"""A reply as its reader's program sees it: headers, direction, quotation, files."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.channels.email import fields, quoting
from majlis.channels.email.building import Outgoing, Part, Quoted, build
from tests.channels.mailing import body

AT = datetime(2026, 11, 11, 7, 30, tzinfo=UTC)
RIYADH = ZoneInfo("Asia/Riyadh")
LAYLA = ("ليلى", "layla@customers.test")
REPLY = Outgoing(
    message_id="<mj-1-2-abcdefghijklmnop@majlis.test>",
    sender=("بدر — متجر سدرة", "support@majlis.test"),
    to=[LAYLA],
    subject="Re: سؤال عن الطلب",
    text="أهلًا ليلى،\n\nOrder #48213 is on its way.\nيصلك غدًا.",
    written_at=AT,
    in_reply_to="<two@customers.test>",
    references=["<one@customers.test>", "<two@customers.test>"],
    quoted=Quoted(LAYLA, AT, "أين طلبي؟", "ar", RIYADH),
)


def as_read(outgoing: Outgoing) -> EmailMessage:
    """The message, parsed again."""
    raw = build(outgoing)
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b""), "every line ends in CRLF"
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    return message_from_bytes(raw, policy=policy.default)


def test_a_reply_says_who_wrote_to_whom_about_what():
    mail = as_read(replace(REPLY, cc=[("Omar", "omar@customers.test")]))
    assert str(mail["From"]) == "بدر — متجر سدرة <support@majlis.test>"
    assert str(mail["To"]) == "ليلى <layla@customers.test>"
    assert str(mail["Cc"]) == "Omar <omar@customers.test>"
    assert mail["Subject"] == "Re: سؤال عن الطلب"
    assert mail["Date"].datetime == AT
    assert mail["Message-ID"] == REPLY.message_id
    assert mail["In-Reply-To"] == "<two@customers.test>"
    assert mail["References"].split() == ["<one@customers.test>", "<two@customers.test>"]
    assert not [name for name in mail if name.lower().startswith("x-")]
    assert mail.get_all("MIME-Version") == ["1.0"]


def test_lesson_10_the_wrapper_takes_the_direction_of_the_first_strong_character_and_each_paragraph_its_own():
    html = body(as_read(REPLY), "html")
    assert '<div dir="rtl" lang="ar" style=' in html
    assert '<p dir="ltr" style="margin:0;text-align:left">Order #48213 is on its way.</p>' in html
    english = body(as_read(replace(REPLY, text="12. Hello,\nأهلًا")), "html")
    assert '<div dir="ltr" lang="en" style=' in english


def test_the_reader_without_html_gets_the_same_words_and_the_quotation():
    text = body(as_read(REPLY), "plain")
    assert text == (
        "أهلًا ليلى،\n\nOrder #48213 is on its way.\nيصلك غدًا.\n\n"
        "في 11 نوفمبر 2026، 10:30 كتب ليلى <layla@customers.test>:\n> أين طلبي؟\n"
    )


def test_the_quotation_of_an_english_conversation_is_introduced_in_english():
    quoted = Quoted(("Omar", "omar@customers.test"), AT, "Where is it?", "en", ZoneInfo("UTC"))
    mail = as_read(replace(REPLY, text="Hello Omar", quoted=quoted))
    line = "On 11 November 2026 at 07:30, Omar <omar@customers.test> wrote:"
    assert f"Hello Omar\n\n{line}\n> Where is it?\n" == body(mail, "plain")
    html = body(mail, "html")
    assert '<span dir="ltr">Omar</span> <span dir="ltr">&lt;omar@customers.test&gt;</span> wrote:' in html


@pytest.mark.parametrize("language", ["ar", "en"])
def test_what_is_quoted_is_folded_again_when_the_customer_answers(language: str):
    quoted = Quoted(LAYLA, AT, "أين طلبي؟", language, RIYADH)
    text = body(as_read(replace(REPLY, text="طلبك في الطريق.", quoted=quoted)), "plain")
    assert quoting.fold(text).text.strip() == "طلبك في الطريق."


def test_what_a_customer_wrote_cannot_become_markup():
    quoted = Quoted(("<script>", "x@customers.test"), AT, "<img src=x>&", "en", RIYADH)
    html = body(as_read(replace(REPLY, text="<b>no</b>", quoted=quoted)), "html")
    assert "<script>" not in html
    assert "<img" not in html
    assert "&lt;b&gt;no&lt;/b&gt;" in html


def test_lesson_9_an_arabic_file_name_arrives_whole_however_long():
    name = "فاتورة رقم ٤٨٢١٣ " + "طويلة جدًا " * 20 + ".pdf"
    mail = as_read(replace(REPLY, parts=[Part(name, "application/pdf", b"%PDF\x00\xff")]))
    (part,) = mail.iter_attachments()
    assert isinstance(part, EmailMessage)
    assert part.get_filename() == name
    assert part.get_content_type() == "application/pdf"
    assert part.get_content() == b"%PDF\x00\xff"


@pytest.mark.parametrize(
    "kind", ["message/rfc822", "multipart/mixed", "nonsense", "", "text/html\r\nX-Bad: 1"]
)
def test_a_file_whose_type_cannot_be_sent_goes_as_plain_bytes(kind: str):
    mail = as_read(replace(REPLY, parts=[Part("a\r\nb.bin", kind, b"a: b\n\nc")]))
    (part,) = mail.iter_attachments()
    assert isinstance(part, EmailMessage)
    assert part.get_content_type() == "application/octet-stream"
    assert part.get_content() == b"a: b\n\nc"
    assert part.get_filename() == "a b.bin"


def test_nobody_can_write_a_header_through_a_name_or_a_subject():
    mail = as_read(replace(REPLY, subject="a\r\nBcc: x@y.test", to=[("b\r\nBcc: x@y.test", "l@c.test")]))
    assert mail["Bcc"] is None
    assert mail["Subject"] == "a Bcc: x@y.test"


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("سؤال", "Re: سؤال"),
        ("Re: سؤال", "Re: سؤال"),
        ("RE: re: Re[2]: hi", "Re: hi"),
        ("رد: سؤال", "رد: سؤال"),
        ("رد: RE: سؤال", "رد: سؤال"),
        ("regarding: hi", "Re: regarding: hi"),
        ("", "Re:"),
    ],
)
def test_the_subject_is_marked_as_a_reply_once(subject: str, expected: str):
    assert fields.reply_subject(subject) == expected


def test_an_id_longer_than_a_line_is_written_as_it_is():
    long_id = f"<{'a' * 300}@exchange.test>"
    raw = build(replace(REPLY, in_reply_to=long_id, references=["<one@customers.test>"]))
    assert f"\r\nIn-Reply-To: {long_id}\r\n".encode() in raw
    assert f"\r\nReferences: <one@customers.test>\r\n {long_id}\r\n".encode() in raw


def test_a_very_long_chain_keeps_its_first_and_its_last_ids():
    chain = [f"<message-{number}@customers.test>" for number in range(1000)]
    kept = as_read(replace(REPLY, references=chain, in_reply_to=chain[-1]))["References"].split()
    assert kept[0] == chain[0]
    assert kept[-100:] == chain[-100:]
    assert sum(map(len, kept)) < 4000


def test_what_is_no_id_does_not_enter_the_chain():
    mail = as_read(replace(REPLY, references=["no id", "<a b@c>", "<ok@c.test>", "<\u0639@c>"]))
    assert mail["References"].split() == ["<ok@c.test>", "<two@customers.test>"]


def test_a_domain_in_arabic_is_written_in_ascii():
    mail = as_read(replace(REPLY, to=[("ليلى", "layla@مثال.السعودية")]))
    assert mail["To"].addresses[0].domain == "xn--mgbh0fb.xn--mgberp4a5d4ar"


def test_a_letter_of_the_desk_says_that_nobody_wrote_it():
    letter = Outgoing(
        message_id="<x@majlis.test>",
        sender=("متجر سدرة", "support@majlis.test"),
        to=[("", "badr@majlis.test")],
        subject="Reset",
        text="Open https://desk.test/reset",
        written_at=AT,
        is_automatic=True,
    )
    mail = as_read(letter)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["References"] is None
    assert body(mail, "plain") == "Open https://desk.test/reset\n"


@given(
    name=st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=120),
    text=st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=400),
)
def test_whatever_is_written_arrives_as_written(name: str, text: str):
    mail = as_read(replace(REPLY, subject=name, text=f"x{text}x", quoted=None))
    assert mail["Subject"] == fields.one_line(name)
    assert re.sub("(?m)^((?:> ?)*)[\u200e\u200f]", r"\1", body(mail, "plain")) == re.sub(
        "(?m)^((?:> ?)*)[\u200e\u200f]", r"\1", f"x{text}x\n"
    ), "but for the marks that give a line its direction"
