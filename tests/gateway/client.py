"""What the gateway's tests share: a started web process, and a browser's stream read in a thread."""

from __future__ import annotations

import contextlib
import http.client
import json
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

PATIENCE_SECONDS = 10.0
NOISE = {"beat"}


@dataclass(slots=True)
class Web:
    """A running web process."""

    process: subprocess.Popen[str]
    port: int

    def ask(self, method: str, path: str, **options: Any) -> tuple[int, dict[str, str], bytes]:
        """Send one request on a connection of its own; return status, headers (lower case) and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        with contextlib.closing(connection):
            connection.request(method, path, **options)
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return response.status, headers, response.read()

    def stop(self) -> int:
        """Ask it to end as a supervisor does; return its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


@contextlib.contextmanager
def started(conninfo: str, *options: str) -> Iterator[Web]:
    """Run a web process over the database while the block runs."""
    command = [sys.executable, "-m", "tests.gateway.serving", conninfo, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        said: list[str] = []
        reader = threading.Thread(target=said.extend, args=(process.stderr,))
        reader.start()
        web = Web(process, int(process.stdout.readline() or 0))
        try:
            yield web
        finally:
            web.stop()
            reader.join()
            sys.stderr.write("".join(said))


class Opened:
    """An open stream; `status` and `headers` are the answer's."""

    def __init__(self, web: Web, method: str, path: str, **options: Any) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=60)
        self._connection.request(method, path, **options)
        self._response = self._connection.getresponse()
        self.status = self._response.status
        self.headers = self._response.headers
        self._events: queue.Queue[tuple[str, Any]] = queue.Queue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        name = ""
        with contextlib.suppress(OSError, ValueError, http.client.HTTPException, AttributeError):
            while raw := self._response.readline():
                line = raw.decode().rstrip("\n")
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: ") and name not in NOISE:
                    self._events.put((name, json.loads(line.removeprefix("data: "))))
        self._events.put(("end", None))

    def next(self, within_seconds: float = PATIENCE_SECONDS) -> tuple[str, Any]:
        """Return the next event and its data; ("end", None) when the server closed the stream."""
        return self._events.get(timeout=within_seconds)

    def close(self) -> None:
        """Go away as a closed browser does."""
        with contextlib.suppress(OSError):
            if self._connection.sock is not None:
                self._connection.sock.shutdown(2)
        self._thread.join(PATIENCE_SECONDS)
        self._response.close()
        self._connection.close()


class Listening(Opened):
    """A teammate's browser's open stream."""

    def __init__(self, web: Web, session_key: str) -> None:
        super().__init__(web, "GET", "/live", headers={"cookie": f'majlis_session="{session_key}"'})


class Visiting(Opened):
    """A visitor's browser's open stream, at a page of `origin`."""

    def __init__(self, web: Web, token: str, *, origin: str = "https://shop.example") -> None:
        body = json.dumps({"token": token})
        super().__init__(web, "POST", "/chat/any/live", body=body, headers={"origin": origin})


def eventually(claim: Callable[[], bool], within_seconds: float = PATIENCE_SECONDS) -> bool:
    """Say whether `claim` comes true in time."""
    deadline = time.monotonic() + within_seconds
    while not claim():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
