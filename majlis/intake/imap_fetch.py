"""Getting messages from an IMAP server in bounded pieces, so that no single message stops the others."""

from __future__ import annotations

import time
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, ProtocolError

from majlis.channels.email.bounded import is_too_much

BATCH_MESSAGES = 50
BATCH_BYTES = 8 * 1024 * 1024
_SIZES_AT_ONCE = 500
_TRIES = 3
_AGAIN_AFTER_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """A message as the server has it. `unfit` says in plain words why only its header was fetched."""

    uid: int
    content: bytes
    received_at: datetime | None
    unfit: str = ""


@dataclass(slots=True)
class Suspects:
    """Messages whose fetching failed. They are fetched alone, and after three tries left out for an hour.

    A connection that is cut blames every message of its batch; those that then come alone are cleared. One that is
    larger than the server said is known by then: of it only the header is fetched.
    """

    _failures: dict[Hashable, int] = field(default_factory=dict)
    _again_at: dict[Hashable, float] = field(default_factory=dict)
    _oversize: set[Hashable] = field(default_factory=set)

    def blame(self, uids: Sequence[Hashable]) -> None:
        """Fetching these failed."""
        for uid in uids:
            self._failures[uid] = self._failures.get(uid, 0) + 1
            self._again_at[uid] = time.monotonic() + _AGAIN_AFTER_SECONDS

    def clear(self, uids: Sequence[Hashable]) -> None:
        """These came."""
        for uid in uids:
            self._failures.pop(uid, None)
            self._again_at.pop(uid, None)
            self._oversize.discard(uid)

    def is_suspect(self, uid: Hashable) -> bool:
        """Whether this one is to be fetched alone."""
        return uid in self._failures

    def is_left_out(self, uid: Hashable) -> bool:
        """Whether this one is not tried for now."""
        return self._failures.get(uid, 0) >= _TRIES and self._again_at[uid] > time.monotonic()

    def too_large(self, uid: Hashable) -> None:
        """The server sends more of it than it may have."""
        self._oversize.add(uid)

    def is_too_large(self, uid: Hashable) -> bool:
        """Whether only its header is to be fetched, whatever size it is said to have."""
        return uid in self._oversize


def fetch(
    client: IMAPClient, uids: Sequence[int], *, largest: int, suspects: Suspects
) -> Iterator[tuple[list[Fetched], int]]:
    """Batches of messages in the order of `uids`, each with the last uid that is dealt with by then.

    A batch holds at most 50 messages and 8 MiB, or a single larger message. Of one over `largest` bytes only the
    header comes. Whatever vanished from the server meanwhile is left out; so are suspects that failed three
    times. Nothing is marked as seen (BODY.PEEK, RFC 3501 §6.4.5).
    Raises OSError and IMAPClientError when the connection does not go on.
    """
    for start in range(0, len(uids), _SIZES_AT_ONCE):
        some = [uid for uid in uids[start : start + _SIZES_AT_ONCE] if not suspects.is_left_out(uid)]
        facts = _facts(client, some)
        suspects.blame([uid for uid in some if uid not in facts])
        sizes = {uid: int(facts[uid].get(b"RFC822.SIZE", 0)) for uid in some if uid in facts}
        for uid in filter(suspects.is_too_large, list(sizes)):
            sizes[uid] = max(sizes[uid], largest + 1)
        for batch in _batches(sizes, largest, suspects):
            if sizes[batch[0]] > largest:
                contents = _contents(client, batch, "BODY.PEEK[HEADER]", suspects)
                unfit = too_large(sizes[batch[0]], largest)
            else:
                contents, unfit = _contents(client, batch, "BODY.PEEK[]", suspects), ""
            yield (
                [
                    Fetched(uid, content, facts[uid].get(b"INTERNALDATE"), unfit)
                    for uid, content in contents.items()
                ],
                batch[-1],
            )
            suspects.clear(list(contents))
        yield [], uids[min(start + _SIZES_AT_ONCE, len(uids)) - 1]


def _facts(client: IMAPClient, uids: Sequence[int]) -> dict[int, dict[bytes, Any]]:
    """Sizes and dates. A server that says NO once is asked again; it may be busy."""
    asked = ["RFC822.SIZE", "INTERNALDATE"]
    try:
        return dict(client.fetch(uids, asked))
    except (IMAPClientAbortError, ProtocolError):
        raise
    except IMAPClientError:
        return dict(client.fetch(uids, asked))


def too_large(size: int, largest: int) -> str:
    """Why a message stands in quarantine of which only the header was fetched."""
    return f"Too large: {size} bytes, of at most {largest}. Only its header was fetched."


def _batches(sizes: dict[int, int], largest: int, suspects: Suspects) -> Iterator[list[int]]:
    batch: list[int] = []
    total = 0
    for uid, size in sizes.items():
        is_alone = size > largest or suspects.is_suspect(uid)
        if batch and (is_alone or len(batch) >= BATCH_MESSAGES or total + size > BATCH_BYTES):
            yield batch
            batch, total = [], 0
        batch.append(uid)
        total += size
        if is_alone:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch


def _contents(client: IMAPClient, uids: Sequence[int], what: str, suspects: Suspects) -> dict[int, bytes]:
    """The bytes of each message; those the server will not give are blamed and missing."""
    try:
        answer = client.fetch(uids, [what])
    except (OSError, IMAPClientAbortError, ProtocolError) as error:
        suspects.blame(uids)
        if is_too_much(error) and len(uids) == 1 and "HEADER" not in what:
            suspects.too_large(uids[0])
        raise
    except IMAPClientError:  # the server said NO: to which one, it does not say
        if len(uids) == 1:
            suspects.blame(uids)
            return {}
        singly: dict[int, bytes] = {}
        for uid in uids:
            singly.update(_contents(client, [uid], what, suspects))
        return singly
    key = what.replace(".PEEK", "").encode()
    contents = {uid: answer[uid][key] for uid in uids if answer.get(uid, {}).get(key) is not None}
    suspects.blame([uid for uid in uids if uid not in contents])
    return contents
