"""The mailbox form fills in the usual servers of an address, and leaves alone whatever a person wrote there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from tests.browser.conftest import ContextFactory
from tests.browser.office import SALMA, Office
from tests.polling import until

FORMS = ["/settings/mailboxes/new/", "/setup/mailbox/"]


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest, office: Office, context_factory: ContextFactory) -> Page:
    """An empty mailbox form."""
    page = context_factory(worker=False).new_page()
    office.sign_in(page, SALMA)
    page.goto(f"{office.desk.url}{request.param}")
    return page


def write_address(page: Page, address: str) -> None:
    page.fill("[name=address]", address)
    page.press("[name=address]", "Tab")


@contextmanager
def answer_held_back(page: Page) -> Iterator[None]:
    """The server has answered by the time the block begins; the page gets that answer when it ends."""
    answers: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        answers.append((route, route.fetch()))

    page.route(page.url, hold)
    write_address(page, "sidra@yahoo.com")

    def is_there() -> bool:
        page.evaluate("1")  # lets the browser's news in
        return bool(answers)

    until(is_there, "the guess is there")
    yield
    ((route, answer),) = answers
    route.fulfill(response=answer)
    page.unroute(page.url, hold)


def has(page: Page, **values: str) -> None:
    for name, value in values.items():
        expect(page.locator(f"[name={name}]")).to_have_value(value)


def test_what_is_typed_before_the_answer_comes_stays(form: Page) -> None:
    with answer_held_back(form):
        form.select_option("[name=smtp_security]", "none")
        form.fill("[name=in_port]", "1993")
        form.locator("[name=in_host]").press_sequentially("mail.sidra")
        form.press("[name=in_host]", "ArrowLeft")

    has(form, smtp_host="smtp.mail.yahoo.com", smtp_port="465", in_user="sidra@yahoo.com")
    has(form, in_host="mail.sidra", in_port="1993", smtp_security="none")
    expect(form.locator("#servers-hint")).to_contain_text("Yahoo")
    # The caret stands where it was, too.
    expect(form.locator("[name=in_host]")).to_be_focused()
    form.keyboard.type("X")
    has(form, in_host="mail.sidrXa")


def test_what_was_typed_stays_when_the_address_changes(form: Page) -> None:
    write_address(form, "sidra@gmail.com")
    has(form, in_host="imap.gmail.com", smtp_host="smtp.gmail.com", smtp_port="587")
    form.fill("[name=smtp_host]", "")
    form.locator("[name=smtp_host]").press_sequentially("smtp.gmail.com")  # as it was, but now a person's
    form.fill("[name=in_user]", "")

    write_address(form, "sidra@yahoo.com")

    has(form, in_host="imap.mail.yahoo.com", smtp_port="465", smtp_user="sidra@yahoo.com")
    has(form, smtp_host="smtp.gmail.com", in_user="")


def test_the_button_fills_in_the_same_way(form: Page) -> None:
    form.fill("[name=smtp_port]", "2525")
    write_address(form, "sidra@yahoo.com")
    has(form, in_host="imap.mail.yahoo.com")
    form.fill("[name=address]", "sidra@zoho.com")

    form.click("[name=guess]")

    has(form, in_host="imap.zoho.com", smtp_host="smtp.zoho.com", smtp_port="2525")
