"""Contact forms."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0013_chat"),
        ("people", "0014_brands"),
    ]

    operations = [
        migrations.CreateModel(
            name="Form",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=24, unique=True)),
                ("name", models.TextField()),
                ("language", models.CharField(db_default="auto", default="auto", max_length=4)),
                ("title_ar", models.TextField(db_default="", default="")),
                ("title_en", models.TextField(db_default="", default="")),
                ("intro_ar", models.TextField(db_default="", default="")),
                ("intro_en", models.TextField(db_default="", default="")),
                ("thanks_ar", models.TextField(db_default="", default="")),
                ("thanks_en", models.TextField(db_default="", default="")),
                ("fields", models.JSONField(db_default=[], default=list)),
                ("fields_version", models.SmallIntegerField(db_default=1, default=1)),
                ("needs_address", models.BooleanField(db_default=True, default=True)),
                ("is_on", models.BooleanField(db_default=True, default=True)),
                ("sites", models.JSONField(db_default=[], default=list)),
                ("created_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="forms", to="people.brand"
                    ),
                ),
                (
                    "mailbox",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="forms", to="people.mailbox"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["auto", "ar", "en"])), name="form_language_known"
                    )
                ],
            },
        ),
    ]
