"""One loop of the worker asks every few seconds for all of them; the others rest without a connection."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.utils import timezone

from majlis.channels.actions.accept import accept
from majlis.channels.models import Delivery, State
from majlis.cli import drains, worker
from majlis.flow.arrival import take_in_pending
from majlis.flow.reactions import react_pending
from tests import cast
from tests.channels import mailing


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
