"""Mail servers that hang, lie and break off, as no real one can be made to: IMAP and POP3, scripted, on a socket."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

ENDLESS = 64 * 1024 * 1024


class HangUp(Exception):  # noqa: N818 - said as a fact
    """The server closes the connection."""


@dataclass(slots=True)
class Liar:
    """Holds `messages` by uid. `lie` names what it does wrong, "" for nothing; `sent` counts its bytes."""

    messages: dict[int, bytes]
    lie: str = ""
    uidvalidity: int = 7
    sent: int = 0
    fetches: int = 0
    sessions: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def put(self, here: socket.socket, data: bytes) -> None:
        here.sendall(data)
        self.sent += len(data)

    def endless(self, here: socket.socket) -> None:
        for _ in range(ENDLESS // 65536):
            self.put(here, b"x" * 65536)

    def hang(self) -> None:
        self.over.wait(20)
        raise HangUp

    # -- IMAP

    def imap(self, here: socket.socket) -> None:
        """One session."""
        if self.lie == "hangs after connect":
            self.hang()
        self.put(here, b"* OK ready\r\n")
        lines = here.makefile("rb")
        for line in lines:
            tag, _, rest = line.strip().partition(b" ")
            words = rest.upper()
            if words.startswith(b"CAPABILITY"):
                extra = b" X" * 500_000 if self.lie == "a capability line of 1 MB" else b""
                self.put(here, b"* CAPABILITY IMAP4rev1" + extra + b"\r\n")
            elif words.startswith(b"LIST"):
                self._list(here)
            elif words.startswith((b"SELECT", b"EXAMINE")):
                self._select(here)
            elif words.startswith(b"NOOP"):
                if self.lie == "tells of mail that is not there":
                    self.put(here, b"* 9999 EXISTS\r\n")
                if self.lie == "a line without end":
                    self.endless(here)
            elif words.startswith(b"UID SEARCH"):
                self._search(here, words)
            elif words.startswith(b"UID FETCH"):
                if self._fetch(here, words, tag):
                    continue
            elif words.startswith(b"LOGOUT"):
                self.put(here, b"* BYE\r\n" + tag + b" OK done\r\n")
                return
            self.put(here, tag + b" OK done\r\n")

    def _list(self, here: socket.socket) -> None:
        self.put(here, b'* LIST (\\HasNoChildren) "/" INBOX\r\n')
        if self.lie == "8-bit folder names":
            self.put(here, '* LIST () "/" "الطلبات"\r\n* LIST () "/" "'.encode() + b'\xc7\xe1&-&Jjo\xff"\r\n')

    def _select(self, here: socket.socket) -> None:
        number = 9999 if self.lie == "tells of mail that is not there" else len(self.messages)
        uidnext = 1 if self.lie == "tells of mail that is not there" else max(self.messages) + 1
        self.put(
            here,
            b"* %d EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY %d] x\r\n* OK [UIDNEXT %d] x\r\n"
            % (number, self.uidvalidity, uidnext),
        )

    def _search(self, here: socket.socket, words: bytes) -> None:
        first = int((re.search(rb"UID (?:SEARCH )?\(?UID (\d+)", words) or re.search(rb"(\d+):", words))[1])  # type: ignore[index]
        found = [uid for uid in self.messages if uid >= first] or [max(self.messages)]
        if self.lie == "uids out of order and repeated":
            found = [0, *reversed(found), *found]
        if self.lie == "lists what is not there":
            found = [*found, 900, 901]
        if self.lie == "tells of mail that is not there":
            self.put(here, b"* 9999 EXISTS\r\n")
        self.put(here, b"* SEARCH " + b" ".join(b"%d" % uid for uid in found) + b"\r\n")

    def _fetch(self, here: socket.socket, words: bytes, tag: bytes) -> bool:
        """Whether the command was answered already, with NO."""
        self.fetches += 1
        if self.lie == "refuses every third FETCH" and self.fetches % 3 == 0:
            self.put(here, tag + b" NO not now\r\n")
            return True
        asked = words.split()[2]
        for uid in _uids(asked, max(self.messages)):
            if uid in self.messages:
                self._one(here, uid, words)
        if self.lie == "another numbering in between" and b"BODY" in words:
            self.put(here, b"* OK [UIDVALIDITY 8] x\r\n")
        return False

    def _one(self, here: socket.socket, uid: int, words: bytes) -> None:
        content = self.messages[uid]
        if b"RFC822.SIZE" in words:
            size = 0 if self.lie in ("sizes are 0", "a literal of 900 MB") else len(content)
            if self.lie == "sizes too small":
                size = 1
            self.put(
                here,
                b'* %d FETCH (UID %d RFC822.SIZE %d INTERNALDATE "01-Jan-2026 10:00:00 +0000")\r\n'
                % (uid, uid, size),
            )
            return
        if b"HEADER" in words:
            content = content.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        told = uid + 50 if self.lie == "answers with another uid" and uid == 3 else uid
        what = b"BODY[HEADER]" if b"HEADER" in words else b"BODY[]"
        length = (
            900_000_000
            if self.lie == "a literal of 900 MB" and what == b"BODY[]" and uid == 3
            else len(content)
        )
        self.put(here, b"* %d FETCH (UID %d %s {%d}\r\n" % (uid, told, what, length))
        if uid == 3 and self.lie in ("hangs in a literal", "half a literal, then hangs up"):
            self.put(here, content[: len(content) // 2])
            if self.lie == "hangs in a literal":
                self.hang()
            raise HangUp
        if length > len(content):
            self.endless(here)
        self.put(here, content + b")\r\n")
        if uid == 3 and self.lie == "says BYE in the middle":
            self.put(here, b"* BYE going down\r\n")
            raise HangUp

    # -- POP3

    def pop3(self, here: socket.socket) -> None:
        """One session. `uid` is the message's number too; its id is u and the number."""
        if self.lie == "hangs after connect":
            self.hang()
        self.put(here, b"+OK ready\r\n")
        for line in here.makefile("rb"):
            verb, _, rest = line.strip().partition(b" ")
            if verb == b"CAPA":
                extra = b"X" * 60_000 + b"\r\n" if self.lie == "a capability line of 1 MB" else b""
                extra = b"X" * 1_000_000 if extra else b""
                self.put(here, b"+OK\r\nUIDL\r\n" + extra + b"\r\n.\r\n")
            elif verb == b"UIDL":
                self._uidl(here)
            elif verb == b"LIST":
                self._sizes(here)
            elif verb in (b"RETR", b"TOP"):
                self._retr(here, int(rest.split()[0]), verb)
            elif verb == b"QUIT":
                self.put(here, b"+OK bye\r\n")
                return
            else:
                self.put(here, b"+OK\r\n")

    def _uidl(self, here: socket.socket) -> None:
        if self.lie == "knows no UIDL":
            self.put(here, b"-ERR unknown command\r\n")
            return
        self.put(here, b"+OK\r\n")
        if self.lie == "a line without end":
            self.endless(here)
        if self.lie == "lists what is not there":
            self.put(here, b"900 u900\r\n901 u901\r\nnonsense\r\n-1 x\r\n")
        for uid in self.messages:
            name = 1 if self.lie == "the same id for all" else uid
            self.put(here, b"%d u%d\r\n" % (uid, name))
        self.put(here, b".\r\n")

    def _sizes(self, here: socket.socket) -> None:
        size = {"sizes are 0": 0, "sizes too small": 1}
        lines = (b"%d %d\r\n" % (uid, size.get(self.lie, len(body))) for uid, body in self.messages.items())
        self.put(here, b"+OK\r\n" + b"".join(lines) + b".\r\n")

    def _retr(self, here: socket.socket, uid: int, verb: bytes) -> None:
        self.fetches += 1
        refuses = self.lie == "refuses every third FETCH" and self.fetches % 3 == 0
        if refuses or uid not in self.messages:
            self.put(here, b"-ERR not now\r\n")
            return
        content = self.messages[uid]
        if verb == b"TOP":
            content = content.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        self.put(here, b"+OK\r\n")
        if uid == 3 and verb == b"RETR":
            if self.lie in ("hangs in a literal", "half a literal, then hangs up"):
                self.put(here, content[: len(content) // 2])
                if self.lie == "hangs in a literal":
                    self.hang()
                raise HangUp
            if self.lie == "a literal of 900 MB":
                self.endless(here)
        self.put(here, content.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        if uid == 3 and self.lie == "says BYE in the middle":
            self.put(here, b"-ERR going down\r\n")
            raise HangUp


def _uids(asked: bytes, last: int) -> Iterator[int]:
    for piece in asked.split(b","):
        first, _, end = piece.partition(b":")
        yield from range(int(first), (last if end == b"*" else int(end or first)) + 1)


@contextmanager
def listening(liar: Liar, protocol: str) -> Iterator[int]:
    """The port where it answers, until the end."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(here: socket.socket) -> None:
        with suppress(OSError, HangUp), here:
            liar.sessions += 1
            (liar.imap if protocol == "imap" else liar.pop3)(here)

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        liar.over.set()
        listener.close()
