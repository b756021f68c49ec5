"""A contact form from its making to what comes by it: in the settings, on its own page, and in a frame on a shop's."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from majlis.channels.forms import proof
from tests.browser.conftest import NARROW, ContextFactory
from tests.browser.office import SALMA, Office
from tests.serious import serious

_BRAND = "insert into people_brand (name, created_at) values ('متجر سدرة', now()) on conflict do nothing returning id"


@dataclass(slots=True)
class Shop:
    """Somebody's shop at an origin of its own, with a policy as strict as the form lets it be."""

    url: str = ""
    body: str = ""
    desk: str = ""


@pytest.fixture
def shop() -> Iterator[Shop]:
    known = Shop()

    class Serving(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path.startswith("/contact") else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            policy = f"default-src 'none'; script-src {known.desk}; frame-src {known.desk}"
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(known.body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Serving)
    known.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield known
    server.shutdown()
    thread.join()
    server.server_close()


def made(office: Office, page: Page, *, name: str, start: str, sites: str = "") -> str:
    """Salma makes a form; the address of its page."""
    office.sql(_BRAND)
    office.sign_in(page, SALMA)
    page.goto(f"{office.desk.url}/settings/forms/new/?start={start}")
    page.fill("#form-name", name)
    page.fill("#form-sites", sites)
    page.click(".savebar .btn--primary")
    return page.input_value("#form-address")


def came(office: Office, name: str) -> tuple[str, list[list[str]], str, list[str]]:
    """What came by a form: the text's first line, its fields, its page, and the names of its files."""
    query = """select e.text, e.details -> 'form' -> 'fields', e.details -> 'form' ->> 'page',
        array(select name from conversations_attachment a where a.entry_id = e.id order by id)
        from conversations_entry e where e.details -> 'form' ->> 'name' = %s"""
    rows = office.sql(query, name)
    assert len(rows) == 1
    said, fields, page, files = rows[0]
    return said.partition("\n")[0], fields, page, files


def test_a_form_is_made_field_by_field_with_its_preview_beside(
    office: Office, context_factory: ContextFactory
) -> None:
    page = context_factory().new_page()
    address = made(office, page, name=f"محرَّر {uuid4().hex[:6]}", start="contact")
    paper = page.locator("#form-preview")
    page.fill("#form-title_ar", "كيف نساعد؟")
    expect(paper).to_contain_text("كيف نساعد؟")

    # Fields by the keyboard: the focus follows the one that moves, and the preview what is done.
    assert not serious(page, "the editor")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), "only its pane scrolls"
    page.select_option("#new-kind", "choice")
    page.focus("#add-field")
    page.keyboard.press("Enter")
    expect(page.locator("#card-choice details")).to_have_attribute("open", "")
    expect(page.locator("#form-title_ar")).to_have_value("كيف نساعد؟")
    page.fill("#choice-label_ar", "السبب")
    expect(paper).to_contain_text("السبب")
    page.focus("#down-choice")
    page.keyboard.press("Enter")
    expect(page.locator(".fieldcard b").nth(1)).to_have_text("السبب")
    expect(page.locator("#down-choice")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".fieldcard b").nth(2)).to_have_text("السبب")
    page.focus("#remove-files")
    page.keyboard.press("Enter")
    expect(page.locator("#card-files")).to_have_count(0)
    page.click(".savebar .btn--primary")
    expect(page.locator(".banner")).to_contain_text("حُفظ")

    page.goto(address)
    expect(page.locator("h1")).to_have_text("كيف نساعد؟")
    expect(page.locator("legend")).to_have_text("السبب (اختياري)")


def test_somebody_fills_it_in_by_the_keyboard_on_a_phone_and_nothing_typed_is_lost(
    office: Office, context_factory: ContextFactory, expected_complaints: list[str]
) -> None:
    expected_complaints.append("status of 422")
    name = f"إرجاع {uuid4().hex[:6]}"
    address = made(office, context_factory().new_page(), name=name, start="return")
    page = context_factory(viewport=NARROW).new_page()
    page.goto(address)
    keys = page.keyboard
    expect(page.locator("html")).to_have_class("has-js")
    expect(page.locator("#f-instead")).to_be_hidden()
    expect(page.locator("#f-pictures")).to_be_hidden()

    keys.press("Tab")
    keys.press("Tab")
    expect(page.locator("#f-name")).to_be_focused()
    keys.type("ليلى")
    keys.press("Tab")
    keys.type("layla@")
    keys.press("Tab")
    keys.type("#48213")
    keys.press("Tab")
    keys.press("Space")
    keys.press("ArrowDown")
    expect(page.locator("#f-instead")).to_be_visible()
    keys.press("Tab")
    expect(page.locator("#f-instead")).to_be_focused()
    keys.type("مقاس أكبر")
    keys.press("Tab")
    keys.press("Space")
    expect(page.locator("#f-pictures")).to_be_visible()
    page.set_input_files(
        "#f-pictures", {"name": "الضرر.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n"}
    )
    keys.press("Tab")
    keys.press("Tab")
    expect(page.locator("#f-message")).to_be_focused()
    keys.type("وصل ممزقًا.")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it fits a phone"
    keys.press("Tab")
    keys.press("Enter")

    wrong = page.get_by_role("alert")
    expect(wrong).to_contain_text("بريدك الإلكتروني")
    expect(wrong).to_be_focused()
    assert not serious(page, "the form")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator("#f-email")).to_be_focused()
    expect(page.locator("#f-email")).to_have_value("layla@")
    expect(page.locator("#f-instead")).to_have_value("مقاس أكبر")
    expect(page.locator("[name=kept]")).to_be_checked()
    expect(page.locator("[name=proof]")).not_to_have_value("")
    work = page.input_value("[name=proof]")
    assert proof.is_done(page.input_value("[name=stamp]"), work), "the browser did the work"
    page.fill("#f-email", office.customer())
    keys.press("Enter")
    expect(page.locator(".contact__done")).to_contain_text("وصلتنا رسالتك")
    expect(page.locator(".contact__said")).to_contain_text("وصل ممزقًا.")

    said, fields, where, files = came(office, name)
    assert said == "وصل ممزقًا."
    assert [value for _label, value in fields] == ["#48213", "استبدال", "مقاس أكبر", "نعم", "الضرر.png"]
    assert where == address
    assert files == ["الضرر.png"]


