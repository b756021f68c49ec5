"""Bringing what is stored up to what an IMAP folder holds. The cursor is (UIDVALIDITY, UID): never \\Seen, never dates."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime

from django.db import connection
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError

from majlis.channels.actions import cursor
from majlis.channels.actions.accept import Incoming, accept_many
from majlis.channels.actions.backfill import EVERYTHING
from majlis.channels.email.folder_names import exists
from majlis.channels.email.mailserver import problems
from majlis.channels.models import MailFolder, Route
from majlis.channels.problems import ConnectionProblem
from majlis.intake.imap_fetch import Fetched, Suspects, fetch

COUNT_EVERY_SECONDS = 600.0
OLDER_AT_ONCE = 500
_FEW = 2000
_TOLD_AT_MOST = 5
_CLOCKS_DIFFER = timedelta(hours=1)


class NotKept(Exception):  # noqa: N818 - said as a fact
    """The disk would not take a message; the cursor stays where it was."""


class Stopped(Exception):  # noqa: N818 - said as a fact
    """The process is ending, or another place is to be read; what is kept is kept, the rest comes next time."""


@dataclass(slots=True)
class Folder:
    """One folder of an account, when it is open. `suspects` outlives the connection; `row` is read anew for each.

    `older_since` is the first day whose mail is wanted; `on_older` is told how many older messages were kept.
    """

    client: IMAPClient
    row: MailFolder
    suspects: Suspects
    largest: int
    is_stopping: Callable[[], bool]
    older_since: date | None = None
    on_older: Callable[[int], None] | None = None
    _counted_at: float = field(default=float("-inf"))
    _state: tuple[object, ...] = field(default=())

    def open(self) -> None:
        """Select the folder read-only and see whether its numbering is still the one we know.

        Another place (`cursor.ELSEWHERE`) is numbered anew, also when it counts under the same UIDVALIDITY.
        Raises ConnectionProblem, among others `folder` when there is none by its name; Stopped when the connection
        was changed meanwhile: then this is not the place to read any more.
        """
        self.client.normalise_times = False
        with problems():
            if not exists(self.client, self.row.name):
                raise ConnectionProblem("folder")
            state = self.client.select_folder(self.row.name, readonly=True)
        uidvalidity, uidnext = int(state.get(b"UIDVALIDITY") or 0), int(state.get(b"UIDNEXT") or 0)
        if uidvalidity < 1:
            raise ConnectionProblem("no_uidl")
        if self.row.uidvalidity == uidvalidity:
            return
        if self.row.uidvalidity is None:
            is_ours = cursor.begin(self.row, uidvalidity=uidvalidity, uidnext=uidnext or self._next_uid())
        else:
            is_ours = cursor.renumber(self.row, uidvalidity=uidvalidity)
        if not is_ours:
            raise Stopped

    def catch_up(self) -> bool:
        """Fetch everything new, then some of the older mail that is wanted, then what a count finds missing.

        False: more older mail waits, and new mail is to be looked for before. Raises ConnectionProblem, NotKept,
        Stopped and django.db.Error; whatever was kept until then stays kept.
        """
        self._fetch_new()
        if not self._fetch_older():
            return False
        is_due = time.monotonic() - self._counted_at > COUNT_EVERY_SECONDS
        if is_due or self._last_uid - (self.row.first_uid or 0) < _FEW:
            self._count()
        else:
            cursor.checked(self.row)
        return True

    @property
    def has_older_left(self) -> bool:
        """Claims that older mail waits, and this folder is to be opened for it."""
        return (self.row.older_left is None and self.older_since is not None) or bool(self.row.older_left)

    def has_news(self) -> bool:
        """Claims that this folder, not open now, is not as it was when this was last asked (STATUS, RFC 3501 §6.3.10)."""
        try:
            with problems():
                asked = self.client.folder_status(self.row.name, ["MESSAGES", "UIDNEXT", "UIDVALIDITY"])
        except ConnectionProblem as problem:
            if isinstance(problem.__cause__, IMAPClientAbortError | OSError):
                raise
            return True  # the server said NO: opening it will say why
        state = tuple(asked.get(name) for name in (b"MESSAGES", b"UIDNEXT", b"UIDVALIDITY"))
        is_due = time.monotonic() - self._counted_at > COUNT_EVERY_SECONDS
        before, self._state = self._state, state
        return is_due or state != before

    # -- the three ways in

    def _fetch_new(self) -> None:
        told = 0
        while True:
            # The server tells of new mail once. Told while a search runs, its result may not hold it yet, and
            # IDLE would never tell again: only a search that ends without such news is the last. One that tells
            # of mail that is not there is not believed for ever.
            with problems():
                self.client.noop()
                self._was_told()
                found = self._search("UID", f"{self._last_uid + 1}:*")
                was_told = self._was_told()
            uids = [uid for uid in found if uid > self._last_uid]  # "*" is the last message, however old
            if uids:
                before = self._last_uid
                self._keep(uids, is_historic=self._is_from_before, moves_cursor=True)
                told += self._last_uid == before
            elif not was_told:
                return
            else:
                told += 1
            if told >= _TOLD_AT_MOST:
                return

    def _fetch_older(self) -> bool:
        """Some of what is wanted, the newest first; whether that was all."""
        missing = [uid for uid in self._missing(self._older()) if not self.suspects.is_left_out(uid)]
        some = missing[-OLDER_AT_ONCE:]
        if some:
            self._keep(some, is_historic=lambda _: True, notes=self.on_older)
        left = len(missing) - len(some)
        if self.older_since is not None and self.row.older_left != left:
            cursor.older_left(self.row, left)
            self.row.older_left = left
        return left == 0

    def _count(self) -> None:
        """Compare the server's messages of our range with ours; what is missing is fetched once more."""
        with problems():
            range_uids = self._search("UID", f"{max(self.row.first_uid or 1, 1)}:*")
        uids = [
            uid for uid in range_uids if (self.row.first_uid or 0) <= uid <= self._last_uid
        ] + self._older()
        missing = self._missing(uids)
        if missing:
            first = self.row.first_uid or 0
            self._keep(missing, is_historic=lambda one: one.uid < first or self._is_from_before(one))
            missing = self._missing(uids)
        self._counted_at = time.monotonic()
        cursor.checked(self.row, server_count=len(uids), stored_count=len(uids) - len(missing))
        if self.row.first_uid == cursor.RENUMBERED:
            self.row.first_uid = (
                cursor.RENUMBERED + 1
            )  # as stored; what else was changed is the next reader's

    # -- how

    @property
    def _last_uid(self) -> int:
        return self.row.last_uid or 0

    def _older(self) -> list[int]:
        """What lay in the folder before its first day here, as far back as was asked for."""
        first = self.row.first_uid or 0
        if self.older_since is None or first <= 1:
            return []
        with problems():
            if self.older_since == EVERYTHING:
                found = self._search("UID", f"1:{first - 1}")
            else:
                found = self._search("SINCE", self.older_since, "UID", f"1:{first - 1}")
        return [uid for uid in found if uid < first]

    def _keep(
        self,
        uids: Sequence[int],
        *,
        is_historic: Callable[[Fetched], bool],
        moves_cursor: bool = False,
        notes: Callable[[int], None] | None = None,
    ) -> None:
        uidvalidity = self.row.uidvalidity
        assert uidvalidity is not None
        batches = fetch(self.client, uids, largest=self.largest, suspects=self.suspects)
        while True:
            if self.is_stopping():
                raise Stopped
            with problems():
                batch, last_uid = next(batches, ([], None))
            if last_uid is None:
                return
            self._check_numbering()
            incoming = [
                Incoming(
                    self.row.connection.mailbox_id,
                    one.content,
                    folder_id=self.row.pk,
                    uidvalidity=uidvalidity,
                    uid=one.uid,
                    is_historic=is_historic(one),
                    received_at=_aware(one.received_at),
                    unfit=one.unfit,
                )
                for one in batch
            ]
            try:
                accept_many(incoming, route=Route.IMAP)
            except OSError as error:
                raise NotKept(error.strerror or str(error)) from error
            cursor.heard(self.row)
            if notes and batch:
                notes(len(batch))
            if moves_cursor:
                cursor.advance(self.row, last_uid=last_uid)
                self.row.last_uid = last_uid

    def _is_from_before(self, one: Fetched) -> bool:
        """After a new numbering everything comes again: what lay there when all was last well is not news.

        The topmost Received line counts too: a careless restore gives old mail today's date (RFC 5321 §4.4).
        """
        if self.row.first_uid != cursor.RENUMBERED:
            return False
        if self.row.checked_at is None:
            return True
        moments = [at for at in (_aware(one.received_at), delivered_at(one.content)) if at is not None]
        return bool(moments) and min(moments) < self.row.checked_at - _CLOCKS_DIFFER

    def _check_numbering(self) -> None:
        """A server that changed its numbers under our hands is asked anew: what it sent may be another message."""
        said = self.client._imap.untagged_responses.get("UIDVALIDITY") or []
        if any(int(one) != self.row.uidvalidity for one in said if one.isdigit()):
            raise ConnectionProblem("lost", detail="UIDVALIDITY changed")

    def _search(self, *criteria: object) -> list[int]:
        return sorted({int(uid) for uid in self.client.search(list(criteria))} - {0})

    def _next_uid(self) -> int:
        """For servers that do not say UIDNEXT."""
        with problems():
            return max(self._search("ALL"), default=0) + 1

    def _was_told(self) -> bool:
        """Whether the server spoke of a new size of the folder since this was last asked."""
        return bool(self.client._imap.response("EXISTS")[1] != [None])

    def _missing(self, uids: Sequence[int]) -> list[int]:
        """Those of `uids` that are not stored, without the ones left out for now."""
        if not uids:
            return []
        with connection.cursor() as db:
            db.execute(
                "select u from unnest(%s::bigint[]) as t(u) where not exists (select from channels_rawmessage r"
                " where r.folder_id = %s and r.uidvalidity = %s and r.uid = u) and not exists ("
                " select from channels_passedover p where p.folder_id = %s and p.uidvalidity = %s and p.uid = u)"
                " order by u",
                [list(uids), *(self.row.pk, self.row.uidvalidity) * 2],
            )
            return [uid for (uid,) in db.fetchall()]


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def delivered_at(content: bytes) -> datetime | None:
    """The date of the topmost Received line, as the last server wrote it."""
    end = content.find(b"\r\n\r\n")
    received = BytesHeaderParser().parsebytes(content[: end if end >= 0 else None]).get("Received")
    try:
        return _aware(parsedate_to_datetime(str(received).rpartition(";")[2].strip()))
    except (TypeError, ValueError):
        return None
