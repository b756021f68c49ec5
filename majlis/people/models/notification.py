"""What a teammate is told, where, and when not."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class NotificationKind(models.TextChoices):
    """What is worth telling somebody."""

    NEW = "new"
    ASSIGNED = "assigned"
    MENTIONED = "mentioned"
    ANSWERED = "answered"
    FOLLOWED = "followed"
    FAILED = "failed"
    ALARM = "alarm"


class NotificationChoice(models.Model):
    """Where one teammate wants to be told of one kind; without a row, as `people.notifying` says."""

    teammate = models.ForeignKey("people.Teammate", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=NotificationKind.choices)
    in_page = models.BooleanField()
    by_push = models.BooleanField()
    by_mail = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["teammate", "kind"], name="notification_choice_once")]

    def __str__(self) -> str:
        return f"{self.teammate_id} {self.kind}"


class QuietHours(models.Model):
    """When a teammate wants no push and no sound, in their own time zone; over midnight when `to` is the earlier."""

    teammate = models.OneToOneField("people.Teammate", on_delete=models.CASCADE, related_name="quiet_hours")
    begin_at = models.TimeField()
    end_at = models.TimeField()

    def __str__(self) -> str:
        return f"{self.begin_at}–{self.end_at}"


class Notification(models.Model):
    """One thing a teammate is told; the ids lead to the entry a click lands on.

    An alarm is about a mailbox itself: it stands in no conversation. All others stand in one, and `mailbox_id` is whose.
    """

    teammate = models.ForeignKey("people.Teammate", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=NotificationKind.choices)
    event_id = models.BigIntegerField()
    conversation_id = models.BigIntegerField(null=True)
    mailbox_id = models.BigIntegerField()
    entry_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    push_at = models.DateTimeField(null=True)
    mail_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["teammate", "event_id"], name="notification_once"),
            models.CheckConstraint(
                name="notification_about_one",
                condition=Q(conversation_id__isnull=False) & ~Q(kind=NotificationKind.ALARM)
                | Q(conversation_id__isnull=True, entry_id__isnull=True, kind=NotificationKind.ALARM),
            ),
        ]
        indexes = [
            models.Index(fields=["teammate", "-id"], name="notification_newest"),
            models.Index(
                fields=["teammate", "conversation_id"],
                name="notification_unread",
                condition=Q(read_at__isnull=True),
            ),
            models.Index(
                fields=["event_id"],
                name="notification_in_trouble",
                condition=Q(read_at__isnull=True, kind__in=["alarm", "failed"]),
            ),
            models.Index(fields=["push_at"], name="notification_to_push", condition=Q(push_at__isnull=False)),
            models.Index(fields=["mail_at"], name="notification_to_mail", condition=Q(mail_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.teammate_id}"


class PushSubscription(models.Model):
    """A browser that may be pushed to (RFC 8030, 8291); `session` ends it with the sign-in it came from."""

    teammate = models.ForeignKey("people.Teammate", on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey("people.Session", null=True, on_delete=models.CASCADE, related_name="+")
    endpoint = models.TextField(unique=True)
    key = models.TextField()
    auth = models.TextField()
    created_at = models.DateTimeField()
    failures = models.SmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"push of {self.teammate_id}"
