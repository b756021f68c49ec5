"""What became of a conversation's customer, as a line in the thread."""

from __future__ import annotations

from django.utils.translation import gettext as _

from majlis.journal.actions import Told
from majlis.journal.models import Event


def sentence(event: Event | Told, who: str, name: str) -> tuple[str, str] | None:
    """The sentence and its icon; None for an event of another kind. `who` and `name` are isolated already."""
    said = {"who": who, "name": name}
    if event.kind == "customer.merged":
        return _("%(who)s merged the customer %(name)s with this one") % said, "git-merge"
    if event.kind == "customer.parted":
        return _("%(who)s parted the customer %(name)s from the other one again") % said, "users-round"
    return None
