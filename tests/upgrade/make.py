"""Writes the dump of this version that later versions must upgrade: the demo shop, and the corpus of mails.

Run `python -m tests.upgrade.make` once for a release; the dump and what it holds are committed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from majlis import __version__

HERE = Path(__file__).parent
CORPUS = HERE.parent / "corpus"
# What comes and goes by itself: who is where, what is kept for a while, and the mark of the key that an upgrade leaves.
UNCOUNTED = ("conversations_presence", "people_cache", "people_session", "channels_keycheck", "channels_pace")
OURS = ("channels", "conversations", "coverage", "files", "journal", "people")
CONVERSATIONS = 120  # of the demo shop


def fill() -> None:
    """The demo shop; every mail of the corpus comes in; one conversation is answered, noted, tagged and closed; a visitor
    chats, somebody fills in a form, and there are hours."""
    from majlis.channels import outbox
    from majlis.conversations.actions.changing import changing
    from majlis.conversations.actions.close import close
    from majlis.conversations.actions.note import add_note
    from majlis.conversations.actions.tag import tag
    from majlis.conversations.models import Conversation
    from majlis.demo.making import make
    from tests import cast

    salma, badr = cast.salma(), cast.badr()
    cast.noura()
    make(number=CONVERSATIONS)
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
    visit()


def visit() -> None:
    """The company keeps hours; a visitor chats, is answered and leaves an address; somebody fills in a form."""
    from django.utils import timezone

    from majlis.channels import outbox
    from majlis.channels.chat import widgets
    from majlis.channels.chat.queries import thread_of
    from majlis.channels.chat.visitors import Here, begin
    from majlis.channels.forms.fields import kept
    from majlis.channels.forms.models import Form
    from majlis.channels.forms.starting import STARTS
    from majlis.coverage.actions import start
    from majlis.flow import chatting, leaving
    from majlis.flow.form_arrival import Filled, take_in
    from majlis.people.actions.brands import create
    from tests import cast

    salma, now = cast.salma(), timezone.now()
    start(salma, None, country="SA")
    brand = create(salma, name="واحة", name_latin="Waha", colour="#8a4f1d", language="ar")
    widget = widgets.create(salma, brand=brand, mailbox=cast.support(), name="المتجر", sites=["shop.example"])
    visitor = begin(widget, Here("https://shop.example/dallah", "ar", "Asia/Riyadh")).visitor
    assert visitor is not None
    said = chatting.say(
        visitor, chatting.Saying(UUID(int=3), "هل يصل إلى جدة؟", "https://shop.example/dallah")
    )
    answered = outbox.send_reply(
        cast.badr(), said.conversation_id, text="نعم، الأربعاء.", seen_seq=99, submission_key=UUID(int=4)
    )
    leaving.give_address(thread_of(visitor, answered.entry.conversation_id), cast.OMAR, now=now)
    one = STARTS["return"]
    form = Form.objects.create(
        key="returns",
        name=one.name_ar,
        brand=brand,
        mailbox=cast.support(),
        title_ar=one.title_ar,
        title_en=one.title_en,
        fields=kept(one.fields),
        created_at=now,
    )
    filled = Filled(
        "ليلى", cast.LAYLA, "ar", "إرجاع", "المقاس أصغر.", [("رقم الطلب", "#48213")], [], "", "0" * 64, True
    )
    take_in(form, filled, now=now)


def counts(rows: Any, tables: Iterable[str]) -> dict[str, int]:
    """How many rows each of these tables holds; `rows` is a connection."""
    return {table: rows.execute(f"select count(*) from {table}").fetchone()[0] for table in tables}


def tables(rows: Any) -> list[str]:
    """The tables whose rows an upgrade must keep."""
    found = rows.execute("select tablename from pg_tables where schemaname = 'public' order by 1").fetchall()
    return [name for (name,) in found if name.partition("_")[0] in OURS and name not in UNCOUNTED]


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
                held = counts(connection, tables(connection))
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
