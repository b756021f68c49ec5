"""Who is at which conversation just now: not worth a write-ahead log. And attention found by its end."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0002_whole_inbox")]

    operations = [
        migrations.RunSQL(
            """
            create unlogged table conversations_presence (
                tab uuid primary key,
                teammate_id bigint not null,
                conversation_id bigint,
                mailbox_id bigint,
                doing varchar(8) not null default '',
                beat bigint not null,
                seen_at timestamptz not null
            ) with (fillfactor = 70);
            """,
            "drop table conversations_presence",
        ),
        migrations.AddIndex(
            model_name="attention",
            index=models.Index(fields=["teammate", "ended_at"], name="attention_by_end"),
        ),
    ]
