"""Mailboxes, the unit of access, and who may see which."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower


class Mailbox(models.Model):
    """A shared address. How it is reached stands in the channels room."""

    name = models.TextField()
    address = models.EmailField()
    team = models.ForeignKey("people.Team", null=True, on_delete=models.SET_NULL, related_name="mailboxes")
    brand = models.ForeignKey("people.Brand", null=True, on_delete=models.SET_NULL, related_name="mailboxes")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("address"), name="mailbox_address_once")]

    def __str__(self) -> str:
        return self.name


class MailboxAlias(models.Model):
    """Another address of a mailbox, in lower case: what is written to it arrives there, and may be answered from it."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="aliases")
    address = models.EmailField(unique=True)
    is_answered_from = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(address=Lower("address")), name="alias_in_lower_case")
        ]

    def __str__(self) -> str:
        return self.address


class MailboxAccess(models.Model):
    """A teammate may see a mailbox."""

    teammate = models.ForeignKey("people.Teammate", on_delete=models.CASCADE, related_name="accesses")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="accesses")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["teammate", "mailbox"], name="access_once")]

    def __str__(self) -> str:
        return f"{self.teammate_id} → {self.mailbox_id}"
