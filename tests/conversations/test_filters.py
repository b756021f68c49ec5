"""The search field: what is typed is understood in both languages, and what is understood can be written back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from majlis.conversations.filter_words import KEYS, VALUES
from majlis.conversations.filters import Term, first_day, parse, write
from tests.letters import LETTERS


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("أين طلبي", [("word", "أين"), ("word", "طلبي")]),
        ('"رقم التتبع" شحن', [("phrase", "رقم التتبع"), ("word", "شحن")]),
        ("«رقم التتبع»", [("phrase", "رقم التتبع")]),
        ("“open quote", [("phrase", "open quote")]),
        ("tag:refund", [("tag", "refund")]),
        ("وسم:استرداد", [("tag", "استرداد")]),
        ('tag:"late order"', [("tag", "late order")]),
        ("from:layla من:ليلى", [("from", "layla"), ("from", "ليلى")]),
        (
            "customer:layla@customers.test عميل:ليلى",
            [("customer", "layla@customers.test"), ("customer", "ليلى")],
        ),
        ("mailbox:support صندوق:الدعم", [("mailbox", "support"), ("mailbox", "الدعم")]),
        ("channel:email", [("channel", "email")]),
        ("قناة:بريد", [("channel", "email")]),
        ("assignee:me", [("assignee", "me")]),
        ("مسند:لي", [("assignee", "me")]),
        ("مسند:لا أحد طلب", [("assignee", "nobody"), ("word", "طلب")]),
        ("assignee:nobody", [("assignee", "nobody")]),
        ("مسند:بدر", [("assignee", "بدر")]),
        ("حالة:مغلقة", [("status", "closed")]),
        ("status:in progress", [("status", "in_progress")]),
        ("حالة:بانتظار العميل", [("status", "waiting")]),
        ("is:unread is:snoozed is:spam", [("is", "unread"), ("is", "snoozed"), ("is", "spam")]),
        ("is:mine is:mentioned is:draft", [("is", "mine"), ("is", "mentioned"), ("is", "draft")]),
        ("topic:billing سبب:فوترة", [("topic", "billing"), ("topic", "فوترة")]),
        ("after:2026-11-01", [("after", "2026-11-01")]),
        ("بعد:٢٠٢٦-١١-٠١", [("after", "2026-11-01")]),
        ("قبل:١/١١/٢٠٢٦", [("before", "2026-11-01")]),
        ("بعد:أمس", [("after", "yesterday")]),
        ("after:last week refund", [("after", "last-week"), ("word", "refund")]),
        ("بعد:الأسبوع الماضي", [("after", "last-week")]),
        ("updated-after:today", [("updated-after", "today")]),
        ("has:attachment فيها:مرفق", [("has", "attachment")]),
        ("priority:urgent", [("priority", "urgent")]),
        ("#٤٨٢١ #12", [("number", "4821"), ("number", "12")]),
        ("https://shop.test/a 10:30", [("word", "https://shop.test/a"), ("word", "10:30")]),
        ("رقم:48213", [("word", "رقم:48213")]),
        ("- — طلب", [("word", "—"), ("word", "طلب")]),
        ("طلب طلب", [("word", "طلب")]),
    ],
)
def test_what_is_typed_is_understood(typed: str, terms: list[tuple[str, str]]) -> None:
    asked = parse(typed)
    assert [(term.key, term.value) for term in asked.terms] == terms
    assert not asked.problems


@pytest.mark.parametrize("typed", ["-refund", '-"late order"', "-tag:refund", "-#12", "-مسند:لا أحد"])
def test_a_sign_before_it_asks_for_the_contrary(typed: str) -> None:
    assert [term.is_negated for term in parse(typed).terms] == [True]


@pytest.mark.parametrize(
    ("typed", "code", "part"),
    [
        ("طلب is:sleepy الآن", "no_such_value", "is:sleepy"),
        ("after:someday", "not_a_date", "after:someday"),
        ("بعد:٢٠٢٦-١٣-٠١", "not_a_date", "بعد:٢٠٢٦-١٣-٠١"),
        ("refund tag:", "no_value", "tag:"),
        ("-status:gone x", "no_such_value", "-status:gone"),
        ("asignee:me", "no_such_filter", "asignee:me"),
    ],
)
def test_what_is_not_understood_is_pointed_at_and_the_rest_is_searched(
    typed: str, code: str, part: str
) -> None:
    asked = parse(typed)
    (problem,) = asked.problems
    assert (problem.code, problem.part) == (code, part)
    assert typed[problem.start : problem.end] == part
    rest = typed[: problem.start] + typed[problem.end :]
    assert [term.value for term in asked.terms] == rest.split()


_KEYED = st.sampled_from([word for both in KEYS.values() for words in both for word in words.split("|")])
_VALUED = st.sampled_from(
    [
        word
        for values in VALUES.values()
        for both in values.values()
        for words in both
        for word in words.split("|")
    ]
)
_PIECES = st.one_of(
    st.text(LETTERS, max_size=12),
    st.builds("{}:{}".format, _KEYED, _VALUED),
    st.builds('{}:"{}"'.format, _KEYED, st.text(LETTERS, max_size=12)),
    st.builds("-{}:{}".format, _KEYED, st.text(LETTERS, max_size=8)),
    st.builds("«{}»".format, st.text(LETTERS, max_size=12)),
    st.just("after:2026-11-22"),
    st.just("#77"),
)


@given(st.lists(_PIECES, max_size=6).map(" ".join), st.sampled_from(["ar", "en"]))
@example('tag:"last week"', "en")
@example('«a"b» tag:«c"d»', "ar")
def test_what_was_understood_is_written_back_as_the_same(typed: str, language: str) -> None:
    terms = parse(typed).terms
    again = parse(write(terms, language))
    assert again.terms == terms
    assert not again.problems


def test_a_day_named_by_a_word_follows_the_calendar() -> None:
    sunday = date(2026, 11, 22)
    days = {word: first_day(word, today=sunday) for word in VALUES["date"]}
    assert days["today"] == days["this-week"] == sunday
    assert days["yesterday"] == date(2026, 11, 21)
    assert days["last-week"] == date(2026, 11, 15)
    assert (days["this-month"], days["last-month"]) == (date(2026, 11, 1), date(2026, 10, 1))
    assert first_day("2026-02-28", today=sunday) == date(2026, 2, 28)


def test_terms_are_written_in_the_readers_language() -> None:
    terms = [Term("status", "waiting"), Term("tag", "refund", is_negated=True), Term("number", "12")]
    assert write(terms, "en") == "status:waiting -tag:refund #12"
    assert write(terms, "ar") == 'حالة:"بانتظار العميل" -وسم:refund #12'
