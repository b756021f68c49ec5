"""What lies where, who attends, drafts, views, words to search by: the tables of the whole inbox."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0001_initial"),
        ("files", "0001_initial"),
        ("people", "0003_whole_inbox"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Attention",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(unique=True)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Bulk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("act", models.CharField(max_length=16)),
                ("data", models.JSONField(default=dict)),
                (
                    "numbers",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("done", models.IntegerField(default=0)),
                ("refused", models.JSONField(default=dict)),
                ("before", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mode", models.CharField(default="reply", max_length=8)),
                ("subject", models.TextField(default="")),
                ("text", models.TextField(default="")),
                ("html", models.TextField(default="")),
                ("to", models.JSONField(default=list)),
                ("cc", models.JSONField(default=list)),
                ("bcc", models.JSONField(default=list)),
                ("version", models.IntegerField(default=1)),
                ("updated_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="DraftFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.TextField()),
                ("content_type", models.TextField()),
                ("content_id", models.TextField(default="")),
                ("is_inline", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="EntryWords",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="conversations.entry",
                    ),
                ),
                ("mailbox_id", models.BigIntegerField()),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
        ),
        migrations.CreateModel(
            name="Follower",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Merge",
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
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.EmailField(max_length=254)),
                ("name", models.TextField(default="")),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.TextField()),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="View",
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
        migrations.RemoveConstraint(
            model_name="counter",
            name="counter_once",
        ),
        migrations.RemoveIndex(
            model_name="conversation",
            name="conversation_unassigned",
        ),
        migrations.RemoveIndex(
            model_name="conversation",
            name="conversation_mine",
        ),
        migrations.RemoveIndex(
            model_name="conversation",
            name="conversation_open",
        ),
        migrations.RemoveIndex(
            model_name="conversation",
            name="conversation_closed",
        ),
        migrations.AddField(
            model_name="counter",
            name="shelf",
            field=models.CharField(
                choices=[
                    ("desk", "Desk"),
                    ("snoozed", "Snoozed"),
                    ("closed", "Closed"),
                    ("spam", "Spam"),
                    ("trash", "Trash"),
                    ("merged", "Merged"),
                ],
                default="desk",
                max_length=8,
            ),
        ),
        migrations.RunSQL(
            "update conversations_counter set shelf = 'closed' where is_closed",
            "update conversations_counter set is_closed = true where shelf = 'closed'",
        ),
        migrations.RemoveField(
            model_name="counter",
            name="is_closed",
        ),
        migrations.AddField(
            model_name="conversation",
            name="begun_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="begun_reason",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="conversation",
            name="closed_as",
            field=models.CharField(
                blank=True,
                choices=[
                    ("answered", "Answered"),
                    ("no_reply", "No reply needed"),
                    ("not_for_us", "Not for us"),
                    ("duplicate", "Duplicate"),
                ],
                db_default="",
                default="",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="closed_note",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="conversation",
            name="deleted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="conversation",
            name="is_spam",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="conversation",
            name="merged_into",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="merged_here",
                to="conversations.conversation",
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="priority",
            field=models.SmallIntegerField(
                choices=[(-1, "Low"), (0, "Normal"), (1, "High"), (2, "Urgent")], db_default=0, default=0
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="shelf",
            field=models.CharField(
                choices=[
                    ("desk", "Desk"),
                    ("snoozed", "Snoozed"),
                    ("closed", "Closed"),
                    ("spam", "Spam"),
                    ("trash", "Trash"),
                    ("merged", "Merged"),
                ],
                db_default="desk",
                default="desk",
                max_length=8,
            ),
        ),
        migrations.RunSQL(
            "update conversations_conversation set shelf = 'closed' where status = 'closed'",
            migrations.RunSQL.noop,
        ),
        migrations.AddField(
            model_name="conversation",
            name="snoozed_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="snoozed_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="conversation",
            name="spam_reason",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="conversation",
            name="team",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="people.team"
            ),
        ),
        migrations.AddField(
            model_name="entry",
            name="bcc",
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="entry",
            name="details",
            field=models.JSONField(null=True),
        ),
        migrations.AlterField(
            model_name="entry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("message", "Message"),
                    ("reply", "Reply"),
                    ("note", "Note"),
                    ("forward", "Forward"),
                    ("call", "Call"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="counter",
            constraint=models.UniqueConstraint(
                fields=("mailbox", "assignee_id", "shelf"), name="counter_once"
            ),
        ),
        migrations.AddField(
            model_name="attention",
            name="conversation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="conversations.conversation"
            ),
        ),
        migrations.AddField(
            model_name="attention",
            name="teammate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="bulk",
            name="teammate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="conversation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="drafts",
                to="conversations.conversation",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="teammate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="draftfile",
            name="draft",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="files", to="conversations.draft"
            ),
        ),
        migrations.AddField(
            model_name="draftfile",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.file"
            ),
        ),
        migrations.AddField(
            model_name="entrywords",
            name="conversation",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="conversations.conversation",
            ),
        ),
        migrations.AddField(
            model_name="follower",
            name="conversation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="followers",
                to="conversations.conversation",
            ),
        ),
        migrations.AddField(
            model_name="follower",
            name="teammate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="mention",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="mentions", to="conversations.entry"
            ),
        ),
        migrations.AddField(
            model_name="mention",
            name="teammate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="into",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="merges",
                to="conversations.conversation",
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="merged",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="conversations.conversation"
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="teammate",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="answer",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="conversations.entry",
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="conversation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="questions",
                to="conversations.conversation",
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="conversations.entry"
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="teammate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("name"), name="topic_name_once"
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="topic",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="conversations",
                to="conversations.topic",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("assignee", None), ("shelf", "desk")),
                fields=["mailbox", "-last_activity_at", "-id"],
                name="conversation_unassigned",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("shelf", "desk")),
                fields=["assignee", "-last_activity_at", "-id"],
                name="conversation_mine",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("shelf", "desk")),
                fields=["mailbox", "-last_activity_at", "-id"],
                name="conversation_open",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("shelf", "closed")),
                fields=["mailbox", "-last_activity_at", "-id"],
                name="conversation_closed",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("shelf__in", ["snoozed", "spam", "trash"])),
                fields=["mailbox", "shelf", "-last_activity_at", "-id"],
                name="conversation_put_away",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("shelf", "snoozed")), fields=["snoozed_until"], name="conversation_wakes"
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("begun_by", None), _negated=True),
                fields=["begun_by", "created_at"],
                name="conversation_begun",
            ),
        ),
        migrations.AddField(
            model_name="view",
            name="owner",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="bulk",
            index=models.Index(
                condition=models.Q(("finished_at", None)), fields=["id"], name="bulk_unfinished"
            ),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["teammate", "-updated_at"], name="draft_newest"),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("conversation__isnull", False)),
                fields=("teammate", "conversation", "mode"),
                name="draft_once",
            ),
        ),
        migrations.AddIndex(
            model_name="entrywords",
            index=django.contrib.postgres.indexes.GinIndex(fields=["words"], name="entry_words"),
        ),
        migrations.AddConstraint(
            model_name="follower",
            constraint=models.UniqueConstraint(fields=("conversation", "teammate"), name="follower_once"),
        ),
        migrations.AddConstraint(
            model_name="mention",
            constraint=models.UniqueConstraint(fields=("teammate", "entry"), name="mention_once"),
        ),
    ]
