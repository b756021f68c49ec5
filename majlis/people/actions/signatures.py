"""What stands under replies: of a mailbox and of a person; made harmless here, whoever wrote it."""

from __future__ import annotations

from typing import Any

from majlis.lib.html import sanitise
from majlis.people.models import Mailbox, Signature, Teammate


def of_teammate(teammate: Teammate, html: str) -> None:
    """The signature of a person; an empty one takes it away."""
    _set(html, teammate=teammate)


def of_mailbox(mailbox: Mailbox, html: str) -> bool:
    """The signature of a mailbox, with {name} for whoever writes; says whether it changed."""
    return _set(html, mailbox=mailbox)


def _set(html: str, **owner: Any) -> bool:
    clean = sanitise(html.strip()) if html.strip() else ""
    before = Signature.objects.filter(**owner).values_list("html", flat=True).first() or ""
    if clean == before:
        return False
    if clean:
        Signature.objects.update_or_create(**owner, defaults={"html": clean})
    else:
        Signature.objects.filter(**owner).delete()
    return True
