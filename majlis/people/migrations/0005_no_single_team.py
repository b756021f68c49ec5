"""A teammate may belong to several teams."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0004_team_members")]

    operations = [migrations.RemoveField(model_name="teammate", name="team")]
