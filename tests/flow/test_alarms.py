"""A mailbox that is not fetched is told once to every admin, and once that it is well again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from majlis.channels.actions import alarm, connect
from majlis.channels.models import Delivery, MailConnection, MailFolder
from majlis.channels.problems import pack
from majlis.channels.queries import way_out
from majlis.flow import reactions
from majlis.journal.models import Event
from majlis.people.models import Role, Teammate
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def stale() -> MailConnection:
    """Salma's and an admin's mailbox, last checked well a quarter of an hour ago; Badr answers there."""
    cast.salma()
    cast.badr()
    cast.teammate("huda@elsewhere.test", name="هدى", role=Role.ADMIN, language="en")
    before = timezone.now() - timedelta(minutes=16)
    return MailConnection.objects.create(
        mailbox=cast.support(),
        in_host="imap.sidra.test",
        smtp_host="smtp.sidra.test",
        checked_at=before,
        watched_at=before,
        problem=pack("login"),
    )


def letters() -> list[tuple[str, str]]:
    reactions.react_pending()
    found = Delivery.objects.filter(entry=None).order_by("pk").values_list("letter", flat=True)
    return [(letter["to"], letter["subject"]) for letter in found if letter]


def kinds() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def test_every_admin_gets_one_letter_and_one_when_it_is_well_again(stale: MailConnection):
    for _ in range(3):
        alarm.look()
    told = letters()
    assert [to for to, _ in told] == ["salma@majlis.test", "huda@elsewhere.test"]
    assert told[1][1] == "Mail for \u2068الدعم\u2069 does not come in"
    text = (Delivery.objects.get(letter__to="huda@elsewhere.test").letter or {})["text"]
    assert "did not accept the user name or the password" in text
    assert f"/settings/mailboxes/{stale.mailbox_id}/ledger/" in text
    MailConnection.objects.update(checked_at=timezone.now())
    for _ in range(3):
        alarm.look()
    assert len(letters()) == 4
    assert kinds() == ["mailbox.stale", "mailbox.well"]


def test_a_paused_mailbox_is_never_told_of(stale: MailConnection):
    MailConnection.objects.update(is_enabled=False)
    alarm.look()
    assert kinds() == []
    connect.enable(stale.mailbox, cast.salma())
    alarm.look()
    assert kinds() == ["mailbox.changed"]


def test_pausing_a_stale_one_ends_the_alarm_in_silence(stale: MailConnection):
    alarm.look()
    connect.disable(stale.mailbox, cast.salma())
    alarm.look()
    assert kinds() == ["mailbox.stale", "mailbox.disabled"]
    assert MailConnection.objects.get().stale_since is None


def test_mail_that_stays_missing_for_an_hour_is_an_alarm(stale: MailConnection):
    MailConnection.objects.update(checked_at=timezone.now())
    folder = MailFolder.objects.create(
        connection=stale, name="INBOX", differs_since=timezone.now() - timedelta(minutes=59)
    )
    alarm.look()
    assert kinds() == []
    MailFolder.objects.update(differs_since=timezone.now() - timedelta(minutes=61))
    alarm.look()
    assert Event.objects.get().data == {"name": "الدعم", "why": "differs"}
    assert "is not complete" in letters()[1][1]
    folder.is_enabled = False
    folder.save()
    alarm.look()
    assert kinds() == ["mailbox.stale", "mailbox.well"]


def test_a_fetch_that_takes_hours_but_goes_on_is_no_alarm(stale: MailConnection):
    MailConnection.objects.update(heard_at=timezone.now() - timedelta(minutes=1))
    alarm.look()
    assert kinds() == []


def test_the_letter_leaves_by_another_mailbox_when_there_is_one(stale: MailConnection):
    other = MailConnection.objects.create(mailbox=cast.sales(), smtp_host="smtp.other.test")
    alarm.look()
    letters()
    chosen = way_out(Delivery.objects.order_by("pk").first() or Delivery())
    assert (chosen.settings.host, chosen.sender[1]) == (other.smtp_host, cast.SALES)


def test_no_letter_goes_to_an_address_that_is_a_mailbox_here(stale: MailConnection):
    Teammate.objects.filter(email="huda@elsewhere.test").update(email=cast.SUPPORT)
    alarm.look()
    assert [to for to, _ in letters()] == ["salma@majlis.test"]
