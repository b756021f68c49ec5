"""Signed-in sessions; the teammate stands in a column, so that one join answers a request."""

from __future__ import annotations

from django.db import models


class Session(models.Model):
    """One browser's session: since when, last seen when, from where and with what."""

    session_key = models.CharField(max_length=40, primary_key=True)
    session_data = models.TextField()
    expire_date = models.DateTimeField(db_index=True)
    teammate = models.ForeignKey(
        "people.Teammate", null=True, on_delete=models.CASCADE, related_name="sessions"
    )

    created_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    address = models.GenericIPAddressField(null=True)
    agent = models.TextField(default="", db_default="")

    def __str__(self) -> str:
        return f"session of {self.teammate_id}"
