"""What was brought along from another desk, and what it became here."""

from __future__ import annotations

from django.db import models


class ImportedRecord(models.Model):
    """One row of another desk: `source` names the installation, `kind` and `foreign_id` the row there.

    `our_id` is the row here, of the table that follows from `kind`; None for what was looked at and has none. `digest`
    tells whether it changed there since.
    """

    source = models.TextField()
    kind = models.TextField()
    foreign_id = models.TextField()
    our_id = models.BigIntegerField(null=True)
    digest = models.TextField(default="", db_default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "foreign_id"], name="imported_record_once")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.foreign_id}"
