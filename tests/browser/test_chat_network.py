"""Chats when much is open and when the network is gone: one stream for ten tabs of the desk, a minute without any."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.cable import Cable
from tests.browser.conftest import ContextFactory
from tests.browser.office import BADR, Office, has_stayed, stays
from tests.browser.shop import Shop, opened
from tests.browser.test_chat import _MAKE, SLOW_MS, begin, inside, number_of, say, ticks
from tests.polling import until

TABS = 10
CUT_SECONDS = 60
BOX = "#composer [name=text]"


@pytest.fixture(scope="module")
def shop(office: Office) -> Iterator[Shop]:
    with opened(office) as shop:
        yield shop


@pytest.fixture(scope="module")
def widget(office: Office, shop: Shop) -> dict[str, Any]:
    return inside(office, _MAKE % {"site": shop.url})


def test_ten_tabs_of_the_desk_show_what_a_visitor_says_over_one_stream(
    office: Office, shop: Shop, widget: dict[str, Any], context_factory: ContextFactory
) -> None:
    port = urlsplit(office.desk.url).port
    assert port
    visitor = begin(context_factory().new_page(), shop, widget, "قبل أن تُفتح التبويبات")
    number = number_of(office, "قبل أن تُفتح التبويبات")
    with Cable(port) as cable:
        context = context_factory()
        tabs = [context.new_page() for _ in range(TABS)]
        office.sign_in(tabs[0], BADR, url=cable.url)
        for tab in tabs:
            tab.goto(f"{cable.url}/conversations/{number}?folder=all", wait_until="commit")
        for tab in tabs:
            expect(tab.locator("#entries .msg")).to_have_count(1, timeout=SLOW_MS)
            stays(tab)
        until(lambda: ticks(tabs[-1]) and cable.live_streams == 1, "one stream")
        begun = cable.heard.count("event: hello")
        say(visitor, "هل تراني كل التبويبات؟")
        for tab in tabs:
            expect(tab.locator("#entries .msg")).to_have_count(2, timeout=SLOW_MS)
            expect(tab.locator("#entries .msg").last).to_contain_text("هل تراني كل التبويبات؟")
        assert all(has_stayed(tab) for tab in tabs)
        assert cable.live_streams == 1
        assert cable.heard.count("event: hello") == begun
        context.close()


@pytest.mark.soak
def test_after_a_minute_without_a_network_both_sides_have_everything_once_and_in_order(
    office: Office,
    shop: Shop,
    widget: dict[str, Any],
    context_factory: ContextFactory,
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("net::ERR_")
    context = context_factory()
    visitor = begin(context.new_page(), shop, widget, "v0")
    number = number_of(office, "v0")
    badr = context_factory().new_page()
    office.sign_in(badr, BADR)
    office.open(badr, number)
    reply(badr, "b0")
    until(lambda: said(visitor, ".log") == ["v0", "b0"], "both, before the cut", timeout=20)

    gone_at = time.monotonic()
    context.set_offline(True)
    for turn in range(1, 6):  # spread over the whole cut
        say(visitor, f"v{turn}")
        reply(badr, f"b{turn}")
        ends_at = gone_at + turn * CUT_SECONDS / 5
        until(lambda at=ends_at: time.monotonic() >= at, "the end of the cut", timeout=CUT_SECONDS)  # type: ignore[misc]
    assert time.monotonic() - gone_at >= CUT_SECONDS
    assert said(visitor, ".log") == ["v0", "b0", "v1", "v2", "v3", "v4", "v5"]
    assert said(badr, "#entries") == ["v0", "b0", "b1", "b2", "b3", "b4", "b5"]

    context.set_offline(False)
    whole = ["v0", "b0", *(f"b{turn}" for turn in range(1, 6)), *(f"v{turn}" for turn in range(1, 6))]
    until(lambda: said(badr, "#entries") == whole, "everything at the desk", timeout=60)
    until(lambda: said(visitor, ".log") == whole, "everything at the shop", timeout=60)
    find = "select text from conversations_entry where conversation_id = %s and kind in ('message', 'reply') order by seq"
    assert [text for (text,) in office.sql(find, number)] == whole
    expect(visitor.locator(".me time").last).to_be_visible()
    # It goes on from there, and a page that is opened now shows the same.
    reply(badr, "b6")
    until(lambda: said(visitor, ".log") == [*whole, "b6"], "the next answer", timeout=20)
    office.open(badr, number)
    assert said(badr, "#entries") == [*whole, "b6"]


def reply(badr: Page, text: str) -> None:
    """Badr answers in the live chat."""
    badr.locator(BOX).fill(text)
    badr.locator(BOX).press("Enter")
    expect(badr.locator("#entries .msg--agent").last).to_contain_text(text)


def said(page: Page, log: str) -> list[str]:
    """What was said, as it stands one below the other."""
    return re.findall(r"\b[vb]\d\b", page.locator(log).inner_text())
