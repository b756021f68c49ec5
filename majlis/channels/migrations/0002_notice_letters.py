"""Letters that tell away teammates what happened, known by what an answer names."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
                        choices=[("reply", "Reply"), ("note", "Note"), ("told", "Told"), ("", "Nothing")],
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
