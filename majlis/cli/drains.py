"""What each thread of the worker does when it is woken, and when it wakes by itself."""

from __future__ import annotations

import threading
import time

from django.db import connection
from django.utils import timezone

from majlis.channels import queries
from majlis.channels.actions import alarm, copies, deliver, device_sign_in
from majlis.cli import demo
from majlis.conversations.actions import bulk, presence, snooze
from majlis.flow import arrival, clock, hearings, leaving, notice_letters, reactions
from majlis.flow.pushing import Pusher
from majlis.people.actions import import_customers

REACT_PAUSE_SECONDS = 0.1
FIRST_VISITS_SECONDS = 120.0  # after a stop every mailbox was unchecked for long: first they are visited
_began = time.monotonic()


def take_in() -> None:
    """Everything that came and is not in a conversation yet. Raises OSError when the disk is full."""
    trouble = None
    for mailbox_id in arrival.mailboxes_waiting():
        try:
            arrival.take_in_pending(mailbox_id)
        except OSError as error:  # the others' mail may need no room
            trouble = error
    if trouble is not None:
        raise trouble


def react(stop: threading.Event) -> None:
    """What follows from events: at once, then from all that came within a moment together."""
    if reactions.react_pending():
        stop.wait(REACT_PAUSE_SECONDS)


def send(stop: threading.Event) -> None:
    """Everything that is due to leave."""
    while not stop.is_set() and deliver.run_due(should_stop=stop.is_set):
        pass


def copy_sent() -> None:
    """Copies of what left, into the mailboxes' own folders."""
    copies.run_due()
    connection.close()


def until_copy() -> float | None:
    """Seconds until a copy is to be put; None when none waits."""
    due = copies.next_due_in()
    if due is None:
        connection.close()
    return due


def until_due() -> float | None:
    """Seconds until something is due to leave; None when nothing waits."""
    due_at = queries.next_due_at()
    return None if due_at is None else (due_at - timezone.now()).total_seconds()


def waiting() -> list[str]:
    """The topics in which something waits: a word about it that was lost costs seconds so, no more."""
    due = until_due()
    found = {
        "raw": bool(arrival.mailboxes_waiting()),
        "react": reactions.is_waiting(),
        "deliver": due is not None and due <= 0,
    }
    return [topic for topic, is_waiting in found.items() if is_waiting]


def keep_watch() -> None:
    """Deliveries whose sender died, mail that is heard again, people who left without a word, conversations that wake,
    mailboxes in doubt."""
    if time.monotonic() - _began > FIRST_VISITS_SECONDS:
        alarm.look()
    deliver.recover_orphans()
    hearings.hear_again()
    presence.sweep()
    snooze.wake_due()


def until_wake() -> float | None:
    """Seconds until a conversation wakes; None when none sleeps."""
    wakes_at = snooze.next_wake_at()
    return None if wakes_at is None else (wakes_at - timezone.now()).total_seconds()


def mail_letters() -> None:
    """Letters to teammates who are away, and what visitors of a chat have not seen."""
    notice_letters.mail_due()
    leaving.mail_due()


def until_letter() -> float | None:
    """Seconds until a letter may be due; when none waits, no connection is held for it."""
    due = [at for at in (notice_letters.next_at(), leaving.next_at()) if at is not None]
    if not due:
        connection.close()
        return None
    return (min(due) - timezone.now()).total_seconds()


# What comes seldom holds no connection until the next time.


def keep_time() -> None:
    """What happens once an hour."""
    clock.tick()
    connection.close()


def change_many() -> None:
    """Changes of many conversations."""
    bulk.run_pending()
    connection.close()


def bring_in() -> None:
    """Tables of customers."""
    import_customers.drain_imports()
    connection.close()


def ask_sign_ins() -> None:
    """Whether somebody has entered the code of a sign-in by now."""
    device_sign_in.poll_due()


def until_sign_in() -> float | None:
    """Seconds until a sign-in is to be asked for; when nobody signs in, no connection is held for it."""
    next_at = device_sign_in.next_poll_at()
    if next_at is None:
        connection.close()
        return None
    return (next_at - timezone.now()).total_seconds()


def make_demo(stop: threading.Event) -> None:
    """The demo shop, made or removed."""
    demo.carry_out(stop)
    connection.close()


_pusher = Pusher()


def push() -> None:
    """Notifications that are due in browsers."""
    _pusher.push_due()
    connection.close()


def until_push() -> float | None:
    """Seconds until something is to be pushed; None when nothing waits."""
    return _pusher.until_next()
