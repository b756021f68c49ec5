"""What each thread of the worker does when it is woken, and when it wakes by itself."""

from __future__ import annotations

import threading

from django.db import connection
from django.utils import timezone

from majlis.channels import queries
from majlis.channels.actions import deliver
from majlis.cli import demo
from majlis.conversations.actions import bulk, presence, snooze
from majlis.flow import arrival
from majlis.people.actions import import_customers


def take_in() -> None:
    """Everything that came and is not in a conversation yet."""
    for mailbox_id in arrival.mailboxes_waiting():
        arrival.take_in_pending(mailbox_id)


def send(stop: threading.Event) -> None:
    """Everything that is due to leave."""
    while not stop.is_set() and deliver.run_due(limit=1):
        pass


def until_due() -> float | None:
    """Seconds until something is due to leave; None when nothing waits."""
    due_at = queries.next_due_at()
    return None if due_at is None else (due_at - timezone.now()).total_seconds()


def keep_watch() -> None:
    """Deliveries whose sender died, people who left without a word, conversations that wake."""
    deliver.recover_orphans()
    presence.sweep()
    snooze.wake_due()


def until_wake() -> float | None:
    """Seconds until a conversation wakes; None when none sleeps."""
    wakes_at = snooze.next_wake_at()
    return None if wakes_at is None else (wakes_at - timezone.now()).total_seconds()


# What comes seldom holds no connection until the next time.


def change_many() -> None:
    """Changes of many conversations."""
    bulk.run_pending()
    connection.close()


def bring_in() -> None:
    """Tables of customers."""
    import_customers.drain_imports()
    connection.close()


def make_demo(stop: threading.Event) -> None:
    """The demo shop, made or removed."""
    demo.carry_out(stop)
    connection.close()
