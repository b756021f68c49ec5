"""Mailboxes that a release fetched go on from where they stopped: nothing comes twice, nothing is passed over."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg

from majlis.cli.postgres import programs
from tests.plugins import database
from tests.upgrade.test_upgrade import HERE

_FETCHED = """
insert into channels_mailconnection (mailbox_id, imap_host, imap_port, imap_security, imap_user, imap_password,
  imap_folder, smtp_host, smtp_port, smtp_security, smtp_user, smtp_password, is_enabled, uidvalidity, first_uid,
  last_uid, server_count, stored_count, checked_at, problem, version)
select id, 'imap.sidra.test', 993, 'tls', 'x', 'x', 'Orders', '', 587, 'starttls', '', '', true, 77, 5, 41, 37, 36,
  now(), '', 4 from people_mailbox order by id limit 1
on conflict (mailbox_id) do update set imap_host = excluded.imap_host, imap_folder = excluded.imap_folder,
  uidvalidity = excluded.uidvalidity, first_uid = excluded.first_uid, last_uid = excluded.last_uid,
  server_count = excluded.server_count, stored_count = excluded.stored_count, version = excluded.version
returning id, mailbox_id
"""
_RAW = """
insert into channels_rawmessage (mailbox_id, file_id, route, received_at, uidvalidity, uid, is_historic, attempts, error)
select %s, (select min(id) from files_file), 'imap', '2026-01-02 10:00+00', 77, uid, uid = 40, 0, ''
from (values (40), (41)) as t(uid)
"""


def test_cursors_and_the_places_of_messages_are_carried_over(tmp_path: Path, django_db_setup: None) -> None:
    name = f"cursors_{os.getpid()}"
    url = database.create_database(name, template="template0")
    try:
        dump = str(HERE / "0.2.0.dump")
        restore = [str(programs() / "pg_restore"), "--no-owner", "--exit-on-error", "-d", url, dump]
        subprocess.run(restore, check=True)
        with psycopg.connect(url) as old:
            connection_id, mailbox_id = old.execute(_FETCHED).fetchone() or (0, 0)
            old.execute(_RAW, [mailbox_id])
        environment = {
            **os.environ,
            "MAJLIS_DATABASE_URL": url,
            "MAJLIS_DATA": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "tests.plain",
        }
        subprocess.run([sys.executable, "-m", "majlis.cli.main", "upgrade"], env=environment, check=True)
        with psycopg.connect(url) as new:
            folder = new.execute(
                "select id, name, is_enabled, uidvalidity, first_uid, last_uid, server_count, stored_count, version,"
                " since_at::date::text from channels_mailfolder where connection_id = %s",
                [connection_id],
            ).fetchall()
            raw = new.execute(
                "select folder_id, uidvalidity, uid from channels_rawmessage where uid is not null order by uid"
            ).fetchall()
    finally:
        database.drop_database(name)
    assert [row[1:] for row in folder] == [("Orders", True, 77, 5, 41, 37, 36, 4, "2026-01-02")]
    assert raw == [(folder[0][0], 77, 40), (folder[0][0], 77, 41)]
