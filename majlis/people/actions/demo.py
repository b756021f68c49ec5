"""Asking for the made-up shop, or that it goes; the worker does it, and says how far it has come."""

from __future__ import annotations

from django.db import transaction

from majlis.journal.actions import wake
from majlis.lib.errors import Refused
from majlis.people.models import Demo, Teammate

MAKE, REMOVE = "make", "remove"


@transaction.atomic
def ask(by: Teammate, what: str) -> Demo:
    """Have it made or removed soon. Raises Refused: `not_allowed`, `demo_busy`, `demo_there`, `demo_missing`."""
    if not by.is_active or not by.is_admin:
        raise Refused("not_allowed")
    Demo.objects.get_or_create(pk=1)
    demo = Demo.objects.select_for_update().get(pk=1)
    if demo.asked:
        raise Refused("demo_busy")
    if (demo.made_at is not None) == (what == MAKE):
        raise Refused("demo_there" if demo.made_at is not None else "demo_missing")
    demo.asked, demo.asked_by = what, by
    demo.done = demo.whole = 0
    demo.problem = ""
    demo.save()
    wake("demo")
    return demo


def progress(done: int, whole: int) -> None:
    """So much of so much is done."""
    Demo.objects.filter(pk=1).update(done=done, whole=whole)


def fail(problem: str) -> None:
    """It came to nothing; `problem` is a code or an error's words. It can be asked for again."""
    Demo.objects.filter(pk=1).update(asked="", problem=problem[-500:])


def is_asked() -> bool:
    """Claims that there is something to do."""
    return Demo.objects.exclude(asked="").exists()
