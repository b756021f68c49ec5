"""The installation's clients at issuers of tokens, what they gave for each mailbox, and sign-ins under way."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Provider(models.TextChoices):
    """Who issues tokens."""

    GOOGLE = "google", "Google"
    MICROSOFT = "microsoft", "Microsoft"
    OTHER = "other", _("Another service")


class OAuthClient(models.Model):
    """This installation's client at one issuer; the secret is encrypted, and empty for a public client.

    The addresses and scopes are those of an issuer that is not known here (`other`); the tenant is Microsoft's.
    """

    provider = models.CharField(max_length=12, choices=Provider.choices, unique=True)
    client_id = models.TextField()
    client_secret = models.TextField(default="", db_default="")
    tenant = models.TextField(default="", db_default="")
    authorize_url = models.TextField(default="", db_default="")
    token_url = models.TextField(default="", db_default="")
    device_url = models.TextField(default="", db_default="")
    scopes = models.TextField(default="", db_default="")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(client_id=""), name="oauth_client_has_id"),
            models.CheckConstraint(
                condition=Q(provider__in=["google", "microsoft"]) | (~Q(authorize_url="") & ~Q(token_url="")),
                name="oauth_client_has_addresses",
            ),
        ]

    def __str__(self) -> str:
        return f"client at {self.provider}"


class OAuthGrant(models.Model):
    """That a mailbox is signed in to by token, and the tokens, encrypted; without a refresh token nobody has yet.

    `account` is who signs in: another than the mailbox's user for a shared mailbox. `hosts` are the mail servers
    that were set when somebody signed in, for an issuer whose servers are not known here. `problem` is packed, and
    set while only a person can help.
    """

    connection = models.OneToOneField(
        "channels.MailConnection", on_delete=models.CASCADE, related_name="grant"
    )
    provider = models.CharField(max_length=12, choices=Provider.choices)
    account = models.TextField(default="", db_default="")
    refresh_token = models.TextField(default="", db_default="")
    access_token = models.TextField(default="", db_default="")
    expires_at = models.DateTimeField(null=True)
    scopes = models.TextField(default="", db_default="")
    hosts = models.TextField(default="", db_default="")
    problem = models.TextField(default="", db_default="")
    problem_since = models.DateTimeField(null=True)
    asked_by = models.ForeignKey("people.Teammate", null=True, on_delete=models.SET_NULL, related_name="+")
    signed_in_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(problem="", problem_since=None)
                | (~Q(problem="") & Q(problem_since__isnull=False)),
                name="oauth_grant_problem_has_time",
            )
        ]
        indexes = [
            models.Index(fields=["problem_since"], name="oauth_grant_lapsed", condition=~Q(problem=""))
        ]

    def __str__(self) -> str:
        return f"grant of {self.connection_id}"


class OAuthAttempt(models.Model):
    """A sign-in that somebody began. It ends once: by `ended_at`, with a packed `problem` or well.

    By a browser (`state` is the digest of what it carries, `session` that of the session that may bring it back) or
    by a code entered elsewhere (`user_code`), for which the issuer is asked when `poll_at` has come.
    """

    grant = models.ForeignKey(OAuthGrant, on_delete=models.CASCADE, related_name="attempts")
    teammate = models.ForeignKey("people.Teammate", on_delete=models.CASCADE, related_name="+")
    session = models.CharField(max_length=64)
    state = models.CharField(max_length=64, null=True, unique=True)
    verifier = models.TextField(default="", db_default="")
    redirect_uri = models.TextField(default="", db_default="")
    device_code = models.TextField(default="", db_default="")
    user_code = models.TextField(default="", db_default="")
    address = models.TextField(default="", db_default="")
    interval_seconds = models.IntegerField(default=5, db_default=5)
    poll_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    problem = models.TextField(default="", db_default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["poll_at"],
                name="oauth_attempt_due",
                condition=Q(ended_at=None, poll_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"sign-in {self.pk}"
