"""Signed-in sessions; the teammate stands in a column, so that one join answers a request."""

from __future__ import annotations

from django.db import models


class Session(models.Model):
    """One browser's session."""

    session_key = models.CharField(max_length=40, primary_key=True)
    session_data = models.TextField()
    expire_date = models.DateTimeField(db_index=True)
    teammate = models.ForeignKey(
        "people.Teammate", null=True, on_delete=models.CASCADE, related_name="sessions"
    )

    def __str__(self) -> str:
        return f"session of {self.teammate_id}"
