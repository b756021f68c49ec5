"""The tables of conversations, as 0.2.0 left them, made in one step."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from majlis.database.tables import CreateTables


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("conversations", "0001_initial"),
        ("conversations", "0002_whole_inbox"),
        ("conversations", "0003_presence"),
        ("conversations", "0004_beginnings"),
    ]

    dependencies = [
        ("files", "0001_initial"),
        ("people", "0003_whole_inbox"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="Counter",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("assignee_id", models.BigIntegerField(default=0)),
                        ("number", models.IntegerField(default=0)),
                        (
                            "mailbox",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="counters",
                                to="people.mailbox",
                            ),
                        ),
                        (
                            "shelf",
                            models.CharField(
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
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("mailbox", "assignee_id", "shelf"), name="counter_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Tag",
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
                                django.db.models.functions.text.Lower("name"), name="tag_name_once"
                            )
                        ],
                    },
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
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), size=None
                            ),
                        ),
                        ("done", models.IntegerField(default=0)),
                        ("refused", models.JSONField(default=dict)),
                        ("before", models.JSONField(default=dict)),
                        ("created_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(null=True)),
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
                            models.Index(
                                condition=models.Q(("finished_at", None)),
                                fields=["id"],
                                name="bulk_unfinished",
                            )
                        ],
                    },
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
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("name"), name="topic_name_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Conversation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("subject", models.TextField(default="")),
                        ("channel", models.CharField(default="email", max_length=16)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("in_progress", "In progress"),
                                    ("waiting", "Waiting for the customer"),
                                    ("closed", "Closed"),
                                ],
                                default="open",
                                max_length=16,
                            ),
                        ),
                        ("seq", models.IntegerField(default=0)),
                        ("message_seq", models.IntegerField(default=0)),
                        ("snippet", models.TextField(default="")),
                        ("waiting_since", models.DateTimeField(null=True)),
                        ("last_activity_at", models.DateTimeField()),
                        ("created_at", models.DateTimeField()),
                        ("closed_at", models.DateTimeField(null=True)),
                        ("is_historic", models.BooleanField(default=False)),
                        (
                            "assignee",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="conversations",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="conversations",
                                to="people.customer",
                            ),
                        ),
                        (
                            "mailbox",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="conversations",
                                to="people.mailbox",
                            ),
                        ),
                        (
                            "maybe_same_as",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="maybe_continued_by",
                                to="conversations.conversation",
                            ),
                        ),
                        (
                            "begun_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("begun_reason", models.TextField(db_default="", default="")),
                        (
                            "closed_as",
                            models.CharField(
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
                        ("closed_note", models.TextField(db_default="", default="")),
                        ("deleted_at", models.DateTimeField(null=True)),
                        ("is_spam", models.BooleanField(db_default=False, default=False)),
                        (
                            "merged_into",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="merged_here",
                                to="conversations.conversation",
                            ),
                        ),
                        (
                            "priority",
                            models.SmallIntegerField(
                                choices=[(-1, "Low"), (0, "Normal"), (1, "High"), (2, "Urgent")],
                                db_default=0,
                                default=0,
                            ),
                        ),
                        (
                            "shelf",
                            models.CharField(
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
                        (
                            "snoozed_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("snoozed_until", models.DateTimeField(null=True)),
                        ("spam_reason", models.TextField(db_default="", default="")),
                        (
                            "team",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="people.team",
                            ),
                        ),
                        (
                            "topic",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="conversations",
                                to="conversations.topic",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["customer", "-id"], name="conversation_customer"),
                            models.Index(
                                condition=models.Q(("assignee", None), ("shelf", "desk")),
                                fields=["mailbox", "-last_activity_at", "-id"],
                                name="conversation_unassigned",
                            ),
                            models.Index(
                                condition=models.Q(("shelf", "desk")),
                                fields=["assignee", "-last_activity_at", "-id"],
                                name="conversation_mine",
                            ),
                            models.Index(
                                condition=models.Q(("shelf", "desk")),
                                fields=["mailbox", "-last_activity_at", "-id"],
                                name="conversation_open",
                            ),
                            models.Index(
                                condition=models.Q(("shelf", "closed")),
                                fields=["mailbox", "-last_activity_at", "-id"],
                                name="conversation_closed",
                            ),
                            models.Index(
                                condition=models.Q(("shelf__in", ["snoozed", "spam", "trash"])),
                                fields=["mailbox", "shelf", "-last_activity_at", "-id"],
                                name="conversation_put_away",
                            ),
                            models.Index(
                                condition=models.Q(("shelf", "snoozed")),
                                fields=["snoozed_until"],
                                name="conversation_wakes",
                            ),
                            models.Index(
                                condition=models.Q(("begun_by", None), _negated=True),
                                fields=["begun_by", "created_at"],
                                name="conversation_begun",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Entry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("seq", models.IntegerField()),
                        ("changed_seq", models.IntegerField()),
                        (
                            "kind",
                            models.CharField(
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
                        ("from_name", models.TextField(default="")),
                        ("from_address", models.TextField(default="")),
                        ("to", models.JSONField(default=list)),
                        ("cc", models.JSONField(default=list)),
                        ("subject", models.TextField(default="")),
                        ("text", models.TextField(default="")),
                        ("quoted", models.TextField(default="")),
                        ("html", models.TextField(default="")),
                        ("has_remote_images", models.BooleanField(default=False)),
                        ("message_id", models.TextField(default="")),
                        ("message_key", models.CharField(max_length=64, null=True)),
                        ("automatic", models.CharField(default="", max_length=16)),
                        ("is_historic", models.BooleanField(default=False)),
                        ("is_new_participant", models.BooleanField(default=False)),
                        ("is_same_id", models.BooleanField(default=False)),
                        ("is_withdrawn", models.BooleanField(default=False)),
                        ("submission_key", models.UUIDField(null=True)),
                        ("written_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="entries",
                                to="conversations.conversation",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="people.customer",
                            ),
                        ),
                        (
                            "mailbox",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="people.mailbox",
                            ),
                        ),
                        (
                            "raw",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="files.file",
                            ),
                        ),
                        (
                            "teammate",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("bcc", models.JSONField(db_default=[], default=list)),
                        ("details", models.JSONField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("message_key__isnull", False)),
                                fields=["message_key"],
                                name="entry_message_key",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("conversation", "seq"), name="entry_once_per_seq"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("message_key__isnull", False)),
                                fields=("mailbox", "message_key"),
                                name="entry_once_per_mailbox",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("submission_key__isnull", False)),
                                fields=("teammate", "submission_key"),
                                name="entry_once_per_submission",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Attachment",
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
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.file"
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="attachments",
                                to="conversations.entry",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="MessageId",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("value", models.TextField()),
                        ("is_own", models.BooleanField()),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="message_ids",
                                to="conversations.conversation",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="message_ids",
                                to="conversations.entry",
                            ),
                        ),
                        (
                            "mailbox",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="people.mailbox",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(models.F("value"), models.F("mailbox"), name="message_id_value")
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("entry", "value"), name="message_id_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Participant",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("address", models.TextField()),
                        ("name", models.TextField(default="")),
                        ("is_customer", models.BooleanField(default=False)),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="participants",
                                to="conversations.conversation",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("conversation", "address"), name="participant_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReadMark",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("seq", models.IntegerField()),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="conversations.conversation",
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
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("conversation", "teammate"), name="read_mark_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConversationTag",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tagged",
                                to="conversations.conversation",
                            ),
                        ),
                        (
                            "tag",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tagged",
                                to="conversations.tag",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("conversation", "tag"), name="tagged_once")
                        ],
                    },
                ),
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
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="conversations.conversation",
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
                        "indexes": [models.Index(fields=["teammate", "ended_at"], name="attention_by_end")],
                    },
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
                        (
                            "conversation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="drafts",
                                to="conversations.conversation",
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
                        "indexes": [models.Index(fields=["teammate", "-updated_at"], name="draft_newest")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("conversation__isnull", False)),
                                fields=("teammate", "conversation", "mode"),
                                name="draft_once",
                            )
                        ],
                    },
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
                        (
                            "draft",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="files",
                                to="conversations.draft",
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.file"
                            ),
                        ),
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
                        (
                            "conversation",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="conversations.conversation",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(fields=["words"], name="entry_words")
                        ],
                    },
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
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="followers",
                                to="conversations.conversation",
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
                        "constraints": [
                            models.UniqueConstraint(fields=("conversation", "teammate"), name="follower_once")
                        ],
                    },
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
                        (
                            "entry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="mentions",
                                to="conversations.entry",
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
                        "constraints": [
                            models.UniqueConstraint(fields=("teammate", "entry"), name="mention_once")
                        ],
                    },
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
                        (
                            "into",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="merges",
                                to="conversations.conversation",
                            ),
                        ),
                        (
                            "merged",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="conversations.conversation",
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
                        (
                            "answer",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="conversations.entry",
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="questions",
                                to="conversations.conversation",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="conversations.entry",
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
                    name="Beginning",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(unique=True)),
                        (
                            "teammate",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "mailbox",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="people.mailbox",
                            ),
                        ),
                        ("to", models.TextField(default="")),
                        ("subject", models.TextField(default="")),
                        ("text", models.TextField(default="")),
                        ("reason", models.TextField(default="")),
                        ("updated_at", models.DateTimeField()),
                        ("thrown_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("thrown_at", None)),
                                fields=["teammate", "-updated_at"],
                                name="beginning_newest",
                            )
                        ],
                    },
                ),
            ]
        ),
        migrations.RunSQL(
            """
            create unlogged table conversations_presence (
                tab uuid primary key,
                teammate_id bigint not null,
                conversation_id bigint,
                mailbox_id bigint,
                doing varchar(8) not null default '',
                beat bigint not null,
                seen_at timestamptz not null
            ) with (fillfactor = 70);
            """,
            "drop table conversations_presence",
        ),
    ]
