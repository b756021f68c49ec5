"""The made-up shop: whether it is there, and what it is made of."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0007_letters_of_links"),
    ]

    operations = [
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
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="demo_is_one"),
                ],
            },
        ),
    ]
