"""What happens because time has passed: sweeps, run by one worker at a time."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from majlis.channels import gate, pace
from majlis.channels.actions.throw_out import throw_out
from majlis.channels.chat import visitors
from majlis.channels.forms.making import forget_removed
from majlis.channels.noticing import forget_old_letters
from majlis.conversations.actions.trash import overdue as overdue_in_trash
from majlis.conversations.actions.words import Backfill
from majlis.files.sweeping import remove_unowned
from majlis.flow import mailbox_notices, verdicts
from majlis.flow.notices import forget_old
from majlis.people.models import OneTimeLink, Session

log = logging.getLogger(__name__)

CLOCK_LOCK = 7103
_words = Backfill()


def tick() -> None:
    """Once an hour: sessions, links and notifications that ended, what lay in the trash long enough, old letters, old decisions about automatic mail, visitors who never wrote, files nobody owns, entries without words."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s::bigint)", [CLOCK_LOCK])
        if not (cursor.fetchone() or (False,))[0]:
            return
    try:
        now = timezone.now()
        Session.objects.filter(expire_date__lt=now).delete()
        OneTimeLink.objects.filter(expires_at__lt=now - timedelta(days=30)).delete()
        forget_old(now)
        for number in overdue_in_trash():
            throw_out(number)
        forget_old_letters(now=now)
        forget_removed(now=now)
        visitors.forget_old(now)
        pace.forget_old()
        mailbox_notices.settle()
        gate.forget_old(now=now)
        verdicts.learn()
        removed = remove_unowned(older_than=timedelta(hours=24))
        if removed:
            log.info("removed %s files that nobody owned", removed)
        if worded := _words.run():
            log.info("wrote the words by which %s entries are found", worded)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s::bigint)", [CLOCK_LOCK])
