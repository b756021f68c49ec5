"""The shared cache: rate limits and the like, not worth a write-ahead log."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            create unlogged table majlis_cache (
                cache_key varchar(255) primary key,
                value text not null,
                expires timestamptz not null
            );
            create index majlis_cache_expires on majlis_cache (expires);
            """,
            "drop table majlis_cache",
        )
    ]
