"""Notifications of alarms about a mailbox itself, in no conversation; each about one thing alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0012_freescout"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notification",
            name="conversation_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="notification",
            name="kind",
            field=models.CharField(
                choices=[
                    ("new", "New"),
                    ("assigned", "Assigned"),
                    ("mentioned", "Mentioned"),
                    ("answered", "Answered"),
                    ("followed", "Followed"),
                    ("failed", "Failed"),
                    ("alarm", "Alarm"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="notificationchoice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("new", "New"),
                    ("assigned", "Assigned"),
                    ("mentioned", "Mentioned"),
                    ("answered", "Answered"),
                    ("followed", "Followed"),
                    ("failed", "Failed"),
                    ("alarm", "Alarm"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("kind__in", ["alarm", "failed"]), ("read_at__isnull", True)),
                fields=["event_id"],
                name="notification_in_trouble",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("conversation_id__isnull", False), models.Q(("kind", "alarm"), _negated=True)),
                    models.Q(
                        ("conversation_id__isnull", True), ("entry_id__isnull", True), ("kind", "alarm")
                    ),
                    _connector="OR",
                ),
                name="notification_about_one",
            ),
        ),
    ]
