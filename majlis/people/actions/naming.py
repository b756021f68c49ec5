"""What the team is called, written down."""

from __future__ import annotations

from django.db import transaction

from majlis.journal.actions import record
from majlis.lib.errors import Refused
from majlis.people.called import Called
from majlis.people.models import Installation, Teammate


@transaction.atomic
def call(by: Teammate | None, called: str) -> None:
    """Call the team so from now on; `by` is nobody in the first run.

    Raises Refused: `not_allowed`, `no_such_name`.
    """
    if by is not None and not (by.is_active and by.is_admin):
        raise Refused("not_allowed")
    if called not in Called.values:
        raise Refused("no_such_name")
    changed = Installation.objects.filter(pk=1).exclude(called=called).update(called=called)
    if changed and by is not None:
        record("installation.called", actor_id=by.pk, data={"called": called})
