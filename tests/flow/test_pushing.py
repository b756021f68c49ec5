"""What is due in browsers is pushed once, to those who may still see it, whatever their push services do."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import Settings

from majlis.conversations.models import Conversation, Entry
from majlis.flow.pushing import Pusher, claim
from majlis.journal.models import Event
from majlis.people.actions.push_subscriptions import MOST_FAILURES, subscribe
from majlis.people.models import MailboxAccess, Notification, PushSubscription, Session, Teammate
from tests import cast
from tests.polling import until
from tests.push_service import Browser, PushService

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(settings: Settings) -> Iterator[PushService]:
    with PushService() as running:
        settings.CONFIG = replace(settings.CONFIG, push_allow=(running.url,))
        yield running


@pytest.fixture
def wrote() -> Conversation:
    """Layla wrote to the support mailbox."""
    cast.badr()
    cast.arrive(cast.letter("متى يصل طلبي رقم 4821؟", subject="أين طلبي؟"))
    return Conversation.objects.get()


def browser_of(teammate: Teammate, service: PushService, name: str) -> Browser:
    """A browser they turned pushes on in."""
    session = Session.objects.create(
        session_key=f"{teammate.pk}-{name}", session_data="", expire_date=timezone.now() + timedelta(days=1)
    )
    Session.objects.filter(pk=session.pk).update(teammate=teammate)
    browser = service.browser(name)
    subscribe(teammate, session_key=session.session_key, **browser.handed_in())
    return browser


def told(teammate: Teammate, conversation: Conversation, *, kind: str = "new", number: int = 1) -> None:
    """They are to be told, now, of the newest `number` events of a conversation (made up, where there are fewer)."""
    entry = Entry.objects.filter(conversation=conversation).latest("seq")
    for _ in range(number):
        event = Event.objects.create(
            kind="customer.wrote",
            conversation_id=conversation.pk,
            mailbox_id=conversation.mailbox_id,
            at=timezone.now(),
            data={"entry": entry.pk},
        )
        Notification.objects.create(
            teammate=teammate,
            kind=kind,
            event_id=event.pk,
            conversation_id=conversation.pk,
            mailbox_id=conversation.mailbox_id,
            entry_id=entry.pk,
            at=timezone.now(),
            push_at=timezone.now(),
        )


def test_every_browser_of_a_teammate_is_told_in_their_language_once(
    service: PushService, wrote: Conversation
) -> None:
    badr = cast.badr()
    Teammate.objects.filter(pk=badr.pk).update(language="en")
    phone, office = (browser_of(badr, service, name) for name in ("phone", "office"))
    told(badr, wrote, kind="assigned")
    pusher = Pusher()

    assert pusher.push_due() == 1
    assert pusher.push_due() == 0

    (said,) = phone.waits_for(1)
    assert office.waits_for(1) == [said]
    assert "أين طلبي؟" in said["text"]
    assert "4821" in said["text"]
    entry = Entry.objects.get(conversation=wrote)
    assert said["path"] == f"/conversations/{wrote.pk}#entry-{entry.pk}"
    assert (said["tag"], said["lang"], said["dir"]) == (f"c{wrote.pk}", "en", "ltr")
    assert phone.requests()[0].headers["Urgency"] == "high"
    assert pusher.until_next() is None


def test_what_cannot_be_seen_any_more_was_read_or_is_old_is_not_pushed(
    service: PushService, wrote: Conversation
) -> None:
    badr, salma, noura = cast.badr(), cast.salma(), cast.noura()
    browsers = [browser_of(one, service, one.email[:4]) for one in (badr, salma, noura)]
    told(noura, wrote)  # she never could
    told(badr, wrote)
    MailboxAccess.objects.filter(teammate=badr).delete()
    told(salma, wrote, number=3)
    first, second, third = Notification.objects.filter(teammate=salma)
    Notification.objects.filter(pk=first.pk).update(read_at=timezone.now())
    Notification.objects.filter(pk=second.pk).update(at=timezone.now() - timedelta(days=1))
    Notification.objects.filter(pk=third.pk).update(push_at=timezone.now() + timedelta(minutes=5))
    pusher = Pusher()

    assert pusher.push_due() == 4
    assert service.received == []
    assert 290 < (pusher.until_next() or 0) <= 300

    Notification.objects.filter(pk=third.pk).update(push_at=timezone.now())
    Teammate.objects.filter(pk=salma.pk).update(is_active=False)
    assert pusher.push_due() == 1
    assert [one.requests() for one in browsers] == [[], [], []]


def test_a_very_long_subject_still_fits(service: PushService, wrote: Conversation) -> None:
    badr = cast.badr()
    phone = browser_of(badr, service, "phone")
    Conversation.objects.filter(pk=wrote.pk).update(subject='"ط\x01' * 2000)
    told(badr, wrote)
    Pusher().push_due()
    assert len(phone.waits_for(1)[0]["text"]) == 300


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(service: PushService, wrote: Conversation, status: int) -> None:
    badr = cast.badr()
    browser_of(badr, service, "phone")
    office = browser_of(badr, service, "office")
    service.answers["phone"] = [(status, {})]
    told(badr, wrote)
    Pusher().push_due()
    assert [one.endpoint for one in PushSubscription.objects.all()] == [office.endpoint]


def test_twenty_failures_in_a_row_end_a_subscription_and_one_success_forgets_them(
    service: PushService, wrote: Conversation
) -> None:
    badr = cast.badr()
    browser_of(badr, service, "phone")
    service.answers["phone"] = [(500, {})] * (MOST_FAILURES - 1)
    pusher = Pusher()
    for _ in range(MOST_FAILURES - 1):
        told(badr, wrote)
        pusher.push_due()
    assert PushSubscription.objects.get().failures == MOST_FAILURES - 1

    told(badr, wrote)
    pusher.push_due()
    assert PushSubscription.objects.get().failures == 0

    PushSubscription.objects.update(failures=MOST_FAILURES - 1)
    service.answers["phone"] = [(500, {})]
    told(badr, wrote)
    pusher.push_due()
    assert not PushSubscription.objects.exists()


def test_a_service_that_asks_for_patience_is_tried_once_more_and_no_third_time(
    service: PushService, wrote: Conversation
) -> None:
    badr = cast.badr()
    phone = browser_of(badr, service, "phone")
    service.answers["phone"] = [(429, {"Retry-After": "0"}), (503, {"Retry-After": "0"})]
    told(badr, wrote)
    pusher = Pusher()

    pusher.push_due()
    assert (len(phone.requests()), PushSubscription.objects.get().failures) == (1, 0)
    assert (pusher.until_next() or 0) <= 0
    for _ in range(2):
        pusher.push_due()
    assert (len(phone.requests()), PushSubscription.objects.get().failures) == (2, 1)

    service.answers["phone"] = [(429, {"Retry-After": "0"})]
    told(badr, wrote)
    pusher.push_due()
    PushSubscription.objects.update(teammate=cast.salma())  # she uses this browser now
    pusher.push_due()
    assert len(phone.requests()) == 3
    PushSubscription.objects.update(teammate=badr)

    service.answers["phone"] = [(429, {"Retry-After": "3600"})]
    told(badr, wrote)
    pusher.push_due()
    assert PushSubscription.objects.get().failures == 2
    assert pusher.until_next() is None


def test_a_browser_whose_service_hangs_holds_up_nobody_else(
    service: PushService, wrote: Conversation
) -> None:
    badr, salma = cast.badr(), cast.salma()
    stuck, phone = browser_of(badr, service, "stuck"), browser_of(salma, service, "phone")
    service.answers["stuck"] = [None, None]
    told(badr, wrote, number=3)
    told(salma, wrote)
    pusher = Pusher(patience_seconds=0.1)

    pusher.push_due()
    phone.waits_for(1)
    assert pusher.until_next() is not None  # it looks after the one that hangs
    told(salma, wrote)
    pusher.push_due()

    phone.waits_for(2)
    assert len(stuck.requests()) == 1  # the others wait behind the first


@pytest.mark.django_db(transaction=True)
def test_what_one_worker_is_claiming_is_not_anothers_to_claim_nor_to_wait_for(wrote: Conversation) -> None:
    told(cast.badr(), wrote, number=3)
    found: list[list[int]] = []

    def other() -> None:
        try:
            found.append(claim())
        finally:
            connection.close()

    with transaction.atomic():
        mine = claim()
        beside = threading.Thread(target=other)
        beside.start()
        beside.join(10)
        assert found == [[]]
    assert len(mine) == 3
    assert claim() == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_push_nothing_twice(service: PushService, wrote: Conversation) -> None:
    badr = cast.badr()
    phone = browser_of(badr, service, "phone")
    told(badr, wrote, number=60)
    start = threading.Barrier(3)

    def drain() -> None:
        start.wait(5)
        try:
            Pusher().push_due()
        finally:
            connection.close()

    workers = [threading.Thread(target=drain) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)

    until(lambda: len(phone.requests()) >= 60, "every push")
    assert len(phone.requests()) == 60
    assert not Notification.objects.exclude(push_at=None).exists()


def test_an_entry_that_is_gone_is_not_pushed(service: PushService, wrote: Conversation) -> None:
    badr = cast.badr()
    browser_of(badr, service, "phone")
    told(badr, wrote)
    Entry.objects.filter(conversation=wrote).update(is_withdrawn=True)
    assert Pusher().push_due() == 1
    assert service.received == []
