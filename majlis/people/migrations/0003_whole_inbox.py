"""Teams and departments, what is known of customers, notifications, what a session tells of itself."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0001_initial"),
        ("people", "0002_cache"),
    ]

    operations = [
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
            ],
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
            ],
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
            ],
        ),
        migrations.AddField(
            model_name="customer",
            name="attributes",
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="customer",
            name="customer_since_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="customer",
            name="is_unwilling",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="customer",
            name="job",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="customer",
            name="merged_into",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="merged_here",
                to="people.customer",
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="pays",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="customer",
            name="plan",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="customer",
            name="talk",
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="customer",
            name="time_zone",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="installation",
            name="called",
            field=models.CharField(db_default="support", default="support", max_length=20),
        ),
        migrations.AddField(
            model_name="session",
            name="address",
            field=models.GenericIPAddressField(null=True),
        ),
        migrations.AddField(
            model_name="session",
            name="agent",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="session",
            name="created_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="session",
            name="seen_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="teammate",
            name="calendar",
            field=models.CharField(db_default="gregorian", default="gregorian", max_length=10),
        ),
        migrations.AddField(
            model_name="teammate",
            name="name_latin",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="teammate",
            name="picture",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="files.file"
            ),
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
        migrations.AddField(
            model_name="customer",
            name="company",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="customers",
                to="people.company",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", True)),
                fields=["name_key", "id"],
                name="customer_by_name",
            ),
        ),
        migrations.AddField(
            model_name="customermerge",
            name="into",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="merges", to="people.customer"
            ),
        ),
        migrations.AddField(
            model_name="customermerge",
            name="merged",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.customer"
            ),
        ),
        migrations.AddField(
            model_name="customermerge",
            name="teammate",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="customernote",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="people.customer"
            ),
        ),
        migrations.AddField(
            model_name="customernote",
            name="teammate",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="customerview",
            name="owner",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="department",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("name"), name="department_name_once"
            ),
        ),
        migrations.AddField(
            model_name="team",
            name="department",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="teams",
                to="people.department",
            ),
        ),
        migrations.AddField(
            model_name="notification",
            name="teammate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="notificationchoice",
            name="teammate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="pushsubscription",
            name="session",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.session"
            ),
        ),
        migrations.AddField(
            model_name="pushsubscription",
            name="teammate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="quiethours",
            name="teammate",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="quiet_hours",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="signature",
            name="mailbox",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="signature",
                to="people.mailbox",
            ),
        ),
        migrations.AddField(
            model_name="signature",
            name="teammate",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="signature",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="teammember",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="people.team"
            ),
        ),
        migrations.AddField(
            model_name="teammember",
            name="teammate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="memberships",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="block",
            constraint=models.UniqueConstraint(
                condition=models.Q(("address", ""), _negated=True),
                fields=("address",),
                name="block_address_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="block",
            constraint=models.UniqueConstraint(
                condition=models.Q(("domain", ""), _negated=True),
                fields=("domain",),
                name="block_domain_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="block",
            constraint=models.CheckConstraint(
                condition=models.Q(("address", ""), ("domain", ""), _connector="XOR"), name="block_one_of_two"
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(fields=["teammate", "-id"], name="notification_newest"),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("push_at__isnull", False)),
                fields=["push_at"],
                name="notification_to_push",
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("mail_at__isnull", False)),
                fields=["mail_at"],
                name="notification_to_mail",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.UniqueConstraint(fields=("teammate", "event_id"), name="notification_once"),
        ),
        migrations.AddConstraint(
            model_name="notificationchoice",
            constraint=models.UniqueConstraint(fields=("teammate", "kind"), name="notification_choice_once"),
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=models.UniqueConstraint(fields=("team", "teammate"), name="team_member_once"),
        ),
    ]
