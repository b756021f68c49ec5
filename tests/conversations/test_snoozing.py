"""A conversation can be put off: it wakes by itself, when the customer writes, when a teammate answers, or by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from majlis.conversations import inbox, queries
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.close import close, reopen
from majlis.conversations.actions.snooze import next_wake_at, snooze, wake_due
from majlis.conversations.models import Conversation, Shelf
from majlis.journal.models import Event
from majlis.lib.errors import Refused
from tests import cast

from .test_actions import answer

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=3)


@pytest.fixture
def conversation() -> Conversation:
    cast.badr()
    cast.arrive(cast.letter("السلام عليكم", headers={"Message-ID": "<first@customers.test>"}))
    return Conversation.objects.get()


@pytest.fixture
def asleep(conversation: Conversation) -> Conversation:
    with changing(conversation.pk) as change:
        assert snooze(change, timezone.now() + LATER, teammate=cast.badr())
    conversation.refresh_from_db()
    return conversation


def make_due(conversation: Conversation) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(
        snoozed_until=timezone.now() - timedelta(minutes=1)
    )


def woken(conversation: Conversation) -> list[str]:
    events = Event.objects.filter(conversation_id=conversation.pk, kind="woken").order_by("pk")
    return [event.data["why"] for event in events]


def test_it_leaves_the_desk_and_lies_in_its_folder(asleep: Conversation) -> None:
    boxes = [asleep.mailbox_id]
    badr = cast.badr()
    assert asleep.shelf == Shelf.SNOOZED
    for folder in ("unassigned", "mine", "all", "closed", "spam", "trash"):
        assert inbox.page(folder, teammate_id=badr.pk, mailbox_ids=boxes)[0] == []
    (row,) = inbox.page("snoozed", teammate_id=badr.pk, mailbox_ids=boxes)[0]
    assert row.snoozed_until == asleep.snoozed_until
    counts = queries.folder_counts(badr)
    assert (counts.all, counts.snoozed) == (0, 1)
    assert queries.counters_off() == []


def test_it_wakes_when_it_is_due_and_not_before(asleep: Conversation) -> None:
    assert next_wake_at() == asleep.snoozed_until
    assert wake_due() == 0
    make_due(asleep)
    assert wake_due() == 1
    assert wake_due() == 0
    asleep.refresh_from_db()
    assert (asleep.shelf, asleep.snoozed_until, asleep.snoozed_by_id) == (Shelf.DESK, None, None)
    assert woken(asleep) == ["due"]
    assert next_wake_at() is None
    assert queries.counters_off() == []


def test_it_wakes_at_once_when_the_customer_writes(asleep: Conversation) -> None:
    cast.arrive(cast.letter("هل من جديد؟", headers={"In-Reply-To": "<first@customers.test>"}))
    asleep.refresh_from_db()
    assert asleep.shelf == Shelf.DESK
    assert woken(asleep) == ["customer"]


def test_an_automatic_answer_does_not_wake_it(asleep: Conversation) -> None:
    headers = {"In-Reply-To": "<first@customers.test>", "Auto-Submitted": "auto-replied"}
    cast.arrive(cast.letter("أنا في إجازة", headers=headers))
    asleep.refresh_from_db()
    assert asleep.shelf == Shelf.SNOOZED


def test_it_wakes_when_a_teammate_answers(asleep: Conversation) -> None:
    answer(asleep, cast.badr())
    asleep.refresh_from_db()
    assert asleep.shelf == Shelf.DESK
    assert woken(asleep) == ["reply"]
    assert queries.counters_off() == []


def test_what_is_closed_does_not_sleep_and_opens_awake(asleep: Conversation) -> None:
    with changing(asleep.pk) as change:
        close(change, teammate=cast.badr())
    with changing(asleep.pk) as change:
        reopen(change, teammate=cast.badr())
    asleep.refresh_from_db()
    assert asleep.shelf == Shelf.DESK
    assert queries.counters_off() == []


def test_a_moment_that_is_past_or_too_far_is_refused(conversation: Conversation) -> None:
    for days, code in ((-1, "past"), (4000, "too_far")):
        with pytest.raises(Refused, match=code), changing(conversation.pk) as change:
            snooze(change, timezone.now() + timedelta(days=days), teammate=cast.badr())


def test_what_is_closed_cannot_be_put_off(conversation: Conversation) -> None:
    with changing(conversation.pk) as change:
        close(change, teammate=cast.badr())
    with pytest.raises(Refused, match="not_on_desk"), changing(conversation.pk) as change:
        snooze(change, timezone.now() + LATER, teammate=cast.badr())
