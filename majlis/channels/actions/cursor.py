"""How far an IMAP mailbox has been read, and how well it goes. The cursor never moves back by itself.

`row` is the connection as its reader found it when it connected. What a reader says of one that was changed since
(`version`) is passed over: it may be of another server.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import BigIntegerField, F, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from majlis.channels.models import MailConnection, RawMessage

# As `first_uid`: the server numbered its messages anew, and not all have been fetched again.
RENUMBERED = 0
# As `uidvalidity`: another server, account or folder is read from now on. No server's number is below 1 (RFC 3501).
ELSEWHERE = -1


def begin(row: MailConnection, *, uidvalidity: int, uidnext: int) -> bool:
    """A mailbox seen for the first time: new is what comes from now on. False: `row` has been changed since.

    Older mail, where it is wanted, has uids below `first_uid` and leaves the cursor alone.
    """
    return _place(row, uidvalidity=uidvalidity, first_uid=uidnext, last_uid=uidnext - 1)


@transaction.atomic
def renumber(row: MailConnection, *, uidvalidity: int) -> bool:
    """Every message has to be looked at again: the server numbered anew (RFC 3501 §2.3.1.1), or it is another one.

    What was fetched under the same UIDVALIDITY gives up its number, so that none of the messages that have these
    numbers now is taken for stored. False: `row` has been changed since, and nothing was done.
    """
    if not _place(row, uidvalidity=uidvalidity, first_uid=RENUMBERED, last_uid=0):
        return False
    earlier = RawMessage.objects.filter(mailbox_id=row.mailbox_id, uidvalidity=uidvalidity, uid__isnull=False)
    earlier.update(uid=None, uidvalidity=None)
    return True


def lead_elsewhere(row: MailConnection) -> None:
    """Another server, account or folder is read from now on: its reader will renumber, whatever its UIDVALIDITY.

    To be saved by the caller. The numbers of what was fetched are given up only then: until it has ended, a reader
    of the old place may still keep messages under them.
    """
    if row.uidvalidity is not None:
        row.uidvalidity, row.first_uid, row.last_uid = ELSEWHERE, None, None
    row.server_count = row.stored_count = None


def advance(row: MailConnection, *, last_uid: int) -> None:
    """All messages up to `last_uid` are kept. Called after their rows are committed, never before."""
    _unchanged(row).filter(uidvalidity=row.uidvalidity, last_uid__lt=last_uid).update(last_uid=last_uid)


def checked(row: MailConnection, *, server_count: int | None = None, stored_count: int | None = None) -> None:
    """Everything was fetched, all is well.

    Counts, where they were taken: messages of the range on the server, and how many of those are stored.
    """
    _unchanged(row).update(
        server_count=F("server_count") if server_count is None else server_count,
        stored_count=F("stored_count") if stored_count is None else stored_count,
        checked_at=timezone.now(),
        first_uid=Greatest(F("first_uid"), Value(RENUMBERED + 1), output_field=BigIntegerField()),
        problem="",
        problem_since=None,
    )


def trouble(connection_id: int, problem: str) -> None:
    """The mailbox cannot be read: `problem` is packed by `channels.problems`. The first such moment is kept."""
    MailConnection.objects.filter(pk=connection_id).update(
        problem=problem, problem_since=Coalesce(F("problem_since"), timezone.now())
    )


def _unchanged(row: MailConnection) -> QuerySet[MailConnection]:
    return MailConnection.objects.filter(pk=row.pk, version=row.version)


def _place(row: MailConnection, *, uidvalidity: int, first_uid: int, last_uid: int) -> bool:
    """Both the stored row and the reader's, unless the stored one was changed since."""
    if not _unchanged(row).update(uidvalidity=uidvalidity, first_uid=first_uid, last_uid=last_uid):
        return False
    row.uidvalidity, row.first_uid, row.last_uid = uidvalidity, first_uid, last_uid
    return True
