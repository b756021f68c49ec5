"""Reading what the gate decided."""

from __future__ import annotations

from majlis.channels.models import AutomaticMail

MOST_SHOWN = 50


def lately(mailbox_id: int) -> list[AutomaticMail]:
    """The newest decisions about a mailbox's automatic mail, newest first.

    Left out is that a conversation has its acknowledgement already: that is so of every further message.
    """
    of_mailbox = AutomaticMail.objects.filter(mailbox=mailbox_id).exclude(refused="in_thread")
    return list(of_mailbox.order_by("-pk")[:MOST_SHOWN])
