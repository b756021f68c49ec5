"""What an IMAP server may say at once, and how long it may take: bounded, whatever it says."""

from __future__ import annotations

import time

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError

LONGEST_LINE = 8 * 1024 * 1024  # a million uids found by one search
AT_ONCE = 16 * 1024 * 1024  # besides the largest message: a batch of messages and the words around it
LONGEST_SECONDS = 1200.0  # for one answer: a server that drips does not hold a mailbox for ever
_PIECE = 64 * 1024


class TooMuch(IMAPClientAbortError):  # type: ignore[misc] # noqa: N818 - said as a fact
    """The server says more than can be meant, or takes too long for it; the connection ends."""


def is_too_much(error: BaseException) -> bool:
    """Claims that this ended an answer that was too long, or took too long; the library wraps it once."""
    return isinstance(error, TooMuch) or isinstance(error.__context__, TooMuch)


def bound(client: IMAPClient, *, largest: int = 0) -> None:
    """Watch over what `client` reads; `largest` is the size of the largest message that is fetched whole, in bytes."""
    bounds, imap = _Bounds(client, largest + AT_ONCE), client._imap
    imap.readline, imap.read, imap.send = bounds.readline, bounds.read, bounds.send


class _Bounds:
    """Counts what came since the last command."""

    def __init__(self, client: IMAPClient, most: int) -> None:
        self._imap, self._most = client._imap, most
        self._send = client._imap.send
        self._came, self._since = 0, time.monotonic()

    def send(self, data: bytes) -> None:
        self._came, self._since = 0, time.monotonic()
        self._send(data)

    def readline(self) -> bytes:
        line: bytes = self._imap.file.readline(LONGEST_LINE + 1)
        if len(line) > LONGEST_LINE:
            raise TooMuch("a line of the server's answer has no end")
        self._count(len(line))
        return line

    def read(self, size: int) -> bytes:
        self._count(size)  # before anything is read: what is announced may be a lie
        pieces: list[bytes] = []
        while size:
            piece: bytes = self._imap.file.read(min(size, _PIECE))
            if not piece:
                raise IMAPClientAbortError("the server hung up in the middle of a message")
            self._count(0)
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def _count(self, number: int) -> None:
        self._came += number
        if self._came > self._most:
            raise TooMuch(f"the server's answer is longer than {self._most} bytes")
        if time.monotonic() - self._since > LONGEST_SECONDS:
            raise TooMuch("the server's answer takes too long")
