"""What the team remembers of a customer, each note signed by whoever wrote it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from majlis.lib.errors import Refused
from majlis.people.models import CustomerNote, Teammate

from .customers import held

LONGEST = 2000


@transaction.atomic
def add_customer_note(customer_id: int, text: str, *, by: Teammate) -> CustomerNote:
    """Remember `text`. Raises Refused: "no_such_customer", "empty", "too_long_value"."""
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise Refused("empty")
    if len(text) > LONGEST:
        raise Refused("too_long_value", longest=LONGEST)
    return CustomerNote.objects.create(
        customer=held(customer_id), teammate=by, text=text, created_at=timezone.now()
    )


def set_note_removed(customer_id: int, note_id: int, *, by: Teammate, is_removed: bool) -> None:
    """Take one's own note away, or put it back. Raises Refused("not_your_note")."""
    own = CustomerNote.objects.filter(pk=note_id, customer_id=customer_id, teammate=by)
    if not own.update(removed_at=timezone.now() if is_removed else None):
        raise Refused("not_your_note")
