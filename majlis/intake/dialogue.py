"""One conversation with a mail server that hands mail over: LMTP (RFC 2033) and SMTP (RFC 5321) at one door."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from majlis.channels.actions.accept import Incoming
from majlis.intake.storing import NoSuchMailbox, Storing
from majlis.intake.wire import HungUp, LineTooLong, Wire

log = logging.getLogger(__name__)

IDLE_SECONDS = 300.0  # RFC 5321 §4.5.3.2.7
STORED_WITHIN_SECONDS = 120.0
RECIPIENTS = 100
MISTAKES = 20
GOODBYE = "221 2.0.0 Goodbye"
LATER = "451 4.3.0 The mail cannot be kept right now; try again later"
UNKNOWN = "550 5.1.1 There is no mailbox <{}> here"
_PATH = re.compile(r'\s*<(?:@[^:>]*:)?((?:"(?:[^"\\]|\\.)*"|[^">])*)>\s*(.*)')
_T = TypeVar("_T")


@dataclass(slots=True)
class Dialogue:
    """What one connection has said so far, and how each word of it is answered."""

    wire: Wire
    say: Callable[[str], Awaitable[None]]
    storing: Storing
    max_bytes: int
    host: str
    is_keeping: bool = False
    _greeting: str = ""
    _sender: str | None = None
    _recipients: list[tuple[str, int]] = field(default_factory=list)

    async def run(self) -> None:
        """Answer until the other side quits, hangs up or makes too many mistakes."""
        with suppress(HungUp):  # half a mail is none: nothing of it is kept, nothing read as commands
            await self.say(f"220 {self.host} Majlis")
            mistakes = 0
            while mistakes < MISTAKES:
                reply = await self._turn()
                mistakes += reply.startswith("50")
                await self.say(reply)
                self.is_keeping = False
                if reply == GOODBYE:
                    return
            await self.say("421 4.7.0 Too many mistakes")

    async def _turn(self) -> str:
        try:
            line = (await self.wire.line()).decode(errors="surrogateescape")
        except LineTooLong:
            return "500 5.5.2 The line is too long"
        word, _, rest = line.partition(" ")
        answer = self._answers.get(word.upper())
        return await answer(self, rest.strip()) if answer else "500 5.5.1 This command is not known here"

    async def _greet(self, word: str, name: str) -> str:
        if not name:
            return "501 5.5.4 Say who you are"
        self._greeting = word
        self._forget()
        if word == "HELO":
            return f"250 {self.host}"
        offers = ("PIPELINING", f"SIZE {self.max_bytes}", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES")
        return "\r\n".join(
            [f"250-{self.host}", *(f"250-{offer}" for offer in offers[:-1]), f"250 {offers[-1]}"]
        )

    async def _lhlo(self, rest: str) -> str:
        return await self._greet("LHLO", rest)

    async def _ehlo(self, rest: str) -> str:
        return await self._greet("EHLO", rest)

    async def _helo(self, rest: str) -> str:
        return await self._greet("HELO", rest)

    async def _mail(self, rest: str) -> str:
        if not self._greeting:
            return "503 5.5.1 Greet first: LHLO, EHLO or HELO"
        if self._sender is not None:
            return "503 5.5.1 One sender for each message"
        address, parameters = _path(rest, "FROM:")
        if address is None:
            return "501 5.5.4 Write MAIL FROM:<address>"
        for parameter in parameters.upper().split():
            name, _, value = parameter.partition("=")
            if name == "SIZE" and value.isdigit():
                if int(value) > self.max_bytes:
                    return self._too_large()
            elif name not in ("BODY", "SMTPUTF8"):
                return f"555 5.5.4 {name} is not known here"
        self._sender = address
        return "250 2.1.0 OK"

    async def _rcpt(self, rest: str) -> str:
        if self._sender is None:
            return "503 5.5.1 Say MAIL first"
        address, parameters = _path(rest, "TO:")
        address = _readable(address or "")
        if not address:
            return "501 5.5.4 Write RCPT TO:<address>"
        if parameters:
            return "555 5.5.4 Parameters of recipients are not known here"
        if len(self._recipients) >= RECIPIENTS:
            return "452 4.5.3 Too many recipients at once"
        mailbox_id = self.storing.known(address)
        if mailbox_id is None:
            try:
                mailbox_id = await _within(asyncio.wrap_future(self.storing.find(address)))
            except Exception:
                return LATER  # the thread has said why
        if mailbox_id is None:
            return UNKNOWN.format(address)
        self._recipients.append((address, mailbox_id))
        return "250 2.1.5 OK"

    async def _data(self, rest: str) -> str:
        if not self._recipients:
            return "503 5.5.1 Say RCPT first"
        if rest:
            return "501 5.5.4 Write DATA alone"
        await self.say("354 Go on; end with a dot on a line of its own")
        content = await self.wire.message(self.max_bytes)
        recipients, sender = self._recipients, self._sender
        self._forget()
        if content is None:
            return self._for_each(recipients, self._too_large())
        mailbox_ids = dict.fromkeys(mailbox_id for _, mailbox_id in recipients)
        incoming = [Incoming(mailbox_id, content, envelope_from=sender) for mailbox_id in mailbox_ids]
        self.is_keeping = True
        try:
            await _within(asyncio.wrap_future(self.storing.store(incoming)))
        except NoSuchMailbox:
            # Which one went is not known: the sender asks for each anew and is told then.
            return self._for_each(recipients, "451 4.2.1 The mailbox has just changed; try again")
        except Exception:
            return self._for_each(recipients, LATER)
        return self._for_each(recipients, "250 2.0.0 Kept")

    async def _rset(self, rest: str) -> str:
        self._forget()
        return "250 2.0.0 OK"

    async def _noop(self, rest: str) -> str:
        return "250 2.0.0 OK"

    async def _quit(self, rest: str) -> str:
        return GOODBYE

    async def _vrfy(self, rest: str) -> str:
        return "252 2.5.2 Send mail and it will be seen"

    _answers = {
        "LHLO": _lhlo,
        "EHLO": _ehlo,
        "HELO": _helo,
        "MAIL": _mail,
        "RCPT": _rcpt,
        "DATA": _data,
        "RSET": _rset,
        "NOOP": _noop,
        "VRFY": _vrfy,
        "QUIT": _quit,
    }

    def _for_each(self, recipients: list[tuple[str, int]], reply: str) -> str:
        """LMTP answers for every recipient that was taken, in their order (RFC 2033 §4.2); SMTP once."""
        return "\r\n".join([reply] * (len(recipients) if self._greeting == "LHLO" else 1))

    def _too_large(self) -> str:
        return f"552 5.3.4 The message is larger than {self.max_bytes} bytes"

    def _forget(self) -> None:
        self._sender = None
        self._recipients = []


async def _within(waiting: Awaitable[_T]) -> _T:
    """A database that hangs must not hold the sender for ever; a mail kept late is found to be a double."""
    async with asyncio.timeout(STORED_WITHIN_SECONDS):
        return await waiting


def _path(rest: str, keyword: str) -> tuple[str | None, str]:
    """The address of `FROM:<address> PARAMETERS` and what follows; None when it is not well formed."""
    if rest[: len(keyword)].upper() != keyword:
        return None, ""
    match = _PATH.fullmatch(rest[len(keyword) :])
    if match:
        return match[1].strip(), match[2]
    bare, _, parameters = rest[len(keyword) :].strip().partition(" ")  # some senders leave the brackets out
    return (bare, parameters) if bare and not set("<>") & set(bare) else (None, "")


def _readable(address: str) -> str:
    """Bytes that are no UTF-8 cannot be anybody's address here; they are shown as question marks."""
    return address.encode(errors="replace").decode()
