"""A conversation, who takes part in it, and its tags."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    """Where a conversation stands."""

    OPEN = "open", pgettext_lazy("status", "Open")
    IN_PROGRESS = "in_progress", pgettext_lazy("status", "In progress")
    WAITING = "waiting", pgettext_lazy("status", "Waiting for the customer")
    CLOSED = "closed", pgettext_lazy("status", "Closed")


class Conversation(models.Model):
    """Everything said with one customer about one matter, in one mailbox.

    `seq` is its only cursor: it is raised under the row's lock by every change.
    """

    mailbox = models.ForeignKey("people.Mailbox", on_delete=models.PROTECT, related_name="conversations")
    customer = models.ForeignKey("people.Customer", on_delete=models.PROTECT, related_name="conversations")
    assignee = models.ForeignKey(
        "people.Teammate", null=True, on_delete=models.SET_NULL, related_name="conversations"
    )
    subject = models.TextField(default="")
    channel = models.CharField(max_length=16, default="email")
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.OPEN)
    seq = models.IntegerField(default=0)
    message_seq = models.IntegerField(default=0)
    snippet = models.TextField(default="")
    waiting_since = models.DateTimeField(null=True)
    last_activity_at = models.DateTimeField()
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    maybe_same_as = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="maybe_continued_by"
    )
    is_historic = models.BooleanField(default=False)

    class Meta:
        indexes = [
            # The four folders, newest first, each walked along one index.
            models.Index(
                fields=["mailbox", "-last_activity_at", "-id"],
                name="conversation_unassigned",
                condition=Q(assignee=None) & ~Q(status="closed"),
            ),
            models.Index(
                fields=["assignee", "-last_activity_at", "-id"],
                name="conversation_mine",
                condition=~Q(status="closed"),
            ),
            models.Index(
                fields=["mailbox", "-last_activity_at", "-id"],
                name="conversation_open",
                condition=~Q(status="closed"),
            ),
            models.Index(
                fields=["mailbox", "-last_activity_at", "-id"],
                name="conversation_closed",
                condition=Q(status="closed"),
            ),
            models.Index(fields=["customer", "-id"], name="conversation_customer"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_closed(self) -> bool:
        """Claims that nobody is expected to do anything."""
        return self.status == Status.CLOSED


class ReadMark(models.Model):
    """How far a teammate has read a conversation."""

    teammate = models.ForeignKey("people.Teammate", on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    seq = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "teammate"], name="read_mark_once")]

    def __str__(self) -> str:
        return f"{self.teammate_id} read {self.conversation_id} to {self.seq}"


class Participant(models.Model):
    """An address that takes part; `is_customer` is the one the conversation belongs to."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="participants")
    address = models.TextField()
    name = models.TextField(default="")
    is_customer = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "address"], name="participant_once")]

    def __str__(self) -> str:
        return self.address


class Tag(models.Model):
    """A word the team puts on conversations."""

    name = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="tag_name_once")]

    def __str__(self) -> str:
        return self.name


class ConversationTag(models.Model):
    """A tag on a conversation."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="tagged")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="tagged")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "tag"], name="tagged_once")]

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.tag_id}"
