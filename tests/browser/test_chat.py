"""A visitor of a shop and a teammate at the desk: live both ways, by mail when the visitor has left, and back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from typing import Any

import jwt
import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.browser.conftest import NARROW, ContextFactory
from tests.browser.office import BADR, Office
from tests.browser.shop import Shop, opened
from tests.polling import until

SLOW_MS = 20_000

# Runs inside Majlis.
_MAKE = """
import json
from majlis.channels.chat import widgets
from majlis.people.brands import house
from majlis.people.models import Brand
from django.utils import timezone
from tests import cast
brand = Brand.objects.first() or Brand.objects.create(name="سِدرة", created_at=timezone.now())
made = widgets.create(cast.salma(), brand=brand, mailbox=cast.support(), name="المتجر", sites=[%(site)r])
print(json.dumps({"key": made.key, "secret": widgets.secret_of(made)}))
"""

_ANSWER = """
from uuid import uuid4
from majlis.channels.outbox import send_reply
from majlis.conversations.models import Conversation
from tests import cast
seen = Conversation.objects.get(pk=%(number)d).seq
send_reply(cast.badr(), %(number)d, text=%(text)r, seen_seq=seen, submission_key=uuid4())
print("{}")
"""


@pytest.fixture(scope="module")
def shop(office: Office) -> Iterator[Shop]:
    with opened(office) as shop:
        yield shop


@pytest.fixture(scope="module")
def widget(office: Office, shop: Shop) -> dict[str, Any]:
    """The shop's widget: its key, and the secret its back end signs with."""
    return inside(office, _MAKE % {"site": shop.url})


def inside(office: Office, code: str) -> dict[str, Any]:
    """What code run inside Majlis prints as its last line."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("majlis")), *("manage", "shell", "--no-imports", "-c", code)],
        env={
            **os.environ,
            "MAJLIS_DATA": str(office.desk.data),
            "PYTHONPATH": str(Path(__file__).parents[2]),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def begin(page: Page, shop: Shop, widget: dict[str, Any], text: str, **more: str) -> Page:
    """A visitor opens the shop's page, then the panel, and writes."""
    page.goto(shop.page(widget["key"], **more))
    page.locator(".launch").click()
    page.locator(".card").first.click()
    say(page, text)
    return page


def say(page: Page, text: str) -> None:
    page.locator(".w textarea").fill(text)
    page.keyboard.press("Enter")


def number_of(office: Office, text: str) -> int:
    """The conversation in which a visitor said this."""
    find = "select conversation_id from conversations_entry where text = %s and kind = 'message'"
    return int(until(lambda: office.sql(find, text), f"“{text}” in the inbox")[0][0])


def test_a_visitor_and_a_teammate_talk_live(
    office: Office, shop: Shop, widget: dict[str, Any], context_factory: ContextFactory
) -> None:
    visitor = begin(context_factory().new_page(), shop, widget, "هل يصل الطقم إلى جدة قبل الجمعة؟")
    number = number_of(office, "هل يصل الطقم إلى جدة قبل الجمعة؟")
    badr = context_factory().new_page()
    office.sign_in(badr, BADR)
    office.open(badr, number)
    expect(badr.locator("#entries .msg")).to_contain_text("هل يصل الطقم إلى جدة")
    expect(badr.locator("#chat-standing")).to_contain_text("في المحادثة الآن")
    expect(visitor.locator(".me .meta")).to_contain_text("قُرئت", timeout=SLOW_MS)

    visitor.locator(".w textarea").press_sequentially("وأيضًا", delay=20)
    expect(badr.locator("#chat-typing")).to_be_visible(timeout=SLOW_MS)
    say(visitor, "وأيضًا هل تشحنون إلى دبي؟")
    expect(badr.locator("#entries .msg").nth(1)).to_contain_text("دبي", timeout=SLOW_MS)

    badr.keyboard.press("KeyR")
    badr.keyboard.type("نعم، يصل")
    expect(visitor.locator(".types")).to_contain_text("بدر", timeout=SLOW_MS)
    badr.keyboard.type(" يوم الأربعاء.")
    badr.keyboard.press("Control+Shift+Enter")
    expect(visitor.locator(".turn:not(.me)").last).to_contain_text("نعم، يصل يوم الأربعاء.", timeout=SLOW_MS)
    expect(visitor.locator(".types")).to_be_empty()
    expect(badr.locator("#chat-standing")).to_contain_text("رأى كل شيء", timeout=SLOW_MS)
    assert office.deliveries(number) == []


