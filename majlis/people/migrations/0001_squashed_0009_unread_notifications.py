"""The tables of people, as 0.2.0 left them, made in one step."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from majlis.database.tables import CreateTables


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("people", "0001_initial"),
        ("people", "0002_cache"),
        ("people", "0003_whole_inbox"),
        ("people", "0004_team_members"),
        ("people", "0005_no_single_team"),
        ("people", "0006_customer_imports"),
        ("people", "0007_letters_of_links"),
        ("people", "0008_demo"),
        ("people", "0009_unread_notifications"),
    ]

    dependencies = [("files", "0001_initial")]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="Teammate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        (
                            "last_login",
                            models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                        ),
                        ("name", models.TextField()),
                        ("name_key", models.TextField(db_index=True, default="")),
                        (
                            "email",
                            models.EmailField(max_length=254, unique=True, verbose_name="email address"),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("owner", "Owner"),
                                    ("admin", "Admin"),
                                    ("manager", "Manager"),
                                    ("agent", "Agent"),
                                ],
                                default="agent",
                                max_length=16,
                            ),
                        ),
                        ("language", models.CharField(default="ar", max_length=8)),
                        ("numerals", models.CharField(default="auto", max_length=4)),
                        ("theme", models.CharField(default="auto", max_length=8)),
                        ("time_zone", models.TextField(default="Asia/Riyadh")),
                        ("is_active", models.BooleanField(default=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "calendar",
                            models.CharField(db_default="gregorian", default="gregorian", max_length=10),
                        ),
                        ("name_latin", models.TextField(db_default="", default="")),
                        (
                            "picture",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="files.file",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("email"), name="teammate_email_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Installation",
                    fields=[
                        ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                        ("company", models.TextField()),
                        ("language", models.CharField(default="ar", max_length=8)),
                        ("time_zone", models.TextField(default="Asia/Riyadh")),
                        ("region", models.CharField(default="SA", max_length=2)),
                        ("ready_at", models.DateTimeField(null=True)),
                        ("called", models.CharField(db_default="support", default="support", max_length=20)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("id", 1)), name="installation_is_one")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OneTimeLink",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "purpose",
                            models.CharField(
                                choices=[
                                    ("first-run", "First Run"),
                                    ("invitation", "Invitation"),
                                    ("reset", "Reset"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("digest", models.CharField(max_length=64, unique=True)),
                        ("created_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("used_at", models.DateTimeField(null=True)),
                        (
                            "teammate",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("message_id", models.TextField(db_default="", default="")),
                    ],
                ),
                migrations.CreateModel(
                    name="Session",
                    fields=[
                        ("session_key", models.CharField(max_length=40, primary_key=True, serialize=False)),
                        ("session_data", models.TextField()),
                        ("expire_date", models.DateTimeField(db_index=True)),
                        (
                            "teammate",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="sessions",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("address", models.GenericIPAddressField(null=True)),
                        ("agent", models.TextField(db_default="", default="")),
                        ("created_at", models.DateTimeField(null=True)),
                        ("seen_at", models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="ContextLink",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.TextField()),
                        ("template", models.TextField()),
                        ("created_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="CustomerView",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.TextField()),
                        ("query", models.TextField()),
                        ("created_at", models.DateTimeField()),
                        (
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Department",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.TextField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("name"), name="department_name_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Team",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.TextField()),
                        (
                            "department",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="teams",
                                to="people.department",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("name"), name="team_name_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Mailbox",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.TextField()),
                        ("address", models.EmailField(max_length=254)),
                        ("created_at", models.DateTimeField()),
                        (
                            "team",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="mailboxes",
                                to="people.team",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("address"), name="mailbox_address_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MailboxAccess",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "mailbox",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="accesses",
                                to="people.mailbox",
                            ),
                        ),
                        (
                            "teammate",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="accesses",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("teammate", "mailbox"), name="access_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Notification",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("new", "New"),
                                    ("assigned", "Assigned"),
                                    ("mentioned", "Mentioned"),
                                    ("answered", "Answered"),
                                    ("followed", "Followed"),
                                    ("failed", "Failed"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("event_id", models.BigIntegerField()),
                        ("conversation_id", models.BigIntegerField()),
                        ("mailbox_id", models.BigIntegerField()),
                        ("entry_id", models.BigIntegerField(null=True)),
                        ("at", models.DateTimeField()),
                        ("read_at", models.DateTimeField(null=True)),
                        ("push_at", models.DateTimeField(null=True)),
                        ("mail_at", models.DateTimeField(null=True)),
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
                            models.Index(fields=["teammate", "-id"], name="notification_newest"),
                            models.Index(
                                condition=models.Q(("push_at__isnull", False)),
                                fields=["push_at"],
                                name="notification_to_push",
                            ),
                            models.Index(
                                condition=models.Q(("mail_at__isnull", False)),
                                fields=["mail_at"],
                                name="notification_to_mail",
                            ),
                            models.Index(
                                condition=models.Q(("read_at__isnull", True)),
                                fields=["teammate", "conversation_id"],
                                name="notification_unread",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("teammate", "event_id"), name="notification_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NotificationChoice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("new", "New"),
                                    ("assigned", "Assigned"),
                                    ("mentioned", "Mentioned"),
                                    ("answered", "Answered"),
                                    ("followed", "Followed"),
                                    ("failed", "Failed"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("in_page", models.BooleanField()),
                        ("by_push", models.BooleanField()),
                        ("by_mail", models.BooleanField()),
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
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("teammate", "kind"), name="notification_choice_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PushSubscription",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("endpoint", models.TextField(unique=True)),
                        ("key", models.TextField()),
                        ("auth", models.TextField()),
                        ("created_at", models.DateTimeField()),
                        ("failures", models.SmallIntegerField(default=0)),
                        (
                            "session",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="people.session",
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
                ),
                migrations.CreateModel(
                    name="QuietHours",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("begin_at", models.TimeField()),
                        ("end_at", models.TimeField()),
                        (
                            "teammate",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="quiet_hours",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Signature",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("html", models.TextField(default="")),
                        (
                            "mailbox",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="signature",
                                to="people.mailbox",
                            ),
                        ),
                        (
                            "teammate",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="signature",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="TeamMember",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="memberships",
                                to="people.team",
                            ),
                        ),
                        (
                            "teammate",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="memberships",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("team", "teammate"), name="team_member_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Block",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("address", models.TextField(default="")),
                        ("domain", models.TextField(default="")),
                        ("reason", models.TextField(default="")),
                        ("created_at", models.DateTimeField()),
                        (
                            "teammate",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("address", ""), _negated=True),
                                fields=("address",),
                                name="block_address_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("domain", ""), _negated=True),
                                fields=("domain",),
                                name="block_domain_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("address", ""), ("domain", ""), _connector="XOR"),
                                name="block_one_of_two",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Company",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.TextField()),
                        ("name_key", models.TextField(db_index=True, default="")),
                        ("domain", models.TextField(db_index=True, default="")),
                        ("attributes", models.JSONField(default=dict)),
                        ("created_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("name"), name="company_name_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Customer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.TextField(default="")),
                        ("name_key", models.TextField(db_index=True, default="")),
                        ("language", models.CharField(default="", max_length=8)),
                        ("created_at", models.DateTimeField()),
                        ("attributes", models.JSONField(db_default={}, default=dict)),
                        ("customer_since_on", models.DateField(null=True)),
                        ("is_unwilling", models.BooleanField(db_default=False, default=False)),
                        ("job", models.TextField(db_default="", default="")),
                        (
                            "merged_into",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="merged_here",
                                to="people.customer",
                            ),
                        ),
                        ("pays", models.TextField(db_default="", default="")),
                        ("plan", models.TextField(db_default="", default="")),
                        ("talk", models.JSONField(db_default={}, default=dict)),
                        ("time_zone", models.TextField(db_default="", default="")),
                        (
                            "company",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="customers",
                                to="people.company",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("merged_into__isnull", True)),
                                fields=["name_key", "id"],
                                name="customer_by_name",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CustomerAddress",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("address", models.TextField(unique=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="addresses",
                                to="people.customer",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="CustomerMerge",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("moved", models.JSONField(default=dict)),
                        ("undone_at", models.DateTimeField(null=True)),
                        (
                            "into",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="merges",
                                to="people.customer",
                            ),
                        ),
                        (
                            "merged",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="people.customer",
                            ),
                        ),
                        (
                            "teammate",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="CustomerNote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("text", models.TextField()),
                        ("created_at", models.DateTimeField()),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notes",
                                to="people.customer",
                            ),
                        ),
                        (
                            "teammate",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("removed_at", models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="CustomerImport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("file_name", models.TextField(default="")),
                        ("headers", models.JSONField(default=list)),
                        ("fields", models.JSONField(default=list)),
                        ("should_overwrite", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField()),
                        ("started_at", models.DateTimeField(null=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                        (
                            "teammate",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="CustomerImportRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.IntegerField()),
                        ("cells", models.JSONField(default=list)),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Waiting"),
                                    ("made", "Made"),
                                    ("known", "Known"),
                                    ("bad", "Bad"),
                                ],
                                default="",
                                max_length=8,
                            ),
                        ),
                        ("reason", models.TextField(default="")),
                        (
                            "of",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rows",
                                to="people.customerimport",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("of", "number"), name="import_row_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Demo",
                    fields=[
                        ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                        ("asked", models.CharField(db_default="", default="", max_length=8)),
                        ("done", models.IntegerField(db_default=0, default=0)),
                        ("whole", models.IntegerField(db_default=0, default=0)),
                        ("problem", models.TextField(db_default="", default="")),
                        ("made_at", models.DateTimeField(null=True)),
                        ("made", models.JSONField(db_default={}, default=dict)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("id", 1)), name="demo_is_one")
                        ],
                    },
                ),
            ]
        ),
        migrations.RunSQL(
            """
            create unlogged table majlis_cache (
                cache_key varchar(255) primary key,
                value text not null,
                expires timestamptz not null
            );
            create index majlis_cache_expires on majlis_cache (expires);
            """,
            "drop table majlis_cache",
        ),
    ]
