"""Who answered with a team until now goes on doing so."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0003_whole_inbox")]

    operations = [
        migrations.RunSQL(
            "insert into people_teammember (team_id, teammate_id)"
            " select team_id, id from people_teammate where team_id is not null",
            migrations.RunSQL.noop,
        )
    ]
