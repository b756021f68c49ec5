"""The tables of people: installation, teams, teammates, mailboxes, customers, sessions."""

from __future__ import annotations

from .customer import Customer, CustomerAddress
from .installation import Installation, OneTimeLink
from .mailbox import Mailbox, MailboxAccess
from .session import Session
from .teammate import Role, Team, Teammate

__all__ = [
    "Customer",
    "CustomerAddress",
    "Installation",
    "Mailbox",
    "MailboxAccess",
    "OneTimeLink",
    "Role",
    "Session",
    "Team",
    "Teammate",
]
