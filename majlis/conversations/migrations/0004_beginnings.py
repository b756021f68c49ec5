"""Conversations that somebody is about to begin, kept as they are typed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0003_presence"),
    ]

    operations = [
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
