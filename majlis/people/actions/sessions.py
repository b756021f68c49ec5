"""Ending sessions one by one: one's own, and by admins those of others; open pages go at once."""

from __future__ import annotations

from django.db import transaction

from majlis.journal.actions import nudge, record
from majlis.lib.errors import Refused
from majlis.people import queries
from majlis.people.actions.teammates import checked_role
from majlis.people.models import Session, Teammate


@transaction.atomic
def end(by: Teammate, teammate: Teammate, *, tag: str = "", keep: str | None = None) -> int:
    """End the session of `teammate` that is named by `tag`, or all of them but the one with the key `keep`.

    Returns how many there were. Raises Refused: `not_allowed`, when `by` is neither `teammate` nor may touch them;
    `no_such_session`, when the one that was named has ended already.
    """
    if by.pk != teammate.pk:
        checked_role(by, teammate.role)
    found = list(Session.objects.filter(teammate=teammate).values_list("session_key", flat=True))
    keys = [key for key in found if (queries.session_tag(key) == tag if tag else key != keep)]
    if tag and not keys:
        raise Refused("no_such_session")
    Session.objects.filter(session_key__in=keys).delete()
    if keys:
        data = {"teammate": teammate.pk, "number": len(keys)}
        record("sessions.ended", actor_id=by.pk, data=data)
        nudge({"k": "access", "t": teammate.pk})
    return len(keys)
