"""A team's own figures for the advice: who is counted, how long they waited, and when two people are there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from majlis.channels import advising_figures
from majlis.channels.advising import Figures, Presence
from majlis.conversations.models import Attention, Conversation, Entry
from majlis.people.models import Customer, Mailbox, Teammate
from tests import cast

pytestmark = pytest.mark.django_db
RIYADH = "Asia/Riyadh"
NOW = datetime(2026, 11, 23, 12, 30, tzinfo=ZoneInfo(RIYADH))  # a Monday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def entry(here: Conversation, *, seq: int, kind: str, at: datetime, **more: object) -> Entry:
    return Entry.objects.create(
        **{
            "conversation": here,
            "mailbox_id": here.mailbox_id,
            "seq": seq,
            "changed_seq": seq,
            "kind": kind,
            "created_at": at,
            "text": "أين طلبي؟",
            **more,
        }
    )


def begun(
    at: datetime,
    *,
    answered: timedelta | None = None,
    by: Teammate | None = None,
    mailbox: Mailbox | None = None,
    first: dict[str, object] | None = None,
    **more: object,
) -> Conversation:
    """A conversation that Layla began, answered after a while or not."""
    layla = Customer.objects.get_or_create(name="ليلى", defaults={"created_at": NOW})[0]
    shape = {"created_at": at, "last_activity_at": at} | more
    here = Conversation(mailbox=mailbox or cast.support(), customer=layla, **shape)
    here.shelf = here.lies_on
    here.save()
    entry(here, seq=1, kind="message", at=at, **(first or {}))
    if answered is not None:
        entry(here, seq=3, kind="reply", at=at + answered, teammate=by or cast.badr())
    return here


def found(*mailboxes: Mailbox) -> Figures:
    ids = [box.pk for box in mailboxes or (cast.support(),)]
    return advising_figures.figures(ids, now=NOW, zone=RIYADH)


def numbers(which: str) -> list[int]:
    rows = advising_figures.behind(which, [cast.support().pk], now=NOW, zone=RIYADH)
    return [row.number for row in rows]


def test_percentiles_are_real_waits_and_those_who_wait_still_count_as_until_now() -> None:
    for hours in range(1, 10):
        begun(NOW - 5 * DAY, answered=hours * HOUR, status="closed")
    waiting = begun(NOW - 30 * HOUR)

    wait = found().first_response

    assert (wait.n, wait.p50, wait.p90, wait.waiting) == (10, 5 * HOUR, 9 * HOUR, 1)
    slowest = next(
        row
        for row in advising_figures.behind("first-response", [cast.support().pk], now=NOW, zone=RIYADH)
        if row.number == waiting.pk
    )
    assert (slowest.waited, slowest.is_waiting, slowest.name) == (30 * HOUR, True, "ليلى")


def test_only_a_persons_reply_ends_the_wait() -> None:
    here = begun(NOW - 5 * DAY)
    entry(here, seq=2, kind="auto", at=NOW - 5 * DAY)
    entry(here, seq=3, kind="note", at=NOW - 5 * DAY, teammate=cast.badr())
    entry(here, seq=4, kind="reply", at=NOW - 5 * DAY, teammate=cast.badr(), is_withdrawn=True)
    entry(here, seq=5, kind="reply", at=NOW - 4 * DAY, teammate=cast.badr())

    assert found().first_response.p50 == DAY


def test_what_no_customer_began_here_in_these_weeks_is_not_counted() -> None:
    at = NOW - DAY
    counted = begun(at, answered=HOUR)
    closed_without_a_word = begun(at, status="closed")
    begun(at, is_historic=True, first={"is_historic": True})
    begun(at, is_spam=True)
    begun(at, deleted_at=NOW)
    begun(at, merged_into=counted)
    begun(at, begun_by=cast.salma())
    begun(at, channel="chat")
    begun(at, channel="phone")
    begun(at, first={"automatic": "list"})
    begun(at).entries.update(kind="call")
    begun(at, mailbox=cast.sales())
    begun(NOW - 29 * DAY, last_activity_at=NOW)

    figures = found()

    assert (figures.first_response.n, figures.short.n) == (1, 2)
    assert numbers("first-response") == [counted.pk]
    assert numbers("short") == [closed_without_a_word.pk, counted.pk]
    assert found(cast.support(), cast.sales()).short.n == 3


def test_three_hundred_characters_are_short_whatever_is_folded_below() -> None:
    begun(NOW - DAY, first={"text": "س" * 300, "quoted": "س" * 900, "signature": "س" * 90})
    long = begun(NOW - DAY, first={"text": "س" * 301})

    assert (found().short.part, found().short.n) == (1, 2)
    assert numbers("long") == [long.pk]


def attended(who: Teammate, start: datetime, end: datetime, *, at: Conversation) -> None:
    Attention.objects.create(teammate=who, conversation=at, key=uuid4(), started_at=start, ended_at=end)


def test_an_hour_counts_when_two_were_there_in_half_of_the_weeks() -> None:
    old = begun(NOW - 60 * DAY)  # counted nowhere itself
    salma, badr = cast.salma(), cast.badr()
    ten = datetime(2026, 11, 19, 10, 15, tzinfo=ZoneInfo(RIYADH))  # a Thursday
    for week in (0, 1):
        attended(salma, ten - week * 7 * DAY, ten - week * 7 * DAY + HOUR, at=old)  # into the next hour
        begun(ten - week * 7 * DAY - HOUR, answered=HOUR + timedelta(minutes=40), by=badr, status="closed")
    # Two in one week only; one alone in many; and the same person twice over.
    attended(salma, ten - 2 * 7 * DAY - DAY, ten - 2 * 7 * DAY - DAY, at=old)
    attended(badr, ten - 2 * 7 * DAY - DAY, ten - 2 * 7 * DAY - DAY, at=old)
    attended(salma, ten + 4 * HOUR, ten + 4 * HOUR, at=old)
    attended(salma, ten + 4 * HOUR + timedelta(minutes=5), ten + 4 * HOUR + timedelta(minutes=6), at=old)

    presence = found().presence

    assert presence.with_two == {(3, 10): 2, (2, 10): 1}
    assert presence.hours == {(3, 10)}
    assert (presence.n, presence.weeks) == (6, 3)


def test_waiting_is_judged_by_those_who_wrote_in_such_hours() -> None:
    old = begun(NOW - 60 * DAY)
    ten = datetime(2026, 11, 19, 10, 15, tzinfo=ZoneInfo(RIYADH))
    for week in range(3):
        for who in (cast.salma(), cast.badr()):
            attended(who, ten - week * 7 * DAY, ten - week * 7 * DAY, at=old)
    inside = begun(ten, answered=HOUR, status="closed")
    begun(ten + 10 * HOUR, answered=14 * HOUR, status="closed")

    figures = found()

    assert (figures.first_response.n, figures.first_response.p90) == (2, 14 * HOUR)
    assert (figures.first_response_staffed.n, figures.first_response_staffed.p90) == (1, HOUR)
    assert numbers("staffed") == [inside.pk]


def test_hours_are_those_of_the_companys_clocks() -> None:
    old = begun(NOW - 60 * DAY)
    at = datetime(2026, 11, 18, 21, 10, tzinfo=UTC)  # past midnight in Riyadh, half past two in Kolkata
    for week in (0, 1):
        for who in (cast.salma(), cast.badr()):
            attended(who, at - week * 7 * DAY, at - week * 7 * DAY + timedelta(minutes=15), at=old)

    def hours(zone: str) -> frozenset[tuple[int, int]]:
        return advising_figures.figures([cast.support().pk], now=NOW, zone=zone).presence.hours

    assert hours(RIYADH) == {(3, 0)}
    assert hours("Asia/Kolkata") == {(3, 2)}
    assert hours("America/New_York") == {(2, 16)}


def test_nothing_is_there_yet() -> None:
    figures = found()

    assert (figures.first_response.n, figures.first_response.p90, figures.short.fraction) == (0, None, 0)
    assert figures.presence == Presence(0, 0, {})


def test_the_list_goes_on_where_it_ended_and_the_figures_take_two_questions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    all_of_them = [begun(NOW - DAY, answered=HOUR).pk for _ in range(5)]
    monkeypatch.setattr(advising_figures, "PAGE", 2)

    def page(before: int | None) -> list[int]:
        box = cast.support().pk
        rows = advising_figures.behind("first-response", [box], now=NOW, zone=RIYADH, before=before)
        return [row.number for row in rows]

    assert page(None) == all_of_them[:1:-1]
    assert page(all_of_them[3]) == all_of_them[2::-1]
    box = cast.support().pk
    with CaptureQueriesContext(connection) as questions:
        advising_figures.figures([box], now=NOW, zone=RIYADH)
    assert len(questions) == 2
