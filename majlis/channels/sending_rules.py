"""The rules a mailbox sends by: what an admin chose, else what is usual."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from majlis.channels.email.allowance import Allowance, usual
from majlis.channels.models import Delivery, SendingRules
from majlis.channels.queries import WayOut
from majlis.people.models import Mailbox

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Linking:
    """From how many bytes of files on the largest ones go as links, and how long such a link works."""

    over_bytes: int
    works_for: timedelta


def rules_of(mailbox: Mailbox) -> SendingRules:
    """What was chosen for a mailbox; a row that is not stored when nothing was."""
    return SendingRules.objects.filter(mailbox=mailbox).first() or SendingRules(mailbox=mailbox)


def allowance(mailbox: Mailbox, host: str) -> Allowance:
    """How much a mailbox may send by `host`: each limit as chosen, else as its provider is known for."""
    rules, known = rules_of(mailbox), usual(host, mailbox.address)
    return Allowance(
        *(
            chosen if chosen is not None else default
            for chosen, default in (
                (rules.per_minute, known.per_minute),
                (rules.per_hour, known.per_hour),
                (rules.per_day, known.per_day),
            )
        )
    )


def allowance_of(delivery: Delivery, way: WayOut) -> Allowance:
    """How much the mailbox of a delivery may send by its way out; the desk's own letters know no limit."""
    if delivery.mailbox is None:
        return Allowance()
    return allowance(delivery.mailbox, way.settings.host)


def linking(mailbox: Mailbox) -> Linking:
    """When files of a mailbox's mail go as links."""
    rules = rules_of(mailbox)
    return Linking(rules.attachments_mb * MB, timedelta(days=rules.link_days))
