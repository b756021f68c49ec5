"""Writes the dump of this version that later versions must upgrade: a desk filled from the corpus of mails.

Run `python -m tests.upgrade.make` once for a release; the dump and what it holds are committed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from uuid import UUID

from majlis import __version__

HERE = Path(__file__).parent
CORPUS = HERE.parent / "corpus"
COUNTED = (
    "conversations_conversation",
    "conversations_entry",
    "conversations_attachment",
    "conversations_messageid",
    "conversations_participant",
    "conversations_counter",
    "channels_rawmessage",
    "channels_delivery",
    "journal_event",
    "files_file",
    "people_customer",
    "people_teammate",
    "people_mailbox",
)


def fill() -> None:
    """Every mail of the corpus comes in; one conversation is answered, noted, tagged and closed."""
    from majlis.channels import outbox
    from majlis.conversations.actions.changing import changing
    from majlis.conversations.actions.close import close
    from majlis.conversations.actions.note import add_note
    from majlis.conversations.actions.tag import tag
    from majlis.conversations.models import Conversation
    from tests import cast

    salma, badr = cast.salma(), cast.badr()
    cast.noura()
    for number, path in enumerate(sorted(CORPUS.rglob("*.eml"))):
        cast.arrive(path.read_bytes(), is_historic=number % 5 == 0)
    cast.arrive(cast.letter("السلام عليكم، أين طلبي؟"))
    conversation = Conversation.objects.order_by("-pk")[0]
    outbox.send_reply(
        badr,
        conversation.pk,
        text="وعليكم السلام، في الطريق.",
        seen_seq=conversation.seq,
        submission_key=UUID(int=1),
    )
    with changing(conversation.pk) as change:
        add_note(change, teammate=salma, text="تابعها غدًا", submission_key=UUID(int=2))
        tag(change, "شحن، متابعة", teammate=salma)
        close(change, teammate=badr)


def counts(rows: object) -> dict[str, int]:
    """How many rows each table holds that an upgrade must keep; `rows` is a cursor-like connection."""
    return {
        table: rows.execute(f"select count(*) from {table}").fetchone()[0]  # type: ignore[attr-defined]
        for table in COUNTED
    }


def main() -> int:
    """Fill a fresh database and write VERSION.dump and VERSION.json beside this module."""
    from majlis.cli.postgres import EmbeddedPostgres, programs

    with tempfile.TemporaryDirectory(prefix="majlis-upgrade-") as folder:
        server = EmbeddedPostgres(Path(folder))
        server.start()
        try:
            os.environ |= {
                **server.environment(),
                "MAJLIS_DATA": folder,
                "MAJLIS_SECRET_KEY": "only for the dumps of released versions, good for nothing else",
                "DJANGO_SETTINGS_MODULE": "majlis.settings",
            }
            import django
            import psycopg
            from django.core.management import call_command
            from psycopg.conninfo import make_conninfo

            django.setup()
            call_command("migrate", verbosity=0)
            fill()
            info = server.database.parameters()
            with psycopg.connect(make_conninfo(**info)) as connection:
                held = counts(connection)
            target = HERE / f"{__version__}.dump"
            subprocess.run(
                [
                    programs() / "pg_dump",
                    "-Fc",
                    "-Z9",
                    "--no-owner",
                    "-h",
                    str(info["host"]),
                    "-U",
                    str(info["user"]),
                    "-f",
                    target,
                    str(info["dbname"]),
                ],
                check=True,
            )
            (HERE / f"{__version__}.json").write_text(json.dumps(held, indent=2) + "\n")
            sys.stdout.write(f"{target.name}: {target.stat().st_size} bytes\n")
            from django.db import connections

            connections.close_all()
        finally:
            server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
