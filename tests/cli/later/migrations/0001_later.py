from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any, ClassVar

from django.db import migrations

HOW = os.environ.get("MAJLIS_TEST_MIGRATION", "well")


def change(apps: Any, editor: Any) -> None:
    """Rows change, and then it goes as it goes."""
    run = editor.connection.cursor().execute
    run("insert into later_table (line) values ('half')")
    if "fails" in HOW:
        raise RuntimeError("the letters do not fit")
    if HOW == "loses":
        run("delete from people_installation")
    if HOW == "adds":
        run("insert into files_file (digest, size, created_at) values ('x', 1, now())")
    if HOW == "waits":
        Path(os.environ["MAJLIS_TEST_MARK"]).touch()
        signal.pause()


class Migration(migrations.Migration):
    atomic = HOW != "fails in parts"
    may_grow = ("files_file",)

    dependencies: ClassVar = [("people", "0001_initial")]
    operations: ClassVar = [
        migrations.RunSQL("create table later_table (line text)"),
        migrations.RunPython(change),
    ]
