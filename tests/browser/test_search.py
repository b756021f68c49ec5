"""Looking for what was said: from any list by the keyboard, narrowed, kept as a view, and brought back after removal."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import ContextFactory
from tests.browser.office import SALMA, Office, has_stayed, stays


def test_a_search_is_typed_narrowed_kept_removed_and_brought_back(
    office: Office, context_factory: ContextFactory
) -> None:
    found = office.write("خُصم المبلغ من بطاقتي يا زعفران", subject="خصم")
    other = office.write("متى تصل شحنة الزعفران؟", subject="شحن")
    page = context_factory().new_page()
    office.sign_in(page, SALMA)
    office.open(page, other.number)
    stays(page)
    page.keyboard.press("Slash")
    field = page.locator("#search-q")
    expect(field).to_be_focused()
    field.fill("البطاقة الزعفران")
    field.press("Enter")
    rows = page.locator("#rows > li[data-number]")
    expect(rows).to_have_count(1)
    expect(rows.locator("mark").first).to_have_text("بطاقتي")
    expect(page.locator(f"#row-{found.number}")).to_be_visible()
    assert has_stayed(page)
    expect(page.locator(f"#thread[data-number='{other.number}']")).to_be_visible()

    # A filter is suggested while it is typed, and its chip takes it off again.
    field.fill("الزعفران ")
    field.press("End")
    field.press_sequentially("مسند:لا")
    option = page.locator("#search-options [role=option]").first
    expect(option).to_have_attribute("data-writes", 'مسند:"لا أحد"')
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value('الزعفران مسند:"لا أحد" ')
    field.press("Enter")
    expect(page.locator("#search-chips .tag")).to_have_count(1)
    expect(rows).to_have_count(2)
    page.locator("#search-chips .tag a").click()
    expect(page.locator("#search-chips .tag")).to_have_count(0)
    expect(field).to_have_value("الزعفران")

    # Kept as a view it stands in the navigation; removed, it can be brought back.
    page.locator("#view-menu > summary").click()
    page.locator("#view-menu [name=name]").fill("زعفران")
    page.locator("#view-menu .btn--primary").click()
    view = page.locator("#nav-folders a", has_text="زعفران")
    expect(view).to_be_visible()
    page.locator("#main").click(position={"x": 2, "y": 2})
    expect(page.locator("#view-menu .btn--danger")).to_have_count(1)
    page.locator("#view-menu > summary").click()
    page.locator("#view-menu .btn--danger").click()
    expect(view).to_have_count(0)
    page.locator("#toasts button").first.click()
    expect(view).to_be_visible()

    # The way back from a conversation is the search; the browser remembers what was looked for.
    page.locator(f"#open-{found.number}").click()
    expect(page.locator(f"#thread[data-number='{found.number}']")).to_be_visible()
    page.reload()
    expect(rows).to_have_count(2)
    field.fill("")
    field.blur()
    page.keyboard.press("Slash")
    expect(page.locator("#search-options [role=option]").first).to_have_text('الزعفران مسند:"لا أحد"')
