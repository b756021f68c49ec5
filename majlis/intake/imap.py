"""Bringing what is stored up to what an IMAP folder holds. The cursor is (UIDVALIDITY, UID): never \\Seen, never dates."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime

from django.db import connection
from imapclient import IMAPClient

from majlis.channels.actions import cursor
from majlis.channels.actions.accept import Incoming, accept_many
from majlis.channels.email.mailserver import problems
from majlis.channels.models import MailConnection, Route
from majlis.channels.problems import ConnectionProblem
from majlis.intake.imap_fetch import Fetched, Suspects, fetch

COUNT_EVERY_SECONDS = 600.0
_FEW = 2000
_CLOCKS_DIFFER = timedelta(hours=1)


class NotKept(Exception):  # noqa: N818 - said as a fact
    """The disk would not take a message; the cursor stays where it was."""


class Stopped(Exception):  # noqa: N818 - said as a fact
    """The process is ending, or another place is to be read; what is kept is kept, the rest comes next time."""


@dataclass(slots=True)
class Folder:
    """One mailbox's open folder. `suspects` outlives the connection; `row` is read anew for each connection."""

    client: IMAPClient
    row: MailConnection
    suspects: Suspects
    largest: int
    is_stopping: Callable[[], bool]
    _counted_at: float = field(default=float("-inf"))

    def open(self) -> None:
        """Select the folder read-only and see whether its numbering is still the one we know.

        Another place (`cursor.ELSEWHERE`) is numbered anew, also when it counts under the same UIDVALIDITY.
        Raises ConnectionProblem, among others `folder` when there is none by its name; Stopped when the connection
        was changed meanwhile: then this is not the place to read any more.
        """
        self.client.normalise_times = False
        with problems():
            if not self.client.folder_exists(self.row.in_folder):
                raise ConnectionProblem("folder")
            state = self.client.select_folder(self.row.in_folder, readonly=True)
        uidvalidity, uidnext = int(state[b"UIDVALIDITY"]), int(state.get(b"UIDNEXT") or 0)
        if self.row.uidvalidity == uidvalidity:
            return
        if self.row.uidvalidity is None:
            is_ours = cursor.begin(self.row, uidvalidity=uidvalidity, uidnext=uidnext or self._next_uid())
        else:
            is_ours = cursor.renumber(self.row, uidvalidity=uidvalidity)
        if not is_ours:
            raise Stopped

    def catch_up(self) -> None:
        """Fetch everything new, then older mail that is wanted, then what a count finds missing.

        Raises ConnectionProblem, NotKept, Stopped and django.db.Error; whatever was kept until then stays kept.
        """
        self._fetch_new()
        self._fetch_older()
        is_due = time.monotonic() - self._counted_at > COUNT_EVERY_SECONDS
        if is_due or self._last_uid - (self.row.first_uid or 0) < _FEW:
            self._count()
        else:
            cursor.checked(self.row)

    # -- the three ways in

    def _fetch_new(self) -> None:
        while True:
            # The server tells of new mail once. Told while a search runs, its result may not hold it yet, and
            # IDLE would never tell again: only a search that ends without such news is the last.
            with problems():
                self.client.noop()
                self._was_told()
                found = self._search("UID", f"{self._last_uid + 1}:*")
                was_told = self._was_told()
            uids = [uid for uid in found if uid > self._last_uid]  # "*" is the last message, however old
            if uids:
                self._keep(uids, is_historic=self._is_from_before, moves_cursor=True)
            elif not was_told:
                return

    def _fetch_older(self) -> None:
        missing = self._missing(self._older())
        if missing:
            self._keep(missing, is_historic=lambda _: True)

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
        if self.row.older_since_on is None or (self.row.first_uid or 0) <= 1:
            return []
        with problems():
            return self._search("SINCE", self.row.older_since_on, "UID", f"1:{(self.row.first_uid or 0) - 1}")

    def _keep(
        self, uids: Sequence[int], *, is_historic: Callable[[Fetched], bool], moves_cursor: bool = False
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
            incoming = [
                Incoming(
                    self.row.mailbox_id,
                    one.content,
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
        moments = [at for at in (_aware(one.received_at), _delivered_at(one.content)) if at is not None]
        return bool(moments) and min(moments) < self.row.checked_at - _CLOCKS_DIFFER

    def _search(self, *criteria: object) -> list[int]:
        return sorted(int(uid) for uid in self.client.search(list(criteria)))

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
                "select u from unnest(%s::bigint[]) as t(u) where not exists (select 1 from channels_rawmessage"
                " where mailbox_id = %s and uidvalidity = %s and uid = u) order by u",
                [list(uids), self.row.mailbox_id, self.row.uidvalidity],
            )
            return [uid for (uid,) in db.fetchall()]


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def _delivered_at(content: bytes) -> datetime | None:
    """The date of the topmost Received line, as the last server wrote it."""
    end = content.find(b"\r\n\r\n")
    received = BytesHeaderParser().parsebytes(content[: end if end >= 0 else None]).get("Received")
    try:
        return _aware(parsedate_to_datetime(str(received).rpartition(";")[2].strip()))
    except (TypeError, ValueError):
        return None
