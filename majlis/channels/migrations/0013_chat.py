"""Widgets, their visitors and chats. How often somebody asks is not worth a write-ahead log."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0012_advice"),
        ("conversations", "0006_quote"),
        ("files", "0001_initial"),
        ("people", "0014_brands"),
    ]

    operations = [
        migrations.CreateModel(
            name="Widget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.TextField()),
                ("key", models.CharField(max_length=24, unique=True)),
                ("sites", models.JSONField(db_default=[], default=list)),
                (
                    "position",
                    models.CharField(
                        choices=[("end", "End"), ("start", "Start")],
                        db_default="end",
                        default="end",
                        max_length=5,
                    ),
                ),
                ("offset_px", models.SmallIntegerField(db_default=20, default=20)),
                (
                    "theme",
                    models.CharField(
                        choices=[("auto", "Auto"), ("light", "Light"), ("dark", "Dark")],
                        db_default="auto",
                        default="auto",
                        max_length=5,
                    ),
                ),
                ("language", models.CharField(db_default="auto", default="auto", max_length=4)),
                ("greeting_ar", models.TextField(db_default="", default="")),
                ("greeting_en", models.TextField(db_default="", default="")),
                ("is_on", models.BooleanField(db_default=True, default=True)),
                ("is_for_known", models.BooleanField(db_default=False, default=False)),
                ("secret", models.TextField(db_default="", default="")),
                ("secret_before", models.TextField(db_default="", default="")),
                ("before_until", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="widgets", to="people.brand"
                    ),
                ),
                (
                    "mailbox",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="widgets",
                        to="people.mailbox",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Visitor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("identity", models.TextField(db_default="", default="")),
                ("name", models.TextField(db_default="", default="")),
                ("language", models.CharField(db_default="", default="", max_length=2)),
                ("time_zone", models.TextField(db_default="", default="")),
                ("page", models.TextField(db_default="", default="")),
                ("created_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visitors",
                        to="people.customer",
                    ),
                ),
                (
                    "widget",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visitors",
                        to="channels.widget",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ChatThread",
            fields=[
                (
                    "conversation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="chat",
                        serialize=False,
                        to="conversations.conversation",
                    ),
                ),
                ("read_seq", models.IntegerField(db_default=0, default=0)),
                ("read_at", models.DateTimeField(null=True)),
                ("mailed_seq", models.IntegerField(db_default=0, default=0)),
                ("told_seq", models.IntegerField(db_default=0, default=0)),
                ("mail_due_at", models.DateTimeField(null=True)),
                ("address", models.TextField(db_default="", default="")),
                ("proven_at", models.DateTimeField(null=True)),
                ("is_by_mail", models.BooleanField(db_default=False, default=False)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "visitor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="threads",
                        to="channels.visitor",
                    ),
                ),
                (
                    "widget",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="channels.widget",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IdentityUse",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("expires_at", models.DateTimeField()),
                (
                    "visitor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="channels.visitor"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["expires_at"], name="identity_use_expires")],
            },
        ),
        migrations.CreateModel(
            name="ChatUpload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.UUIDField(unique=True)),
                ("name", models.TextField()),
                ("content_type", models.TextField()),
                ("created_at", models.DateTimeField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.file"
                    ),
                ),
                (
                    "visitor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uploads",
                        to="channels.visitor",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["created_at"], name="chat_upload_oldest")],
            },
        ),
        migrations.AddConstraint(
            model_name="widget",
            constraint=models.CheckConstraint(
                condition=models.Q(("offset_px__gte", 0), ("offset_px__lte", 200)), name="widget_offset_sane"
            ),
        ),
        migrations.AddConstraint(
            model_name="widget",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["auto", "ar", "en"])), name="widget_language_known"
            ),
        ),
        migrations.AddIndex(
            model_name="visitor",
            index=models.Index(
                condition=models.Q(("identity", ""), _negated=True),
                fields=["widget", "identity"],
                name="visitor_identity",
            ),
        ),
        migrations.AddIndex(
            model_name="visitor",
            index=models.Index(fields=["seen_at"], name="visitor_seen"),
        ),
        migrations.AddIndex(
            model_name="chatthread",
            index=models.Index(
                condition=models.Q(("mail_due_at__isnull", False)),
                fields=["mail_due_at"],
                name="chat_mail_due",
            ),
        ),
        migrations.AlterField(
            model_name="automaticmail",
            name="kind",
            field=models.CharField(
                choices=[
                    ("ack", "Acknowledgement"),
                    ("notice", "Notice"),
                    ("letter", "Letter"),
                    ("chat", "Chat"),
                ],
                max_length=8,
            ),
        ),
        migrations.RunSQL(
            """
            create unlogged table channels_pace (
                key text primary key,
                until timestamptz not null,
                number integer not null
            ) with (fillfactor = 70);
            """,
            "drop table channels_pace",
        ),
    ]
