"""Holding more than one conversation, or one that may have gone elsewhere meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import OperationalError, connection, transaction

from majlis.conversations.models import Entry

from .changing import Change, changing

_T = TypeVar("_T")
_TRIES = 3


@contextmanager
def changing_both(one: int, other: int) -> Iterator[tuple[Change, Change]]:
    """Hold two conversations in one transaction, merged ones too; the smaller number is locked first.

    Raises Refused("not_found") when one of them does not exist.
    """
    low, high = sorted((one, other))
    with (
        transaction.atomic(),
        changing(low, savepoint=False, is_merged=True) as first,
        changing(high, savepoint=False, is_merged=True) as second,
    ):
        yield (first, second) if one == low else (second, first)


@contextmanager
def following(conversation_id: int) -> Iterator[Change]:
    """Hold a conversation, or the one it was merged into, inside a transaction of the caller's.

    Whoever found it before its lock was theirs may have found what is merged by now.
    """
    number: int | None = conversation_id
    while number is not None:
        with changing(number, savepoint=False, is_merged=True) as change:
            number = change.conversation.merged_into_id
            if number is None:
                yield change


@contextmanager
def changing_around(entry: Entry) -> Iterator[Change]:
    """Hold the conversation in which `entry` stands, wherever it was moved to meanwhile; its place is read anew."""
    while True:
        with changing(entry.conversation_id, is_merged=True) as change:
            entry.refresh_from_db(fields=["conversation", "seq", "changed_seq"])
            if entry.conversation_id == change.conversation.pk:
                yield change
                return


def undeadlocked(act: Callable[[], _T]) -> _T:
    """Do `act`, again when another transaction stood across its way: two conversations lock two rows of counters."""
    for left in range(_TRIES - 1, -1, -1):
        try:
            return act()
        except OperationalError as problem:
            is_across = getattr(problem.__cause__, "sqlstate", "") == "40P01"
            if not is_across or not left or connection.in_atomic_block:
                raise
    raise AssertionError("the last try returns or raises")
