"""A mailbox may be fetched by POP3 and from several folders: how far each was read moves to a row of its own."""

from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now

_ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")

# A connection that was never fetched gets its folder from its first reader.
_CURSORS = """
insert into channels_mailfolder (connection_id, name, uidvalidity, first_uid, last_uid, server_count, stored_count,
  checked_at, since_at, problem, version)
select c.id, c.in_folder, c.uidvalidity, c.first_uid, c.last_uid, c.server_count, c.stored_count, c.checked_at,
  (select min(r.received_at) from channels_rawmessage r
    where r.mailbox_id = c.mailbox_id and r.uid is not null and not r.is_historic), '', c.version
from channels_mailconnection c where c.uidvalidity is not null or c.in_host <> ''
"""
_BACK = """
update channels_mailconnection c set uidvalidity = f.uidvalidity, first_uid = f.first_uid, last_uid = f.last_uid,
  server_count = f.server_count, stored_count = f.stored_count
from channels_mailfolder f where f.connection_id = c.id and f.name = c.in_folder
"""
_RAW = """
update channels_rawmessage r set folder_id = f.id
from channels_mailfolder f join channels_mailconnection c on c.id = f.connection_id
where c.mailbox_id = r.mailbox_id and r.uid is not null
"""
_MOVED = ("uidvalidity", "first_uid", "last_uid", "server_count", "stored_count")


class Migration(migrations.Migration):
    """Cursors and the places of raw messages are carried over."""

    dependencies = [
        ("channels", "0008_out"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("mailconnection", "heard_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "mailconnection",
            "protocol",
            models.CharField(
                choices=[("imap", "IMAP"), ("pop3", "POP3")],
                db_default="imap",
                default="imap",
                max_length=8,
            ),
        ),
        migrations.AddField("mailconnection", "stale_since", models.DateTimeField(null=True)),
        migrations.AddField(
            "mailconnection",
            "watched_at",
            models.DateTimeField(db_default=Now(), default=django.utils.timezone.now),
        ),
        migrations.CreateModel(
            name="MailFolder",
            fields=[
                ("id", _ID),
                (
                    "connection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="folders",
                        to="channels.mailconnection",
                    ),
                ),
                ("name", models.TextField()),
                ("is_enabled", models.BooleanField(db_default=True, default=True)),
                ("uidvalidity", models.BigIntegerField(null=True)),
                ("first_uid", models.BigIntegerField(null=True)),
                ("last_uid", models.BigIntegerField(null=True)),
                ("older_since_on", models.DateField(null=True)),
                ("older_left", models.IntegerField(null=True)),
                ("since_at", models.DateTimeField(null=True)),
                ("server_count", models.IntegerField(null=True)),
                ("stored_count", models.IntegerField(null=True)),
                ("differs_since", models.DateTimeField(null=True)),
                ("checked_at", models.DateTimeField(null=True)),
                ("problem", models.TextField(db_default="", default="")),
                ("version", models.IntegerField(db_default=1, default=1)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["connection", "name"], name="folder_once_per_name")
                ]
            },
        ),
        migrations.RunSQL(_CURSORS, _BACK),
        migrations.AddField(
            "rawmessage",
            "folder",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="channels.mailfolder",
            ),
        ),
        migrations.AddField("rawmessage", "uidl", models.TextField(null=True)),
        migrations.RunSQL(_RAW, migrations.RunSQL.noop),
        migrations.RunSQL("set constraints all immediate", migrations.RunSQL.noop),
        migrations.AlterField(
            "rawmessage",
            "route",
            models.CharField(
                choices=[
                    ("imap", "Imap"),
                    ("pop3", "Pop3"),
                    ("lmtp", "Lmtp"),
                    ("http", "Http"),
                    ("import", "Import"),
                ],
                max_length=8,
            ),
        ),
        migrations.RemoveConstraint("rawmessage", "raw_once_per_uid"),
        migrations.AddConstraint(
            "rawmessage",
            models.UniqueConstraint(
                condition=models.Q(("uid__isnull", False)),
                fields=("folder", "uidvalidity", "uid"),
                name="raw_once_per_uid",
            ),
        ),
        migrations.AddConstraint(
            "rawmessage",
            models.UniqueConstraint(
                condition=models.Q(("uidl__isnull", False)),
                fields=("folder", "uidl"),
                name="raw_once_per_uidl",
            ),
        ),
        *(migrations.RemoveField("mailconnection", name) for name in _MOVED),
        migrations.CreateModel(
            name="PassedOver",
            fields=[
                ("id", _ID.clone()),
                (
                    "folder",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="channels.mailfolder",
                    ),
                ),
                ("uidvalidity", models.BigIntegerField(null=True)),
                ("uid", models.BigIntegerField(null=True)),
                ("uidl", models.TextField(null=True)),
                ("dated_on", models.DateField(null=True)),
                ("is_removed", models.BooleanField(db_default=False, default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("uid__isnull", False)),
                        fields=("folder", "uidvalidity", "uid"),
                        name="passed_once_per_uid",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("uidl__isnull", False)),
                        fields=("folder", "uidl"),
                        name="passed_once_per_uidl",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Backfill",
            fields=[
                ("id", _ID.clone()),
                (
                    "connection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="backfills",
                        to="channels.mailconnection",
                    ),
                ),
                ("since_on", models.DateField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "Running"), ("done", "Done"), ("stopped", "Stopped")],
                        default="running",
                        max_length=8,
                    ),
                ),
                ("fetched", models.IntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "running")),
                        fields=("connection",),
                        name="one_backfill_runs",
                    )
                ]
            },
        ),
    ]
