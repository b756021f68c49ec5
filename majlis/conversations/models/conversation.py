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


class Shelf(models.TextChoices):
    """Where a conversation lies: on the desk, or off it in one of the ways a conversation can be put away."""

    DESK = "desk"
    SNOOZED = "snoozed"
    CLOSED = "closed"
    SPAM = "spam"
    TRASH = "trash"
    MERGED = "merged"


class ClosedAs(models.TextChoices):
    """How a conversation was closed, when somebody said so."""

    ANSWERED = "answered", pgettext_lazy("closed as", "Answered")
    NO_REPLY = "no_reply", pgettext_lazy("closed as", "No reply needed")
    NOT_FOR_US = "not_for_us", pgettext_lazy("closed as", "Not for us")
    DUPLICATE = "duplicate", pgettext_lazy("closed as", "Duplicate")


class Priority(models.IntegerChoices):
    """How much it presses."""

    LOW = -1, pgettext_lazy("priority", "Low")
    NORMAL = 0, pgettext_lazy("priority", "Normal")
    HIGH = 1, pgettext_lazy("priority", "High")
    URGENT = 2, pgettext_lazy("priority", "Urgent")


class Topic(models.Model):
    """Why customers write, as the team calls it."""

    name = models.TextField()
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="topic_name_once")]

    def __str__(self) -> str:
        return self.name


class Conversation(models.Model):
    """Everything said with one customer about one matter, in one mailbox.

    `seq` is its only cursor: it is raised under the row's lock by every change. `shelf` follows from the
    facts beside it (`lies_on`) and is what folders, indexes and counters go by.
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
    shelf = models.CharField(
        max_length=8, choices=Shelf.choices, default=Shelf.DESK, db_default=Shelf.DESK.value
    )
    team = models.ForeignKey("people.Team", null=True, on_delete=models.SET_NULL, related_name="+")
    priority = models.SmallIntegerField(choices=Priority.choices, default=Priority.NORMAL, db_default=0)
    topic = models.ForeignKey(Topic, null=True, on_delete=models.SET_NULL, related_name="conversations")
    snoozed_until = models.DateTimeField(null=True)
    snoozed_by = models.ForeignKey(
        "people.Teammate", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    is_spam = models.BooleanField(default=False, db_default=False)
    spam_reason = models.TextField(default="", db_default="")
    closed_as = models.CharField(
        max_length=12, choices=ClosedAs.choices, default="", db_default="", blank=True
    )
    closed_note = models.TextField(default="", db_default="")
    deleted_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="merged_here")
    begun_by = models.ForeignKey(
        "people.Teammate", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    begun_reason = models.TextField(default="", db_default="")

    class Meta:
        indexes = [
            # The folders, newest first, each walked along one index.
            models.Index(
                fields=["mailbox", "-last_activity_at", "-id"],
                name="conversation_unassigned",
                condition=Q(assignee=None, shelf="desk"),
            ),
            models.Index(
                fields=["assignee", "-last_activity_at", "-id"],
                name="conversation_mine",
                condition=Q(shelf="desk"),
            ),
            models.Index(
                fields=["mailbox", "-last_activity_at", "-id"],
                name="conversation_open",
                condition=Q(shelf="desk"),
            ),
            models.Index(
                fields=["mailbox", "-last_activity_at", "-id"],
                name="conversation_closed",
                condition=Q(shelf="closed"),
            ),
            models.Index(
                fields=["mailbox", "shelf", "-last_activity_at", "-id"],
                name="conversation_put_away",
                condition=Q(shelf__in=["snoozed", "spam", "trash"]),
            ),
            models.Index(fields=["snoozed_until"], name="conversation_wakes", condition=Q(shelf="snoozed")),
            models.Index(
                fields=["begun_by", "created_at"], name="conversation_begun", condition=~Q(begun_by=None)
            ),
            models.Index(fields=["customer", "-id"], name="conversation_customer"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_closed(self) -> bool:
        """Claims that nobody is expected to do anything."""
        return self.status == Status.CLOSED

    @property
    def lies_on(self) -> Shelf:
        """The shelf that follows from the facts: what weighs more comes first."""
        if self.merged_into_id is not None:
            return Shelf.MERGED
        if self.deleted_at is not None:
            return Shelf.TRASH
        if self.is_spam:
            return Shelf.SPAM
        if self.is_closed:
            return Shelf.CLOSED
        return Shelf.SNOOZED if self.snoozed_until is not None else Shelf.DESK


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


class Follower(models.Model):
    """A teammate who is told of everything that happens in a conversation."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="followers")
    teammate = models.ForeignKey("people.Teammate", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "teammate"], name="follower_once")]

    def __str__(self) -> str:
        return f"{self.teammate_id} follows {self.conversation_id}"


class Merge(models.Model):
    """One conversation was put into another; `moved` is what it takes to undo that."""

    into = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="merges")
    merged = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    teammate = models.ForeignKey("people.Teammate", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    moved = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.merged_id} into {self.into_id}"


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
