"""Getting messages from a POP3 server in bounded batches, so that no single message stops the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from majlis.channels.actions import cursor
from majlis.channels.actions.accept import Incoming, accept_many
from majlis.channels.actions.backfill import EVERYTHING
from majlis.channels.email import popserver
from majlis.channels.email.popserver import PopClient, PopRefused, PopTooLong
from majlis.channels.models import MailFolder, PassedOver, Route
from majlis.channels.problems import ConnectionProblem
from majlis.intake.imap import NotKept, Stopped, delivered_at
from majlis.intake.imap_fetch import BATCH_BYTES, BATCH_MESSAGES, Suspects, too_large

_HEADER_BYTES = 1024 * 1024
_CLOCKS_DIFFER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Listed:
    """A message of the server: its number in this session, the key it is known by, its size as the server says."""

    number: int
    key: str
    size: int


@dataclass(slots=True)
class Standing:
    """What is known here of a message: stored; passed over, as thrown out for good or as older mail of a day."""

    is_stored: bool
    is_passed: bool
    is_removed: bool
    dated_on: date | None

    @property
    def may_be_wanted(self) -> bool:
        """Claims that it is older mail that was not fetched."""
        return self.is_passed and not self.is_stored and not self.is_removed

    @property
    def is_ours(self) -> bool:
        """Claims that it is one of those we answer for."""
        return self.is_stored or self.is_removed or not self.is_passed


@dataclass(slots=True)
class Visit:
    """One session. What breaks at a message is remembered by `suspects`, by key."""

    client: PopClient
    folder: MailFolder
    suspects: Suspects
    largest: int
    is_stopping: Callable[[], bool]

    def keep(
        self,
        messages: Sequence[Listed],
        *,
        is_historic: Callable[[bytes], bool],
        notes: Callable[[int], None] = lambda _: None,
    ) -> int:
        """Fetch these and keep them: the files, then the rows, batch by batch; how many. Nothing is deleted there.

        Raises ConnectionProblem, NotKept, Stopped and django.db.Error; whatever was kept until then stays kept.
        """
        batch: list[Incoming] = []
        size = kept = 0
        try:
            for one in messages:
                if self.is_stopping():
                    raise Stopped
                if self.suspects.is_left_out(one.key):
                    continue
                if self.suspects.is_suspect(one.key):
                    self._store(batch, notes)  # what came before it must not suffer for it
                    batch, size = [], 0
                incoming = self._fetch(one, is_historic)
                if incoming is None:
                    continue
                batch.append(incoming)
                kept += 1
                size += len(incoming.content)
                if len(batch) >= BATCH_MESSAGES or size > BATCH_BYTES:
                    self._store(batch, notes)
                    batch, size = [], 0
        except ConnectionProblem:
            self._store(batch, notes)
            raise
        self._store(batch, notes)
        return kept

    def wanted(
        self, older: Sequence[Listed], known: Mapping[str, Standing], since: date | None, *, at_once: int
    ) -> tuple[list[Listed], int]:
        """Those of the older messages that came on `since` or later, and how many have not been looked at yet.

        A list has no dates: the header of each is looked at once, the newest first, and its day kept.
        """
        if since is None or since == EVERYTHING:
            return list(older), 0
        unseen = [one for one in older if known[one.key].dated_on is None]
        unseen = [one for one in unseen if not self.suspects.is_left_out(one.key)]
        looked = unseen[-at_once:]
        for one in reversed(looked):
            if self.is_stopping():
                raise Stopped
            if (header := self._header(one)) is not None:
                at = delivered_at(header) or datetime.now(UTC)  # unknown: rather fetched than missed
                known[one.key].dated_on = at.astimezone(UTC).date()
                row = PassedOver.objects.filter(folder=self.folder, uidl=one.key)
                row.update(dated_on=known[one.key].dated_on)
        cursor.heard(self.folder)
        return [one for one in older if self._is_wanted(one, known, since)], len(unseen) - len(looked)

    def _is_wanted(self, one: Listed, known: Mapping[str, Standing], since: date) -> bool:
        """One that cannot be looked at may be: then it counts as missing."""
        day = known[one.key].dated_on
        return self.suspects.is_left_out(one.key) if day is None else day >= since

    def is_from_before(self, content: bytes) -> bool:
        """On another server everything comes again: what lay there when all was last well is not news."""
        if self.folder.first_uid != cursor.RENUMBERED:
            return False
        if self.folder.checked_at is None:
            return True
        at = delivered_at(content)
        return at is not None and at < self.folder.checked_at - _CLOCKS_DIFFER

    # -- how

    def _fetch(self, one: Listed, is_historic: Callable[[bytes], bool]) -> Incoming | None:
        """The message, or its header when it is too large; None when the server will not give it."""
        unfit = ""
        content: bytes | None
        if one.size > self.largest or self.suspects.is_too_large(one.key):
            content = self._header(one)
            unfit = too_large(max(one.size, self.largest + 1), self.largest)
        else:
            content = self._message(one)
        if content is None:
            return None
        self.suspects.clear([one.key])
        return Incoming(
            self.folder.connection.mailbox_id,
            content,
            folder_id=self.folder.pk,
            uidl=one.key,
            is_historic=is_historic(content),
            received_at=delivered_at(content),
            unfit=unfit,
        )

    def _message(self, one: Listed) -> bytes | None:
        with popserver.problems():
            try:
                return self.client.message(one.number, most=self.largest)
            except PopRefused:
                self.suspects.blame([one.key])
                return None
            except PopTooLong:
                self.suspects.blame([one.key])
                self.suspects.too_large(one.key)
                raise
            except Exception:
                self.suspects.blame([one.key])
                raise

    def _header(self, one: Listed) -> bytes | None:
        with popserver.problems():
            try:
                return self.client.header(one.number, most=_HEADER_BYTES)
            except PopRefused:
                self.suspects.blame([one.key])
                return None
            except Exception:
                self.suspects.blame([one.key])
                raise

    def _store(self, batch: Sequence[Incoming], notes: Callable[[int], None]) -> None:
        if not batch:
            return
        try:
            accept_many(batch, route=Route.POP3)
        except OSError as error:
            raise NotKept(error.strerror or str(error)) from error
        cursor.heard(self.folder)
        notes(len(batch))
