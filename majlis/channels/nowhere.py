"""What must not leave: anything from a mailbox, or to an address, that was made up to look around with."""

from __future__ import annotations

from majlis.channels.models import Delivery
from majlis.people.demo import is_made_up


def goes_nowhere(delivery: Delivery) -> bool:
    """Claims that no server may hear of this delivery: it is settled as if one had taken it."""
    if delivery.mailbox is not None and is_made_up(delivery.mailbox.address):
        return True
    if delivery.entry is None:
        return is_made_up((delivery.letter or {}).get("to", ""))
    entry = delivery.entry
    return is_made_up(entry.mailbox.address) or all(
        is_made_up(address) for address in (*entry.to, *entry.cc, *entry.bcc)
    )
