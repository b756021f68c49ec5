"""The composer whole: formatting, pictures, drafts elsewhere, whom it goes to, what is taken back, and the network gone."""

from __future__ import annotations

import base64
import email
import email.policy

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import ContextFactory
from tests.browser.office import BADR, SALMA, Office
from tests.polling import until

SLOW_MS = 20_000
BOX = "#composer [name=text]"
RICH = "#composer .composer__rich"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC"
)
PASTE = """(bytes) => {
  const carrier = new DataTransfer();
  carrier.items.add(new File([Uint8Array.from(atob(bytes), (one) => one.charCodeAt(0))], "صورة.png", { type: "image/png" }));
  const paste = { clipboardData: carrier, bubbles: true, cancelable: true };
  document.querySelector(".composer__rich").dispatchEvent(new ClipboardEvent("paste", paste));
}"""


@pytest.fixture
def badr(office: Office, context_factory: ContextFactory) -> Page:
    """Badr at his computer, signed in."""
    page = context_factory(worker=False).new_page()
    office.sign_in(page, BADR)
    return page


def drafted(office: Office, number: int) -> list[str]:
    query = "select text from conversations_draft where conversation_id = %s order by mode"
    return [text for (text,) in office.sql(query, number)]


def test_a_formatted_reply_with_a_picture_from_draft_to_mail_and_back(
    office: Office, badr: Page, context_factory: ContextFactory, expected_complaints: list[str]
) -> None:
    expected_complaints.append("409")
    letter = office.write("كيف أركّبه؟", subject="تنسيق")
    office.open(badr, letter.number)
    badr.click(BOX)
    badr.keyboard.type("الخطوات")
    badr.keyboard.press("Control+b")
    expect(badr.locator(RICH)).to_be_focused()
    badr.keyboard.type(" المهمة")
    badr.keyboard.press("Control+b")
    badr.keyboard.press("Enter")
    badr.click("[data-format=numbers]")
    badr.keyboard.type("Open the box")
    badr.evaluate(PASTE, base64.b64encode(PNG).decode())
    expect(badr.locator(f"{RICH} img[src]")).to_be_visible(timeout=SLOW_MS)
    until(
        lambda: any("Open the box" in text for text in drafted(office, letter.number)),
        "the saved draft",
        timeout=30,
    )

    # On another computer of his the draft is there, picture and all; what he writes there is offered here.
    other = context_factory(worker=False).new_page()
    office.sign_in(other, BADR)
    office.open(other, letter.number)
    expect(other.locator(f"{RICH} img[src]")).to_be_visible(timeout=SLOW_MS)
    other.locator(f"{RICH} p").first.click()
    other.keyboard.press("Home")
    other.keyboard.type("أهلا. ")
    until(
        lambda: any("أهلا." in text for text in drafted(office, letter.number)),
        "the draft from there",
        timeout=30,
    )
    badr.locator(f"{RICH} p").first.click()
    badr.keyboard.type("؟")
    expect(badr.locator("#composer-offer")).to_be_visible(timeout=SLOW_MS)
    badr.click("[data-composer=take]")
    expect(badr.locator(f"{RICH} p").first).to_have_text("أهلا. الخطوات المهمة", timeout=SLOW_MS)

    # Sent, taken back, sent again: nothing is lost on the way.
    badr.locator(RICH).focus()
    badr.keyboard.press("Control+Shift+Enter")
    expect(badr.locator("#entries .msg--agent .written img")).to_be_visible(timeout=SLOW_MS)
    expect(badr.locator(BOX)).to_have_value("")
    assert drafted(office, letter.number) == []
    badr.click("#toasts .toast button")
    expect(badr.locator(f"{RICH} img[src]")).to_be_visible(timeout=SLOW_MS)
    badr.locator(RICH).focus()
    badr.keyboard.press("Control+Shift+Enter")
    expect(badr.locator("#entries .msg--agent .written img")).to_be_visible(timeout=SLOW_MS)
    office.send_now(letter.number)
    (raw,) = office.host.wait_for(letter.sender, 1, timeout=40)
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert "أهلا. الخطوات المهمة" in plain.get_content()
    assert "1. Open the box" in plain.get_content()
    (related,) = [part for part in mail.walk() if part.get_content_type() == "multipart/related"]
    html, picture = related.iter_parts()
    assert "<strong> المهمة</strong>" in html.get_content()
    assert picture["Content-ID"].strip("<>") in html.get_content()
    assert picture.get_content() == PNG


