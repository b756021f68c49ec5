"""The week on the page of the hours: periods come, are copied and go, and what customers are told follows at once."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, ContextFactory
from tests.browser.office import SALMA, Office

SLOW_MS = 20_000
SUNDAY, MONDAY, FRIDAY = 6, 0, 4


def fields(page: Page, weekday: int) -> list[str]:
    inputs = page.locator(f"[data-day='{weekday}'] input")
    return [inputs.nth(place).input_value() for place in range(inputs.count())]


def test_a_week_is_filled_in_tried_and_kept(office: Office, context_factory: ContextFactory) -> None:
    page = context_factory(viewport=NARROW).new_page()
    office.sign_in(page, SALMA)
    page.goto(f"{office.desk.url}/settings/hours/")
    page.locator(".empty button").click()
    page.locator("#settings-form").wait_for()
    page.select_option("[name=time_zone]", "Asia/Riyadh")
    page.select_option("[name=country]", "")

    sunday = page.locator(f"[data-day='{SUNDAY}']")
    expect(page.locator(f"[data-day='{FRIDAY}'] [data-closed]")).to_be_visible()
    sunday.locator("[data-add]").click()
    second = sunday.locator(".hours__pair").nth(1)
    expect(second.locator("input").first).to_be_focused()
    second.locator("input").first.fill("22:00")
    second.locator("input").last.fill("02:00")
    expect(second.locator("[data-over]")).to_be_visible()
    sunday.locator("[data-copy]").click()
    assert fields(page, MONDAY) == ["09:00", "17:00", "22:00", "02:00"]
    assert fields(page, FRIDAY) == []

    # What is typed is tried, before it is kept: a Sunday evening between the two periods.
    page.fill("#trial-at", "2026-11-22T20:00")
    said = page.locator("#hours-said")
    expect(said.locator("[lang=ar]").first).to_contain_text("نعود اليوم الساعة", timeout=SLOW_MS)
    second.locator("[data-remove]").click()
    expect(said.locator("[lang=en]").first).to_contain_text("tomorrow at 9", timeout=SLOW_MS)

    with page.expect_navigation():
        page.locator(".savebar .btn--primary").click()
    assert fields(page, SUNDAY) == ["09:00", "17:00"]
    assert fields(page, MONDAY) == ["09:00", "17:00", "22:00", "02:00"]
    assert page.evaluate("document.scrollingElement.scrollHeight <= innerHeight"), "the page is its window"

    # Without a script an empty pair stands on every day, and the moment is tried by the address.
    bare = context_factory(javascript=False).new_page()
    bare.context.add_cookies(
        [
            {"name": one["name"], "value": one["value"], "url": office.desk.url}
            for one in page.context.cookies()
        ]
    )
    bare.goto(f"{office.desk.url}/settings/hours/")
    pair = bare.locator(f"[data-day='{FRIDAY}'] input")
    pair.first.fill("14:00")
    pair.last.fill("15:00")
    bare.locator(".savebar .btn--primary").click()
    expect(bare.locator(f"[data-day='{FRIDAY}'] input").first).to_have_value("14:00", timeout=SLOW_MS)
    bare.fill("#trial-at", "2026-11-27T14:30")
    bare.locator(".hours__trial button").click()
    expect(bare.locator("#hours-said .dot--good")).to_be_visible(timeout=SLOW_MS)
