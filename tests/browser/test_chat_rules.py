"""VIP rule: a chat for some customers is seen at the shop by who the shop signs for as one of them, and by nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ContextFactory
from tests.browser.office import SALMA, Office
from tests.browser.shop import Shop, opened
from tests.browser.test_chat import _MAKE, SLOW_MS, begin, inside, number_of, say


@pytest.fixture(scope="module")
def shop(office: Office) -> Iterator[Shop]:
    with opened(office) as shop:
        yield shop


@pytest.fixture(scope="module")
def widget(office: Office, shop: Shop) -> dict[str, Any]:
    return inside(office, _MAKE % {"site": shop.url})


def signed(widget: dict[str, Any], sub: str, **claims: str) -> str:
    """What the shop's back end says of somebody it knows."""
    said = {"sub": sub, "exp": datetime.now(UTC) + timedelta(minutes=10), "jti": uuid4().hex, **claims}
    return jwt.encode(said, widget["secret"], algorithm="HS256")


def asked(page: Page, address: str) -> None:
    """Open a page of the shop and wait until its widget has its answer."""
    with page.expect_response(lambda answer: answer.url.endswith("/here")):
        page.goto(address)


def test_a_vip_sees_the_button_and_others_do_not(
    office: Office, shop: Shop, widget: dict[str, Any], context_factory: ContextFactory
) -> None:
    talker = begin(context_factory().new_page(), shop, widget, "هل الطقم متوفر؟")
    number_of(office, "هل الطقم متوفر؟")

    salma = context_factory().new_page()
    office.sign_in(salma, SALMA)
    number = office.sql("select id from channels_widget where key = %s", widget["key"])[0][0]
    salma.goto(f"{office.desk.url}/settings/widgets/{number}/")
    salma.get_by_role("link", name="من يراها").click()
    salma.get_by_role("link", name="كبار العملاء").click()
    row = salma.locator("[data-row]").first
    expect(row.locator("[name=name]")).to_have_value("vip")
    salma.get_by_role("button", name="شرط آخر").click()
    expect(salma.locator("[data-row]")).to_have_count(3)
    expect(salma.locator("[data-row]").last.locator("[name=values]")).to_be_hidden()
    salma.get_by_label("لا تظهر في").fill("/checkout*")
    salma.get_by_role("button", name="حفظ التغييرات").click()
    expect(salma.get_by_role("status").first).to_be_visible()

    stranger, omar, layla = (context_factory().new_page() for _ in range(3))
    asked(stranger, shop.page(widget["key"]))
    asked(omar, shop.page(widget["key"], identity=signed(widget, "c-2", vip="no")))
    asked(layla, shop.page(widget["key"], identity=signed(widget, "c-1", name="ليلى", vip="yes")))
    expect(layla.locator(".launch")).to_be_visible(timeout=SLOW_MS)
    expect(stranger.locator(".launch")).to_be_hidden()
    expect(omar.locator(".launch")).to_be_hidden()
    asked(layla, shop.page(widget["key"], path="/checkout", identity=signed(widget, "c-1", vip="yes")))
    expect(layla.locator(".launch")).to_be_hidden()

    # Who was talking goes on, on the page of before and on the next.
    say(talker, "وبكم؟")
    number_of(office, "وبكم؟")
    asked(talker, shop.page(widget["key"], path="/checkout"))
    expect(talker.locator(".launch")).to_be_visible(timeout=SLOW_MS)
