"""What came into a mailbox stands beside what its server holds; folders are chosen and older mail is asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from majlis.channels.actions import alarm
from majlis.channels.models import Backfill, MailConnection, MailFolder, PassedOver, RawMessage
from majlis.channels.problems import pack
from majlis.files.actions import store
from majlis.journal.models import Event
from tests import cast
from tests.desk.test_settings_pages import at_desk

pytestmark = pytest.mark.django_db


def connected(**values: object) -> MailConnection:
    given = {"in_host": "imap.sidra.test", "checked_at": timezone.now(), **values}
    made = MailConnection.objects.create(mailbox=cast.support(), **given)
    MailFolder.objects.create(
        connection=made,
        name="INBOX",
        uidvalidity=7,
        server_count=12,
        stored_count=10,
        differs_since=timezone.now(),
    )
    return made


def raw(folder: MailFolder | None, number: int, **values: object) -> None:
    for _ in range(number):
        RawMessage.objects.create(
            mailbox=cast.support(),
            file=store(b"x"),
            folder=folder,
            route="imap" if folder else "lmtp",
            received_at=timezone.now(),
            **values,
        )


def text(client: Client, page: str = "ledger/") -> str:
    found = client.get(f"/settings/mailboxes/{cast.support().pk}/{page}").text
    return " ".join(found.split())


def test_the_ledger_says_what_is_where_and_why_it_differs():
    client = at_desk(cast.salma())
    folder = connected().folders.get()
    raw(folder, 7, taken_in_at=timezone.now())
    raw(folder, 2)
    raw(folder, 1, quarantined_at=timezone.now())
    raw(None, 3, taken_in_at=timezone.now())
    PassedOver.objects.create(folder=folder, uidvalidity=7, uid=1, is_removed=True)
    page = text(client)
    for said in (
        'On the server</dt><dd class="num"><span class="n">12</span>',
        'Stored here</dt><dd class="num"><span class="n">10</span>',
        'Waiting to be read</dt><dd class="num"><span class="n">2</span>',
        'Left out for now</dt><dd class="num"><span class="n">2</span>',
        "2 messages are on the server and not here",
        'Thrown out here for good</dt><dd class="num"><span class="n">1</span>',
        "Handed over by a mail server",
        f'href="/settings/problems/?mailbox={cast.support().pk}"',
    ):
        assert said.replace('<span class="n">', "").replace("</span>", "") in page.replace(
            '<span class="n">', ""
        ).replace("</span>", ""), said
    MailFolder.objects.update(stored_count=12)
    assert "Nothing is missing." in text(client)


def test_a_mailbox_nothing_came_into_says_so():
    assert "Nothing came yet" in text(at_desk(cast.salma()))


def test_older_mail_is_asked_for_by_a_day_or_whole_watched_and_stopped():
    client = at_desk(cast.salma())
    connection = connected()
    address = f"/settings/mailboxes/{connection.mailbox_id}"
    client.post(f"{address}/backfills", {"scope": "since", "since_on": "nonsense"})
    assert not Backfill.objects.exists()
    client.post(f"{address}/backfills", {"scope": "since", "since_on": "2026-01-15"})
    asked = Backfill.objects.get()
    assert (str(asked.since_on), asked.state) == ("2026-01-15", "running")
    assert MailConnection.objects.get().version == connection.version + 1
    Backfill.objects.update(fetched=40)
    MailFolder.objects.update(older_left=60)
    page = text(client, "ledger/progress")
    assert 'max="100" value="40"' in page
    assert "40 messages came, 60 wait." in page
    client.post(f"{address}/backfills", {"scope": "all"})
    assert Backfill.objects.count() == 1
    client.post(f"{address}/backfills/end")
    assert Backfill.objects.get().state == "stopped"
    assert "was stopped" in text(client)
    client.post(f"{address}/counting")
    assert MailFolder.objects.get().version == MailConnection.objects.get().version == connection.version + 3


def test_folders_are_chosen_and_at_least_one(monkeypatch: pytest.MonkeyPatch):
    client = at_desk(cast.salma())
    connection = connected()
    address = f"/settings/mailboxes/{connection.mailbox_id}/folders/"
    assert "Choose one folder at least." in client.post(address, {}).text
    client.post(address, {"folder": ["INBOX", "الطلبات"]})
    assert list(connection.folders.order_by("pk").values_list("name", "is_enabled")) == [
        ("INBOX", True),
        ("الطلبات", True),
    ]
    assert "الطلبات" in text(client, "folders/")
    MailConnection.objects.update(protocol="pop3")
    assert "POP3 knows one folder only" in text(client, "folders/")


@pytest.mark.parametrize("who", ["badr", "noura"])
def test_only_admins_see_it(who: str):
    cast.salma()
    connection = connected()
    client = at_desk(getattr(cast, who)())
    pages = ("ledger/", "ledger/progress", "folders/", "backfills", "backfills/end", "counting")
    for page in pages:
        address = f"/settings/mailboxes/{connection.mailbox_id}/{page}"
        codes = {client.get(address).status_code, client.post(address).status_code}
        assert codes <= {403, 405}, page
        assert 403 in codes, page
        stranger = Client().get(address)
        assert "/accounts/login/" in stranger.get("Location", ""), (page, stranger.status_code)
    assert client.get("/alarms").status_code == 403
    assert "/accounts/login/" in Client().get("/alarms")["Location"]
    assert 'id="alarms"' not in client.get("/inbox/all").text
    assert not Backfill.objects.exists()


def test_the_ledger_asks_the_same_at_few_and_many_folders():
    client = at_desk(cast.salma())
    connection = connected()

    def asked() -> int:
        client.get(f"/settings/mailboxes/{connection.mailbox_id}/ledger/")
        with CaptureQueriesContext(database) as questions:
            client.get(f"/settings/mailboxes/{connection.mailbox_id}/ledger/")
        return len(questions)

    few = asked()
    for number in range(40):
        MailFolder.objects.create(connection=connection, name=f"f{number}")
    assert asked() == few


def test_a_stale_mailbox_is_above_every_page_of_an_admin_until_it_is_well():
    client = at_desk(cast.salma())
    assert 'data-alarms="/alarms"' in client.get("/inbox/all").text
    before = timezone.now() - timedelta(minutes=16)
    connection = connected(checked_at=before, watched_at=before, problem=pack("timeout"))
    told = client.get("/alarms").text
    assert "does not come in" in told
    assert "did not answer in time" in told
    assert f"/settings/mailboxes/{connection.mailbox_id}/ledger/" in told
    assert "Its mail waits on the server." in text(client)
    MailConnection.objects.update(is_enabled=False)
    assert client.get("/alarms").text.strip() == ""
    MailConnection.objects.update(is_enabled=True, heard_at=timezone.now())
    assert client.get("/alarms").text.strip() == ""
    MailFolder.objects.update(differs_since=timezone.now() - timedelta(minutes=61))
    assert "is not complete" in client.get("/alarms").text


def test_a_mailbox_that_waits_for_a_sign_in_is_told_by_that_alone():
    client = at_desk(cast.salma())
    before = timezone.now() - timedelta(minutes=16)
    connected(checked_at=before, watched_at=before, problem=pack("sign_in_again"))
    assert client.get("/alarms").text.strip() == ""
    alarm.look()
    assert not Event.objects.filter(kind__startswith="mailbox.").exists()
    # One that was in doubt before is not well because of it.
    MailConnection.objects.update(stale_since=before)
    alarm.look()
    assert not Event.objects.filter(kind="mailbox.well").exists()


def test_what_was_told_stands_in_the_audit():
    client = at_desk(cast.salma())
    before = timezone.now() - timedelta(minutes=16)
    connected(checked_at=before, watched_at=before)
    alarm.look()
    assert Event.objects.get().kind == "mailbox.stale"
    assert "did not come in as it should" in client.get("/settings/audit/").text
