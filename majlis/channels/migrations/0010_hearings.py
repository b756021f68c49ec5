"""A message that stands in quarantine because processes died at it is tried again by itself."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0009_fetch")]

    operations = [
        migrations.AddField("rawmessage", "hearings", models.SmallIntegerField(db_default=0, default=0)),
    ]
