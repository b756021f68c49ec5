"""Reaching a mailbox by POP3 (RFC 1939): one way in for the receiver and for the test button.

Not the standard library's: that refuses lines of over 2,048 bytes, which real mail has, and knows no bound for the
rest. Nothing is ever deleted (DELE is not spoken).
"""

from __future__ import annotations

import base64
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from majlis.channels.email import network, shown_certificates, xoauth2
from majlis.channels.email.bounded import LONGEST_SECONDS
from majlis.channels.email.mailserver import TIMEOUT_SECONDS, ImapSettings
from majlis.channels.email.renewed import with_token
from majlis.channels.problems import ConnectionProblem

LONGEST_LINE = 64 * 1024  # of what is not mail
LONGEST_LIST = 32 * 1024 * 1024  # some 700,000 messages
_PIECE = 64 * 1024
_END = b"\r\n.\r\n"


class PopRefused(Exception):  # noqa: N818 - said as a fact
    """The server answered -ERR; the connection goes on."""


class PopTooLong(Exception):  # noqa: N818 - said as a fact
    """An answer is longer than it may be; the connection cannot be used any more."""


class PopClient:
    """A connection to a POP3 server. Its methods raise OSError, PopRefused and PopTooLong."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._buffer = bytearray()
        self._until = time.monotonic() + LONGEST_SECONDS
        self.capabilities: dict[str, str] = {}

    def greet(self) -> None:
        """Read what the server says first."""
        self._status()

    def command(self, words: str) -> str:
        """What follows +OK."""
        self._send(words)
        return self._status()

    def authenticate(self, saying: xoauth2.Dialogue) -> None:
        """AUTH by the words of `saying` (RFC 5034 §4)."""
        self._send(f"AUTH {saying.mechanism}")
        while True:
            line = self._line().strip()
            if not line.startswith(b"+ ") and line != b"+":
                self._buffer[:0] = line + b"\r\n"
                self._status()
                return
            answer = saying.answer(xoauth2.decoded(line[1:].strip()))
            self._send(base64.b64encode(answer).decode())

    def ask_capabilities(self) -> None:
        """CAPA (RFC 2449); a server that does not know it can what every server can."""
        self.capabilities = {}
        try:
            self._send("CAPA")
            self._status()
            lines = self._lines(LONGEST_LINE * 4)
        except PopRefused:
            return
        for line in lines:
            name, _, rest = line.decode("ascii", "replace").strip().partition(" ")
            self.capabilities[name.upper()] = rest

    def wrap(self, context: ssl.SSLContext, host: str) -> None:
        """TLS from now on; what came in the clear before is not believed."""
        self._buffer.clear()
        self._sock = context.wrap_socket(self._sock, server_hostname=host)

    def ids(self) -> dict[int, str]:
        """The unique id of each message by its number in this session. Raises PopRefused where there is no UIDL."""
        self._send("UIDL")
        self._status()
        found: dict[int, str] = {}
        for line in self._lines(LONGEST_LIST):
            number, _, uidl = line.strip().partition(b" ")
            if number.isdigit() and uidl.strip():
                found[int(number)] = uidl.strip().decode("ascii", "backslashreplace")[:500]
        return found

    def sizes(self) -> dict[int, int]:
        """The bytes of each message by its number, as the server says."""
        self._send("LIST")
        self._status()
        pairs = (line.split()[:2] for line in self._lines(LONGEST_LIST))
        return {
            int(pair[0]): int(pair[1])
            for pair in pairs
            if len(pair) == 2 and pair[0].isdigit() and pair[1].isdigit() and len(pair[1]) < 19
        }

    def message(self, number: int, *, most: int) -> bytes:
        """All of a message. Raises PopTooLong when it has more than `most` bytes."""
        self._send(f"RETR {number}")
        self._status()
        return self._content(most)

    def header(self, number: int, *, most: int) -> bytes:
        """The header of a message, with the line that ends it (TOP)."""
        self._send(f"TOP {number} 0")
        self._status()
        return self._content(most)

    def close(self, *, is_polite: bool) -> None:
        """End the session; `is_polite` says QUIT first."""
        with suppress(OSError, PopRefused, PopTooLong, ProtocolError):
            if is_polite:
                self._sock.settimeout(2)
                self.command("QUIT")
        with suppress(OSError):
            self._sock.close()

    # -- how

    def _send(self, words: str) -> None:
        self._until = time.monotonic() + LONGEST_SECONDS
        self._sock.sendall(words.encode() + b"\r\n")

    def _status(self) -> str:
        line = self._line()
        text = line.decode("utf-8", "replace").strip()
        if text.startswith("+OK"):
            return text[3:].strip()
        if text.startswith("-ERR"):
            raise PopRefused(text[4:].strip())
        raise PopRefused(text) if text.startswith("+") else ProtocolError(text[:200])

    def _line(self) -> bytes:
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > LONGEST_LINE:
                raise PopTooLong("a line of the server's answer has no end")
            self._more()
        line = bytes(self._buffer[: end + 1])
        del self._buffer[: end + 1]
        return line

    def _lines(self, most: int) -> list[bytes]:
        return self._content(most).splitlines()

    def _content(self, most: int) -> bytes:
        """What comes until a line of a single dot, its dots unstuffed (RFC 1939 §3)."""
        if not self._buffer:
            self._more()
        searched = 0
        while True:
            if self._buffer.startswith(b".\r\n"):
                del self._buffer[:3]
                return b""
            end = self._buffer.find(_END, searched)
            if end >= 0:
                break
            if len(self._buffer) > most + _PIECE:
                raise PopTooLong(f"more than {most} bytes")
            searched = max(0, len(self._buffer) - len(_END))
            self._more()
        content = bytes(self._buffer[: end + 2])
        del self._buffer[: end + len(_END)]
        if content.startswith(b".."):
            content = content[1:]
        return content.replace(b"\r\n..", b"\r\n.")

    def _more(self) -> None:
        if time.monotonic() > self._until:
            raise TimeoutError("the server's answer takes too long")
        piece = self._sock.recv(_PIECE)
        if not piece:
            raise ConnectionResetError("the server hung up")
        self._buffer += piece


class ProtocolError(Exception):
    """What came is not POP3."""


def connect(settings: ImapSettings, *, timeout_seconds: float = TIMEOUT_SECONDS) -> PopClient:
    """A signed-in client; the caller closes it.

    Certificates are checked against the system's authorities and the host's name.
    Raises ConnectionProblem: `host`, `refused`, `timeout`, `certificate`, `tls`, `needs_tls`, `not_pop3`,
    `login`, `later`, `lost`, and with a token `token`, `token_tls`, `no_oauth` and whatever getting one raises.
    """
    with shown_certificates.explained(settings.host, settings.port, settings.security, "pop3"):
        return with_token(settings.bearer, lambda token: _connected(settings, token, timeout_seconds))


def _connected(settings: ImapSettings, token: str, timeout_seconds: float) -> PopClient:
    context = ssl.create_default_context()
    with problems(greeting=True):
        sock = socket.create_connection((settings.host, settings.port), timeout=timeout_seconds)
        client = PopClient(sock)
        try:
            if settings.security == "tls":
                client.wrap(context, settings.host)
            client.greet()
        except BaseException:
            client.close(is_polite=False)
            sock.close()
            raise
    try:
        with problems():
            client.ask_capabilities()
            if settings.security == "starttls":
                _start_tls(client, context, settings.host)
            if token:
                _sign_in_by_token(client, settings, token)
            else:
                _sign_in(client, settings)
    except BaseException:
        client.close(is_polite=False)
        raise
    return client


def test_pop3(settings: ImapSettings, *, timeout_seconds: float = TIMEOUT_SECONDS) -> int:  # noqa: PT028 - no test of pytest
    """Sign in and see whether messages have ids, as the receiver needs; return how many there are.

    Raises ConnectionProblem as `connect` does, and `no_uidl`.
    """
    client = connect(settings, timeout_seconds=timeout_seconds)
    try:
        with problems():
            return len(listed(client))
    finally:
        client.close(is_polite=True)


def listed(client: PopClient) -> dict[int, str]:
    """The ids of all messages. Raises ConnectionProblem `no_uidl` where the server gives none."""
    try:
        return client.ids()
    except PopRefused as error:
        raise ConnectionProblem("no_uidl") from error


@contextmanager
def problems(*, greeting: bool = False) -> Iterator[None]:
    """Say what the network and the server raise as ConnectionProblem; `greeting`: nothing was said before."""
    try:
        yield
    except ConnectionProblem:
        raise
    except (OSError, UnicodeError) as error:
        raise network.problem(error) from error
    except (PopRefused, PopTooLong, ProtocolError) as error:
        raise ConnectionProblem("not_pop3" if greeting else "lost", detail=str(error)) from error


def _start_tls(client: PopClient, context: ssl.SSLContext, host: str) -> None:
    """STLS (RFC 2595); what the server could before is asked anew."""
    try:
        client.command("STLS")
    except PopRefused as error:
        raise ConnectionProblem("tls") from error
    client.wrap(context, host)
    client.ask_capabilities()


def _sign_in(client: PopClient, settings: ImapSettings) -> None:
    """USER and PASS carry ASCII; AUTH PLAIN is UTF-8 (RFC 5034)."""
    is_plain = settings.user.isascii() and settings.password.isascii()
    if any(letter in settings.user + settings.password for letter in "\r\n\x00"):
        raise ConnectionProblem("login")
    try:
        if is_plain or "PLAIN" not in client.capabilities.get("SASL", "").upper().split():
            client.command(f"USER {settings.user}")
            client.command(f"PASS {settings.password}")
        else:
            told = f"\0{settings.user}\0{settings.password}".encode()
            client.command(f"AUTH PLAIN {base64.b64encode(told).decode()}")
    except PopRefused as error:
        raise ConnectionProblem(_refusal(str(error)), detail=str(error)) from error


def _sign_in_by_token(client: PopClient, settings: ImapSettings, token: str) -> None:
    """AUTH XOAUTH2 or OAUTHBEARER (RFC 5034, RFC 7628), never in the clear; the token goes in a line of its own."""
    if settings.security == "none" and settings.host not in ("127.0.0.1", "::1", "localhost"):
        raise ConnectionProblem("token_tls")
    offered = client.capabilities.get("SASL", "").split()
    saying = xoauth2.dialogue(offered, settings.user, token, host=settings.host, port=settings.port)
    if saying is None:
        raise ConnectionProblem("no_oauth")
    try:
        client.authenticate(saying)
    except PopRefused as error:
        code = _refusal(str(error))
        detail = " ".join(filter(None, (str(error), xoauth2.said(saying.refusal))))
        raise ConnectionProblem("token" if code == "login" else code, detail=detail) from error


def _refusal(text: str) -> str:
    """Why signing in failed, by response code (RFC 2449 §8, RFC 3206)."""
    said = text.upper()
    if "[IN-USE]" in said or "[LOGIN-DELAY]" in said or "[SYS/TEMP]" in said:
        return "later"
    if "PLAINTEXT AUTHENTICATION DISALLOWED" in said or "[PRIVACYREQUIRED]" in said:
        return "needs_tls"
    return "login"
