"""Notifications that are due in browsers: claimed, put into words, and sent to each browser of their teammate.

A push is sent at most once: what was claimed and then lost with its process stands in the bell.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import Min
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from majlis.channels import push
from majlis.channels.push import Answer, Target
from majlis.flow.alarm_words import Alarmed, gather_all
from majlis.flow.notice_words import Gathered
from majlis.flow.push_senders import Job, Senders
from majlis.lib.direction import direction
from majlis.people.actions import push_subscriptions
from majlis.people.models import Notification, NotificationKind, PushSubscription, Teammate

log = logging.getLogger(__name__)

BATCH = 50
# So long a round waits for its own; what hangs is looked after later, and the next round begins.
PATIENCE_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 600.0
MOST_WAITING = 500
TEST_SECONDS = 5.0
# Tests are sent while their page waits: push services that hang must not take every thread that answers pages.
_tests = threading.BoundedSemaphore(2)
_TITLE_LENGTH, _TEXT_LENGTH = 120, 300
_CLAIM = (
    "update people_notification set push_at = null where id = any(array("
    "select id from people_notification where push_at <= %s order by push_at limit %s for update skip locked"
    ")) and push_at is not null returning id"
)
_URGENT: Final = {
    NotificationKind.ASSIGNED,
    NotificationKind.MENTIONED,
    NotificationKind.FAILED,
    NotificationKind.ALARM,
}


class Pusher:
    """What one worker pushes, and what push services asked it to try once more."""

    def __init__(self, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._patience_seconds = patience_seconds
        self._senders = Senders()
        self._later: list[tuple[float, Job]] = []
        self._next_at: datetime | None = None
        self._is_done = True

    def push_due(self) -> int:
        """Push whatever is due; how many notifications were claimed. Any number of workers may be at it."""
        claimed = 0
        while True:
            ids = claim()
            claimed += len(ids)
            self._senders.give([*self._again(), *jobs_for(ids)])
            self._is_done = self._senders.wait(self._patience_seconds)
            self._settle()
            if len(ids) < BATCH:
                break
        waiting = Notification.objects.filter(push_at__isnull=False)
        self._next_at = waiting.aggregate(at=Min("push_at"))["at"]
        return claimed

    def until_next(self) -> float | None:
        """Seconds until there is something to do, as it stood at the end of `push_due`; None when nothing waits."""
        waits = [at - time.monotonic() for at, _job in self._later]
        if self._next_at is not None:
            waits.append((self._next_at - timezone.now()).total_seconds())
        if not self._is_done:
            waits.append(self._patience_seconds)
        return min(waits, default=None)

    def _again(self) -> list[Job]:
        now = time.monotonic()
        due = [job for at, job in self._later if at <= now]
        self._later = [(at, job) for at, job in self._later if at > now]
        standing = PushSubscription.objects.in_bulk([job.subscription_id for job in due]) if due else {}
        # A browser may be somebody else's by now.
        owners = {pk: one.teammate_id for pk, one in standing.items()}
        return [job for job in due if owners.get(job.subscription_id) == job.teammate_id]

    def _settle(self) -> None:
        worked, failed, gone = [], [], []
        for job, answer in self._senders.results():
            wait_seconds = answer.retry_after if answer.is_for_later and not job.is_second else None
            if answer.is_taken:
                worked.append(job.subscription_id)
            elif answer.is_gone:
                gone.append(job.subscription_id)
            elif wait_seconds is not None and wait_seconds <= LONGEST_WAIT_SECONDS:
                if len(self._later) < MOST_WAITING:
                    self._later.append((time.monotonic() + wait_seconds, replace(job, is_second=True)))
            else:
                log.info("push %s: answered %s %s", job.subscription_id, answer.status, answer.why)
                failed.append(job.subscription_id)
        push_subscriptions.worked(worked)
        push_subscriptions.failed(failed)
        push_subscriptions.gone(gone)


def claim() -> list[int]:
    """The ids of what is due, which from here on nobody else pushes."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [timezone.now(), BATCH])
        return [row[0] for row in cursor.fetchall()]


def jobs_for(ids: list[int]) -> list[Job]:
    """What is to be sent for claimed notifications: those that are unread, and that their teammate still may see."""
    if not ids:
        return []
    fresh = timezone.now() - timedelta(seconds=push.TTL_SECONDS)
    claimed = Notification.objects.filter(pk__in=ids, read_at=None, at__gt=fresh, teammate__is_active=True)
    wanted = list(claimed.select_related("teammate").order_by("pk"))
    browsers: dict[int, list[PushSubscription]] = {}
    for one in PushSubscription.objects.filter(teammate__in={found.teammate_id for found in wanted}):
        browsers.setdefault(one.teammate_id, []).append(one)
    told = gather_all(found for found in wanted if found.teammate_id in browsers)
    return [_job(one, browser) for one in told for browser in browsers[one.notification.teammate_id]]


def send_test(teammate: Teammate, endpoint: str) -> Answer | None:
    """A push that says it works, to this browser of theirs now; None when it is not known."""
    found = PushSubscription.objects.filter(teammate=teammate, endpoint=endpoint).first()
    if found is None:
        return None
    with translation.override(teammate.language):
        title, text = _("Notifications work"), _("This is how a notification looks in this browser.")
    payload = _payload(title, text, path="/", tag="test", language=teammate.language, is_test=True)
    if not _tests.acquire(blocking=False):
        return Answer(0, why="busy")
    try:
        answer = push.send(_target(found), payload, topic="test", urgency="high", timeout=TEST_SECONDS)
    finally:
        _tests.release()
    if answer.is_gone:
        push_subscriptions.gone([found.pk])
    return answer


def _job(told: Gathered | Alarmed, browser: PushSubscription) -> Job:
    language = told.notification.teammate.language
    said = told.said(language)
    tag = told.tag
    return Job(
        browser.pk,
        browser.teammate_id,
        browser.failures,
        _target(browser),
        _payload(said.title, said.text, path=said.path, tag=tag, language=language),
        tag,
        "high" if told.notification.kind in _URGENT else "normal",
    )


def _target(browser: PushSubscription) -> Target:
    return Target(browser.endpoint, browser.key, browser.auth)


def _payload(title: str, text: str, *, path: str, tag: str, language: str, is_test: bool = False) -> bytes:
    """What the service worker reads (static/majlis/js/sw.js); always below push.MOST_BYTES."""
    told: dict[str, object] = {
        "title": title[:_TITLE_LENGTH],
        "text": text[:_TEXT_LENGTH],
        "path": path,
        "tag": tag,
        "lang": language,
        "dir": direction(title, "rtl" if language == "ar" else "ltr"),
    }
    if is_test:
        told["test"] = True
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
