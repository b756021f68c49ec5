"""How many conversations stand where; changed in the transaction that moves one."""

from __future__ import annotations

from django.db import models

from .conversation import Shelf


class Counter(models.Model):
    """`number` conversations of a mailbox with one assignee (0: nobody) lie on one shelf."""

    mailbox = models.ForeignKey("people.Mailbox", on_delete=models.CASCADE, related_name="counters")
    assignee_id = models.BigIntegerField(default=0)
    shelf = models.CharField(max_length=8, choices=Shelf.choices, default=Shelf.DESK)
    number = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "assignee_id", "shelf"], name="counter_once")
        ]

    def __str__(self) -> str:
        return f"{self.mailbox_id}/{self.assignee_id}: {self.number}"
