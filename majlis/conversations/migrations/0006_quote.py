from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0005_auto")]

    operations = [
        migrations.AddField("entry", "quoted_above", models.TextField(db_default="", default="")),
        migrations.AddField("entry", "signature", models.TextField(db_default="", default="")),
    ]
