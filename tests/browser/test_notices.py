"""Somebody is told: the count in every tab and before the title, a toast, a sound, and a press that lands on the entry."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.conftest import ContextFactory
from tests.browser.office import BADR, SALMA, Office, has_stayed, stays
from tests.polling import until

SOON_MS = 10_000
# Counts the notes that are sounded and the system's notifications that are shown, in place of hearing and seeing them.
_LISTEN = """
window.sounded = 0;
window.shown = [];
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) { window.sounded += 1; return start.call(this, at); };
class Shown { constructor(title, more) { this.title = title; this.body = more.body; window.shown.push(this); } close() {} }
Shown.permission = "granted";
window.Notification = Shown;
"""


def count(page: Page) -> Any:
    return page.locator(".nav .bell__count")


def is_hidden(page: Page, hidden: bool) -> None:
    """As when another tab or window covers this one."""
    state = "hidden" if hidden else "visible"
    page.evaluate(
        """(state) => {
          Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        state,
    )


def test_a_mention_is_seen_heard_and_leads_to_the_note(
    office: Office, context_factory: ContextFactory
) -> None:
    first = office.write("لم يصلني الطلب.", subject="حيث يُشار إليه")
    second = office.write("سؤال عن الفاتورة.", subject="حيث هو الآن")
    salma, room = context_factory().new_page(), context_factory()
    room.add_init_script(_LISTEN)
    badr, tab = room.new_page(), room.new_page()
    office.sign_in(salma, SALMA)
    office.sign_in(badr, BADR)
    office.sql(
        "update people_notification set read_at = now() where teammate_id = %s returning id",
        office.people[BADR],
    )
    office.open(tab, second.number)
    office.open(badr, second.number)
    expect(count(badr)).to_be_empty()
    is_hidden(tab, True)
    badr.mouse.click(700, 5)  # a page that was used may sound
    stays(badr)

    def mention(text: str) -> None:
        answer = salma.evaluate(
            """([url, fields]) => fetch(url, { method: "POST", body: new URLSearchParams(fields), headers: {
              "HX-Request": "true", "X-CSRFToken": JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"] } })
              .then((answer) => answer.status)""",
            [
                f"/conversations/{first.number}/notes",
                {"text": text, "key": uuid4().hex, "seen": "9", "mentions": str(office.people[BADR])},
            ],
        )
        assert answer in {200, 204}

    mention("هل تنظر في هذا يا بدر؟")
    for page in (badr, tab):
        expect(count(page)).to_have_text("١", timeout=SOON_MS)
        expect(page).to_have_title(re.compile(r"^\(١\) حيث هو الآن"))
    toast = badr.locator("#toasts .toast")
    expect(toast).to_contain_text("إشارة إليك من")
    expect(toast).to_contain_text("حيث يُشار إليه")
    until(lambda: badr.evaluate("sounded") == 2, "the two notes")
    assert tab.evaluate("[sounded, shown.length]") == [
        0,
        0,
    ]  # one tab of them is enough, and that one is seen
    assert badr.evaluate("shown.length") == 0

    # The panel lists it; a press lands on the note, without a new page, and the other tab counts the same.
    badr.keyboard.press("KeyB")
    notice = badr.locator("#notices .notice--new")
    expect(notice).to_have_count(1)
    expect(notice).to_contain_text("هل تنظر في هذا يا بدر؟")
    notice.click()
    expect(badr.locator(f"#thread[data-number='{first.number}'] .msg--note.is-found")).to_contain_text(
        "يا بدر"
    )
    assert re.search(rf"/conversations/{first.number}#entry-\d+$", badr.url)
    assert badr.evaluate("document.activeElement.matches('.msg--note')")
    for page, title in ((badr, "حيث يُشار إليه"), (tab, "حيث هو الآن")):
        expect(count(page)).to_be_empty(timeout=SOON_MS)
        expect(page).to_have_title(re.compile(f"^{title}"))
    assert has_stayed(badr)

    # What comes for the conversation before one's eyes is read at once, and no toast covers it.
    mention("وهذا أيضًا")
    expect(badr.locator("#entries .msg--note").nth(1)).to_be_visible(timeout=SOON_MS)
    until(
        lambda: office.sql(
            "select 1 from people_notification where teammate_id = %s having count(*) filter (where read_at is null) = 0"
            " and count(*) filter (where kind = 'mentioned' and conversation_id = %s) = 2",
            office.people[BADR],
            first.number,
        ),
        "the second is read",
    )
    expect(toast.filter(has_text="وهذا")).to_have_count(0)

    # Nobody looks at either tab: the system's own notification, once; its press comes to the front and opens the note.
    badr.goto(f"{office.desk.url}/settings/notifications/")
    is_hidden(badr, True)
    mention("وهذا والصفحة مخفية")
    shown = "window.shown.map((one) => one.title + '\\n' + one.body)"
    until(lambda: badr.evaluate(shown) + tab.evaluate(shown), "a notification of the browser")
    expect(badr).to_have_title(re.compile(r"^\(١\) "))
    (said,) = badr.evaluate(shown) + tab.evaluate(shown)
    assert "إشارة إليك من" in said
    assert "وهذا والصفحة مخفية" in said
    page = badr if badr.evaluate("shown.length") else tab
    is_hidden(page, False)
    page.evaluate("shown[0].onclick()")
    expect(page.locator(".msg--note.is-found")).to_contain_text("والصفحة مخفية", timeout=SOON_MS)
    expect(count(page)).to_be_empty(timeout=SOON_MS)
