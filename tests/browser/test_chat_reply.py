"""Answering in a live chat: each answer keeps it open, Enter sends; once the visitor has left it is answered like a mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ContextFactory
from tests.browser.office import BADR, Office
from tests.browser.shop import Shop, opened
from tests.browser.test_chat import _MAKE, SLOW_MS, begin, inside, ticks
from tests.polling import until

BOX = "#composer [name=text]"
RICH = "#composer .composer__rich"
ANSWERS = "#entries .msg--agent"


@pytest.fixture(scope="module")
def shop(office: Office) -> Iterator[Shop]:
    with opened(office) as shop:
        yield shop


@pytest.fixture(scope="module")
def widget(office: Office, shop: Shop) -> dict[str, Any]:
    return inside(office, _MAKE % {"site": shop.url})


@pytest.fixture
def visitor(context_factory: ContextFactory, shop: Shop, widget: dict[str, Any]) -> Page:
    """Somebody who looks at the chat they began."""
    page = begin(context_factory().new_page(), shop, widget, "هل الطقم متوفر؟")
    expect(page.locator(".me time")).to_be_visible()
    return page


@pytest.fixture
def number(office: Office, visitor: Page) -> int:
    """The newest chat."""
    found: int = office.sql("select max(conversation_id) from channels_chatthread")[0][0]
    return found


@pytest.fixture
def badr(office: Office, context_factory: ContextFactory, number: int) -> Page:
    """Badr, who has the chat open and is about to write."""
    page = context_factory().new_page()
    office.sign_in(page, BADR)
    office.open(page, number)
    expect(page.locator("#composer[data-live]")).to_have_count(1)
    page.locator(BOX).focus()
    return page


def is_closed(office: Office, number: int) -> bool:
    return bool(
        office.sql("select status = 'closed' from conversations_conversation where id = %s", number)[0][0]
    )


def test_each_answer_in_a_live_chat_keeps_it_open(
    office: Office, visitor: Page, badr: Page, number: int
) -> None:
    primary = badr.locator("#composer .btn--primary[data-send]:visible")
    expect(primary).to_contain_text("إرسال")
    expect(primary.locator("kbd")).to_be_visible()
    expect(badr.locator(BOX)).to_have_attribute("placeholder", re.compile("Shift Enter"))
    badr.keyboard.type("نعم،")
    badr.keyboard.press("Shift+Enter")
    badr.keyboard.type("متوفر.")
    badr.keyboard.press("Enter")
    expect(badr.locator(ANSWERS)).to_have_count(1)
    badr.keyboard.type("وباللونين.")  # nothing else is pressed between two answers
    badr.keyboard.press("Control+Enter")
    expect(badr.locator(ANSWERS)).to_have_count(2)
    badr.keyboard.type("أيهما تريدون؟")
    primary.click()
    expect(visitor.locator(".turn:not(.me)")).to_have_count(3, timeout=SLOW_MS)
    assert office.entries(number, "reply") == ["نعم،\nمتوفر.", "وباللونين.", "أيهما تريدون؟"]
    assert not is_closed(office, number)
    assert office.deliveries(number) == []

    badr.locator(BOX).fill("مع السلامة.")
    badr.locator("#send-menu > summary").click()
    badr.locator("#send-menu [data-send=close]").click()
    until(lambda: is_closed(office, number), "the chat is closed")
    expect(visitor.locator(".turn:not(.me)", has_text="مع السلامة.")).to_have_count(1, timeout=SLOW_MS)


def test_enter_sends_nothing_that_is_being_composed_and_no_note(
    office: Office, badr: Page, number: int
) -> None:
    session = badr.context.new_cdp_session(badr)
    session.send("Input.imeSetComposition", {"text": "にほん", "selectionStart": 3, "selectionEnd": 3})
    enter = {"code": "Enter", "key": "Enter", "windowsVirtualKeyCode": 13}
    session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    session.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})
    session.send("Input.insertText", {"text": "日本"})
    session.detach()
    expect(badr.locator(BOX)).to_have_value("日本")
    badr.locator(BOX).fill("")

    badr.locator('[data-mode-button="note"]').click()
    badr.locator(BOX).press_sequentially("سطر @")
    mates = badr.locator("#composer .composer__mates")
    expect(mates).to_be_visible()
    badr.keyboard.press("Enter")  # chooses the first
    expect(mates).to_have_count(0)
    badr.keyboard.press("Enter")
    badr.keyboard.type("وسطر")
    expect(badr.locator(BOX)).to_have_value("سطر @سلمى \nوسطر")
    badr.locator('[data-mode-button="reply"]').first.click()
    badr.locator(BOX).fill("أول ما يُرسل")
    badr.keyboard.press("Enter")
    expect(badr.locator(ANSWERS)).to_have_count(1)
    assert office.entries(number, "reply") == ["أول ما يُرسل"]
    assert office.entries(number, "note") == []


def test_enter_sends_what_is_formatted_and_begins_the_next_point_in_a_list(
    office: Office, badr: Page, number: int
) -> None:
    badr.locator("#composer [data-format=bullets]").click()
    expect(badr.locator(f"{RICH} li")).to_have_count(1)
    badr.keyboard.type("أسود")
    badr.keyboard.press("Enter")
    badr.keyboard.type("أبيض")
    expect(badr.locator(f"{RICH} li")).to_have_count(2)
    badr.keyboard.press("Enter")
    badr.keyboard.press("Enter")  # an empty point ends the list
    badr.keyboard.type("أيهما؟")
    assert office.entries(number, "reply") == []
    badr.keyboard.press("Enter")
    expect(badr.locator(f"{ANSWERS} li")).to_have_count(2)
    badr.keyboard.type("على مهلكم")
    expect(badr.locator(BOX)).to_have_value("على مهلكم")
    badr.keyboard.press("Enter")
    expect(badr.locator(ANSWERS)).to_have_count(2)
    assert not is_closed(office, number)


def test_on_a_screen_that_is_touched_enter_begins_a_new_line(
    office: Office, context_factory: ContextFactory, visitor: Page, number: int
) -> None:
    page = context_factory(viewport=(390, 844), touch=True).new_page()
    office.sign_in(page, BADR)
    office.open(page, number)
    expect(page.locator("#composer[data-live]")).to_have_count(1)
    page.locator(BOX).focus()
    page.keyboard.type("سطر")
    page.keyboard.press("Enter")
    page.keyboard.type("وسطر")
    expect(page.locator(BOX)).to_have_value("سطر\nوسطر")
    page.locator("#composer .btn--primary[data-send]:visible").tap()
    expect(page.locator(ANSWERS)).to_have_count(1)
    assert office.entries(number, "reply") == ["سطر\nوسطر"]
    assert not is_closed(office, number)


def test_who_left_is_answered_like_a_mail(office: Office, visitor: Page, badr: Page, number: int) -> None:
    badr.keyboard.type("لم أكمل بعد")
    visitor.goto("about:blank")
    office.sql(
        "update channels_visitor set seen_at = now() - interval '6 minutes' where id ="
        " (select visitor_id from channels_chatthread where conversation_id = %s) returning 1",
        number,
    )

    def looked() -> bool:
        with badr.expect_response(f"**/conversations/{number}/chat"):
            badr.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        return ticks(badr)

    assert looked()
    expect(badr.locator("#chat-standing:not([data-live])")).to_have_count(1)
    expect(badr.locator("#composer[data-live]")).to_have_count(1)  # who is writing keeps what they saw
    badr.locator(BOX).fill("")
    until(lambda: looked() and not badr.locator("#composer[data-live]").count(), "the buttons of a mail")
    expect(badr.locator("#composer .btn--primary[data-send]:visible")).to_have_text("إرسال وإغلاق")
    expect(badr.locator(BOX)).to_have_attribute("placeholder", "اكتب ردّك…")
    badr.locator(BOX).focus()
    badr.keyboard.type("سطر")
    badr.keyboard.press("Enter")
    badr.keyboard.type("وسطر")
    expect(badr.locator(BOX)).to_have_value("سطر\nوسطر")
    badr.keyboard.press("Control+Enter")
    until(lambda: is_closed(office, number), "sent and closed")
    assert office.entries(number, "reply") == ["سطر\nوسطر"]
