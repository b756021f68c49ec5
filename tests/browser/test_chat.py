"""A visitor of a shop and a teammate at the desk: live both ways, by mail when the visitor has left, and back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ContextFactory
from tests.browser.office import BADR, Office
from tests.browser.shop import Shop, opened
from tests.polling import until

SLOW_MS = 20_000

# Runs inside Majlis.
_MAKE = """
import json
from majlis.channels.chat import widgets
from majlis.people.brands import house
from majlis.people.models import Brand
from django.utils import timezone
from tests import cast
brand = Brand.objects.first() or Brand.objects.create(name="سِدرة", created_at=timezone.now())
made = widgets.create(cast.salma(), brand=brand, mailbox=cast.support(), name="المتجر", sites=[%(site)r])
print(json.dumps({"key": made.key, "secret": widgets.secret_of(made)}))
"""


@pytest.fixture(scope="module")
def shop(office: Office) -> Iterator[Shop]:
    with opened(office) as shop:
        yield shop


@pytest.fixture(scope="module")
def widget(office: Office, shop: Shop) -> dict[str, Any]:
    """The shop's widget: its key, and the secret its back end signs with."""
    return inside(office, _MAKE % {"site": shop.url})


def inside(office: Office, code: str) -> dict[str, Any]:
    """What code run inside Majlis prints as its last line."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("majlis")), *("manage", "shell", "--no-imports", "-c", code)],
        env={
            **os.environ,
            "MAJLIS_DATA": str(office.desk.data),
            "PYTHONPATH": str(Path(__file__).parents[2]),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def begin(page: Page, shop: Shop, widget: dict[str, Any], text: str, **more: str) -> Page:
    """A visitor opens the shop's page, then the panel, and writes."""
    page.goto(shop.page(widget["key"], **more))
    page.locator(".launch").click()
    page.locator(".card").first.click()
    say(page, text)
    return page


def say(page: Page, text: str) -> None:
    page.locator(".w textarea").fill(text)
    page.keyboard.press("Enter")


def number_of(office: Office, text: str) -> int:
    """The conversation in which a visitor said this."""
    find = "select conversation_id from conversations_entry where text = %s and kind = 'message'"
    return int(until(lambda: office.sql(find, text), f"“{text}” in the inbox")[0][0])


def test_a_visitor_and_a_teammate_talk_live(
    office: Office, shop: Shop, widget: dict[str, Any], context_factory: ContextFactory
) -> None:
    visitor = begin(context_factory().new_page(), shop, widget, "هل يصل الطقم إلى جدة قبل الجمعة؟")
    number = number_of(office, "هل يصل الطقم إلى جدة قبل الجمعة؟")
    badr = context_factory().new_page()
    office.sign_in(badr, BADR)
    office.open(badr, number)
    expect(badr.locator("#entries .msg")).to_contain_text("هل يصل الطقم إلى جدة")
    expect(badr.locator("#chat-standing")).to_contain_text("في المحادثة الآن")
    expect(visitor.locator(".me .meta")).to_contain_text("قُرئت", timeout=SLOW_MS)

    visitor.locator(".w textarea").press_sequentially("وأيضًا", delay=20)
    expect(badr.locator("#chat-typing")).to_be_visible(timeout=SLOW_MS)
    say(visitor, "وأيضًا هل تشحنون إلى دبي؟")
    expect(badr.locator("#entries .msg").nth(1)).to_contain_text("دبي", timeout=SLOW_MS)

    badr.keyboard.press("KeyR")
    badr.keyboard.type("نعم، يصل")
    expect(visitor.locator(".types")).to_contain_text("بدر", timeout=SLOW_MS)
    badr.keyboard.type(" يوم الأربعاء.")
    badr.keyboard.press("Control+Shift+Enter")
    expect(visitor.locator(".turn:not(.me)").last).to_contain_text("نعم، يصل يوم الأربعاء.", timeout=SLOW_MS)
    expect(visitor.locator(".types")).to_be_empty()
    expect(badr.locator("#chat-standing")).to_contain_text("رأى كل شيء", timeout=SLOW_MS)
    assert office.deliveries(number) == []
