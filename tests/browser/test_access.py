"""Everybody can use it: no page breaks the rules of accessible pages in a serious way (axe-core)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NARROW, WIDE, Colour, ContextFactory
from tests.browser.office import BADR, SALMA, Office
from tests.serious import serious

PAGES = (
    *("inbox/all", "inbox/closed", "inbox/drafts", "search?q=هل", "customers", "customers/imports"),
    *("settings/profile/", "settings/team/", "settings/mailboxes/", "settings/notifications/"),
    *("settings/brands/new/", "settings/widgets/new/"),
)


@pytest.mark.parametrize(
    ("colour", "viewport"), [("light", WIDE), ("dark", NARROW)], ids=["light-wide", "dark-narrow"]
)
def test_no_page_breaks_a_serious_rule(
    colour: Colour, viewport: tuple[int, int], office: Office, context_factory: ContextFactory
) -> None:
    letter = office.write("هل من جديد؟", subject="إتاحة", html="<p>هل <b>من</b> جديد؟</p>")
    page = context_factory(colour=colour, viewport=viewport, reduced_motion=True).new_page()
    page.goto(f"{office.desk.url}/accounts/login/")
    wrong = serious(page, "login")
    office.sign_in(page, SALMA)
    for path in PAGES:
        page.goto(f"{office.desk.url}/{path}")
        wrong += serious(page, path)
    office.open(page, letter.number)
    wrong += serious(page, "conversation")
    page.locator("#thread-scroll").focus()
    page.keyboard.press("n")
    page.fill("#composer [name=text]", "ملاحظة للفريق")
    page.click("[data-send=note]")
    expect(page.locator("#entries .msg--note")).to_be_visible()
    expect(page.locator("#composer [name=text]")).to_have_value("")
    wrong += serious(page, "note")
    page.click("#assign-menu > summary")
    expect(page.locator("#assign-menu .pop [data-from] .opt").first).to_be_visible()
    wrong += serious(page, "assigning")
    page.keyboard.press("Escape")
    page.locator("#thread-scroll").focus()
    for keys, dialog in (("Control+k", "palette"), ("Shift+Slash", "keys"), ("c", "sheet")):
        page.keyboard.press(keys)
        expect(page.locator(f"#{dialog}")).to_be_visible()
        wrong += serious(page, dialog)
        page.keyboard.press("Escape")
    assert not wrong, "\n".join(wrong)


def test_an_agent_without_rights_reads_an_accessible_refusal(
    office: Office, context_factory: ContextFactory, expected_complaints: list[str]
) -> None:
    expected_complaints.append("status of 403")
    page = context_factory(locale="en").new_page()
    office.sign_in(page, BADR)
    page.goto(f"{office.desk.url}/settings/team/")
    assert not serious(page, "refused")