def test_what_a_visitor_did_not_see_goes_by_mail_and_their_answer_is_in_the_chat(
    office: Office, shop: Shop, widget: dict[str, Any], context_factory: ContextFactory
) -> None:
    visitor = context_factory().new_page()
    visitor.clock.install()
    begin(visitor, shop, widget, "أحتاج فاتورة ضريبية")
    number = number_of(office, "أحتاج فاتورة ضريبية")
    address = office.customer()
    expect(visitor.locator(".me .meta")).to_be_visible()
    visitor.clock.fast_forward(121_000)  # nobody answers for two minutes
    visitor.locator("#where").fill(address)
    visitor.keyboard.press("Enter")
    expect(visitor.locator("#where")).to_have_count(0)
    visitor.goto("about:blank")  # they leave

    badr = context_factory().new_page()
    office.sign_in(badr, BADR)
    office.open(badr, number)
    expect(badr.locator("#chat-standing")).to_contain_text("كُتب ولم يثبت")
    badr.keyboard.press("KeyR")
    badr.keyboard.type("هذه فاتورتكم.")
    badr.keyboard.press("Control+Shift+Enter")
    expect(badr.locator("#entries .msg--agent")).to_contain_text("هذه فاتورتكم.")

    # The quiet minute is over.
    office.sql(
        "update conversations_entry set created_at = created_at - interval '2 minutes' where conversation_id = %s"
        " returning id",
        number,
    )
    office.sql(
        "update channels_chatthread set mail_due_at = now() where conversation_id = %s returning 1", number
    )
    office.sql("select pg_notify('majlis_work', 'letters')")
    mail = message_from_bytes(office.host.wait_for(address, 1)[0], policy=policy.default)
    part = mail.get_body(("plain",))
    assert part is not None
    assert "هذه فاتورتكم." in part.get_content()
    assert "بدر" in str(mail["From"])

    answer = EmailMessage()
    answer["From"], answer["To"], answer["Subject"] = address, str(mail["From"]), f"Re: {mail['Subject']}"
    answer["Message-ID"] = make_msgid(domain="customers.test")
    answer["In-Reply-To"] = answer["References"] = str(mail["Message-ID"])
    answer.set_content("وصلت، شكرًا.")
    office.hand_in(answer)
    expect(badr.locator("#entries .msg", has_text="وصلت، شكرًا.")).to_be_visible(timeout=SLOW_MS)
    expect(badr.locator("#entries .event", has_text=address)).to_be_visible()

    visitor.goto(shop.page(widget["key"]))  # and come back
    visitor.locator(".launch").click()
    expect(visitor.locator(".log")).to_contain_text("هذه فاتورتكم.")
    expect(visitor.locator(".log .bub")).to_have_count(3)
    expect(visitor.locator(".log")).to_contain_text("وصلت، شكرًا.")


def test_a_forged_identity_is_refused_and_a_signed_one_greeted_by_name(
    office: Office,
    shop: Shop,
    widget: dict[str, Any],
    context_factory: ContextFactory,
    expected_complaints: list[str],
) -> None:
    expected_complaints += ["status of 403", "identity_forged"]
    said = {"sub": "c-17", "name": "ليلى", "exp": time.time() + 600, "jti": "first"}
    layla = context_factory().new_page()
    layla.goto(shop.page(widget["key"], identity=jwt.encode(said, widget["secret"], "HS256")))
    layla.locator(".launch").click()
    expect(layla.locator(".w")).to_contain_text("ليلى")
    layla.locator(".card").first.click()
    say(layla, "سرّ ليلى عند المتجر")
    number_of(office, "سرّ ليلى عند المتجر")

    thief = context_factory().new_page()
    forged = jwt.encode({**said, "jti": "second"}, "a secret that is not the shop's own", "HS256")
    with thief.expect_response("**/here") as answered:
        thief.goto(shop.page(widget["key"], identity=forged))
    assert answered.value.status == 403
    assert answered.value.json()["error"] == "identity_forged"
    thief.locator(".launch").click()
    expect(thief.locator(".w .card").first).to_be_visible()
    expect(thief.locator(".w")).not_to_contain_text("ليلى")


