"""A mailbox may acknowledge only while nobody is there."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0010_hearings")]

    operations = [
        migrations.AddField(
            "acknowledgement",
            "is_only_outside_hours",
            models.BooleanField(db_default=False, default=False),
        ),
    ]
