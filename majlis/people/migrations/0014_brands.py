"""Brands; the first is the company as it was told, in its language."""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0001_initial"),
        ("people", "0013_alarm_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="Brand",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.TextField()),
                ("name_latin", models.TextField(db_default="", default="")),
                ("colour", models.CharField(db_default="#0f6b74", default="#0f6b74", max_length=7)),
                ("language", models.CharField(db_default="ar", default="ar", max_length=8)),
                ("created_at", models.DateTimeField()),
                (
                    "logo",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="files.file",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="mailbox",
            name="brand",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="mailboxes",
                to="people.brand",
            ),
        ),
        migrations.CreateModel(
            name="CustomerIdentity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("value", models.TextField()),
                ("created_at", models.DateTimeField()),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.brand"
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="identities",
                        to="people.customer",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="brand",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("name"), name="brand_name_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="brand",
            constraint=models.CheckConstraint(
                condition=models.Q(("colour__regex", "^#[0-9a-f]{6}$")), name="brand_colour_is_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="customeridentity",
            constraint=models.UniqueConstraint(fields=("brand", "value"), name="identity_once"),
        ),
        migrations.RunSQL(
            "insert into people_brand (name, language, created_at)"
            " select company, language, coalesce(ready_at, now()) from people_installation where company <> ''",
            migrations.RunSQL.noop,
        ),
    ]
