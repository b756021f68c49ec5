"""Setting how a mailbox is reached: encrypted, counted, told at once; and letting stuck mail try again."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from majlis.channels.actions import connect, quarantine
from majlis.channels.connections import imap_settings
from majlis.channels.email.mailserver import ImapSettings
from majlis.channels.email.sending import SmtpSettings
from majlis.channels.models import MailConnection, MailFolder, RawMessage
from majlis.channels.problems import ConnectionProblem
from majlis.channels.queries import smtp_settings
from majlis.files.actions import store
from majlis.journal.models import Event
from majlis.lib.errors import Refused
from tests import cast

pytestmark = pytest.mark.django_db
IMAP = ImapSettings("imap.sidra.test", 993, "tls", cast.SUPPORT, "hidden-spring-9")
SMTP = SmtpSettings("smtp.sidra.test", 587, "starttls", cast.SUPPORT, "hidden-spring-9")


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    topics: list[str] = []
    monkeypatch.setattr("majlis.channels.actions.anew.wake", topics.append)
    monkeypatch.setattr("majlis.channels.actions.quarantine.wake", topics.append)
    return topics


def test_what_was_saved_can_be_used_again(woken: list[str]):
    support = cast.support()

    connect.save(support, cast.salma(), shape=connect.Shape(IMAP, SMTP, date(2026, 1, 15)))

    saved = MailConnection.objects.get()
    assert imap_settings(saved) == IMAP
    assert smtp_settings(saved) == SMTP
    assert saved.older_since_on == date(2026, 1, 15)
    assert woken == ["connections"]


def test_saving_again_raises_the_version_and_takes_the_problem_away(woken: list[str]):
    support, salma = cast.support(), cast.salma()
    connect.save(support, salma, shape=connect.Shape(IMAP, None))
    MailConnection.objects.update(problem="login", problem_since=timezone.now())
    before = MailConnection.objects.get().version

    connect.save(support, salma, shape=connect.Shape(IMAP, None))

    saved = MailConnection.objects.get()
    assert saved.version == before + 1
    assert (saved.problem, saved.problem_since) == ("", None)
    assert saved.smtp_host == saved.smtp_password == ""


def test_only_owners_and_admins_connect(woken: list[str]):
    support, badr = cast.support(), cast.badr()

    for attempt in (
        lambda: connect.save(support, badr, shape=connect.Shape(IMAP, SMTP)),
        lambda: connect.disable(support, badr),
        lambda: connect.enable(support, badr),
    ):
        with pytest.raises(Refused, match="not_allowed"):
            attempt()
    assert not MailConnection.objects.exists()
    assert woken == []


def test_a_mailbox_without_a_connection_cannot_be_paused():
    with pytest.raises(Refused, match="not_connected"):
        connect.disable(cast.support(), cast.salma())


def test_a_paused_mailbox_goes_on_from_where_it_stopped(woken: list[str]):
    support, salma = cast.support(), cast.salma()
    connect.save(support, salma, shape=connect.Shape(IMAP, None))
    made = MailConnection.objects.get()
    MailFolder.objects.create(connection=made, name="INBOX", uidvalidity=7, last_uid=41)

    connect.disable(support, salma)
    assert not MailConnection.objects.get().is_enabled
    connect.enable(support, salma)

    saved = MailConnection.objects.get()
    assert saved.is_enabled
    folder = saved.folders.get()
    assert (folder.uidvalidity, folder.last_uid, folder.version) == (7, 41, saved.version)
    assert woken == ["connections"] * 3


def test_a_password_under_another_key_has_to_be_entered_again():
    connection = MailConnection(in_host="imap.sidra.test", in_password="not a token")

    with pytest.raises(ConnectionProblem) as raised:
        imap_settings(connection)
    assert raised.value.code == "secret"


def test_stuck_mail_is_tried_again_once_for_two_clicks(woken: list[str]):
    raw = RawMessage.objects.create(
        mailbox=cast.support(),
        file=store(b"broken"),
        route="lmtp",
        received_at=timezone.now(),
        attempts=3,
        quarantined_at=timezone.now(),
    )

    quarantine.retry(raw.pk, actor_id=cast.salma().pk)
    with pytest.raises(Refused, match="not_quarantined"):
        quarantine.retry(raw.pk)

    raw.refresh_from_db()
    assert (raw.attempts, raw.quarantined_at) == (0, None)
    assert woken == ["raw"]
    event = Event.objects.get()
    assert (event.kind, event.mailbox_id, event.data) == ("raw.retried", raw.mailbox_id, {"raw": raw.pk})
