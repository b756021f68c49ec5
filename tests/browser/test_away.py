"""Putting conversations away from the keyboard and a phone, and having them back."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import NARROW, ContextFactory
from tests.browser.office import SALMA, Office, has_stayed, stays

SLOW_MS = 20_000


def test_a_conversation_is_put_off_wakes_by_itself_goes_to_spam_and_comes_back(
    office: Office, context_factory: ContextFactory
) -> None:
    letter = office.write("أعيدوا الاتصال بي بعد أسبوع.", subject="موعد لاحق")
    page = context_factory().new_page()
    office.sign_in(page, SALMA)
    office.open(page, letter.number)
    stays(page)
    row, line = page.locator(f"#row-{letter.number} > a:not(.crow--gone)"), page.locator("#entries .event")
    toast, banner = page.locator("#toasts .toast"), page.locator("#thread-head .banner")

    page.locator("#thread-scroll").focus()
    page.keyboard.press("KeyZ")
    expect(page.locator("#snooze-menu [data-from] .opt").first).to_be_visible(timeout=SLOW_MS)
    page.keyboard.type("أمس")
    expect(page.locator("#snooze-when-meant")).to_contain_text("لم يُفهم", timeout=SLOW_MS)
    page.fill("#snooze-when", "بعد ٣ أيام")
    expect(page.locator("#snooze-when-meant time")).to_be_visible(timeout=SLOW_MS)
    page.keyboard.press("Enter")
    expect(toast).to_contain_text("أُجِّلت", timeout=SLOW_MS)
    expect(row).to_have_count(0, timeout=SLOW_MS)
    expect(page.locator("#folder-snoozed .nav__count")).to_be_visible()
    expect(banner).to_contain_text("أجّلها", timeout=SLOW_MS)
    expect(line.last).to_contain_text("أجّلها", timeout=SLOW_MS)

    office.sql(
        "update conversations_conversation set snoozed_until = now() where id = %s returning id",
        letter.number,
    )
    expect(line.last).to_contain_text("حان وقتها", timeout=SLOW_MS)
    expect(row).to_be_visible(timeout=SLOW_MS)
    expect(banner).to_have_count(0)

    page.click("#more-menu > summary")
    page.click("#open-spam")
    page.fill("#spam-other", "يبيع ساعات")
    page.click("#sheet .btn--primary")
    expect(line.last).to_contain_text("يبيع ساعات", timeout=SLOW_MS)
    expect(row).to_have_count(0, timeout=SLOW_MS)
    page.locator("#thread-scroll").focus()
    page.keyboard.press("Control+KeyZ")
    expect(row).to_be_visible(timeout=SLOW_MS)

    page.click("#close-menu > summary")
    page.fill("#closing-note", "المبيعات")
    page.keyboard.press("Enter")
    expect(page.locator("#thread-head")).to_contain_text("ليست لنا: \u2068المبيعات", timeout=SLOW_MS)
    page.locator("#thread-scroll").focus()
    page.keyboard.press("KeyE")
    expect(page.locator("#close-menu")).to_be_visible(timeout=SLOW_MS)

    page.click("#priority-menu > summary")
    page.click("#priority-menu .opt >> nth=0")
    expect(row).to_contain_text("عاجلة", timeout=SLOW_MS)
    page.click("#follow")
    expect(page.locator("#follow")).to_have_attribute("aria-pressed", "true", timeout=SLOW_MS)
    assert has_stayed(page)

    page.keyboard.press("Escape")
    page.locator("#thread-scroll").focus()
    page.keyboard.press("KeyU")
    page.wait_for_url(re.compile(r"/inbox/all$"), timeout=SLOW_MS)
    expect(page.locator(f"#open-{letter.number}")).to_have_class(re.compile("crow--new"))


def test_on_a_phone_the_menu_holds_what_the_bar_cannot(
    office: Office, context_factory: ContextFactory
) -> None:
    letter = office.write("سؤال صغير.", subject="من الهاتف")
    page = context_factory(viewport=NARROW).new_page()
    office.sign_in(page, SALMA)
    office.open(page, letter.number)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.click("#more-menu > summary")
    page.locator("#more-menu .opt", has_text="تأجيل").click()
    page.click("#sheet [data-act=snooze].opt >> nth=0")
    expect(page.locator("#toasts .toast")).to_contain_text("أُجِّلت", timeout=SLOW_MS)
    expect(page.locator("#sheet")).to_be_hidden()
    page.click("#thread-head [data-act=wake]")
    expect(page.locator("#thread-head .banner")).to_have_count(0, timeout=SLOW_MS)

    page.click("#more-menu > summary")
    page.click("#more-menu [data-act=trash]")
    expect(page.locator("#thread-head")).to_contain_text("المحذوفات", timeout=SLOW_MS)
    page.locator("#toasts button").last.click()
    expect(page.locator("#thread-head .banner")).to_have_count(0, timeout=SLOW_MS)
