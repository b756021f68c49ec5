"""One loop of the worker asks every few seconds for all of them; the others rest without a connection."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.utils import timezone

from majlis import config
from majlis.channels.actions.accept import accept
from majlis.channels.models import Delivery, State
from majlis.cli import drains, worker
from majlis.flow import pulse
from majlis.flow.arrival import take_in_pending
from majlis.flow.reactions import react_pending
from tests import cast
from tests.channels import mailing
from tests.polling import until


@pytest.mark.django_db
def test_the_watch_names_each_topic_in_which_something_waits() -> None:
    assert drains.waiting() == []

    box = cast.support()
    accept(box.pk, cast.letter("أين طلبي؟"), route="lmtp", envelope_from=cast.LAYLA)
    assert drains.waiting() == ["raw"]

    take_in_pending(box.pk)
    assert drains.waiting() == ["react"]

    while react_pending():
        pass
    assert drains.waiting() == []


@pytest.mark.django_db
def test_the_watch_names_what_is_due_to_leave_and_not_what_leaves_later() -> None:
    mailing.reply(cast.badr(), mailing.conversation(), "سنرسله غدا.")
    while react_pending():
        pass
    assert drains.waiting() == []

    queued = Delivery.objects.filter(state=State.QUEUED)
    assert queued.update(due_at=timezone.now()) == 1
    assert drains.waiting() == ["deliver"]


@pytest.mark.django_db
def test_who_waits_long_holds_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "REST_SECONDS", 0.05)
    told = threading.Event()
    held: list[bool] = []

    def rest(*, seconds: float) -> None:
        connection.ensure_connection()
        worker._rest(told, seconds)
        held.append(connection.connection is not None)
        connection.close()

    def resting(seconds: float) -> bool:
        thread = threading.Thread(target=rest, kwargs={"seconds": seconds})
        thread.start()
        thread.join(20)
        return held.pop()

    assert not resting(0.1)
    assert resting(0.02)
    told.set()
    assert resting(600)


@pytest.mark.django_db(transaction=True)
def test_others_see_that_a_worker_is_there_for_as_long_as_it_lives() -> None:
    assert not pulse.is_worker_there()
    made = worker.Worker(config.load())
    listening = threading.Thread(target=made._listen)
    listening.start()
    until(pulse.is_worker_there, "the worker holds its session")

    made.stop.set()
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = %s",
            [pulse.WORKER_LOCK],
        )
    listening.join(15)

    until(lambda: not pulse.is_worker_there(), "the session is gone")
