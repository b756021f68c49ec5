"""The kinds of events and the shape of their data: the menu that reactions and pages read from."""

from __future__ import annotations

from typing import Final

# kind -> what stands in `data`. Ids are numbers, times ISO 8601.
KINDS: Final[dict[str, str]] = {
    "customer.wrote": "entry, automatic",
    "reply.posted": "entry",
    "reply.withdrawn": "entry",
    "note.added": "entry",
    "assigned": "to (teammate id or null), name",
    "status.changed": "before, after",
    "tagged": "tag, name",
    "untagged": "tag, name",
    "delivery.sent": "entry, why (copies that were refused)",
    "delivery.retried": "entry, why",
    "delivery.failed": "entry, why",
    "delivery.held": "entry, why",
    "delivery.settled": "entry, was_sent",
    "bounced": "entry, why, is_final",
    "installation.made": "company",
    "mailbox.made": "name",
    "mailbox.changed": "name, what",
    "mailbox.disabled": "name",
    "teammate.invited": "teammate, role, mailboxes",
    "teammate.joined": "teammate",
    "teammate.changed": "teammate, what",
    "teammate.deactivated": "teammate",
    "teammate.reactivated": "teammate",
    "link.issued": "purpose, teammate",
    "raw.quarantined": "raw, why",
    "raw.retried": "raw",
}

# What stands in the thread as a line of its own; the rest only changes an entry.
SHOWN: Final[frozenset[str]] = frozenset(
    {
        "assigned",
        "status.changed",
        "tagged",
        "untagged",
        "bounced",
        "reply.withdrawn",
        "delivery.settled",
    }
)
