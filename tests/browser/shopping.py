"""What a visitor does on a shop's page."""

from __future__ import annotations

from urllib.parse import urlencode

from playwright.sync_api import Page, expect

from tests.browser.visited import Visited


def go(page: Page, shop: Visited, **query: str) -> Page:
    """To the shop's page; `query` as `Shop.page` takes it."""
    page.goto(f"{shop.shop}/?{urlencode(query)}")
    return page


def start(page: Page, shop: Visited, **query: str) -> Page:
    """To the shop's page and into the conversation."""
    go(page, shop, **query)
    page.locator(".launch").click()
    page.locator("button.card").click()
    return page


def write(page: Page, text: str) -> None:
    """Send a message and see it stand there."""
    page.locator("textarea").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator(".me .bub").last).to_contain_text(text)


def arrived(page: Page, count: int = 1) -> None:
    """So many messages of the visitor's are with the desk."""
    expect(page.locator(".me time").last).to_be_visible()
    expect(page.locator(".me .bub")).to_have_count(count)


def texts(page: Page) -> list[str]:
    """What the bubbles say, without who said it."""
    return [one.rpartition("\n")[2] for one in page.locator(".bub").all_inner_texts()]
