"""Who attends to a conversation: raw records of it, who is there now, and colleagues asked by mail."""

from __future__ import annotations

from django.db import models


class Attention(models.Model):
    """A teammate had a conversation open, in focus and without a minute of idleness, from one moment to another."""

    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.CASCADE, related_name="+")
    teammate = models.ForeignKey("people.Teammate", on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField(unique=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["teammate", "ended_at"], name="attention_by_end")]

    def __str__(self) -> str:
        return f"{self.teammate_id} at {self.conversation_id}"


class Question(models.Model):
    """A colleague without an account was asked about a conversation by mail; the answer comes back as a note."""

    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="questions"
    )
    entry = models.ForeignKey("conversations.Entry", on_delete=models.CASCADE, related_name="+")
    teammate = models.ForeignKey("people.Teammate", on_delete=models.CASCADE, related_name="+")
    address = models.EmailField()
    name = models.TextField(default="")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answer = models.ForeignKey("conversations.Entry", null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"{self.address} about {self.conversation_id}"
