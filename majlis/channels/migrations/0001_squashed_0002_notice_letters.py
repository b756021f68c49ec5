"""The tables of channels, as 0.2.0 left them, made in one step."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from majlis.database.tables import CreateTables


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("channels", "0001_initial"),
        ("channels", "0002_notice_letters"),
    ]

    dependencies = [
        ("conversations", "0001_initial"),
        ("files", "0001_initial"),
        ("people", "0002_cache"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="MailConnection",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("imap_host", models.TextField(default="")),
                        ("imap_port", models.IntegerField(default=993)),
                        (
                            "imap_security",
                            models.CharField(
                                choices=[("tls", "TLS"), ("starttls", "STARTTLS"), ("none", "—")],
                                default="tls",
                                max_length=8,
                            ),
                        ),
                        ("imap_user", models.TextField(default="")),
                        ("imap_password", models.TextField(default="")),
                        ("imap_folder", models.TextField(default="INBOX")),
                        ("older_since_on", models.DateField(null=True)),
                        ("smtp_host", models.TextField(default="")),
                        ("smtp_port", models.IntegerField(default=587)),
                        (
                            "smtp_security",
                            models.CharField(
                                choices=[("tls", "TLS"), ("starttls", "STARTTLS"), ("none", "—")],
                                default="starttls",
                                max_length=8,
                            ),
                        ),
                        ("smtp_user", models.TextField(default="")),
                        ("smtp_password", models.TextField(default="")),
                        ("is_enabled", models.BooleanField(default=True)),
                        ("uidvalidity", models.BigIntegerField(null=True)),
                        ("first_uid", models.BigIntegerField(null=True)),
                        ("last_uid", models.BigIntegerField(null=True)),
                        ("server_count", models.IntegerField(null=True)),
                        ("stored_count", models.IntegerField(null=True)),
                        ("checked_at", models.DateTimeField(null=True)),
                        ("problem", models.TextField(default="")),
                        ("problem_since", models.DateTimeField(null=True)),
                        ("version", models.IntegerField(default=1)),
                        (
                            "mailbox",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="connection",
                                to="people.mailbox",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Delivery",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("letter", models.JSONField(null=True)),
                        ("message_id", models.TextField(unique=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("queued", "Queued"),
                                    ("sending", "Sending"),
                                    ("sent", "Sent"),
                                    ("failed", "Failed"),
                                    ("held", "Held"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="queued",
                                max_length=12,
                            ),
                        ),
                        ("due_at", models.DateTimeField()),
                        ("attempts", models.SmallIntegerField(default=0)),
                        ("claimed_at", models.DateTimeField(null=True)),
                        ("claimed_by", models.TextField(default="")),
                        ("transmitting_at", models.DateTimeField(null=True)),
                        ("settled_at", models.DateTimeField(null=True)),
                        ("why", models.TextField(default="")),
                        ("created_at", models.DateTimeField()),
                        (
                            "entry",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="delivery",
                                to="conversations.entry",
                            ),
                        ),
                        (
                            "mailbox",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="people.mailbox",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "queued")),
                                fields=["due_at"],
                                name="delivery_due",
                            ),
                            models.Index(
                                condition=models.Q(("state", "sending")),
                                fields=["claimed_at"],
                                name="delivery_claimed",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RawMessage",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "route",
                            models.CharField(
                                choices=[("imap", "Imap"), ("lmtp", "Lmtp"), ("import", "Import")],
                                max_length=8,
                            ),
                        ),
                        ("received_at", models.DateTimeField()),
                        ("envelope_from", models.TextField(null=True)),
                        ("uidvalidity", models.BigIntegerField(null=True)),
                        ("uid", models.BigIntegerField(null=True)),
                        ("is_historic", models.BooleanField(default=False)),
                        ("stays_open", models.BooleanField(db_default=False, default=False)),
                        ("attempts", models.SmallIntegerField(default=0)),
                        ("error", models.TextField(default="")),
                        ("taken_in_at", models.DateTimeField(null=True)),
                        ("quarantined_at", models.DateTimeField(null=True)),
                        (
                            "entry",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="raw_messages",
                                to="conversations.entry",
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.file"
                            ),
                        ),
                        (
                            "mailbox",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="raw_messages",
                                to="people.mailbox",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("quarantined_at", None), ("taken_in_at", None)),
                                fields=["mailbox", "id"],
                                name="raw_to_take_in",
                            ),
                            models.Index(
                                condition=models.Q(("quarantined_at__isnull", False)),
                                fields=["id"],
                                name="raw_quarantined",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("uid__isnull", False)),
                                fields=("mailbox", "uidvalidity", "uid"),
                                name="raw_once_per_uid",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NoticeLetter",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reference", models.BigIntegerField(unique=True)),
                        ("conversation_id", models.BigIntegerField(null=True)),
                        (
                            "becomes",
                            models.CharField(
                                choices=[
                                    ("reply", "Reply"),
                                    ("note", "Note"),
                                    ("told", "Told"),
                                    ("", "Nothing"),
                                ],
                                default="",
                                max_length=8,
                            ),
                        ),
                        ("seen_seq", models.IntegerField(default=0)),
                        ("answer_key", models.CharField(max_length=64, null=True, unique=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "delivery",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notice_letter",
                                to="channels.delivery",
                            ),
                        ),
                        (
                            "teammate",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["teammate", "-created_at"], name="notice_letter_newest"),
                            models.Index(fields=["created_at"], name="notice_letter_oldest"),
                            models.Index(fields=["conversation_id"], name="notice_letter_conversation"),
                        ],
                    },
                ),
            ]
        ),
    ]