def test_eight_tabs_are_one_stream_and_each_says_everything_once(
    office: Office, shop: Shop, widget: dict[str, Any], context_factory: ContextFactory
) -> None:
    context = context_factory()
    streams = Streams(context)
    first = begin(context.new_page(), shop, widget, "من التبويب الأول")
    number = number_of(office, "من التبويب الأول")
    tabs = [first]
    for _ in range(7):
        tab = context.new_page()
        tab.goto(shop.page(widget["key"]))
        tab.locator(".launch").click()
        tab.locator("button.card").first.click()
        expect(tab.locator(".log")).to_contain_text("من التبويب الأول")
        tabs.append(tab)
    until(lambda: ticks(first) and len(streams.open) == 1, "one stream for eight tabs")
    answer(office, number, "وصلت إلى كل تبويب")
    for tab in tabs:
        tab.bring_to_front()
        expect(tab.locator(".turn:not(.me)", has_text="وصلت إلى كل تبويب")).to_have_count(1, timeout=SLOW_MS)
    first.close()
    until(lambda: ticks(tabs[1]) and len(streams.open) == 1, "another tab holds the stream")
    say(tabs[-1], "من الأخير")
    tabs[1].bring_to_front()
    expect(tabs[1].locator(".me .bub", has_text="من الأخير")).to_have_count(1, timeout=SLOW_MS)
    expect(tabs[-1].locator(".me .bub", has_text="من الأخير")).to_have_count(1)
    until(
        lambda: office.entries(number, "message") == ["من التبويب الأول", "من الأخير"],
        "what the last tab said, once",
    )


def test_nothing_typed_is_lost_while_the_network_is_cut(
    office: Office,
    shop: Shop,
    widget: dict[str, Any],
    context_factory: ContextFactory,
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("net::ERR_")
    context = context_factory()
    visitor = begin(context.new_page(), shop, widget, "قبل الانقطاع")
    number = number_of(office, "قبل الانقطاع")
    expect(visitor.locator(".me .meta")).to_be_visible()
    context.set_offline(True)
    say(visitor, "أثناء الانقطاع، الأولى")
    say(visitor, "أثناء الانقطاع، الثانية")
    visitor.locator(".w textarea").fill("لم تُرسل بعد")
    answer(office, number, "كتبنا وأنتم بلا شبكة")
    expect(visitor.locator(".me .bub")).to_have_count(3)
    assert office.entries(number, "message") == ["قبل الانقطاع"]
    context.set_offline(False)
    expect(visitor.locator(".turn:not(.me)", has_text="كتبنا وأنتم بلا شبكة")).to_have_count(
        1, timeout=SLOW_MS
    )
    expect(visitor.locator(".me .bub")).to_have_count(3)
    until(
        lambda: (
            office.entries(number, "message")
            == ["قبل الانقطاع", "أثناء الانقطاع، الأولى", "أثناء الانقطاع، الثانية"]
        ),
        "what was written without a network",
    )
    expect(visitor.locator(".w textarea")).to_have_value("لم تُرسل بعد")


@pytest.mark.parametrize(("language", "way"), [("ar", "rtl"), ("en", "ltr")])
def test_on_a_phone_it_fills_the_screen_and_leaves_the_page_as_it_was(
    office: Office,
    shop: Shop,
    widget: dict[str, Any],
    context_factory: ContextFactory,
    language: str,
    way: str,
) -> None:
    page = context_factory(locale=language, viewport=NARROW).new_page()
    page.goto(shop.page(widget["key"], language=language))
    page.locator(".launch").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".w")).to_be_visible()
    assert page.locator("majlis-chat .m").get_attribute("dir") == way
    box = page.locator(".w").bounding_box()
    assert box is not None
    assert (round(box["x"]), round(box["width"])) == (0, NARROW[0])
    page.locator(".card").first.click()
    text = f"On a phone, {language}"
    say(page, text)
    number_of(office, text)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    page.keyboard.press("Escape")
    expect(page.locator(".w")).to_be_hidden()
    expect(page.locator(".launch")).to_be_focused()


def ticks(page: Page) -> bool:
    """Let Playwright tell what happened meanwhile."""
    return bool(page.evaluate("true"))


def answer(office: Office, number: int, text: str) -> None:
    """Badr answers, wherever he is."""
    inside(office, _ANSWER % {"number": number, "text": text})


class Streams:
    """The streams of a browser's tabs that are open: asked for, and neither ended nor cut."""

    def __init__(self, context: BrowserContext) -> None:
        self.open: set[Request] = set()
        context.on("request", self._asked)
        context.on("requestfinished", self._ended)
        context.on("requestfailed", self._ended)
        context.on("page", lambda page: page.on("close", lambda _: self._gone(page)))

    def _asked(self, request: Request) -> None:
        if request.url.endswith("/live"):
            self.open.add(request)

    def _ended(self, request: Request) -> None:
        self.open.discard(request)

    def _gone(self, page: Page) -> None:
        self.open = {one for one in self.open if one.frame.page != page}
