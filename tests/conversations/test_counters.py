"""The counters of the folders are proved, and mended, by a command."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from majlis.conversations import queries
from majlis.conversations.actions.changing import changing
from majlis.conversations.models import Conversation, Counter
from tests import cast

pytestmark = pytest.mark.django_db


def test_counters_that_are_off_are_named_and_mended() -> None:
    cast.arrive(cast.letter("one"))
    cast.arrive(cast.letter("two"))
    told = StringIO()
    call_command("check_counters", stdout=told)
    assert "Every counter agrees" in told.getvalue()

    Counter.objects.update(number=7)
    with pytest.raises(CommandError):
        call_command("check_counters", stdout=told)
    assert "counted 7, there are 2" in told.getvalue()

    call_command("check_counters", mend=True, stdout=told)
    assert queries.counters_off() == []


def test_every_shelf_is_counted_and_a_shelf_that_is_off_is_mended() -> None:
    now = timezone.now()
    facts: list[tuple[str, dict[str, Any]]] = [
        ("desk", {}),
        ("snoozed", {"snoozed_until": now}),
        ("closed", {"status": "closed"}),
        ("spam", {"is_spam": True}),
        ("trash", {"deleted_at": now}),
    ]
    for shelf, _ in facts:
        cast.arrive(cast.letter(shelf, subject=shelf))
    numbers = {one.subject: one.pk for one in Conversation.objects.all()}
    for shelf, fact in facts:
        with changing(numbers[shelf]) as change:
            for name, value in fact.items():
                setattr(change.conversation, name, value)
    assert {row.shelf: row.number for row in Counter.objects.exclude(number=0)} == {
        shelf: 1 for shelf, _ in facts
    }
    assert queries.counters_off() == []

    Conversation.objects.update(shelf="desk")
    Counter.objects.update(number=3)
    call_command("check_counters", mend=True, stdout=StringIO())
    assert {one.subject: one.shelf for one in Conversation.objects.all()} == {
        shelf: shelf for shelf, _ in facts
    }
    assert queries.counters_off() == []
