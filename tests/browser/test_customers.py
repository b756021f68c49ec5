"""A customer at the desk: what is known stands beside the thread, is written in place, found again and merged."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import ContextFactory
from tests.browser.office import BADR, SALMA, Office, has_stayed, stays


def test_what_is_known_is_written_beside_the_thread_found_by_it_and_merged(
    office: Office, context_factory: ContextFactory, expected_complaints: list[str]
) -> None:
    # A panel that is being fetched anew while it is replaced gives that up, and htmx says so.
    expected_complaints += ["status of 422", "htmx:sendAbort", "htmx:afterRequest"]
    first = office.write("من البيت", subject="أين طلبي؟")
    second = office.write("من العمل", subject="فاتورة من العمل")
    name = f"زمرّدة {first.number}"
    page = context_factory().new_page()
    office.sign_in(page, BADR)
    office.open(page, first.number)
    stays(page)

    # Who it is: opened, left, opened again, saved by the keyboard; the focus is never lost.
    page.click("#customer-who [data-edit]")
    expect(page.locator("#customer-name")).to_be_focused()
    expect(page.locator(".htmx-added, .htmx-settling")).to_have_count(0)  # the keys work from here on
    page.keyboard.press("Escape")
    expect(page.locator("#customer-who [data-edit]")).to_be_focused()
    page.keyboard.press("Enter")
    page.fill("#customer-name", name)
    page.fill("#customer-job", "كاتبة")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#customer-who .ctx__who")).to_contain_text("كاتبة")
    expect(page.locator(".toast")).to_contain_text("حُفظ")
    expect(page.locator("#customer-who [data-edit]")).to_be_focused()

    # A note, and undoing it brings the panel up to date.
    page.fill("#customer-note-text", "تفضّل البريد مساءً")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".ctx__note")).to_contain_text("تفضّل البريد مساءً")
    page.click(".ctx__note button")
    expect(page.locator(".ctx__note")).to_have_count(0)
    page.locator(".toast", has_text="أُزيلت الملاحظة").get_by_role("button").click()
    expect(page.locator(".ctx__note")).to_contain_text("تفضّل البريد مساءً")

    # An address of somebody else is refused, what was typed stays, and merging is offered.
    page.fill("#customer-address", second.sender)
    page.keyboard.press("Enter")
    expect(page.locator("#customer-address-error")).to_be_visible()
    expect(page.locator("#customer-address")).to_have_value(second.sender)
    page.locator("#customer-addresses button", has_text="ادمجهما").click()
    expect(page.locator("#customer-addresses .ctx__line")).to_have_count(2)
    expect(page.locator("#customer-conversations")).to_contain_text("فاتورة من العمل")
    page.locator(".toast", has_text="دُمج").get_by_role("button").click()
    expect(page.locator("#customer-addresses .ctx__line")).to_have_count(1)
    page.click("#customer-merge summary")
    page.locator("#customer-merge-with").press_sequentially(second.sender.partition("@")[0])
    page.locator("#customer-candidates .opt").first.click()
    expect(page.locator("#customer-addresses .ctx__line")).to_have_count(2)
    assert has_stayed(page)

    # Found again, from the list, by the keyboard alone.
    page.click("[data-go=customers]")
    expect(page.locator("h1")).to_have_text("العملاء")
    page.wait_for_load_state()
    page.keyboard.press("/")
    expect(page.locator("#customers-q")).to_be_focused()
    page.keyboard.type(name)
    expect(page.locator("#customers-total")).to_have_text("عميل واحد")
    expect(page).to_have_url(re.compile(r"[?&]q="))
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(name)
    expect(page.locator("#rows > li")).to_have_count(2)
    page.click(f"#rows > li[data-number='{second.number}'] a")
    expect(page.locator("#entries .event").last).to_contain_text("دمج")
    page.locator("#customer-merge button", has_text="تراجع").click()
    expect(page.locator("#customer-addresses .ctx__line")).to_have_count(1)
    expect(page.locator("#entries .event").last).to_contain_text("فصل")


def test_a_table_is_looked_at_and_brought_in_by_the_worker(
    office: Office, context_factory: ContextFactory, expected_complaints: list[str]
) -> None:
    expected_complaints.append("status of 422")
    page = context_factory(viewport=(390, 844)).new_page()
    office.sign_in(page, SALMA)
    page.goto(f"{office.desk.url}/customers")
    page.locator("a[href$='/customers/imports']").first.click()
    table = "الاسم;البريد;الهاتف\nهند المستوردة;hind@imported.test;٠٥٥\nبلا;;\n"
    page.set_input_files(
        "#import-file", {"name": "عملاء.csv", "mimeType": "text/csv", "buffer": table.encode("utf-16")}
    )
    expect(page.locator("#import-name")).to_have_text("عملاء.csv")
    page.click("main .btn--primary")
    expect(page.locator("#field-1")).to_have_value("address")
    expect(page.locator(".imp__sum .tag--warn")).to_contain_text("صف واحد")
    page.select_option("#field-1", "")
    expect(page.locator("#import .banner--bad")).to_be_visible()
    page.select_option("#field-1", "address")
    expect(page.locator("#import .banner--bad")).to_have_count(0)
    page.click("#import .btn--primary")
    expect(page.locator("#import-progress")).to_contain_text("قُرئت الصفوف كلها", timeout=15_000)
    expect(page.locator(".imp__reason")).to_have_count(1)
    page.click("#import-progress .btn--primary")
    page.fill("#customers-q", "المستورده")
    expect(page.locator("#customers-total")).to_have_text("عميل واحد")
    expect(page.locator(".cust__who")).to_have_text("هند المستوردة")
