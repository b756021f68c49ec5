"""In a real browser: one stream serves all tabs, survives the server, and ends with its owner's session."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from tests import chromium
from tests.gateway.client import Web, eventually, started
from tests.gateway.conftest import BADR, SALES, SUPPORT, wait_until_listening

Notify = Callable[[dict[str, Any]], None]
Message = dict[str, Any]


def browse(story: Callable[[Browser], None]) -> None:
    """Run `story` with a browser in a thread: Playwright's loop must not stay in the thread of other tests."""

    def run() -> None:
        alone = ["--no-sandbox"] if os.geteuid() == 0 else []
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium.executable(), args=[*alone, "--disable-gpu"]
            )
            story(browser)
            browser.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(run).result()


def sign_in(context: BrowserContext, web: Web, who: str) -> None:
    context.add_cookies([{"name": "majlis_session", "value": who, "url": f"http://127.0.0.1:{web.port}"}])


def open_tab(context: BrowserContext, web: Web, who: str, *, extra: str = "") -> Page:
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{web.port}/tab?who={who}{extra}")
    return page


def heard(page: Page) -> list[Message]:
    found: list[Message] = page.evaluate("() => window.heard")
    return found


def kinds(page: Page) -> list[str]:
    return [message["type"] for message in heard(page)]


def hears(page: Page, kind: str, *, times: int = 1) -> bool:
    # The browser waits longer after each try that fails: a server slow to start is found late.
    return eventually(lambda: kinds(page).count(kind) >= times, within_seconds=30)


def entry(seq: int, mailbox_id: int = SUPPORT) -> Message:
    return {"c": 7, "s": seq, "k": "entry", "m": mailbox_id}


def hears_entry(page: Page, seq: int) -> bool:
    return eventually(lambda: {**entry(seq), "type": "nudge"} in heard(page))


def test_eight_tabs_share_one_stream_and_outlive_the_tab_that_opened_it(
    web: Web, database: psycopg.Connection, notify: Notify
) -> None:
    def story(browser: Browser) -> None:
        context = browser.new_context()
        sign_in(context, web, "badr")
        tabs = [open_tab(context, web, "badr") for _ in range(8)]  # six streams would be all a browser allows
        assert hears(tabs[0], "gap")
        notify(entry(1))
        assert all(hears_entry(tab, 1) for tab in tabs)
        tabs.pop(0).close()
        notify(entry(2))
        assert all(hears_entry(tab, 2) for tab in tabs)
        # What was said while a page was loading reaches it too, once the stream is older than the page for certain.
        assert eventually(lambda: bool(tabs[0].evaluate("performance.now() > 1500")))
        late, held = context.new_page(), list[Route]()
        late.route("**/js/live.js", lambda route: held.append(route))  # noqa: PLW0108 (Playwright marks it)
        late.goto(f"http://127.0.0.1:{web.port}/tab?who=badr", wait_until="commit")
        assert eventually(lambda: bool(late.evaluate("true") and held))
        notify(entry(3))
        assert hears_entry(tabs[0], 3)
        held[0].continue_()
        assert hears_entry(late, 3)

    browse(story)


def test_where_no_worker_can_be_shared_a_page_listens_alone(
    web: Web, database: psycopg.Connection, notify: Notify
) -> None:
    def story(browser: Browser) -> None:
        context = browser.new_context()
        sign_in(context, web, "badr")
        tab = open_tab(context, web, "badr", extra="&alone=1")
        assert hears(tab, "gap")
        assert tab.evaluate("() => typeof SharedWorker") == "undefined"
        notify(entry(1))
        assert hears_entry(tab, 1)

    browse(story)


@pytest.mark.usefixtures("web")  # which listens too
def test_a_killed_server_is_found_again_and_the_pages_catch_up(
    conninfo: str, database: psycopg.Connection, notify: Notify
) -> None:
    def story(browser: Browser) -> None:
        context = browser.new_context()
        with started(conninfo) as first:
            sign_in(context, first, "badr")
            tab = open_tab(context, first, "badr")
            assert hears(tab, "gap")
            first.process.kill()
            assert hears(tab, "offline")
        with started(conninfo, "--port", str(first.port)):
            assert hears(tab, "gap", times=2)
            assert "online" in kinds(tab)
            # A page may be greeted before its server hears the database; it is told to reload for what came between.
            wait_until_listening(database, 2)
            notify(entry(3))
            assert hears_entry(tab, 3)

    browse(story)


def test_the_next_person_at_this_browser_gets_a_stream_of_their_own(
    web: Web, database: psycopg.Connection, notify: Notify
) -> None:
    def story(browser: Browser) -> None:
        context = browser.new_context()
        sign_in(context, web, "salma")
        salma = open_tab(context, web, "salma")
        assert hears(salma, "gap")

        sign_in(context, web, "badr")
        badr = open_tab(context, web, "badr")
        assert hears(salma, "signed-out")
        assert hears(badr, "gap")
        notify(entry(1, SALES))  # Salma might have seen it
        notify(entry(2))
        assert hears_entry(badr, 2)
        assert [message["s"] for message in heard(badr) if message["type"] == "nudge"] == [2]
        assert "nudge" not in kinds(salma)

        database.execute("delete from people_session where session_key = 'badr'")
        notify({"k": "access", "t": BADR})
        assert hears(badr, "signed-out")
        # A page that only now learns that its session is gone.
        late = open_tab(context, web, "badr")
        assert hears(late, "signed-out")
        assert "gap" not in kinds(late)

    browse(story)
