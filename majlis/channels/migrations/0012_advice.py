"""Which channel to begin with is kept, each time somebody asks."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0011_hours"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            "ChannelAdvice",
            fields=[
                ("id", _ID),
                ("at", models.DateTimeField()),
                ("answers", models.JSONField()),
                ("channel", models.CharField(max_length=8)),
                ("is_ready", models.BooleanField(null=True)),
                ("readiness", models.JSONField(default=dict)),
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
        ),
    ]
