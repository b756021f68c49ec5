"""In a browser: a service is entered, a mailbox chooses it, and a press leads there and back signed in."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import ContextFactory
from tests.browser.office import SALMA, Office
from tests.oauth_host import CLIENT, SECRET, OAuthHost

ADDRESS = "orders@majlis.test"


def enter_service(page: Page, office: Office, issuer: OAuthHost) -> None:
    page.goto(f"{office.desk.url}/settings/mailboxes/services/")
    for name, value in (
        ("client_id", CLIENT),
        ("client_secret", SECRET),
        ("authorize_url", f"{issuer.url}/authorize"),
        ("token_url", f"{issuer.url}/token"),
        ("scopes", "mail offline"),
    ):
        page.fill(f"[name=other-{name}]", value)
    page.locator("#service-other button.btn--primary").click()
    expect(page.locator("#service-other .tag--good")).to_be_visible()


def test_a_mailbox_is_signed_in_to_from_its_form(office: Office, context_factory: ContextFactory) -> None:
    page = context_factory(worker=False).new_page()
    office.sign_in(page, SALMA)
    with OAuthHost() as issuer:
        enter_service(page, office, issuer)

        page.goto(f"{office.desk.url}/settings/mailboxes/new/")
        page.fill("[name=name]", "الطلبات")
        page.fill("[name=address]", ADDRESS)
        page.press("[name=address]", "Tab")
        expect(page.locator("[name=in_user]")).to_have_value(ADDRESS)
        expect(page.locator("[name=in_password]")).to_be_visible()
        page.select_option("[name=sign_in]", "other")
        expect(page.locator("[name=in_password]")).to_be_hidden()
        expect(page.locator("[name=account]")).to_be_visible()
        page.locator(".savebar .btn--primary").click()

        expect(page.locator(".tag--warn")).to_be_visible()
        page.locator("form[action$='/sign-in/begin'] .btn--primary").click()  # there, and back at once

        expect(page.locator(".tag--good")).to_be_visible()
        assert page.url.startswith(f"{office.desk.url}/settings/mailboxes/")
        assert len(issuer.asked_for("authorization_code")) == 1
        page.goto(f"{office.desk.url}/settings/mailboxes/")
        expect(page.locator(".setrow", has_text=ADDRESS)).to_be_visible()
