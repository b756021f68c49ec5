"""The door for mail servers: a listener for LMTP and SMTP in a thread of its own."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from contextlib import suppress

from majlis.config import Config
from majlis.intake.dialogue import IDLE_SECONDS, Dialogue
from majlis.intake.storing import Storing
from majlis.intake.wire import Wire

log = logging.getLogger(__name__)

CONNECTIONS = 64
_STOPS_WITHIN_SECONDS = 3.0


class Listener:
    """A running listener: where it listens, and how it is ended."""

    def __init__(self, config: Config, listening: socket.socket) -> None:
        self.port: int = listening.getsockname()[1]
        self._config = config
        self._listening = listening
        self._storing = Storing()
        self._open: dict[asyncio.Task[None], Dialogue] = {}
        self._loop = asyncio.new_event_loop()
        self._is_ready = threading.Event()
        self._ending = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="lmtp", daemon=True)

    def start(self) -> None:
        """Returns when connections are taken."""
        self._storing.start()
        self._thread.start()
        self._is_ready.wait()

    def stop(self) -> None:
        """Take no more connections, let what is being kept be kept and answered, then end."""
        with suppress(RuntimeError):  # it has ended already
            self._loop.call_soon_threadsafe(self._ending.set)
        self._thread.join(_STOPS_WITHIN_SECONDS * 2)
        self._storing.stop()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._admit, sock=self._listening, limit=256 * 1024)
        self._is_ready.set()
        await self._ending.wait()
        server.close()
        deadline = self._loop.time() + _STOPS_WITHIN_SECONDS
        while self._open and self._loop.time() < deadline:
            for task, dialogue in self._open.items():
                if not dialogue.is_keeping:  # who has handed a mail over hears whether it was kept
                    task.cancel()
            await asyncio.wait(self._open, timeout=0.05)

    async def _admit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talk with one sender."""
        task = asyncio.current_task()
        assert task is not None

        async def say(reply: str) -> None:
            writer.write(reply.encode(errors="replace") + b"\r\n")
            await writer.drain()

        try:
            if len(self._open) >= CONNECTIONS:
                await say("421 4.7.0 Too many connections; come back later")
                return
            dialogue = Dialogue(
                Wire(reader, idle_seconds=IDLE_SECONDS),
                say,
                self._storing,
                max_bytes=self._config.mail_max_bytes,
                host=_host(self._config),
            )
            self._open[task] = dialogue
            await dialogue.run()
        except ConnectionError:
            log.debug("a sender hung up")
        except asyncio.CancelledError:
            writer.write(b"421 4.3.2 Going down; come back later\r\n")
        except Exception:
            log.exception("the listener stumbled over a connection")
        finally:
            self._open.pop(task, None)
            writer.close()


def start(config: Config) -> Listener:
    """Listen on `config.lmtp_bind` and `config.lmtp_port` (0 = any free one; `Listener.port` says which).

    Raises OSError when the port is taken.
    """
    family = socket.AF_INET6 if ":" in config.lmtp_bind else socket.AF_INET
    listening = socket.create_server((config.lmtp_bind, config.lmtp_port), family=family, backlog=128)
    listener = Listener(config, listening)
    listener.start()
    return listener


def _host(config: Config) -> str:
    """The name the door gives itself: the desk's own."""
    return config.url.partition("://")[2].partition(":")[0] or "localhost"
