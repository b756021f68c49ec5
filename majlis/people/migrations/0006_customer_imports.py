"""Notes on a customer can be taken back; tables of customers are brought in line by line."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_no_single_team"),
    ]

    operations = [
        migrations.AddField(
            model_name="customernote",
            name="removed_at",
            field=models.DateTimeField(null=True),
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
                        choices=[("", "Waiting"), ("made", "Made"), ("known", "Known"), ("bad", "Bad")],
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
                "constraints": [models.UniqueConstraint(fields=("of", "number"), name="import_row_once")],
            },
        ),
    ]
