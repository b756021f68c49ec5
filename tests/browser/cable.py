"""A cable between a browser and Majlis that can be torn, go silent and be mended; it hears the live streams in it."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing it resets the connection, as a dead network does


@dataclass(slots=True, eq=False)
class _Connection:
    browser: socket.socket
    server: socket.socket
    is_live: bool = False
    heard: bytearray = field(default_factory=bytearray)

    def close(self) -> None:
        for end in (self.browser, self.server):
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                end.shutdown(socket.SHUT_RDWR)
        for end in (self.browser, self.server):
            end.close()


class Cable:
    """Carries everything to `port` on this machine; a context manager. `url` is its near end."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://localhost:{self._listening.getsockname()[1]}"
        self._open: set[_Connection] = set()
        self._all: list[_Connection] = []
        self._is_torn = False
        self._flows = threading.Event()
        self._flows.set()
        self._lock = threading.Lock()
        threading.Thread(target=self._take, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.tear()
        self._flows.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def tear(self) -> None:
        """Every connection breaks, and each new one does at once."""
        with self._lock:
            self._is_torn = True
            gone = list(self._open)
        for connection in gone:
            connection.close()

    def silence(self) -> None:
        """Nothing comes through any more, and nobody is told."""
        self._flows.clear()

    def mend(self) -> None:
        """Whole again; what waited in silence goes on its way."""
        with self._lock:
            self._is_torn = False
        self._flows.set()

    @property
    def live_streams(self) -> int:
        """How many live streams are open."""
        with self._lock:
            return sum(connection.is_live for connection in self._open)

    @property
    def heard(self) -> str:
        """Everything the live streams have said so far."""
        with self._lock:
            said = [bytes(connection.heard) for connection in self._all if connection.heard]
        return b"\n".join(said).decode(errors="replace")

    def _take(self) -> None:
        while True:
            try:
                browser, _ = self._listening.accept()
            except OSError:
                return
            with self._lock:
                is_torn = self._is_torn
            try:
                server = socket.create_connection(("127.0.0.1", self._port))
            except OSError:
                browser.close()
                continue
            connection = _Connection(browser, server)
            if is_torn:
                connection.close()
                continue
            with self._lock:
                self._open.add(connection)
                self._all.append(connection)
            for to_server in (True, False):
                threading.Thread(target=self._carry, args=(connection, to_server), daemon=True).start()

    def _carry(self, connection: _Connection, to_server: bool) -> None:
        source, target = connection.browser, connection.server
        if not to_server:
            source, target = target, source
        with suppress(OSError):
            while chunk := source.recv(65_536):
                self._flows.wait()
                with self._lock:
                    if to_server:
                        connection.is_live = chunk.startswith(b"GET /live ")
                    elif connection.is_live:
                        connection.heard += chunk
                target.sendall(chunk)
        with self._lock:
            self._open.discard(connection)
        connection.close()
