"""What a mail quotes is opened in its frame by the keyboard alone, and the frame makes room for it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import ContextFactory
from tests.browser.office import SALMA, Office

HTML = (
    '<div dir="rtl">وصل الطلب</div><div class="gmail_quote"><div class="gmail_attr">في 3 نوفمبر 2025 كتب سلمى:</div>'
    '<blockquote class="gmail_quote" style="border-left:1px solid #ccc">'
    + "<p>هل وصل؟</p>" * 12
    + "</blockquote></div>"
)


def test_a_quotation_opens_and_closes_in_its_frame(office: Office, context_factory: ContextFactory) -> None:
    letter = office.write("", subject="طلب", html=HTML)
    page = context_factory().new_page()
    office.sign_in(page, SALMA)
    office.open(page, letter.number)
    page.locator("details.mailhtml > summary").first.click()
    frame = page.locator("iframe.mailframe").first
    summary = frame.content_frame.locator("details.folded > summary")
    expect(summary).to_be_visible()
    said = frame.content_frame.get_by_text("هل وصل؟").first
    expect(said).to_be_hidden()
    fits = """frame => Math.abs(frame.clientHeight - frame.contentDocument.body.getBoundingClientRect().height) < 24"""
    page.wait_for_function(f"frame => ({fits})(frame)", arg=frame.element_handle())
    closed = frame.evaluate("frame => frame.clientHeight")
    summary.focus()
    page.keyboard.press("Enter")
    expect(said).to_be_visible()
    page.wait_for_function(
        "([frame, before]) => frame.clientHeight > before + 200", arg=[frame.element_handle(), closed]
    )
    page.keyboard.press("Enter")
    expect(said).to_be_hidden()
    page.wait_for_function(
        "([frame, before]) => frame.clientHeight === before", arg=[frame.element_handle(), closed]
    )
