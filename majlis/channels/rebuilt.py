"""A mail of ours once more: what leaves is built when it leaves and not kept, so it is built again to be looked at."""

from __future__ import annotations

from majlis.channels import queries
from majlis.channels.email import building
from majlis.channels.models import Delivery
from majlis.channels.problems import ConnectionProblem
from majlis.conversations.models import Entry
from majlis.people.models import Installation


def rebuilt(entry: Entry) -> bytes | None:
    """The mail that an entry left as, from what is stored today; None for what never leaves.

    Signature and names may have changed since; Message-ID, date, recipients, text and files are those that went out.
    Raises FileNotFoundError when a file's bytes are gone, UnicodeError for an address that cannot be written.
    """
    delivery = Delivery.objects.filter(entry=entry).select_related("entry__mailbox", "mailbox").first()
    if delivery is None:
        return None
    try:
        sender = queries.way_out(delivery).sender
    except ConnectionProblem:
        company = Installation.objects.values_list("company", flat=True).first() or ""
        sender = (" — ".join(part for part in (entry.from_name, company) if part), entry.mailbox.address)
    return building.build(queries.outgoing(delivery, sender))
