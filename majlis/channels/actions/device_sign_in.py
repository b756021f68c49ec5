"""Signing in to a mailbox by a code that is entered in any browser (RFC 8628): begun here, asked for by the worker."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from majlis.channels.actions.sign_in import digest, grant_for, settle
from majlis.channels.oauth.clients import client_of
from majlis.channels.oauth.models import OAuthAttempt
from majlis.channels.oauth.tokens import begin_device, poll_device
from majlis.channels.problems import ConnectionProblem, pack
from majlis.channels.secrets import decrypt, encrypt
from majlis.journal.actions import wake
from majlis.lib.errors import Refused
from majlis.people.models import Mailbox, Teammate

OVERDUE = timedelta(seconds=3)
SLOWER_SECONDS = 5  # RFC 8628 §3.5
_LONGEST_SECONDS = 60


def begin(mailbox: Mailbox, by: Teammate, *, session_key: str) -> OAuthAttempt:
    """A code and an address for whoever signs in. One begun before for this mailbox ends.

    Raises Refused: not_allowed, not_connected; ConnectionProblem: oauth_no_device and others.
    """
    grant = grant_for(mailbox, by)
    client = client_of(grant.provider)
    if not client.at.device:
        raise ConnectionProblem("oauth_no_device")
    device = begin_device(client)
    now = timezone.now()
    with transaction.atomic():
        OAuthAttempt.objects.filter(grant=grant, ended_at=None).exclude(device_code="").update(ended_at=now)
        attempt = OAuthAttempt.objects.create(
            grant=grant,
            teammate=by,
            session=digest(session_key),
            device_code=encrypt(device.device_code),
            user_code=device.user_code,
            address=device.address,
            interval_seconds=device.interval_seconds,
            poll_at=now + timedelta(seconds=device.interval_seconds),
            expires_at=now + timedelta(seconds=device.lasts_seconds),
        )
        wake("signins")
    return attempt


def standing(mailbox: Mailbox, *, session_key: str) -> OAuthAttempt | None:
    """The last one that this session began for `mailbox`; none of before somebody signed in, however they did."""
    mine = OAuthAttempt.objects.filter(grant__connection__mailbox=mailbox, session=digest(session_key))
    mine = mine.exclude(ended_at__lte=F("grant__signed_in_at"))
    return mine.exclude(device_code="").order_by("-pk").first()


def remind() -> None:
    """Wake the worker when a question is overdue: a word to it may be lost, and somebody is looking at the page."""
    due_at = next_poll_at()
    if due_at is not None and due_at < timezone.now() - OVERDUE:
        wake("signins")


def poll_due() -> int:
    """Ask the issuers for every sign-in whose time has come; how many. Any number of processes may do so at once."""
    done = 0
    while (attempt := _claim()) is not None:
        _poll(attempt)
        done += 1
    return done


def next_poll_at() -> datetime | None:
    """When the next is to be asked for; None when nobody signs in."""
    due = OAuthAttempt.objects.filter(ended_at=None, poll_at__isnull=False).order_by("poll_at")
    return due.values_list("poll_at", flat=True).first()


def _claim() -> OAuthAttempt | None:
    """One that is due; its next time is set before the issuer is asked, so that nobody else asks meanwhile."""
    now = timezone.now()
    with transaction.atomic():
        found = (
            OAuthAttempt.objects.select_for_update(skip_locked=True)
            .filter(ended_at=None, poll_at__lte=now)
            .order_by("poll_at")
            .first()
        )
        if found is None:
            return None
        if found.expires_at <= now:
            found.ended_at, found.problem = now, pack("oauth_expired")
        found.poll_at = now + timedelta(seconds=max(found.interval_seconds, 1) + _LONGEST_SECONDS)
        found.save(update_fields=["poll_at", "ended_at", "problem"])
    return OAuthAttempt.objects.select_related("grant__connection", "teammate").get(pk=found.pk)


def _poll(attempt: OAuthAttempt) -> None:
    if attempt.ended_at is not None:
        return
    mine = OAuthAttempt.objects.filter(pk=attempt.pk, ended_at=None)
    interval = attempt.interval_seconds
    try:
        tokens = poll_device(client_of(attempt.grant.provider), decrypt(attempt.device_code))
        with transaction.atomic():
            if mine.update(ended_at=timezone.now()):
                settle(attempt, tokens)
    except Refused:
        mine.update(ended_at=timezone.now(), problem=pack("oauth_denied"))
    except ConnectionProblem as problem:
        if problem.code in ("pending", "slow_down", "oauth_later"):
            interval += SLOWER_SECONDS if problem.code == "slow_down" else 0
            at = timezone.now() + timedelta(seconds=interval)
            mine.update(interval_seconds=interval, poll_at=at)
            return
        code = "oauth_expired" if problem.code == "sign_in_again" else problem.code
        mine.update(ended_at=timezone.now(), problem=pack(code, **problem.data))
