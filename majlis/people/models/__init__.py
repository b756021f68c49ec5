"""The tables of people: installation, teams, teammates, mailboxes, customers, sessions, notifications."""

from __future__ import annotations

from .brand import Brand, CustomerIdentity
from .customer import (
    Block,
    Company,
    ContextLink,
    Customer,
    CustomerAddress,
    CustomerImport,
    CustomerImportRow,
    CustomerMerge,
    CustomerNote,
    CustomerView,
)
from .demo import Demo
from .imported import ImportedRecord
from .installation import Installation, OneTimeLink
from .mailbox import Mailbox, MailboxAccess, MailboxAlias
from .notification import (
    Notification,
    NotificationChoice,
    NotificationKind,
    PushSubscription,
    QuietHours,
)
from .session import Session
from .teammate import Department, Role, Signature, Team, Teammate, TeamMember

__all__ = [
    "Block",
    "Brand",
    "Company",
    "ContextLink",
    "Customer",
    "CustomerAddress",
    "CustomerIdentity",
    "CustomerImport",
    "CustomerImportRow",
    "CustomerMerge",
    "CustomerNote",
    "CustomerView",
    "Demo",
    "Department",
    "ImportedRecord",
    "Installation",
    "Mailbox",
    "MailboxAccess",
    "MailboxAlias",
    "Notification",
    "NotificationChoice",
    "NotificationKind",
    "OneTimeLink",
    "PushSubscription",
    "QuietHours",
    "Role",
    "Session",
    "Signature",
    "Team",
    "TeamMember",
    "Teammate",
]
