"""What was said: entries, their attachments and the message ids they are known by."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q


class EntryKind(models.TextChoices):
    """What an entry is; events are rows of the journal and shown between entries."""

    MESSAGE = "message"
    REPLY = "reply"
    NOTE = "note"
    FORWARD = "forward"
    CALL = "call"
    AUTO = "auto"


class Entry(models.Model):
    """One message, reply, note, forwarded copy, logged call, or what the desk sent by itself (`auto`).

    `seq` is its place; `changed_seq` is the last change that touched it, so that a page which
    asks "since" also gets what changed. `is_withdrawn`: taken back within the undo time. `details` is what only one
    kind has: of a call {"direction": "in" | "out", "seconds": number, "number": text}; of
    what came by a form, as docs/rooms/channels.md says.

    `quoted_above`, `text`, `signature` and `quoted` joined are what was written, character for character; only `text`
    is shown unfolded. The signature is its writer's own words and is found by searching; what is quoted is not.
    """

    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="entries"
    )
    mailbox = models.ForeignKey("people.Mailbox", on_delete=models.PROTECT, related_name="+")
    seq = models.IntegerField()
    changed_seq = models.IntegerField()
    kind = models.CharField(max_length=8, choices=EntryKind.choices)
    teammate = models.ForeignKey("people.Teammate", null=True, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("people.Customer", null=True, on_delete=models.PROTECT, related_name="+")
    from_name = models.TextField(default="")
    from_address = models.TextField(default="")
    to = models.JSONField(default=list)
    cc = models.JSONField(default=list)
    bcc = models.JSONField(default=list, db_default=[])
    subject = models.TextField(default="")
    text = models.TextField(default="")
    signature = models.TextField(default="", db_default="")
    quoted = models.TextField(default="")
    quoted_above = models.TextField(default="", db_default="")
    html = models.TextField(default="")
    has_remote_images = models.BooleanField(default=False)
    message_id = models.TextField(default="")
    message_key = models.CharField(max_length=64, null=True)
    automatic = models.CharField(max_length=16, default="")
    is_historic = models.BooleanField(default=False)
    is_new_participant = models.BooleanField(default=False)
    is_same_id = models.BooleanField(default=False)
    is_withdrawn = models.BooleanField(default=False)
    details = models.JSONField(null=True)
    submission_key = models.UUIDField(null=True)
    raw = models.ForeignKey("files.File", null=True, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="entry_once_per_seq"),
            models.UniqueConstraint(
                fields=["mailbox", "message_key"],
                name="entry_once_per_mailbox",
                condition=Q(message_key__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["teammate", "submission_key"],
                name="entry_once_per_submission",
                condition=Q(submission_key__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["message_key"], name="entry_message_key", condition=Q(message_key__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.conversation_id}.{self.seq}"

    @property
    def whole_text(self) -> str:
        """Everything that was written, with what is folded."""
        return f"{self.quoted_above}{self.text}{self.signature}{self.quoted}"


class EntryWords(models.Model):
    """The stems of what an entry says, for search: its text, of a first entry the subject too."""

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    mailbox_id = models.BigIntegerField()
    words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="entry_words")]

    def __str__(self) -> str:
        return f"words of {self.entry_id}"


class Mention(models.Model):
    """A teammate was named in a note."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="mentions")
    teammate = models.ForeignKey("people.Teammate", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["teammate", "entry"], name="mention_once")]

    def __str__(self) -> str:
        return f"{self.teammate_id} in {self.entry_id}"


class Attachment(models.Model):
    """A file that came with an entry, or goes out with it."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="attachments")
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    content_type = models.TextField()
    content_id = models.TextField(default="")
    is_inline = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class MessageId(models.Model):
    """An id by which mail may find a conversation: a message's own, or one it refers to."""

    mailbox = models.ForeignKey("people.Mailbox", on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="message_ids"
    )
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="message_ids")
    value = models.TextField()
    is_own = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "value"], name="message_id_once"),
        ]
        indexes = [
            models.Index(models.F("value"), models.F("mailbox"), name="message_id_value"),
        ]

    def __str__(self) -> str:
        return self.value
