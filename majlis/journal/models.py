"""The one log of what happened; everything that reacts is drained from it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Event(models.Model):
    """Something that happened, never changed afterwards but for the marks of its reactions."""

    kind = models.TextField()
    conversation_id = models.BigIntegerField(null=True)
    seq = models.IntegerField(null=True)
    mailbox_id = models.BigIntegerField(null=True)
    actor_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
    reacted_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    error = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation_id", "seq"], name="event_once_per_seq"),
        ]
        indexes = [
            models.Index(fields=["id"], name="event_to_react", condition=Q(reacted_at=None)),
            models.Index(fields=["id"], name="event_administrative", condition=Q(conversation_id=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.conversation_id}.{self.seq}"
