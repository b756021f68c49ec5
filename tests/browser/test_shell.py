"""What surrounds the conversation: the palette, single keys that lead somewhere, and a conversation that will not load."""

from __future__ import annotations

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import ContextFactory
from tests.browser.office import BADR, Office

SLOW_MS = 20_000


def palette(page: Page, typed: str) -> None:
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-typed")).to_be_focused()
    page.keyboard.type(typed)


def test_whatever_has_a_key_or_a_page_is_found_by_typing(
    office: Office, context_factory: ContextFactory, expected_complaints: list[str]
) -> None:
    letter = office.write("هل من جديد؟", subject="لوحة الأوامر")
    other = office.write("لا تُفتح", subject="لن تُحمَّل")
    page = context_factory(worker=False).new_page()
    office.sign_in(page, BADR)
    office.open(page, letter.number)

    # Typed with another hamza than it is written with; the first found is run by Enter.
    palette(page, "اغلاق")
    found = page.locator("#palette-found .opt")
    expect(found.first).to_contain_text("إغلاق")
    page.keyboard.press("Enter")
    expect(page.locator("#palette")).not_to_be_visible()
    expect(page.locator("#thread-bar [data-act=reopen]")).to_be_visible(timeout=SLOW_MS)
    # What was done last is undone by its key.
    page.locator("#thread-scroll").focus()
    page.keyboard.press("Control+z")
    expect(page.locator("#thread-bar [data-key=KeyE][data-act=close]")).to_be_visible(timeout=SLOW_MS)

    palette(page, "كلمة لا يسمّى بها شيء")
    expect(found.filter(has_text="إغلاق")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).not_to_be_visible()

    page.locator("#thread-scroll").focus()
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.wait_for_url("**/inbox/mine")
    palette(page, f"#{letter.number}")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/conversations/{letter.number}")

    # A conversation that does not come: said in the pane, tried again by a button.
    page.goto(f"{office.desk.url}/conversations/{letter.number}?folder=all")
    expected_complaints += ["ERR_FAILED", "htmx:afterRequest", "htmx:sendError"]
    held = [True]

    def gone(route: Route) -> None:
        route.abort() if held[0] else route.continue_()

    page.route(f"**/conversations/{other.number}?*", gone)
    page.click(f"#open-{other.number}")
    again = page.locator("#thread #thread-again")
    expect(again).to_be_focused()
    held[0] = False
    again.click()
    expect(page.locator(f"#thread[data-number='{other.number}'] .msg")).to_contain_text("لا تُفتح")
    expect(again).to_have_count(0)
