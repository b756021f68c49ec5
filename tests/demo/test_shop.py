"""The made-up shop: what it holds, that it is the same each time, and that it goes without a trace."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from majlis.channels.models import Delivery, State
from majlis.conversations.actions.assign import assign
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.tag import tag
from majlis.conversations.models import (
    Attachment,
    ClosedAs,
    Conversation,
    Draft,
    Entry,
    Follower,
    Mention,
    Shelf,
    Status,
    Tag,
    Topic,
)
from majlis.conversations.queries import counters_off
from majlis.demo import belongings, fates, matter, plan
from majlis.demo.making import CONVERSATIONS, SEED, make
from majlis.demo.removing import remove
from majlis.files.queries import folder, path
from majlis.journal.models import Event
from majlis.lib.errors import Refused
from majlis.people.models import Customer, Demo, Mailbox, Team, Teammate
from tests import cast

pytestmark = pytest.mark.django_db
SMALL = 20
NOW = datetime(2026, 3, 17, 13, 20, tzinfo=UTC)
# Rows that are of Django itself, and the journal, which tells that the shop was here.
KEPT = {"ContentType", "Permission", "Event", "Demo"}


def rows() -> dict[str, int]:
    """How many rows every table holds."""
    counted = {model.__name__: model._base_manager.count() for model in apps.get_models()}
    return {name: number for name, number in counted.items() if number and name not in KEPT}


def stored() -> set[str]:
    """The files on the disk."""
    return {f"{found.parent.name}{found.name}" for found in folder().glob("??/*")}


def told() -> list[Any]:
    """What anybody can see of the shop, without the ids that differ."""
    conversations = Conversation.objects.order_by("created_at", "subject").values_list(
        *(
            "subject",
            "status",
            "shelf",
            "snippet",
            "priority",
            "created_at",
            "last_activity_at",
            "customer__name",
        )
    )
    entries = Entry.objects.order_by("created_at", "text").values_list("kind", "text", "quoted", "created_at")
    events = Counter(Event.objects.exclude(conversation_id=None).values_list("kind", "at"))
    return [list(conversations), list(entries), events]


def test_it_holds_every_state_and_nothing_waits_to_be_sent_or_reacted_to() -> None:
    cast.salma()

    made = make(number=SMALL)

    assert made.conversations == SMALL == Conversation.objects.count()
    found = Conversation.objects
    assert set(found.values_list("status", flat=True)) == set(Status.values)
    assert set(found.values_list("shelf", flat=True)) == set(Shelf.values) - {Shelf.MERGED}
    assert set(found.filter(status="closed").values_list("closed_as", flat=True)) == set(ClosedAs.values)
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.SENT, State.FAILED, State.HELD}
    assert not Event.objects.exclude(kind="demo.made").filter(reacted_at=None).exists()
    assert counters_off() == []
    with pytest.raises(Refused, match="demo_there"):
        make(number=SMALL)
    for model in (Attachment, Draft, Mention, Follower, Tag, Topic):
        assert model._base_manager.exists(), model.__name__
    for one in Teammate.objects.exclude(pk=cast.salma().pk):
        assert not one.has_usable_password()


def test_the_whole_of_it_has_people_and_speech_enough() -> None:
    stories = plan.stories(seed=SEED, now=NOW, number=CONVERSATIONS)

    assert len(stories) >= 300
    assert len({story.person.address for story in stories}) >= 40
    assert {story.person.speaks for story in stories} == set(matter.SPOKEN)
    assert {story.fate for story in stories} == set(fates.KINDS)
    letters = [step.said["letter"] for story in stories for step in story.steps if step.act == "mail"]
    assert {letter.shows for letter in letters} >= {"picture", "receipt", "letterhead"}
    assert any(letter.inline for letter in letters)
    assert any(letter.forwards for letter in letters)
    moments = [step.at for story in stories for step in story.steps]
    assert max(moments) < NOW < min(moments) + timedelta(days=100)


def test_its_dates_are_those_of_the_story() -> None:
    cast.salma()

    make(number=SMALL, now=NOW)

    moments: list[Any] = [
        *Conversation.objects.values_list("created_at", flat=True),
        *Entry.objects.values_list("created_at", flat=True),
        *Event.objects.exclude(conversation_id=None).values_list("at", flat=True),
        *Customer.objects.values_list("created_at", flat=True),
        *Delivery.objects.values_list("settled_at", flat=True),
    ]
    assert NOW - timedelta(days=95) < min(moments)
    assert max(moments) <= NOW
    for conversation in Conversation.objects.all():
        events = list(
            Event.objects.filter(conversation_id=conversation.pk).order_by("seq").values_list("at", flat=True)
        )
        assert events == sorted(events)
        assert conversation.created_at <= events[0]
    assert Conversation.objects.filter(snoozed_until__lte=NOW).count() == 0
    assert abs(timezone.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_the_same_seed_makes_the_same_shop_and_another_one_another() -> None:
    cast.salma()
    make(number=SMALL, seed=7, now=NOW)
    first = told()
    remove()

    make(number=SMALL, seed=7, now=NOW)
    assert told() == first
    assert plan.stories(seed=8, now=NOW, number=SMALL) != plan.stories(seed=7, now=NOW, number=SMALL)


def test_removed_it_leaves_no_row_no_file_and_nothing_of_the_teams_own_is_gone() -> None:
    salma, badr = cast.salma(), cast.badr()
    cast.arrive(cast.letter("أين طلبي؟"))
    own = Conversation.objects.get()
    with changing(own.pk) as change:
        assign(change, badr, by=salma)
        tag(change, "شكوى", teammate=badr)
    before, files, entries = rows(), stored(), list(Entry.objects.values())

    make(number=SMALL)
    assert belongings.numbers(Demo.objects.get()) == belongings.Numbers(
        SMALL, Customer.objects.count() - 1, 3, 8
    )
    assert counters_off() == []
    gone = remove()

    assert gone.conversations == SMALL
    assert rows() == before
    assert stored() <= files  # tests before may have left bytes without a row
    raw = own.entries.get().raw
    assert raw is not None
    assert path(raw).exists()
    assert list(Entry.objects.values()) == entries
    own.refresh_from_db()
    assert (own.assignee, own.status, own.tagged.get().tag.name) == (badr, Status.IN_PROGRESS, "شكوى")
    assert counters_off() == []
    assert set(Event.objects.exclude(conversation_id=own.pk).values_list("kind", flat=True)) == {
        "demo.made",
        "demo.removed",
    }


def test_what_the_team_mixed_into_it_stays() -> None:
    salma = cast.salma()
    cast.arrive(cast.letter("أين طلبي؟"))
    own = Conversation.objects.get()
    make(number=SMALL)
    reem = Teammate.objects.get(email="reem@demo.majlis.invalid")
    care = Mailbox.objects.get(address="care@demo.majlis.invalid")
    cast.give(reem, cast.support())
    with changing(own.pk) as change:
        assign(change, reem, by=salma)
        tag(change, "هدية", teammate=salma)
    cast.arrive(cast.letter("رسالة حقيقية", to=care.address), mailbox=care)

    remove()

    own.refresh_from_db()
    assert (own.assignee, own.status) == (None, Status.OPEN)
    kept = Conversation.objects.exclude(pk=own.pk).get()
    assert (kept.mailbox, kept.entries.get().text.strip()) == (care, "رسالة حقيقية")
    assert Team.objects.filter(mailboxes=care).exists()
    assert list(Tag.objects.values_list("name", flat=True)) == ["هدية"]
    assert not Teammate.objects.exclude(pk=salma.pk).exists()
    assert counters_off() == []
    make(number=SMALL)  # and it can come again
    assert Conversation.objects.filter(mailbox=care).count() > 1


def test_without_an_owner_there_is_none() -> None:
    cast.company()
    with pytest.raises(Refused, match="no_owner"):
        make(number=SMALL)
    with pytest.raises(Refused, match="demo_missing"):
        remove()


def test_a_failure_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    cast.salma()
    before = rows()

    def stop(done: int, whole: int) -> None:
        if done > whole // 2:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        make(number=SMALL, progress=stop)

    assert rows() == before
    assert Path(folder()).exists()
