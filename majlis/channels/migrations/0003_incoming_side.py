"""The incoming side of a mailbox is named for what it is: it need not be IMAP."""

from __future__ import annotations

from django.db import migrations

_COLUMNS = ("host", "port", "security", "user", "password", "folder")


class Migration(migrations.Migration):
    """Names alone; what is in the columns stays."""

    dependencies = [("channels", "0002_notice_letters")]

    operations = [
        migrations.RenameField("mailconnection", f"imap_{column}", f"in_{column}") for column in _COLUMNS
    ]
