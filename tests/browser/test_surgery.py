"""Conversations put together, taken apart and changed by the dozen, as somebody does it at the desk."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import ContextFactory
from tests.browser.office import BADR, Office, has_stayed, stays
from tests.polling import until


def sheet(page: Page, name: str) -> None:
    """Open a part of the menu above the thread in the sheet."""
    page.click("#more-menu > summary")
    page.click(f"#open-{name}")
    expect(page.locator("#sheet")).to_be_visible()


def test_two_become_one_and_two_again_and_a_part_stands_by_itself(
    office: Office, context_factory: ContextFactory, expected_complaints: list[str]
) -> None:
    expected_complaints += ["status of 422", "Error Code 422"]
    first = office.write("أين طلبي؟", subject="الطلب")
    second = office.write("هل من جديد؟", subject="تذكير", sender=first.sender)
    page = context_factory().new_page()
    office.sign_in(page, BADR)
    office.open(page, second.number)
    stays(page)

    # The customer's own other conversation is offered first; choosing it leads there, nothing is loaded anew.
    sheet(page, "merge")
    page.click(f"#merge-found [hx-vals*='{first.number}']")
    expect(page.locator(f"#thread[data-number='{first.number}'] #entries .msg")).to_have_count(2)
    expect(page.locator("#sheet")).to_be_hidden()
    expect(page.locator("#entries .event button")).to_have_count(1)
    assert has_stayed(page)
    later = office.write("وصل، شكرًا", subject="Re: تذكير", after=second)
    assert later.number == first.number
    expect(page.locator("#entries .msg")).to_have_count(3)

    # Undone from the line in the thread: what came later stays.
    page.click("#entries .event button")
    expect(page.locator("#entries .msg")).to_have_count(2)
    assert office.entries(second.number, "message") == ["هل من جديد؟"]

    # The last message becomes a conversation of its own, and comes back by the toast.
    sheet(page, "split")
    page.fill("#split-subject", "شكر")
    page.click("[data-checks-from]")
    page.click("#sheet .btn--primary")
    expect(page.locator("#entries .msg")).to_have_count(1)
    page.locator(".toast button").last.click()
    expect(page.locator("#entries .msg")).to_have_count(2)

    # A call is written down; what is missing is said, and what was typed stays.
    sheet(page, "call")
    page.fill("#call-text", "اتصلت ليلى")
    page.fill("#call-minutes", "كثير")
    page.click("#sheet .btn--primary")
    expect(page.locator("#sheet-error")).not_to_be_empty()
    expect(page.locator("#call-text")).to_have_value("اتصلت ليلى")
    page.fill("#call-minutes", "٣")
    page.click("#sheet .btn--primary")
    expect(page.locator("#entries .msg").last).to_contain_text("اتصلت ليلى")


def test_many_are_chosen_by_keys_changed_and_brought_back(
    office: Office, context_factory: ContextFactory
) -> None:
    numbers = [office.write("سؤال", subject=f"مسألة {each}").number for each in range(3)]
    page = context_factory().new_page()
    office.sign_in(page, BADR)
    page.goto(f"{office.desk.url}/inbox/all")
    page.focus(f"#open-{numbers[-1]}")
    page.keyboard.press("x")
    page.keyboard.press("Shift+J")
    expect(page.locator("#rows [data-chosen]")).to_have_count(2)
    expect(page.locator("#bulk-bar")).to_be_visible()
    page.click("#bulk-bar [data-bulk*='closed']")
    expect(page.locator("#bulk-run [data-finished]")).to_be_visible(timeout=20_000)
    expect(page.locator(f"#row-{numbers[0]}")).to_be_visible()
    closed = "select count(*) from conversations_conversation where status = 'closed' and id = any(%s)"
    assert office.sql(closed, numbers) == [(2,)]
    page.click("#bulk-run [hx-delete]")
    until(lambda: office.sql(closed, numbers) == [(0,)], "both are open again")
    expect(page.locator("#bulk-run [data-finished]")).to_be_visible(timeout=20_000)
    page.click("[data-bulk-closes]")
    expect(page.locator("#bulk")).to_be_hidden()


def test_what_begins_a_conversation_stays_in_sight_when_it_cannot_be_kept(
    office: Office, context_factory: ContextFactory, expected_complaints: list[str]
) -> None:
    expected_complaints += [
        "ERR_INTERNET_DISCONNECTED",
        "ERR_FAILED",
        "status of 401",
        "sendError",
        "htmx:afterRequest",
    ]
    context = context_factory()
    page = context.new_page()
    office.sign_in(page, BADR)
    page.keyboard.press("c")
    page.fill("#begin-text", "أهلًا بكم")
    expect(page.locator("#begin-kept .hint")).to_be_visible()
    context.set_offline(True)
    page.fill("#begin-text", "أهلًا بكم جميعًا")
    page.keyboard.press("Escape")
    expect(page.locator("#begin-kept")).to_contain_text("لم تُحفظ")
    expect(page.locator("#begin-text")).to_be_visible()
    expect(page.locator("#begin-text")).to_have_value("أهلًا بكم جميعًا")
    context.set_offline(False)
    cookies = context.cookies()
    context.clear_cookies(name="majlis_session")
    page.fill("#begin-text", "أهلًا بكم جميعًا هنا")
    expect(page.locator("#begin-kept")).to_contain_text("خرجت")
    expect(page.locator("#begin-text")).to_have_value("أهلًا بكم جميعًا هنا")
    for field, typed in (("to", office.customer()), ("subject", "موعد"), ("reason", "متابعة")):
        page.fill(f"#begin-{field}", typed)
    page.click("#sheet .btn--primary")
    expect(page.locator("#sheet-error")).to_contain_text("خرجت")
    expect(page.locator("#begin-text")).to_have_value("أهلًا بكم جميعًا هنا")
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page.keyboard.press("Escape")
    expect(page.locator("#sheet")).to_be_hidden()
    page.goto(f"{office.desk.url}/inbox/drafts")
    expect(page.locator(".begun .crow__snip").first).to_have_text("أهلًا بكم جميعًا هنا")
    # Thrown away, brought back by the toast, thrown away for good.
    for is_brought_back in (True, False):
        page.click(".begun .crow")
        page.click("#begin-kept [data-act=discard]")
        expect(page.locator("#sheet")).to_be_hidden()
        expect(page.locator(".begun .crow")).to_have_count(0)
        if is_brought_back:
            page.get_by_role("button", name="تراجع").click()
            expect(page.locator(".begun .crow")).to_have_count(1)


def test_a_conversation_is_begun_by_its_key(
    office: Office, context_factory: ContextFactory, expected_complaints: list[str]
) -> None:
    expected_complaints += ["status of 422", "Error Code 422"]
    page = context_factory().new_page()
    office.sign_in(page, BADR)
    who = office.customer()
    page.keyboard.press("c")
    expect(page.locator("#begin-to")).to_be_visible()
    page.fill("#begin-to", who)
    page.fill("#begin-subject", "موعد")
    page.fill("#begin-text", "أهلًا")
    # Closed by a slip, or to look something up: it waits among the drafts as it was typed.
    page.keyboard.press("Escape")
    expect(page.locator("#sheet")).to_be_hidden()
    expect(page.locator(".toast")).to_contain_text("مسوداتك")
    page.goto(f"{office.desk.url}/inbox/drafts")
    page.click(".begun .crow")
    expect(page.locator("#begin-text")).to_have_value("أهلًا")
    expect(page.locator("#begin-to")).to_have_value(who)
    page.fill("#begin-reason", "متابعة")
    page.click("#sheet .btn--primary")
    expect(page.locator("#sheet")).to_be_hidden()
    expect(page.locator(".begun .crow")).to_have_count(0)
    begun = "select id from conversations_conversation where begun_by_id is not null and subject = 'موعد'"
    ((number,),) = until(lambda: office.sql(begun), "the conversation")
    office.send_now(number)
    until(lambda: office.deliveries(number) == ["sent"], "it left", timeout=30)
    # Nobody twice: the same again is refused by name, in the sheet, and what was typed stays.
    page.keyboard.press("c")
    for field, text in (("to", who), ("subject", "موعد"), ("text", "أهلًا"), ("reason", "متابعة")):
        page.fill(f"#begin-{field}", text)
    page.click("#sheet .btn--primary")
    expect(page.locator("#begin-out")).to_contain_text(who)
    expect(page.locator("#begin-text")).to_have_value("أهلًا")
