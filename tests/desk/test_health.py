"""`/health` is for proxies: the pages answer. `/health/work` is for monitors: the work goes on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from django.test import Client
from django.utils import timezone

from majlis.channels.actions.accept import accept
from majlis.channels.models import MailConnection, RawMessage
from majlis.flow import pulse
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> Iterator[None]:
    """The session that a worker holds."""
    with psycopg.connect(os.environ["MAJLIS_DATABASE_URL"], autocommit=True) as session:
        session.execute("select pg_advisory_lock_shared(%s::bigint)", [pulse.WORKER_LOCK])
        yield
        # A session that was closed ends a moment later at the server.
        session.execute("select pg_advisory_unlock_shared(%s::bigint)", [pulse.WORKER_LOCK])


@pytest.mark.usefixtures("worker")
def test_all_is_well_while_a_worker_is_there_and_nothing_waits_for_long(client: Client) -> None:
    answer = client.get("/health/work")

    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert "no-store" in answer["Cache-Control"]


def test_a_worker_that_stopped_silently_is_seen_and_the_pages_still_answer(client: Client) -> None:
    work, pages = client.get("/health/work"), client.get("/health")

    assert (work.status_code, work.text) == (503, "worker: none is at work\n")
    assert (pages.status_code, pages.text) == (200, "ok\n")


@pytest.mark.usefixtures("worker")
def test_a_stuck_queue_and_a_stale_mailbox_are_told_without_names(client: Client) -> None:
    box = cast.support()
    before = timezone.now() - timedelta(hours=1)
    MailConnection.objects.create(
        mailbox=box, in_host="mail.example.com", checked_at=before, watched_at=before
    )
    accept(box.pk, cast.letter("أين طلبي؟"), route="lmtp", envelope_from=cast.LAYLA)
    RawMessage.objects.update(received_at=timezone.now() - timedelta(hours=1))

    answer = client.get("/health/work")

    assert answer.status_code == 503
    assert answer.text.splitlines() == ["raw: 1 waiting for long", "mailboxes: 1 not fetched lately"]
