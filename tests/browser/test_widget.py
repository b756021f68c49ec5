"""The widget on a shop's page: what it brings, what it leaves alone, and the way through it.

Every page carries a policy that lets our address in by script-src and connect-src and nothing else; a violation fails
the test.
"""

from __future__ import annotations

import struct
import zlib

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NARROW, Colour, ContextFactory
from tests.browser.shopping import arrived, go, start, texts, write
from tests.browser.visited import Visited
from tests.polling import until
from tests.serious import serious

LOADER_BYTES = 4_000
REST_BYTES = 20_000
HOSTILE = (
    "*{all:unset!important;display:block!important;font-size:40px!important;color:red!important;visibility:hidden!important}"
    "div,majlis-chat{display:none!important;opacity:0!important;transform:scale(3)!important}"
    "html{font-size:62.5%;direction:ltr}"
)


def picture() -> bytes:
    """A PNG of 60 by 40 dots, all of them red."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60, 40, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\xff\0\0" * 60) * 40
    return (
        b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")
    )


def test_a_page_loads_four_kilobytes_and_the_rest_on_the_click(
    context_factory: ContextFactory, shop: Visited
) -> None:
    page = go(context_factory().new_page(), shop)
    expect(page.locator(".launch")).to_be_visible()

    assert 0 < shop.first_bytes <= LOADER_BYTES
    assert shop.later_bytes == 0
    assert shop.desk.asked == []

    page.locator(".launch").click()
    page.locator("button.card").click()
    write(page, "مساء الخير")
    arrived(page)

    assert 0 < shop.later_bytes <= REST_BYTES


def test_a_visitor_writes_and_reads_the_answer_as_it_comes(
    context_factory: ContextFactory, shop: Visited
) -> None:
    page = start(context_factory().new_page(), shop)
    write(page, "هل يصل الطقم قبل الجمعة؟")
    until(lambda: shop.desk.streams, "the stream")

    shop.desk.say("typing", c="c1", n="ريم")
    expect(page.locator(".types")).to_contain_text("ريم")
    shop.desk.write("c1", "نعم، يوم الأربعاء.")
    shop.desk.say("seen", c="c1", s=1)

    expect(page.locator(".turn:not(.me)")).to_contain_text("نعم، يوم الأربعاء.")
    expect(page.locator(".types")).to_be_empty()
    expect(page.locator(".me .meta")).to_contain_text("قُرئت")
    until(lambda: shop.desk.talks["c1"].unread == 0, "the mark that it was read")


def test_the_loudest_page_changes_nothing(context_factory: ContextFactory, shop: Visited) -> None:
    page = start(context_factory().new_page(), shop, css=HOSTILE)
    write(page, "مساء الخير")

    button, panel = page.locator(".launch").bounding_box(), page.locator(".w").bounding_box()
    assert button
    assert panel
    assert (button["x"], button["width"], button["height"]) == (24, 56, 56)
    assert (panel["x"], panel["width"], panel["height"]) == (24, 380, 640)
    bubble = page.locator(".bub").first
    assert bubble.evaluate("one => getComputedStyle(one).fontSize") == "15px"
    assert bubble.evaluate("one => getComputedStyle(one).color") == "rgb(250, 254, 254)"
    assert page.locator("h1").evaluate("one => getComputedStyle(one).visibility") == "hidden"  # it was loud


def test_the_widget_speaks_the_page_s_language_and_stands_on_its_side(
    context_factory: ContextFactory, shop: Visited
) -> None:
    page = context_factory(locale="ar").new_page()

    go(page, shop, lang="en")
    page.get_by_role("button", name="Open the chat with Support · Sidra").click()
    expect(page.get_by_text("Start a conversation")).to_be_visible()
    panel = page.locator(".w").bounding_box()
    assert panel
    assert panel["x"] == 1440 - 24 - 380
    assert panel["y"] + panel["height"] < 900 - 24 - 56

    go(page, shop, lang="fr")
    expect(page.get_by_role("button", name="افتح المحادثة مع الدعم · متجر سِدرة")).to_be_visible()

    shop.desk.config.update(language="en", position="start", offset=100)
    go(page, shop, lang="ar")
    button = page.get_by_role("button", name="Open the chat with Support · Sidra").bounding_box()
    assert button
    assert (button["x"], button["y"]) == (24, 900 - 100 - 56)


def test_the_keyboard_can_do_everything(context_factory: ContextFactory, shop: Visited) -> None:
    page = go(
        context_factory().new_page(), shop, js="document.addEventListener('keydown',e=>window.heard=e.key)"
    )
    expect(page.locator(".launch")).to_have_attribute("aria-expanded", "false")
    page.locator("#before").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_focused()
    expect(page.locator(".launch")).to_have_attribute("aria-expanded", "true")
    page.locator("button.card").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("رسالتك")).to_be_focused()
    page.evaluate("window.heard = null")

    page.keyboard.type("أول")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("ثان")
    assert page.locator("textarea").input_value() == "أول\nثان"
    page.locator("textarea").dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    assert page.locator("textarea").input_value() == "أول\nثان"
    page.keyboard.press("Enter")
    arrived(page)
    assert page.evaluate("window.heard") is None  # the page's own shortcuts are not for what is typed here

    page.keyboard.press("Escape")
    expect(page.locator(".w")).to_be_hidden()
    expect(page.locator(".launch")).to_be_focused()


def test_a_narrow_screen_is_a_sheet_that_keeps_the_focus_and_holds_the_page(
    context_factory: ContextFactory, shop: Visited
) -> None:
    page = start(context_factory(viewport=NARROW).new_page(), shop)

    panel = page.locator(".w").bounding_box()
    assert panel == {"x": 0, "y": 0, "width": 390, "height": 844}
    expect(page.locator(".launch")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).overflow") == "hidden"
    page.get_by_role("button", name="إرسال").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="رجوع")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="إرسال")).to_be_focused()

    page.keyboard.press("Escape")
    expect(page.locator(".launch")).to_be_focused()
    assert page.evaluate("getComputedStyle(document.documentElement).overflow") == "visible"


def test_pictures_are_drawn_and_files_are_links(context_factory: ContextFactory, shop: Visited) -> None:
    shop.desk.files["face"] = ("image/png", picture())
    shop.desk.told["people"] = [{"name": "ريم", "picture": "/chat/file/face"}]
    page = start(context_factory().new_page(), shop)
    expect(page.locator(".head .av canvas")).to_be_visible()

    chooser = page.locator("input[type=file]")
    chooser.set_input_files({"name": "صورة.png", "mimeType": "image/png", "buffer": picture()})
    expect(page.locator(".chips .chip")).to_contain_text("صورة.png")
    page.locator("textarea").evaluate(
        """(field) => {
          const data = new DataTransfer();
          data.items.add(new File(["١"], "قائمة.txt", {type: "text/plain"}));
          field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }"""
    )
    expect(page.locator(".chips .chip")).to_have_count(2)
    write(page, "هذه هي")
    arrived(page)

    drawn = page.locator("a.pic canvas")
    expect(drawn).to_have_attribute("aria-label", "صورة \u2068صورة.png\u2069، تُفتح في تبويب جديد")
    assert drawn.evaluate("one => [...one.getContext('2d').getImageData(5, 5, 1, 1).data]") == [
        255,
        0,
        0,
        255,
    ]
    link = page.locator(".turn a.chip")
    expect(link).to_contain_text("قائمة.txt")
    expect(link).to_have_attribute("target", "_blank")
    assert shop.desk.count("upload") == 2


def test_what_others_write_becomes_text_and_safe_links_only(
    context_factory: ContextFactory, shop: Visited
) -> None:
    page = start(context_factory().new_page(), shop)
    write(page, "مرحبًا")
    until(lambda: shop.desk.streams, "the stream")
    shop.desk.write(
        "c1",
        [
            ["p", {"onclick": "x", "style": "x"}, "قبل ", ["a", {"href": "javascript:alert(1)"}, "لا"]],
            ["script", None, "alert(1)"],
            ["iframe", {"src": "https://evil.test"}, ["b", None, "<b>حرفي</b>"]],
            ["p", None, "Two ", ["a", {"href": "https://shop.test/a"}, "links"]],
        ],
    )

    bubble = page.locator(".turn:not(.me) .bub")
    expect(bubble).to_contain_text("<b>حرفي</b>")
    assert bubble.locator("a").evaluate_all("all => all.map(one => one.href)") == ["https://shop.test/a"]
    assert bubble.locator("script, iframe, [onclick], [style]").count() == 0
    directions = bubble.locator("p").evaluate_all("all => all.map(one => getComputedStyle(one).direction)")
    assert directions == ["rtl", "ltr"]


def test_outside_hours_we_ask_where_to_send_the_answer(
    context_factory: ContextFactory, shop: Visited
) -> None:
    shop.desk.told["is_open"] = False
    page = start(context_factory().new_page(), shop)
    write(page, "أحتاج فاتورة")

    page.get_by_label("أين نرسل الرد؟").fill("layla")
    page.get_by_role("button", name="أرسلوا لي الرد").click()
    expect(page.locator(".where .bad")).to_be_visible()
    assert shop.desk.count("address") == 0
    page.get_by_label("أين نرسل الرد؟").fill("layla@shop.test")
    page.get_by_role("button", name="أرسلوا لي الرد").click()

    expect(page.get_by_text("سيصلك الرد أيضًا على")).to_be_visible()
    assert shop.desk.asked[-1][1]["address"] == "layla@shop.test"


def test_an_ended_conversation_goes_on_in_the_same_place(
    context_factory: ContextFactory, shop: Visited
) -> None:
    page = start(context_factory().new_page(), shop)
    write(page, "شكرًا")
    arrived(page)
    page.get_by_role("button", name="إنهاء المحادثة").click()
    expect(page.get_by_text("انتهت المحادثة")).to_be_visible()

    write(page, "سؤال آخر")
    arrived(page, 2)

    expect(page.get_by_text("انتهت المحادثة")).to_be_hidden()
    assert list(shop.desk.talks) == ["c1"]
    assert texts(page) == ["شكرًا", "سؤال آخر"]


@pytest.mark.parametrize("colour", ["light", "dark"])
def test_every_screen_keeps_the_rules_of_accessible_pages(
    context_factory: ContextFactory, shop: Visited, colour: Colour
) -> None:
    shop.desk.told["is_open"] = False
    page = context_factory(colour=colour).new_page()
    go(page, shop, css="@media(prefers-color-scheme:dark){body{background:#111;color:#eee}a{color:#9cf}}")
    page.locator(".launch").click()
    expect(page.locator("button.card")).to_be_visible()
    found = serious(page, "home")
    page.locator("button.card").click()
    write(page, "مرحبًا")
    arrived(page)
    until(lambda: shop.desk.streams, "the stream")
    shop.desk.write("c1", "أهلًا بك")
    expect(page.locator(".turn:not(.me)")).to_be_visible()
    expect(page.get_by_label("أين نرسل الرد؟")).to_be_visible()

    assert found + serious(page, "conversation") == []
