"""Widgets, who visits by them, and what a conversation by chat has besides what every conversation has."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

# How entries are marked that are a chat's mail: answers that were not seen, and a copy of all of it when it ended.
CHAT_ANSWERS = "chat"
CHAT_COPY = "chat-copy"


class Widget(models.Model):
    """A way to write to us from a site. `key` stands in the site's page and is no secret.

    `sites` are the origins it may stand on ("https://shop.example"), none: anywhere. `secret`, encrypted, is what the
    site's back end signs identities with; `secret_before` is the one before it, good until `before_until`.
    `is_for_known`: only who is signed in at the site may write. Greetings that are empty are our own.
    """

    class Position(models.TextChoices):
        """The side of the page it stands at, in the page's own direction."""

        END = "end"
        START = "start"

    class Theme(models.TextChoices):
        """Light, dark, or as the visitor's system says."""

        AUTO = "auto"
        LIGHT = "light"
        DARK = "dark"

    brand = models.ForeignKey("people.Brand", on_delete=models.PROTECT, related_name="widgets")
    mailbox = models.ForeignKey("people.Mailbox", on_delete=models.PROTECT, related_name="widgets")
    name = models.TextField()
    key = models.CharField(max_length=24, unique=True)
    sites = models.JSONField(default=list, db_default=[])
    position = models.CharField(
        max_length=5, choices=Position.choices, default=Position.END, db_default=Position.END.value
    )
    offset_px = models.SmallIntegerField(default=20, db_default=20)
    theme = models.CharField(
        max_length=5, choices=Theme.choices, default=Theme.AUTO, db_default=Theme.AUTO.value
    )
    language = models.CharField(max_length=4, default="auto", db_default="auto")
    greeting_ar = models.TextField(default="", db_default="")
    greeting_en = models.TextField(default="", db_default="")
    is_on = models.BooleanField(default=True, db_default=True)
    is_for_known = models.BooleanField(default=False, db_default=False)
    secret = models.TextField(default="", db_default="")
    secret_before = models.TextField(default="", db_default="")
    before_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(offset_px__gte=0, offset_px__lte=200), name="widget_offset_sane"
            ),
            models.CheckConstraint(
                condition=Q(language__in=["auto", "ar", "en"]), name="widget_language_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Visitor(models.Model):
    """A browser that wrote by a widget, or whose site says who it is; it proves itself by a token (`digest`).

    `identity` is the site's own name for the person, empty for somebody unknown. `customer` is who they are here, none
    until they write or are known. `page` is the last one, without its query. `is_shown`: whether the widget was shown to
    them when they asked last.
    """

    widget = models.ForeignKey(Widget, on_delete=models.CASCADE, related_name="visitors")
    digest = models.CharField(max_length=64, unique=True)
    customer = models.ForeignKey(
        "people.Customer", null=True, on_delete=models.CASCADE, related_name="visitors"
    )
    identity = models.TextField(default="", db_default="")
    name = models.TextField(default="", db_default="")
    language = models.CharField(max_length=2, default="", db_default="")
    time_zone = models.TextField(default="", db_default="")
    page = models.TextField(default="", db_default="")
    is_shown = models.BooleanField(default=True, db_default=True)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["widget", "identity"], name="visitor_identity", condition=~Q(identity="")),
            models.Index(fields=["seen_at"], name="visitor_seen"),
        ]

    def __str__(self) -> str:
        return self.identity or f"visitor {self.pk}"


class IdentityUse(models.Model):
    """A signed identity was taken by a visitor; nobody else may come with the same one until it has expired."""

    digest = models.CharField(max_length=64, primary_key=True)
    visitor = models.ForeignKey(Visitor, on_delete=models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="identity_use_expires")]

    def __str__(self) -> str:
        return f"identity of {self.visitor_id}"


class ChatThread(models.Model):
    """What a conversation begun by chat has besides: who visits it, what they have seen, and when it goes by mail.

    `read_seq`: how far the visitor has seen it. `mailed_seq`: how far what they had not seen went by mail.
    `mail_due_at`: when what is unseen goes. `address` is what the visitor typed: it identifies nobody until
    `proven_at`, when a mail to it was answered. `is_by_mail`: what the customer said last came by mail, so that
    answers go that way. `told_seq`: up to where a copy of the ended chat went.
    """

    conversation = models.OneToOneField(
        "conversations.Conversation", primary_key=True, on_delete=models.CASCADE, related_name="chat"
    )
    visitor = models.ForeignKey(Visitor, null=True, on_delete=models.SET_NULL, related_name="threads")
    widget = models.ForeignKey(Widget, null=True, on_delete=models.SET_NULL, related_name="+")
    read_seq = models.IntegerField(default=0, db_default=0)
    read_at = models.DateTimeField(null=True)
    mailed_seq = models.IntegerField(default=0, db_default=0)
    told_seq = models.IntegerField(default=0, db_default=0)
    mail_due_at = models.DateTimeField(null=True)
    address = models.TextField(default="", db_default="")
    proven_at = models.DateTimeField(null=True)
    is_by_mail = models.BooleanField(default=False, db_default=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["mail_due_at"], name="chat_mail_due", condition=Q(mail_due_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"chat {self.conversation_id}"


class ChatUpload(models.Model):
    """A file a visitor has sent and not yet said anything with; it goes with the next message or after a day."""

    reference = models.UUIDField(unique=True)
    visitor = models.ForeignKey(Visitor, on_delete=models.CASCADE, related_name="uploads")
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    content_type = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="chat_upload_oldest")]

    def __str__(self) -> str:
        return self.name
