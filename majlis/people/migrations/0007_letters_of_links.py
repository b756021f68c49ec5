"""By which letter a link was mailed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_customer_imports"),
    ]

    operations = [
        migrations.AddField(
            model_name="onetimelink",
            name="message_id",
            field=models.TextField(db_default="", default=""),
        ),
    ]
