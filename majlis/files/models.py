"""Stored bytes, known by a keyed digest of their content."""

from __future__ import annotations

from django.db import models


class File(models.Model):
    """Bytes that lie under the files folder; owners are rows of other rooms that point here."""

    digest = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest
