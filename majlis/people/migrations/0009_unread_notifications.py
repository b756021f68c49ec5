"""Unread notifications by person and conversation: what a bell counts and an opened thread reads."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0008_demo"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("read_at__isnull", True)),
                fields=["teammate", "conversation_id"],
                name="notification_unread",
            ),
        ),
    ]
