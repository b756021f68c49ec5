"""How many conversations stand where; changed in the transaction that moves one."""

from __future__ import annotations

from django.db import models


class Counter(models.Model):
    """`number` conversations of a mailbox with one assignee (0: nobody) are open or closed."""

    mailbox = models.ForeignKey("people.Mailbox", on_delete=models.CASCADE, related_name="counters")
    assignee_id = models.BigIntegerField(default=0)
    is_closed = models.BooleanField(default=False)
    number = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "assignee_id", "is_closed"], name="counter_once")
        ]

    def __str__(self) -> str:
        return f"{self.mailbox_id}/{self.assignee_id}: {self.number}"
