"""Mails put together at random, damaged mails of the corpus, texts, HTML and answers: every promise is kept."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from majlis.channels.email.quoting import fold
from tests.corpus.make import messages
from tests.fuzzing import promises, servers
from tests.fuzzing.mails import Made, holds, mails, texts
from tests.fuzzing.targets import _IMAP, _POP3, _SENDERS, _SMTP, TARGETS
from tests.quoting.samples import samples

CORPUS = messages()
quick = settings(deadline=None, suppress_health_check=list(HealthCheck))
_HTML = (Path(__file__).parents[1] / "quoting" / "mails.html").read_text(encoding="utf-8")
_PIECES = [f"{line}\n" for sample in samples() for line in sample.text.split("\n")]
_MARKS = st.text(
    alphabet="\u200f\u200e\u202b\u202c\u2067\u2069\u064b\u0640\u061c\ufeff \t\x85\x0c\u2028>-_", max_size=4
)


@settings(quick, max_examples=120)
@given(mails())
@example(
    Made(
        b"From: a@b.example\r\nX-Empty\r\nSubject:\r\nContent-Type: text/plain\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\nbWFyazAwMDB4\r\n",
        {"mark0000x": "mark0000x"},
    )
)
def test_nothing_that_was_said_in_a_mail_is_lost(made: Made) -> None:
    mail = promises.mail_is_read(made.raw)
    read = texts(mail).replace(">", "")
    for mark, said in made.said.items():
        assert not said or holds(mail, mark), mark
        assert re.sub(r"[\s>]", "", said) in read, said


@settings(quick, max_examples=60)
@given(mails(), st.data())
def test_a_mail_cut_anywhere_is_read_and_shown(made: Made, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(made.raw)))
    stop = start + data.draw(st.sampled_from([0, 1, 7, 60, len(made.raw)]))
    promises.mail_is_shown(made.raw[:start] + made.raw[stop:])


@settings(quick, max_examples=100)
@given(st.sampled_from(sorted(CORPUS)), st.sampled_from(sorted(CORPUS)), st.data())
def test_two_mails_grown_together_are_read_and_shown(first: str, second: str, data: st.DataObject) -> None:
    head, tail = CORPUS[first][:20_000], CORPUS[second][:20_000]
    promises.mail_is_shown(
        head[: data.draw(st.integers(0, len(head)))] + tail[data.draw(st.integers(0, len(tail))) :]
    )


@settings(quick, max_examples=150)
@given(st.lists(st.sampled_from(_PIECES) | _MARKS, max_size=25).map("".join))
@example("\u064b")
@example("شكرا\n\u200f")
def test_texts_with_marks_nobody_sees_are_folded_whole(text: str) -> None:
    promises.text_is_folded(text)


def test_a_last_line_of_marks_is_no_quotation() -> None:
    found = fold("أين طلبي؟\n\u200f")
    assert (found.text, found.quoted) == ("أين طلبي؟\n\u200f", "")


_ELEMENTS = st.sampled_from(
    [*re.findall(r"<[^>]+>|[^<]+", _HTML), "<style>", "</style>", "<!--", "-->", "<svg>", "<p style='position:fixed'>",
     "<img src=//x.example/a onerror=b()>", '<a href="java\tscript:c()">', "&lt;script&gt;", "<table><td>", "<details open>",
     "<p style='background:url(//x.example)'>", "<body background=//x.example>", "<title>", "<template>", "<math><mi>"]
)  # fmt: skip


@settings(quick, max_examples=40)
@given(st.lists(_ELEMENTS | st.text(max_size=4), max_size=25).map("".join))
@example('<blockquote style="border-left: 1\xa0url(x solid #ccc">x</blockquote>')
def test_cleaned_html_runs_and_fetches_nothing_and_folding_drops_no_word(html: str) -> None:
    promises.html_is_shown(html)


@st.composite
def damaged(draw: st.DrawFn, seeds: list[bytes]) -> bytes:
    """One of the seeds with some of its bytes changed, moved or gone."""
    raw = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 5))):
        place = draw(st.integers(0, len(raw)))
        raw[place : place + draw(st.integers(0, 9))] = draw(
            st.binary(max_size=5)
            | st.sampled_from([b"\r\n", b"\0", b"\xff\xff\xff\x7f", b"{9}", b"250 ", b"+OK\r\n"])
        )
    return bytes(raw)


@settings(quick, max_examples=120)
@given(damaged(list(TARGETS["tnef"].seeds())))
def test_damaged_winmail_is_read_the_same_each_time(content: bytes) -> None:
    promises.tnef_is_read(content)


@settings(quick, max_examples=80)
@given(damaged(list(TARGETS["rtf"].seeds())))
def test_damaged_rich_text_stays_bounded(content: bytes) -> None:
    promises.rtf_is_read(content)


@settings(quick, max_examples=80)
@given(damaged(list(TARGETS["report"].seeds())))
def test_damaged_reports_name_addresses_or_none(content: bytes) -> None:
    promises.report_is_read(content)


@settings(quick, max_examples=150)
@given(damaged(_POP3))
@example(b"+OK\r\n-ERR\r\n+OK\r\n.\r\n+OK\r\n.\r\nnonsense\r\n")
def test_what_a_pop3_server_says_comes_to_an_end_with_a_name(content: bytes) -> None:
    servers.pop3_answers_are_read(content)


@settings(quick, max_examples=150)
@given(damaged(_SMTP))
def test_what_an_smtp_server_says_settles_a_message_one_way(content: bytes) -> None:
    servers.smtp_answers_are_read(content)


@settings(quick, max_examples=100)
@given(damaged(_IMAP))
@example(b"* OK [CAPABILITY IMAP4r\xa4] hello\r\n")
def test_what_an_imap_server_says_comes_to_an_end_with_a_name(content: bytes) -> None:
    servers.imap_answers_are_read(content)


@settings(quick, max_examples=60)
@given(damaged(_SENDERS))
def test_whatever_a_sender_says_has_its_answer(content: bytes) -> None:
    servers.senders_are_answered(content)