def test_it_stands_on_a_shops_page_of_another_origin(
    office: Office, shop: Shop, context_factory: ContextFactory, expected_complaints: list[str]
) -> None:
    expected_complaints.append("status of 422")
    name = f"متجر {uuid4().hex[:6]}"
    maker = context_factory().new_page()
    made(office, maker, name=name, start="order", sites=f"{shop.url}/anything")
    shop.desk = f"{urlsplit(office.desk.url).scheme}://{urlsplit(office.desk.url).netloc}"
    tag = maker.input_value("#form-tag").replace("<script ", '<script data-order="WH-77" data-language="ar" ')
    shop.body = f"<!doctype html><html lang=en dir=ltr><title>Shop</title><body><h1>Contact</h1>{tag}<p id=end>End</p>"

    page = context_factory(viewport=NARROW).new_page()
    page.goto(f"{shop.url}/contact?basket=7")
    form = page.frame_locator("iframe")
    expect(form.locator("#f-order")).to_have_value("WH-77")
    expect(form.locator("html")).to_have_attribute("dir", "rtl")
    frame = page.locator("iframe")
    page.wait_for_function(
        "() => document.querySelector('iframe').style.blockSize && document.querySelector('iframe').offsetHeight > 640"
    )
    high = frame.evaluate("e => e.offsetHeight")
    assert not form.locator("html").evaluate("e => e.scrollHeight > e.clientHeight + 1"), "no bar of its own"

    # Refused: what was typed stays, and the frame grows with what is said.
    form.locator("#f-message").fill("أين طلبي؟")
    form.locator("#f-email").fill("layla@")
    form.locator("[data-send]").click()
    expect(form.get_by_role("alert")).to_be_focused()
    expect(form.locator("#f-message")).to_have_value("أين طلبي؟")
    page.wait_for_function(f"() => document.querySelector('iframe').offsetHeight > {high}")
    form.locator("#f-email").fill(office.customer())
    form.get_by_role("radio").first.check()
    expect(form.locator("[name=proof]")).not_to_have_value("")
    form.locator("[data-send]").click()
    expect(form.locator(".contact__done")).to_contain_text("وصلتنا رسالتك")
    page.wait_for_function(f"() => document.querySelector('iframe').offsetHeight < {high}")

    said, fields, where, _files = came(office, name)
    assert said == "أين طلبي؟"
    assert [value for _label, value in fields] == ["أين طلبي؟", "WH-77"]
    assert where == f"{shop.url}/contact"


@pytest.mark.parametrize(
    ("said", "theme"), [("light dark", ""), ("dark", "dark"), ("only light", "light"), ("", "light")]
)
def test_in_a_page_it_is_light_or_dark_as_the_page_says_in_its_head(
    office: Office, shop: Shop, context_factory: ContextFactory, said: str, theme: str
) -> None:
    maker = context_factory().new_page()
    made(office, maker, name=f"مظهر {uuid4().hex[:6]}", start="contact")
    shop.desk = f"{urlsplit(office.desk.url).scheme}://{urlsplit(office.desk.url).netloc}"
    head = (
        f'<title>Shop</title><meta name="color-scheme" content="{said}">' if said else "<title>Shop</title>"
    )
    shop.body = f"<!doctype html><html lang=en>{head}<body>{maker.input_value('#form-tag')}"

    page = context_factory(colour="dark").new_page()
    page.goto(f"{shop.url}/contact")

    form = page.frame_locator("iframe")
    expect(form.locator("h1")).to_be_visible()
    asked = parse_qs(
        urlsplit(page.locator("iframe").get_attribute("src") or "").query, keep_blank_values=True
    )
    assert asked["theme"] == [theme]
    # Ink is dark on light paper: the first number of its colour is its lightness.
    is_light = "() => getComputedStyle(document.body).color.match(/[\\d.]+/).map(Number)[0] < 0.5"
    assert form.locator("body").evaluate(is_light) == (theme == "light")


def test_on_a_phone_what_saves_stays_in_sight_and_nothing_else_scrolls(
    office: Office, context_factory: ContextFactory
) -> None:
    page = context_factory(viewport=(390, 560)).new_page()
    made(office, page, name=f"هاتف {uuid4().hex[:6]}", start="return")
    form_id = int(urlsplit(page.url).path.split("/")[-2])
    rule = "insert into channels_channelrule (form_id, shown_on) values (%s, %s) returning id"
    office.sql(rule, form_id, '["/contact"]')

    expect(page.locator(".savebar .btn--primary")).to_be_in_viewport(ratio=1)
    for path in (f"/settings/forms/{form_id}/", "/settings/channels/check/?page=shop.example/x"):
        page.goto(f"{office.desk.url}{path}")
        expect(page.locator("h1")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), path
