"""A copy of what left is put into the mailbox's own folder of sent mail, once, however often it is tried."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from majlis.channels import queries
from majlis.channels.connections import imap_settings
from majlis.channels.email import building
from majlis.channels.email.mailserver import connect, problems
from majlis.channels.models import Delivery, MailConnection, MailOptions, SentCopy
from majlis.channels.problems import ConnectionProblem, pack

log = logging.getLogger(__name__)

_WAITS_MINUTES = (1, 5, 15, 60, 240, 720)
_IN_HAND = timedelta(
    minutes=10
)  # longer than the server may take: who died with a copy in hand leaves it to others
_DUE = (
    "insert into channels_sentcopy (delivery_id, due_at)"
    " select d.id, now() from channels_delivery d join channels_mailoptions o on o.mailbox_id = d.mailbox_id"
    " where d.id = %s and d.entry_id is not null and o.sent_folder <> '' on conflict do nothing"
)


def want(delivery_id: int) -> None:
    """Have a delivery that left copied, where its mailbox wants that; in the transaction that settles it."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [delivery_id])


def run_due(*, limit: int = 20) -> int:
    """Put up to `limit` copies where they belong; how many were tried. Must not be called inside a transaction."""
    for done in range(limit):
        copy = _claim()
        if copy is None:
            return done
        _try(copy)
    return limit


def _claim() -> SentCopy | None:
    now = timezone.now()
    with transaction.atomic():
        due = SentCopy.objects.select_for_update(skip_locked=True, of=("self",)).filter(due_at__lte=now)
        copy = due.order_by("due_at").select_related("delivery__mailbox", "delivery__entry__mailbox").first()
        if copy is not None:
            copy.attempts += 1
            copy.due_at = now + _IN_HAND
            copy.save(update_fields=["attempts", "due_at"])
    return copy


def _try(copy: SentCopy) -> None:
    mailbox = copy.delivery.mailbox
    options = MailOptions.objects.filter(mailbox=mailbox).exclude(sent_folder="").first()
    row = MailConnection.objects.filter(mailbox=mailbox).exclude(in_host="").first()
    if options is None or row is None:
        copy.delete()  # not wanted any more, or there is no such folder any more
        return
    try:
        _put(copy.delivery, row, options.sent_folder)
    except ConnectionProblem as problem:
        _again(copy, options, str(problem))
    except Exception as error:
        log.exception("delivery %s could not be copied", copy.delivery_id)
        _again(copy, options, pack("other", detail=str(error) or type(error).__name__))
    else:
        with transaction.atomic():
            copy.delete()
            MailOptions.objects.filter(pk=options.pk).exclude(sent_problem="").update(sent_problem="")


def _again(copy: SentCopy, options: MailOptions, problem: str) -> None:
    """Later, or never: the message itself has left, so a missing copy is said in the settings and no more."""
    MailOptions.objects.filter(pk=options.pk).update(sent_problem=problem)
    if copy.attempts > len(_WAITS_MINUTES):
        copy.delete()
        return
    wait = timedelta(minutes=_WAITS_MINUTES[copy.attempts - 1])
    SentCopy.objects.filter(pk=copy.pk).update(due_at=timezone.now() + wait)


def _put(delivery: Delivery, row: MailConnection, folder: str) -> None:
    """Raises ConnectionProblem, among others `folder` when there is none by that name."""
    settings = imap_settings(row)
    assert settings is not None
    way = queries.way_out(delivery)
    message = building.build(queries.outgoing(delivery, way.sender))
    client = connect(settings)
    try:
        with problems():
            if not client.folder_exists(folder):
                raise ConnectionProblem("folder")
            client.select_folder(folder, readonly=True)
            # Gmail and Microsoft put one there by themselves, and a try before this one may have as well.
            if not client.search(["HEADER", "MESSAGE-ID", delivery.message_id]):
                client.append(folder, message, flags=[rb"\Seen"], msg_time=delivery.settled_at)
    finally:
        with suppress(OSError, IMAPClientError):
            client.logout()


def next_due_in() -> float | None:
    """Seconds until the next copy is due; None when none waits."""
    due_at = SentCopy.objects.order_by("due_at").values_list("due_at", flat=True).first()
    return None if due_at is None else (due_at - timezone.now()).total_seconds()


def sent_folder(client: IMAPClient) -> str:
    """The server's own folder of sent mail (RFC 6154), by its mark or else by a usual name; empty when none is found."""
    with problems():
        found = client.find_special_folder(rb"\Sent")
    return str(found or "")
