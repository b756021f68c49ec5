"""A real Chromium against a real, started Majlis. A test fails on whatever the browser complains of.

Every page of every context is watched: a blocked resource (CSP), a console error or warning, an uncaught exception or a
failed answer of the server (5xx) fails the test that saw it. `expected_complaints.append(text)` names one that
is part of the test.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Playwright, sync_playwright

from tests import chromium, made
from tests.browser.cable import Cable
from tests.browser.desk import Desk
from tests.browser.office import Office
from tests.browser.visited import Visited, visited
from tests.folders import new_folder
from tests.mailhost import MailHost

WIDE = (1440, 900)
NARROW = (390, 844)
_ARGUMENTS = ["--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb", "--hide-scrollbars"]
# The browser says this to nobody but the listener below: a report would leave before a test could read it.
_WATCH_POLICY = """
document.addEventListener('securitypolicyviolation', (event) => {
  console.error('CSP: ' + event.effectiveDirective + ' blocked ' + (event.blockedURI || 'inline') +
    ' at ' + event.sourceFile + ':' + event.lineNumber);
});
"""

Colour = Literal["light", "dark"]


class ContextFactory(Protocol):
    """Makes a browser context: one person at one computer."""

    def __call__(
        self,
        *,
        locale: str = "ar",
        viewport: tuple[int, int] = WIDE,
        colour: Colour = "light",
        reduced_motion: bool = False,
        javascript: bool = True,
        worker: bool = True,
        touch: bool = False,
    ) -> BrowserContext: ...


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium as the system has it."""
    alone = ["--no-sandbox"] if os.geteuid() == 0 else []
    launched = playwright.chromium.launch(executable_path=chromium.executable(), args=[*_ARGUMENTS, *alone])
    yield launched
    launched.close()


@pytest.fixture(scope="session")
def mail_host() -> Iterator[MailHost]:
    """Real mail servers, shared by these tests."""
    with MailHost() as host:
        yield host


@pytest.fixture
def complaints() -> list[str]:
    """What the browser has complained of in this test so far."""
    return []


@pytest.fixture
def expected_complaints() -> list[str]:
    """Parts of complaints that belong to this test, as "status of 503"."""
    return []


@pytest.fixture
def context_factory(
    browser: Browser, complaints: list[str], expected_complaints: list[str]
) -> Iterator[ContextFactory]:
    """Contexts under watch; closed after the test, which fails on any complaint it did not expect."""
    contexts: list[BrowserContext] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning", "assert"}:
            complaints.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def make(
        *,
        locale: str = "ar",
        viewport: tuple[int, int] = WIDE,
        colour: Colour = "light",
        reduced_motion: bool = False,
        javascript: bool = True,
        worker: bool = True,
        touch: bool = False,
    ) -> BrowserContext:
        # Requests that a service worker sees cannot be held back or answered by a test.
        if not worker:
            expected_complaints.append("Service Worker registration blocked")
        context = browser.new_context(
            locale=locale,
            timezone_id="Asia/Riyadh",
            viewport={"width": viewport[0], "height": viewport[1]},
            has_touch=touch,
            is_mobile=touch,
            color_scheme=colour,
            reduced_motion="reduce" if reduced_motion else "no-preference",
            java_script_enabled=javascript,
            service_workers="allow" if worker else "block",
        )
        context.set_default_timeout(10_000)
        context.add_init_script(_WATCH_POLICY)
        context.on("console", heard)
        context.on("weberror", lambda error: complaints.append(f"uncaught: {error.error}"))
        context.on(
            "response",
            lambda answer: (
                complaints.append(f"status of {answer.status}: {answer.url}")
                if answer.status >= 500
                else None
            ),
        )
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    if "net::ERR_" in expected_complaints:  # who has no network cannot look for a newer service worker either
        expected_complaints.append("error occurred when fetching the script")
    unexpected = [text for text in complaints if not any(part in text for part in expected_complaints)]
    assert not unexpected, "the browser complained:\n" + "\n".join(unexpected)


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One Majlis for the whole run, started as its users start it."""
    started = Desk.start(made.copy_to(tmp_path_factory.mktemp("majlis") / "var"))
    yield started
    started.stop()


@pytest.fixture(scope="session")
def office(mail_host: MailHost) -> Iterator[Office]:
    """One Majlis for the whole run, with people, mailboxes and a way out; each test brings its own conversation."""
    folder = new_folder()
    folder.chmod(0o755)  # the database's user passes through
    started = Desk.start(made.copy_to(folder / "var"), SSL_CERT_FILE=str(mail_host.ca_file))
    try:
        yield Office.furnish(started, mail_host)
    finally:
        started.stop()
        shutil.rmtree(folder)


@pytest.fixture
def shop() -> Iterator[Visited]:
    """A shop's page with the widget on it."""
    with visited() as started:
        yield started


@pytest.fixture
def cable(office: Office) -> Iterator[Cable]:
    """A way to the office that can be torn."""
    with Cable(office.desk.port) as laid:
        yield laid


@pytest.fixture
def start_desk(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Start further ones, empty: `start_desk(MAJLIS_SMTP_URL=…)`; stopped after the test."""
    running: list[Desk] = []

    def start(**environment: str) -> Desk:
        desk = Desk.start(made.copy_to(tmp_path / f"majlis-{len(running)}"), **environment)
        running.append(desk)
        return desk

    yield start
    for desk in running:
        desk.stop()
