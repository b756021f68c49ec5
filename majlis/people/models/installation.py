"""The one company this installation serves, and the links that work once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Installation(models.Model):
    """A single row: the company's name and habits."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    company = models.TextField()
    language = models.CharField(max_length=8, default="ar")
    time_zone = models.TextField(default="Asia/Riyadh")
    region = models.CharField(max_length=2, default="SA")
    ready_at = models.DateTimeField(null=True)
    called = models.CharField(max_length=20, default="support", db_default="support")
    has_mailboxes_to_sign_in = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="installation_is_one")]

    def __str__(self) -> str:
        return self.company


class OneTimeLink(models.Model):
    """A link that opens one door once; only the digest of its secret is kept."""

    class Purpose(models.TextChoices):
        FIRST_RUN = "first-run"
        INVITATION = "invitation"
        RESET = "reset"

    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    digest = models.CharField(max_length=64, unique=True)
    teammate = models.ForeignKey("people.Teammate", null=True, on_delete=models.CASCADE, related_name="links")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    # Of the letter it went out by, if any did; how that fared the channels room knows.
    message_id = models.TextField(default="", db_default="")

    def __str__(self) -> str:
        return self.purpose
