"""An alarm about a mailbox stands in the bell of every admin: once, leading to its page, read when the trouble is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from majlis.channels import gate
from majlis.channels.actions import alarm
from majlis.channels.models import MailConnection, StoppedAddress
from majlis.channels.oauth.models import OAuthGrant
from majlis.channels.problems import pack
from majlis.flow import clock, mailbox_notices, pushing
from majlis.flow.alarm_words import gather_all
from majlis.flow.reactions import react_pending
from majlis.journal.actions import record
from majlis.people.actions.notifying import be_quiet
from majlis.people.models import Mailbox, Notification, PushSubscription, Role, Teammate
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def stale() -> MailConnection:
    """The support mailbox, not checked for a quarter of an hour; Salma owns, Badr answers there, Noura elsewhere."""
    cast.salma(), cast.badr(), cast.noura()
    Teammate.objects.update(language="en")
    before = timezone.now() - timedelta(minutes=16)
    return MailConnection.objects.create(
        mailbox=cast.support(), in_host="imap.sidra.test", checked_at=before, watched_at=before
    )


def look() -> None:
    for _ in range(2):
        alarm.look()
        react_pending()


def news(teammate: Teammate) -> Any:
    client = Client(HTTP_HX_REQUEST="true")
    client.force_login(teammate)
    return client.get("/notices/news", {"since": "0"}).json()


def panel(teammate: Teammate) -> str:
    client = Client(HTTP_HX_REQUEST="true")
    client.force_login(teammate)
    return client.get("/notices").content.decode()


def test_every_admin_is_told_once_of_a_stale_mailbox_and_nobody_else(
    stale: MailConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    nudges: list[Mapping[str, object]] = []
    monkeypatch.setattr(mailbox_notices, "nudge", nudges.append)
    huda = cast.teammate("huda@elsewhere.test", name="هدى", role=Role.ADMIN, language="en")
    look()
    assert {one.teammate for one in Notification.objects.all()} == {cast.salma(), huda}
    told = news(cast.salma())
    assert told["count"] == 1
    (shown,) = told["news"]
    assert shown["title"] == "Mail for \u2068الدعم\u2069 does not come in"
    assert (shown["path"], shown["number"]) == (f"/settings/mailboxes/{stale.mailbox_id}/ledger/", None)
    assert f'href="{shown["path"]}"' in panel(cast.salma())
    assert {"k": "notice", "t": huda.pk, "m": stale.mailbox_id} in nudges
    for other in (cast.badr(), cast.noura()):
        assert news(other)["count"] == 0
        assert "الدعم" not in panel(other)


def test_it_is_read_by_itself_when_the_mailbox_is_well_and_told_anew_when_it_is_stale_again(
    stale: MailConnection,
) -> None:
    look()
    MailConnection.objects.update(checked_at=timezone.now())
    look()
    assert news(cast.salma())["count"] == 0
    assert "notice--new" not in panel(cast.salma())
    MailConnection.objects.update(checked_at=timezone.now() - timedelta(hours=1))
    look()
    assert news(cast.salma())["count"] == 1
    assert Notification.objects.count() == 2


def test_a_lapsed_sign_in_leads_to_signing_in_and_is_over_when_somebody_did(stale: MailConnection) -> None:
    grant = OAuthGrant.objects.create(
        connection=stale, provider="google", problem=pack("sign_in_again"), problem_since=timezone.now()
    )
    record("mailbox.lapsed", mailbox_id=stale.mailbox_id, data={"name": "الدعم", "provider": "google"})
    react_pending()
    (shown,) = news(cast.salma())["news"]
    assert shown["title"] == "Mail for \u2068الدعم\u2069 has stopped: somebody has to sign in again"
    assert shown["path"] == f"/settings/mailboxes/{stale.mailbox_id}/sign-in/"
    grant.delete()
    clock.tick()  # also what no event says
    assert news(cast.salma())["count"] == 0


def test_a_stopped_address_in_no_conversation_leads_to_the_mailboxs_page(stale: MailConnection) -> None:
    now = timezone.now()
    StoppedAddress.objects.create(address=cast.LAYLA, why="flood", mailbox=cast.support(), at=now)
    record("automatic.stopped", mailbox_id=stale.mailbox_id, data={"address": cast.LAYLA, "why": "flood"})
    react_pending()
    react_pending()
    (shown,) = news(cast.salma())["news"]
    assert shown["title"] == f"Automatic mail to \u2066{cast.LAYLA}\u2069 has stopped"
    assert shown["path"] == f"/settings/mailboxes/{stale.mailbox_id}/automatic/"
    gate.let_go_on(cast.salma(), cast.LAYLA)
    react_pending()
    assert news(cast.salma())["count"] == 0


def test_whoever_is_no_admin_any_more_sees_and_counts_none(stale: MailConnection) -> None:
    cast.teammate("huda@elsewhere.test", name="هدى", role=Role.ADMIN)
    look()
    Teammate.objects.filter(email="huda@elsewhere.test").update(role=Role.AGENT)
    huda = Teammate.objects.get(email="huda@elsewhere.test")
    cast.give(huda, cast.support())
    assert news(huda)["count"] == 0
    assert "الدعم" not in panel(huda)
    assert gather_all(Notification.objects.filter(teammate=huda)) == []


def test_it_is_pushed_at_once_but_not_in_quiet_hours(stale: MailConnection) -> None:
    salma = cast.salma()
    PushSubscription.objects.create(
        teammate=salma, endpoint="https://push.test/1", key="k", auth="a", created_at=timezone.now()
    )
    look()
    told = Notification.objects.get()
    (job,) = pushing.jobs_for([told.pk])
    assert (job.topic, job.urgency) == (f"m{stale.mailbox_id}", "high")
    assert f"/settings/mailboxes/{stale.mailbox_id}/ledger/" in job.text.decode()
    Notification.objects.all().delete()
    here = timezone.localtime()
    be_quiet(salma, (here - timedelta(hours=12)).time(), (here + timedelta(hours=11)).time())
    MailConnection.objects.update(stale_since=None)
    look()
    assert Notification.objects.get().push_at is None


def test_each_is_told_of_a_conversation_or_of_a_mailbox_and_never_of_both(stale: MailConnection) -> None:
    for kind, conversation in (("alarm", 1), ("new", None)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Notification.objects.create(
                teammate=cast.salma(),
                kind=kind,
                event_id=1,
                conversation_id=conversation,
                mailbox_id=stale.mailbox_id,
                at=timezone.now(),
            )


def test_the_bell_asks_as_much_for_many_as_for_one(stale: MailConnection) -> None:
    client = Client(HTTP_HX_REQUEST="true")
    client.force_login(cast.salma())

    def asked() -> int:
        client.get("/notices")
        with CaptureQueriesContext(connection) as questions:
            assert client.get("/notices").status_code == 200
        return len(questions)

    look()
    few = asked()
    for number in range(20):
        box = cast.mailbox(f"box{number}@majlis.test", name=f"Box {number}")
        MailConnection.objects.create(mailbox=box, in_host="imap.test", watched_at=stale.watched_at)
    look()
    assert Mailbox.objects.filter(pk__in=Notification.objects.values("mailbox_id")).count() == 21
    assert asked() == few
