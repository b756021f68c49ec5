"""Older mail, fetched because somebody asked for it: begun, counted, stopped, ended. Its reader is woken each time."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from majlis.channels.models import Backfill, MailConnection, MailFolder
from majlis.journal.actions import record, wake
from majlis.lib.errors import Refused
from majlis.people.models import Mailbox, Teammate

EVERYTHING = date.min  # as a day to fetch from


@transaction.atomic
def begin(mailbox: Mailbox, by: Teammate, *, since_on: date | None) -> Backfill:
    """Have mail from that day on fetched as historic, or all of it. What is here already does not come twice.

    Raises Refused: `not_allowed`, `not_connected`, `backfill_runs`.
    """
    connection = _connection(mailbox, by)
    if Backfill.objects.filter(connection=connection, state=Backfill.State.RUNNING).exists():
        raise Refused("backfill_runs")
    made = Backfill.objects.create(
        connection=connection, since_on=since_on, asked_by=by, asked_at=timezone.now()
    )
    MailFolder.objects.filter(connection=connection).update(older_left=None)
    what = {"name": mailbox.name, "what": ["backfill"]}
    record("mailbox.changed", mailbox_id=mailbox.pk, actor_id=by.pk, data=what)
    look_again(connection)
    return made


@transaction.atomic
def stop(mailbox: Mailbox, by: Teammate) -> None:
    """Fetch no more of it; what came stays. Raises Refused: `not_allowed`, `not_connected`."""
    connection = _connection(mailbox, by)
    running = Backfill.objects.filter(connection=connection, state=Backfill.State.RUNNING)
    if running.update(state=Backfill.State.STOPPED, ended_at=timezone.now()):
        look_again(connection)


@transaction.atomic
def count_now(mailbox: Mailbox, by: Teammate) -> None:
    """Compare the server with what is stored at once. Raises Refused: `not_allowed`, `not_connected`."""
    look_again(_connection(mailbox, by))


def running_for(connection: MailConnection) -> Backfill | None:
    """The back-fill that its reader is to carry on."""
    return Backfill.objects.filter(connection=connection, state=Backfill.State.RUNNING).first()


def came(running: Backfill, number: int) -> None:
    """So many more were kept."""
    Backfill.objects.filter(pk=running.pk).update(fetched=F("fetched") + number)


@transaction.atomic
def end(running: Backfill) -> None:
    """All of it is here, or left out for now: from now on that range is counted like the rest."""
    still = Backfill.objects.filter(pk=running.pk, state=Backfill.State.RUNNING)
    if not still.update(state=Backfill.State.DONE, ended_at=timezone.now()):
        return
    since = running.since_on or EVERYTHING
    rows = MailFolder.objects.filter(connection=running.connection_id)
    (rows.filter(older_since_on=None) | rows.filter(older_since_on__gt=since)).update(older_since_on=since)


def look_again(connection: MailConnection) -> None:
    """Its reader begins anew, with what is asked for now. Under the connection's lock."""
    MailConnection.objects.filter(pk=connection.pk).update(version=F("version") + 1)
    connection.refresh_from_db(fields=["version"])
    MailFolder.objects.filter(connection=connection).update(version=connection.version)
    wake("connections")


def _connection(mailbox: Mailbox, by: Teammate) -> MailConnection:
    if not by.is_active or not by.is_admin:
        raise Refused("not_allowed")
    found = MailConnection.objects.select_for_update().filter(mailbox=mailbox).exclude(in_host="").first()
    if found is None:
        raise Refused("not_connected")
    return found
