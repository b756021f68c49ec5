"""The table of advice on channels; it is found with the room's other tables."""

from __future__ import annotations

from django.db import models


class ChannelAdvice(models.Model):
    """The channel to begin with, each time somebody asked: what was answered (`advising.Answers`) and advised.

    `readiness` are the conditions of that day, {code: [met, value, n]}; `is_ready` is null where that was not known.
    """

    asked_by = models.ForeignKey("people.Teammate", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    answers = models.JSONField()
    channel = models.CharField(max_length=8)
    is_ready = models.BooleanField(null=True)
    readiness = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.channel} on {self.at:%Y-%m-%d}"
