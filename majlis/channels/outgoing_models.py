"""What is remembered of sending: each mailbox's rules, how servers stand, which addresses mail came back from."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class SendingRules(models.Model):
    """What an admin chose for the mail that leaves a mailbox; no row: everything as it is usual.

    A limit of null is what the provider is known for, 0 none at all.
    """

    mailbox = models.OneToOneField("people.Mailbox", on_delete=models.CASCADE, related_name="sending_rules")
    per_minute = models.IntegerField(null=True)
    per_hour = models.IntegerField(null=True)
    per_day = models.IntegerField(null=True)
    attachments_mb = models.SmallIntegerField(default=20, db_default=20)
    link_days = models.SmallIntegerField(default=30, db_default=30)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="sending_rules_sane",
                condition=Q(
                    attachments_mb__gte=1, attachments_mb__lte=100, link_days__gte=1, link_days__lte=365
                )
                & (Q(per_minute=None) | Q(per_minute__gte=0))
                & (Q(per_hour=None) | Q(per_hour__gte=0))
                & (Q(per_day=None) | Q(per_day__gte=0)),
            )
        ]

    def __str__(self) -> str:
        return f"sending rules of {self.mailbox_id}"


class OutgoingServer(models.Model):
    """How a server (`host:port`), or one mailbox at it (`mailbox:id`), stands: nothing is tried while it rests.

    `strikes` counts the rests in a row, `why` holds the answer that began this one, packed or in the server's words.
    `size_limit`: the largest message it announced, in octets, 0 when it named none.
    """

    key = models.TextField(unique=True)
    rests_until = models.DateTimeField(null=True)
    why = models.TextField(default="", db_default="")
    strikes = models.SmallIntegerField(default=0, db_default=0)
    size_limit = models.BigIntegerField(default=0, db_default=0)

    def __str__(self) -> str:
        return self.key


class ReturnedAddress(models.Model):
    """An address that mail came back from: when, how often in a row, and in which words of the other server.

    `taken_at`: a server took mail for it since; it is forgiven when nothing came back for a while.
    """

    address = models.TextField(unique=True)
    is_permanent = models.BooleanField()
    kind = models.TextField(default="", db_default="")
    words = models.TextField(default="", db_default="")
    count = models.IntegerField(default=1, db_default=1)
    since = models.DateTimeField()
    last_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    delivery = models.ForeignKey("channels.Delivery", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="returned_address_counted", condition=Q(count__gte=1)),
        ]

    def __str__(self) -> str:
        return self.address


class SharedFile(models.Model):
    """A file that went as a link, being too large to go along; the link names it by `reference`."""

    reference = models.UUIDField(unique=True)
    attachment = models.OneToOneField(
        "conversations.Attachment", on_delete=models.CASCADE, related_name="shared"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    downloads = models.IntegerField(default=0, db_default=0)

    def __str__(self) -> str:
        return str(self.reference)
