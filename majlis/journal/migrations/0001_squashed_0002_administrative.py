"""The table of the journal as 0.2.0 left it, made in one step."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("journal", "0001_initial"),
        ("journal", "0002_administrative"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.TextField()),
                ("conversation_id", models.BigIntegerField(null=True)),
                ("seq", models.IntegerField(null=True)),
                ("mailbox_id", models.BigIntegerField(null=True)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("data", models.JSONField(default=dict)),
                ("reacted_at", models.DateTimeField(null=True)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("error", models.TextField(default="")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("reacted_at", None)), fields=["id"], name="event_to_react"
                    ),
                    models.Index(
                        condition=models.Q(("conversation_id", None)),
                        fields=["id"],
                        name="event_administrative",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("conversation_id", "seq"), name="event_once_per_seq")
                ],
            },
        ),
    ]
