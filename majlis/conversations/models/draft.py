"""What somebody is writing and has not sent yet: in a conversation, or to begin one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Draft(models.Model):
    """A reply, note or forwarded copy in the making.

    `version` is raised by every save: a browser that saves an older one is told so.
    """

    teammate = models.ForeignKey("people.Teammate", on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(
        "conversations.Conversation", null=True, on_delete=models.CASCADE, related_name="drafts"
    )
    mode = models.CharField(max_length=8, default="reply")
    subject = models.TextField(default="")
    text = models.TextField(default="")
    html = models.TextField(default="")
    to = models.JSONField(default=list)
    cc = models.JSONField(default=list)
    bcc = models.JSONField(default=list)
    version = models.IntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["teammate", "conversation", "mode"],
                name="draft_once",
                condition=Q(conversation__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["teammate", "-updated_at"], name="draft_newest")]

    def __str__(self) -> str:
        return f"draft of {self.teammate_id} in {self.conversation_id}"


class DraftFile(models.Model):
    """A file that goes out with a draft; `content_id` where the text shows it."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    content_type = models.TextField()
    content_id = models.TextField(default="")
    is_inline = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Beginning(models.Model):
    """A conversation that somebody is about to begin, as its fields were typed.

    `key` names it from before it is first saved. What was thrown away stays a while, to be brought back.
    """

    key = models.UUIDField(unique=True)
    teammate = models.ForeignKey("people.Teammate", on_delete=models.CASCADE, related_name="+")
    mailbox = models.ForeignKey("people.Mailbox", null=True, on_delete=models.SET_NULL, related_name="+")
    to = models.TextField(default="")
    subject = models.TextField(default="")
    text = models.TextField(default="")
    reason = models.TextField(default="")
    updated_at = models.DateTimeField()
    thrown_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["teammate", "-updated_at"], name="beginning_newest", condition=Q(thrown_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"
