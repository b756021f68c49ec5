"""The acts that belong to no conversation, findable among millions that do."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("journal", "0001_initial"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="event",
            index=models.Index(
                condition=models.Q(("conversation_id", None)), fields=["id"], name="event_administrative"
            ),
        ),
    ]
