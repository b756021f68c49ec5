"""A colleague who looks at a conversation: a real Chromium where Playwright and one are, else what its page would ask."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any, Protocol

from majlis.cli.benches.place import BenchError

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_ENTRY = re.compile(rb'id="entry-(\d+)"')
# When an entry was there and the frame with it had been drawn, in ms since 1970.
_WATCH = """() => {
  window.seenAt = {};
  const after = new MessageChannel();
  let waiting = [];
  after.port1.onmessage = () => {
    for (const id of waiting) window.seenAt[id] ??= performance.timeOrigin + performance.now();
    waiting = [];
  };
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) {
      if (!node.id?.startsWith("entry-")) continue;
      waiting.push(node.id.slice(6));
      requestAnimationFrame(() => after.port2.postMessage(0));
    }
  }).observe(document.getElementById("entries"), { childList: true });
}"""


class Watcher(Protocol):
    """Somebody at a conversation. `name` says who."""

    name: str

    def seen_at(self, entry: int) -> float | None:
        """When the entry could be read (ms since 1970), None as long as it cannot."""


@contextmanager
def watcher(url: str, number: int, *, session: str, cookie: str) -> Iterator[Watcher]:
    """Look at conversation `number` while the block runs. Raises BenchError when the page does not come."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    playwright: Any = None
    with suppress(ImportError):
        playwright = import_module("playwright.sync_api")
    if found is None or playwright is None:
        watching = _Asker(url, number, session=session, cookie=cookie)
        try:
            yield watching
        finally:
            watching.close()
        return
    alone = ["--no-sandbox"] if os.geteuid() == 0 else []
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=found, args=["--disable-gpu", *alone])
        try:
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            context.add_cookies([{"name": cookie, "value": session, "url": url}])
            page = context.new_page()
            page.goto(f"{url}/conversations/{number}", timeout=30_000)
            page.wait_for_selector("#entries > *", timeout=30_000)
            page.wait_for_timeout(2_000)  # until its stream is open
            page.evaluate(_WATCH)
            yield _Chromium(page)
        finally:
            browser.close()


class _Chromium:
    name = "Chromium"

    def __init__(self, page: Any) -> None:
        self._page = page

    def seen_at(self, entry: int) -> float | None:
        found: float | None = self._page.evaluate("(id) => window.seenAt[id] ?? null", str(entry))
        return found


class _Asker:
    """Hears the stream and asks for what is new on a lasting connection, in one thread, as the page does."""

    name = "a client without a screen"

    def __init__(self, url: str, number: int, *, session: str, cookie: str) -> None:
        self._host = url.removeprefix("http://").replace("localhost", "127.0.0.1")
        self._headers = {"Cookie": f"{cookie}={session}", "HX-Request": "true", "Accept": "text/html"}
        self._number, self._seq = number, 0
        self._found: dict[int, float] = {}
        self._asking = http.client.HTTPConnection(self._host, timeout=60)
        self._ask()
        self._stream = http.client.HTTPConnection(self._host, timeout=60)
        self._stream.request("GET", "/live", headers=self._headers)
        self._heard = self._stream.getresponse()
        if self._heard.status != 200:
            raise BenchError(f"/live answered {self._heard.status}")
        threading.Thread(target=self._listen, daemon=True).start()

    def seen_at(self, entry: int) -> float | None:
        return self._found.get(entry)

    def close(self) -> None:
        for connection in (self._stream, self._asking):
            if connection.sock is not None:
                with suppress(OSError):
                    connection.sock.shutdown(2)
            connection.close()

    def _listen(self) -> None:
        with suppress(OSError, ValueError, AttributeError, http.client.HTTPException):
            while line := self._heard.readline():
                if line.startswith(b"data: ") and b'"c":%d,' % self._number in line:
                    self._ask()

    def _ask(self) -> None:
        path = f"/conversations/{self._number}/entries?since={self._seq}"
        try:
            self._asking.request("GET", path, headers=self._headers)
            answer = self._asking.getresponse()
        except (OSError, http.client.HTTPException):  # the server hangs up on who is quiet for some seconds
            self._asking.close()
            self._asking.request("GET", path, headers=self._headers)
            answer = self._asking.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise BenchError(f"{path} answered {answer.status}")
        now = time.time() * 1000
        self._seq = int(answer.headers["X-Majlis-Seq"])
        for entry in _ENTRY.findall(body):
            self._found.setdefault(int(entry), now)