def test_others_get_it_only_when_they_were_chosen(office: Office, badr: Page) -> None:
    letter = office.write("للشحن رجاء", subject="إعادة توجيه")
    store = office.customer()
    office.open(badr, letter.number)
    badr.locator("#entries .msg").first.hover()
    badr.click("#entries .msg [data-forward]")
    badr.fill("#composer [name=to]", store)
    badr.fill(BOX, "للعلم")
    badr.click("[data-only=forward][data-send]")
    expect(badr.locator("#entries .msg--agent")).to_contain_text(store, timeout=SLOW_MS)
    expect(badr.locator("#composer")).to_have_attribute("data-mode", "reply")
    expect(badr.locator("#composer-people")).to_be_hidden()
    badr.fill(BOX, "وصل طلبك")
    badr.click("#composer [data-send=open]:not([data-snooze], [data-only=forward])")
    expect(badr.locator("#entries .msg--agent")).to_have_count(2, timeout=SLOW_MS)
    query = """select "to" from conversations_entry
        where conversation_id = %s and kind in ('reply', 'forward') order by seq"""
    assert [to for (to,) in office.sql(query, letter.number)] == [[store], [letter.sender]]

    # A note names a colleague by the beginning of the name.
    badr.click("[data-mode-button=note]")
    badr.click(BOX)
    badr.keyboard.type("@سل")
    expect(badr.locator(".composer__mates .opt")).to_have_count(1, timeout=SLOW_MS)
    badr.keyboard.press("Enter")
    badr.keyboard.type("ما رأيك؟")
    badr.click("[data-composer=emoji]")
    badr.fill(".emoji input", "شكرا")
    badr.keyboard.press("Enter")
    badr.click("[data-send=note]")
    expect(badr.locator("#entries .msg--note")).to_contain_text("@سلمى ما رأيك؟", timeout=SLOW_MS)
    named = """select m.teammate_id from conversations_mention m
        join conversations_entry e on e.id = m.entry_id where e.conversation_id = %s"""
    assert office.sql(named, letter.number) == [(office.people[SALMA],)]


def test_what_arrives_before_it_has_left_is_asked_about_and_offline_it_waits(
    office: Office, badr: Page, expected_complaints: list[str]
) -> None:
    expected_complaints.append("net::ERR_")
    letter = office.write("ألغوا الطلب", subject="قبل أن يذهب")
    office.open(badr, letter.number)
    badr.route("**/replies", lambda route: route.abort("internetdisconnected"), times=1)
    badr.fill(BOX, "ألغيناه")
    badr.click("#composer [data-send=open]:not([data-snooze], [data-only=forward])")
    expect(badr.locator("#composer-error")).not_to_be_empty(timeout=SLOW_MS)
    expect(badr.locator("#entries .msg--agent")).to_have_count(1, timeout=SLOW_MS)  # by itself
    expect(badr.locator(BOX)).to_have_value("")
    office.write("بل لا تلغوه", subject="Re:", after=letter)
    banner = badr.locator("#take-back")
    expect(banner).to_contain_text("ليلى", timeout=SLOW_MS)
    banner.locator("button").first.click()
    expect(badr.locator(BOX)).to_have_value("ألغيناه", timeout=SLOW_MS)
    assert office.entries(letter.number, "reply") == []
    assert office.deliveries(letter.number) == ["cancelled"]


def test_what_was_let_stand_goes_out_by_one_key(
    office: Office, badr: Page, expected_complaints: list[str]
) -> None:
    expected_complaints.append("409")
    letter = office.write("متى؟", subject="على كل حال")
    office.open(badr, letter.number)

    def late(_route: Route) -> None:
        """The news does not reach Badr's page."""

    badr.route("**/entries?since=*", late)
    office.write("بسرعة", subject="Re:", after=letter)
    badr.fill(BOX, "غدا")
    badr.locator(BOX).press("Control+Shift+Enter")
    expect(badr.locator("[data-composer=anyway]")).to_be_visible(timeout=SLOW_MS)
    badr.locator(BOX).press("Control+Shift+Enter")
    until(lambda: office.entries(letter.number, "reply") == ["غدا"], "the reply")
    badr.unroute("**/entries?since=*")
