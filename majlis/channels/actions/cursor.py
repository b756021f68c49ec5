"""How far a folder has been read, and how well it goes. The cursor never moves back by itself.

`row` is the folder as its reader found it when it connected. What a reader says of one whose connection was changed
since (`version`) is passed over: it may be of another server.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import BigIntegerField, DateTimeField, F, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from majlis.channels.models import MailConnection, MailFolder, PassedOver, Protocol, RawMessage

# As `first_uid`: the server numbered its messages anew, and not all have been fetched again.
RENUMBERED = 0
# As `uidvalidity`: another server, account or folder is read from now on. No server's number is below 1 (RFC 3501).
ELSEWHERE = -1
# As `uidvalidity` of a mailbox fetched by POP3: it has no numbers, only ids.
POP3 = 0
POP3_FOLDER = "INBOX"


class Changed(Exception):  # noqa: N818 - said as a fact
    """The connection was changed since its reader began: what it reads may not be the place any more."""


def folders(connection: MailConnection) -> list[MailFolder]:
    """The folders that are read, the one whose news are waited for first. Raises Changed.

    A connection that was never read gets the row of its first one.
    """
    is_pop = connection.protocol == Protocol.POP3
    first = POP3_FOLDER if is_pop else connection.in_folder
    with transaction.atomic():
        standing = MailConnection.objects.select_for_update().filter(pk=connection.pk)
        if standing.values_list("version", flat=True).first() != connection.version:
            raise Changed
        MailFolder.objects.get_or_create(
            connection=connection, name=first, defaults={"version": connection.version}
        )
    rows = MailFolder.objects.filter(connection=connection, version=connection.version)
    read = [row for row in rows.order_by("pk") if row.name == first or (row.is_enabled and not is_pop)]
    if not read:
        raise Changed
    for row in read:
        row.connection = connection
    return sorted(read, key=lambda row: row.name != first)


def begin(row: MailFolder, *, uidvalidity: int, uidnext: int) -> bool:
    """A folder seen for the first time: new is what comes from now on. False: its connection was changed since.

    Older mail, where it is wanted, has uids below `first_uid` and leaves the cursor alone.
    """
    return _place(row, uidvalidity=uidvalidity, first_uid=uidnext, last_uid=uidnext - 1)


@transaction.atomic
def begin_pop3(row: MailFolder, *, uidls: Sequence[str]) -> bool:
    """A POP3 mailbox seen for the first time: what lies there now (`uidls`) is older mail, and passed over."""
    if not _place(row, uidvalidity=POP3, first_uid=1, last_uid=0):
        return False
    PassedOver.objects.bulk_create(
        [PassedOver(folder=row, uidl=uidl) for uidl in uidls], ignore_conflicts=True, batch_size=2000
    )
    return True


@transaction.atomic
def renumber(row: MailFolder, *, uidvalidity: int) -> bool:
    """Every message has to be looked at again: the server numbered anew (RFC 3501 §2.3.1.1), or it is another one.

    What was fetched under the same UIDVALIDITY gives up its number, so that none of the messages that have these
    numbers now is taken for stored; so do the ids of POP3. False: the connection was changed since, and nothing was done.
    """
    if not _place(row, uidvalidity=uidvalidity, first_uid=RENUMBERED, last_uid=0):
        return False
    for known in (RawMessage.objects, PassedOver.objects):
        known.filter(folder=row, uidvalidity=uidvalidity, uid__isnull=False).update(
            uid=None, uidvalidity=None
        )
        if uidvalidity == POP3:
            known.filter(folder=row, uidl__isnull=False).update(uidl=None)
    return True


def lead_elsewhere(connection: MailConnection, *, rows: QuerySet[MailFolder] | None = None) -> None:
    """Another server, account or folder is read from now on: its reader will renumber, whatever its UIDVALIDITY.

    Under the connection's lock, its version is raised by the caller. The numbers of what was fetched are given up only
    by the new reader: until it has ended, one of the old place may still keep messages under them.
    """
    found = MailFolder.objects.filter(connection=connection) if rows is None else rows
    found.filter(uidvalidity__isnull=False).update(uidvalidity=ELSEWHERE, first_uid=None, last_uid=None)
    found.update(server_count=None, stored_count=None, differs_since=None, older_left=None, problem="")


def advance(row: MailFolder, *, last_uid: int) -> None:
    """All messages up to `last_uid` are kept. Called after their rows are committed, never before."""
    _unchanged(row).filter(uidvalidity=row.uidvalidity, last_uid__lt=last_uid).update(last_uid=last_uid)


def heard(row: MailFolder) -> None:
    """The server gives what it is asked for: however long that takes, the mailbox is alive."""
    MailConnection.objects.filter(pk=row.connection_id, version=row.version).update(heard_at=timezone.now())


def checked(row: MailFolder, *, server_count: int | None = None, stored_count: int | None = None) -> None:
    """Everything of this folder was fetched, all is well there.

    Counts, where they were taken: messages of the range on the server, and how many of those are stored.
    """
    now = timezone.now()
    counts: dict[str, object] = {}
    if server_count is not None and stored_count is not None:
        differs = Coalesce(F("differs_since"), Value(now), output_field=DateTimeField())
        counts = {
            "server_count": server_count,
            "stored_count": stored_count,
            "differs_since": differs if server_count > stored_count else None,
        }
    _unchanged(row).update(
        **counts,
        checked_at=now,
        first_uid=Greatest(F("first_uid"), Value(RENUMBERED + 1), output_field=BigIntegerField()),
        problem="",
    )


def well(connection: MailConnection) -> None:
    """Every folder of it was found well."""
    now = timezone.now()
    MailConnection.objects.filter(pk=connection.pk, version=connection.version).update(
        checked_at=now, heard_at=now, problem="", problem_since=None
    )


def trouble(connection_id: int, problem: str) -> None:
    """The mailbox cannot be read: `problem` is packed by `channels.problems`. The first such moment is kept."""
    MailConnection.objects.filter(pk=connection_id).update(
        problem=problem, problem_since=Coalesce(F("problem_since"), timezone.now())
    )


def folder_trouble(row: MailFolder, problem: str) -> None:
    """This folder cannot be read; the others may."""
    _unchanged(row).update(problem=problem)


def older_left(row: MailFolder, number: int) -> None:
    """So many older messages are wanted and not here yet."""
    _unchanged(row).update(older_left=number)


def _unchanged(row: MailFolder) -> QuerySet[MailFolder]:
    return MailFolder.objects.filter(pk=row.pk, version=row.version)


def _place(row: MailFolder, *, uidvalidity: int, first_uid: int, last_uid: int) -> bool:
    """Both the stored row and the reader's, unless its connection was changed since."""
    since = Coalesce(F("since_at"), Value(timezone.now()), output_field=DateTimeField())
    place = {"uidvalidity": uidvalidity, "first_uid": first_uid, "last_uid": last_uid}
    if not _unchanged(row).update(**place, since_at=since):
        return False
    row.uidvalidity, row.first_uid, row.last_uid = uidvalidity, first_uid, last_uid
    return True
