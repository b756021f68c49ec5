"""What the desk stands on, in words for admins: all well, each thing that is not with its next step."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from majlis import __version__
from majlis.channels.actions.accept import accept
from majlis.channels.models import MailConnection, RawMessage
from majlis.channels.problems import pack
from majlis.flow import pulse
from majlis.lib import backups, disk_room, timekeeping
from majlis.people.models import Teammate
from tests import cast

pytestmark = pytest.mark.django_db
ADDRESS = "/settings/health/"


@pytest.fixture
def data(settings: LazySettings, tmp_path: Path) -> Path:
    """A data folder of its own, saved yesterday."""
    settings.CONFIG = replace(settings.CONFIG, data=tmp_path)
    backups.note(tmp_path, tmp_path / "all.majlis")
    return tmp_path


@pytest.fixture
def worker() -> Iterator[None]:
    """The session that a worker holds."""
    with psycopg.connect(os.environ["MAJLIS_DATABASE_URL"], autocommit=True) as session:
        session.execute("select pg_advisory_lock_shared(%s::bigint)", [pulse.WORKER_LOCK])
        yield


def read() -> str:
    client, salma = Client(), cast.salma()
    Teammate.objects.update(language="en")
    client.force_login(salma)
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.usefixtures("worker", "data")
def test_all_is_well_and_each_thing_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_room, "LEAST", 1)
    now = timezone.now()
    cast.salma()
    MailConnection.objects.create(mailbox=cast.support(), in_host="imap.test", checked_at=now, watched_at=now)
    page = read()
    for said in (
        "All is well.",
        "At work.",
        "Nothing waits.",
        "and was lately",
        "PostgreSQL 1",
        " free.",
        "agrees with the database",
        "all.majlis",
        f'Majlis <bdi class="ltr">{__version__}</bdi>',
    ):
        assert said in page
    assert 'class="field__err"' not in page


def test_what_is_wrong_stands_there_with_what_to_do(data: Path) -> None:
    box, before = cast.support(), timezone.now() - timedelta(hours=1)
    cast.salma()
    MailConnection.objects.create(
        mailbox=box, in_host="imap.test", checked_at=before, watched_at=before, problem=pack("login")
    )
    accept(box.pk, cast.letter("أين طلبي؟"), route="lmtp", envelope_from=cast.LAYLA)
    RawMessage.objects.update(received_at=before)
    (data / "backups" / "last.json").write_text(
        '{"at": "2020-01-01T00:00:00+00:00", "path": "/x/old.majlis"}'
    )
    (data / "backups" / "before-0.2.0-x.majlis").write_bytes(b"")
    page = read()
    for said in (
        "Not running, although the pages are",
        "majlis run",
        "1 waits, and nothing was done lately.",
        "did not accept the user name or the password",
        f"/settings/mailboxes/{box.pk}/ledger/",
        "old.majlis",
        "majlis backup FILE",
        "The last upgrade saved the database",
    ):
        assert said in page, said
    assert "All is well" not in page


def test_a_desk_that_was_never_saved_says_so(data: Path) -> None:
    (data / "backups" / "last.json").unlink()
    assert "No whole backup was made here yet." in read()


@pytest.mark.usefixtures("data")
def test_a_short_disk_and_a_wrong_clock_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from majlis.desk.settings_pages import health

    short = disk_room.Room("data", Path("/srv/majlis"), 500 * 1024**2, 1024**3, None)
    monkeypatch.setattr(health, "rooms", lambda *_: [short, replace(short, what="passing", free=1)])
    drift = timekeeping.Sign("apart", seconds=61.0)
    monkeypatch.setattr(health, "sign", lambda *_: drift)
    page = read()
    for said in ("is nearly full", "is full (", "TMPDIR", "61 seconds apart", "timedatectl"):
        assert said in page, said
    ahead = timekeeping.Sign("future", moment=time.time() + 86400)
    monkeypatch.setattr(health, "sign", lambda *_: ahead)
    assert "It seems to be behind" in read()


@pytest.mark.usefixtures("data")
def test_it_is_closed_to_everybody_but_admins_and_listed_for_them() -> None:
    cast.salma()
    for who in (cast.badr(), cast.noura()):
        client = Client()
        client.force_login(who)
        assert client.get(ADDRESS).status_code == 403
        assert ADDRESS not in client.get("/settings/profile/").content.decode()
    assert Client().get(ADDRESS).status_code == 302
    assert f'href="{ADDRESS}"' in read()


@pytest.mark.usefixtures("data")
def test_it_asks_as_much_for_many_mailboxes_as_for_one() -> None:
    client = Client()
    client.force_login(cast.salma())
    before = timezone.now() - timedelta(hours=1)

    def asked() -> int:
        client.get(ADDRESS)
        with CaptureQueriesContext(connection) as questions:
            assert client.get(ADDRESS).status_code == 200
        return len(questions)

    def stale(number: int) -> None:
        box = cast.mailbox(f"box{number}@majlis.test", name=f"Box {number}")
        MailConnection.objects.create(mailbox=box, in_host="imap.test", watched_at=before)

    stale(0)
    few = asked()
    for number in range(1, 30):
        stale(number)
    assert asked() == few
    assert few <= 20


def test_a_note_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    assert backups.last(tmp_path) is None
    backups.note(tmp_path, Path("/media/x/مجلس.majlis"))
    found = backups.last(tmp_path)
    assert found is not None
    assert found.path == Path("/media/x/مجلس.majlis")
    assert abs(found.at - datetime.now(UTC)) < timedelta(minutes=1)
    (tmp_path / "backups" / "last.json").write_text('{"at": 3}')
    assert backups.last(tmp_path) is None
