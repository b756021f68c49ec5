"""How far an IMAP mailbox has been read, and how well it goes. The cursor never moves back by itself."""

from __future__ import annotations

from django.db import transaction
from django.db.models import BigIntegerField, F, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from majlis.channels.models import MailConnection, RawMessage

# As `first_uid`: the server numbered its messages anew, and not all have been fetched again.
RENUMBERED = 0


def begin(connection_id: int, *, uidvalidity: int, uidnext: int) -> None:
    """A mailbox seen for the first time: new is what comes from now on.

    Older mail, where it is wanted, has uids below `first_uid` and leaves the cursor alone.
    """
    MailConnection.objects.filter(pk=connection_id).update(
        uidvalidity=uidvalidity, first_uid=uidnext, last_uid=uidnext - 1
    )


def renumber(connection_id: int, *, uidvalidity: int) -> None:
    """The server numbered anew (RFC 3501 §2.3.1.1): every message has to be looked at again."""
    MailConnection.objects.filter(pk=connection_id).update(
        uidvalidity=uidvalidity, first_uid=RENUMBERED, last_uid=0
    )


def advance(connection_id: int, *, uidvalidity: int, last_uid: int) -> None:
    """All messages up to `last_uid` are kept. Called after their rows are committed, never before."""
    MailConnection.objects.filter(pk=connection_id, uidvalidity=uidvalidity, last_uid__lt=last_uid).update(
        last_uid=last_uid
    )


def checked(connection_id: int, *, server_count: int | None = None, stored_count: int | None = None) -> None:
    """Everything was fetched, all is well.

    Counts, where they were taken: messages of the range on the server, and how many of those are stored.
    """
    MailConnection.objects.filter(pk=connection_id).update(
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


def forget(connection_id: int) -> None:
    """The connection leads elsewhere now (another server, account or folder): it starts anew.

    What was fetched stays, but gives up its old number: servers like to number from 1, and the new place's
    messages must not be taken for the old one's.
    """
    with transaction.atomic():
        changed = MailConnection.objects.select_for_update().get(pk=connection_id)
        RawMessage.objects.filter(mailbox_id=changed.mailbox_id, uid__isnull=False).update(
            uid=None, uidvalidity=None
        )
        MailConnection.objects.filter(pk=connection_id).update(
            uidvalidity=None,
            first_uid=None,
            last_uid=None,
            server_count=None,
            stored_count=None,
            checked_at=None,
            problem="",
            problem_since=None,
        )
