"""Lists somebody kept, and long work over many conversations."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class View(models.Model):
    """A kept search: `query` as its owner typed it; without an owner, everybody's."""

    name = models.TextField()
    query = models.TextField()
    owner = models.ForeignKey("people.Teammate", null=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Bulk(models.Model):
    """One change of many conversations: drained one by one, each done whole or refused.

    `numbers` are the conversations chosen, `done` how many of them are behind us, `refused` {number: code},
    `before` {number: what it takes to undo}.
    """

    teammate = models.ForeignKey("people.Teammate", on_delete=models.CASCADE, related_name="+")
    act = models.CharField(max_length=16)
    data = models.JSONField(default=dict)
    numbers = ArrayField(models.BigIntegerField())
    done = models.IntegerField(default=0)
    refused = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="bulk_unfinished", condition=models.Q(finished_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.act} of {len(self.numbers)}"
