"""The made-up shop that can be looked around in: whether it is there, and what it is made of."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Demo(models.Model):
    """A single row. `asked` is what still has to be done ("make", "remove"), `done` of `whole` how far that is.

    `made` holds the ids of what was made besides conversations and customers ({name of the table: [id, …]});
    `problem` what the last try failed by.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    asked = models.CharField(max_length=8, default="", db_default="")
    asked_by = models.ForeignKey("people.Teammate", null=True, on_delete=models.SET_NULL, related_name="+")
    done = models.IntegerField(default=0, db_default=0)
    whole = models.IntegerField(default=0, db_default=0)
    problem = models.TextField(default="", db_default="")
    made_at = models.DateTimeField(null=True)
    made = models.JSONField(default=dict, db_default={})

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="demo_is_one")]

    def __str__(self) -> str:
        return f"demo: {self.asked or ('made' if self.made_at else 'none')}"
