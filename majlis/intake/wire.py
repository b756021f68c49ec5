"""Lines and whole messages out of a stream of bytes, as SMTP and LMTP send them."""

from __future__ import annotations

import asyncio

LINE_LIMIT = 4096
_CHUNK = 256 * 1024
_END = b"\r\n.\r\n"


class LineTooLong(Exception):  # noqa: N818 - said as a fact
    """A command line without an end."""


class HungUp(Exception):  # noqa: N818 - said as a fact
    """The other side went away or fell silent."""


class Wire:
    """Reads a stream in large pieces. What follows a message or line stays for the next call (pipelining)."""

    __slots__ = ("_buffer", "_idle_seconds", "_reader")

    def __init__(self, reader: asyncio.StreamReader, *, idle_seconds: float) -> None:
        self._reader = reader
        self._idle_seconds = idle_seconds
        self._buffer = bytearray()

    async def line(self) -> bytes:
        """The next line without its end; a bare LF ends one too, in commands.

        Raises LineTooLong (what was read is dropped) and HungUp.
        """
        start = 0
        while (end := self._buffer.find(b"\n", start)) < 0:
            start = len(self._buffer)
            if start > LINE_LIMIT:
                self._buffer.clear()
                raise LineTooLong
            await self._more()
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        if len(line) > LINE_LIMIT:
            raise LineTooLong
        return line.rstrip(b"\r")

    async def message(self, limit: int) -> bytes | None:
        """The content after DATA up to CRLF . CRLF, dots unstuffed (RFC 5321 §4.5.2); None when over `limit` bytes.

        Nothing but CRLF . CRLF ends a message: a bare LF or CR around the dot would let one message smuggle in
        another. A message that is too large is read to its end and dropped. Raises HungUp.
        """
        buffer = self._buffer
        buffer[:0] = b"\r\n"  # so that the end of an empty message is found, and a dot on the first line
        start, is_too_large = 0, False
        while (end := buffer.find(_END, start)) < 0:
            start = max(0, len(buffer) - len(_END) + 1)
            if is_too_large or len(buffer) > limit + limit // 8 + len(_END):  # stuffed dots do not count
                is_too_large = True
                del buffer[:start]
                start = 0
            await self._more()
        content = b"" if is_too_large else bytes(memoryview(buffer)[: end + 2])
        del buffer[: end + len(_END)]
        if is_too_large:
            return None
        content = content.replace(b"\r\n.", b"\r\n")[2:] if b"\r\n." in content else content[2:]
        return content if len(content) <= limit else None

    async def _more(self) -> None:
        try:
            async with asyncio.timeout(self._idle_seconds):
                chunk = await self._reader.read(_CHUNK)
        except (TimeoutError, OSError) as error:
            raise HungUp from error
        if not chunk:
            raise HungUp
        self._buffer += chunk
