"""Two people at one conversation see each other, in thread and list; what they attend to is recorded."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs

from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import ContextFactory
from tests.browser.office import BADR, NOURA, SALMA, Office, has_stayed, stays
from tests.polling import until

SOON_MS = 5_000
# Keeps what a screen reader would be told, in the order in which it would be.
_LISTEN = """() => {
  window.heard = [];
  const region = document.getElementById("presence-said");
  new MutationObserver(() => region.textContent && window.heard.push(region.textContent))
    .observe(region, { childList: true, characterData: true, subtree: true });
}"""


def faces(page: Page, number: int) -> Any:
    return page.locator(f"#row-{number} .crow__here .here")


def test_who_reads_and_who_writes_is_seen_elsewhere_at_once(
    office: Office, context_factory: ContextFactory
) -> None:
    first = office.write("لم يصلني الطلب.", subject="من يقرأ")
    second = office.write("سؤال عن الفاتورة.", subject="من يكتب")
    salma, badr, noura = (context_factory().new_page() for _ in range(3))
    for page, who in ((salma, SALMA), (badr, BADR), (noura, NOURA)):
        office.sign_in(page, who)
    office.open(salma, first.number)
    banner, said = salma.locator("#presence-banner"), salma.locator("#presence-said")
    expect(banner).to_be_hidden()
    salma.evaluate(_LISTEN)
    stays(salma)

    office.open(badr, first.number)
    expect(banner).to_contain_text("بدر: قراءة", timeout=SOON_MS)
    expect(banner).not_to_have_class(re.compile("banner--warn"))
    expect(said).to_contain_text("بدر: قراءة")
    expect(salma.locator("#presence-faces .here")).to_have_count(1)
    expect(faces(salma, first.number)).to_have_attribute("data-doing", "read")
    expect(badr.locator("#presence-banner")).to_contain_text("سلمى: قراءة", timeout=SOON_MS)
    expect(badr.locator("#presence-faces .here")).to_have_count(1)

    badr.locator("#composer [name=text]").press_sequentially("نعتذر عن التأخير", delay=10)
    expect(banner).to_contain_text("بدر: كتابة رد", timeout=SOON_MS)
    expect(banner).to_have_class(re.compile("banner--warn"))
    expect(faces(salma, first.number)).to_have_attribute("data-doing", "reply")
    salma.locator("#composer [name=text]").press_sequentially("أهلًا", delay=10)
    expect(banner).to_contain_text("بدر: كتابة رد الآن أيضًا")

    # Another tab of the same person adds nobody; a new list and a caught up thread keep what is known.
    again = badr.context.new_page()
    office.open(again, first.number)
    office.write("هل من جديد؟", subject="Re: من يقرأ", after=first)
    expect(salma.locator("#entries .msg").nth(1)).to_be_visible(timeout=20_000)
    expect(salma.locator(f"#row-{first.number}")).to_contain_text("هل من جديد؟", timeout=20_000)
    expect(faces(salma, first.number)).to_have_count(1)
    expect(salma.locator("#presence-faces .here")).to_have_count(1)
    again.close(run_before_unload=False)

    # Somewhere else, and gone.
    badr.click(f"#open-{second.number}")
    expect(badr.locator(f"#thread[data-number='{second.number}']")).to_be_visible()
    expect(banner).to_be_hidden(timeout=SOON_MS)
    expect(salma.locator("#presence-faces .here")).to_have_count(0)
    expect(faces(salma, second.number)).to_have_attribute("data-doing", "read", timeout=SOON_MS)
    expect(badr.locator("#presence-banner")).to_be_hidden()
    expect(faces(badr, first.number)).to_have_count(1)
    # As if nothing had been heard of him for a minute: the sweep tells of it, and what he does next that he is there.
    office.sql(
        """update conversations_presence set seen_at = now() - interval '1 min'
        where conversation_id = %s returning tab""",
        second.number,
    )
    expect(faces(salma, second.number)).to_have_count(0, timeout=20_000)
    badr.locator("#composer [name=text]").press_sequentially("نعم", delay=10)
    expect(faces(salma, second.number)).to_have_attribute("data-doing", "reply", timeout=SOON_MS)
    badr.close()
    expect(faces(salma, second.number)).to_have_count(0, timeout=SOON_MS)

    heard = salma.evaluate("window.heard")
    assert len(heard) == len(set(heard)), heard
    assert next(one for one in heard if "كتابة رد" in one) == "بدر: كتابة رد الآن"
    assert has_stayed(salma)
    assert noura.locator("#presence-faces .here, .crow__here .here").count() == 0
    assert noura.evaluate("() => fetch('/presence').then((answer) => answer.json())")["others"] == []


def test_attention_is_said_while_the_page_is_used_and_cut_after_a_minute(
    office: Office, context_factory: ContextFactory
) -> None:
    first = office.write("لم يصلني الطلب.", subject="انتباه أول")
    second = office.write("سؤال عن الفاتورة.", subject="انتباه ثان")
    page = context_factory().new_page()
    said: dict[str, tuple[int, int]] = {}  # by key: conversation and milliseconds, as the page said last
    ends: list[int] = []

    def hear(request: Request) -> None:
        if not request.url.endswith("/presence") or request.method != "POST":
            return
        sent = request.post_data or ""
        fields = json.loads(sent) if sent.startswith("{") else {k: v[0] for k, v in parse_qs(sent).items()}
        for key, number, began, ended in json.loads(fields.get("attention", "[]")):
            said[key] = (number, began - ended)
            ends.append(ended)

    office.sign_in(page, BADR)
    page.on("request", hear)
    page.clock.install()
    office.open(page, first.number)
    page.mouse.move(700, 400)
    page.clock.run_for(50_000)
    page.mouse.move(710, 410)  # used again in time: one stretch
    page.clock.run_for(40_000)
    page.click(f"#open-{second.number}")
    expect(page.locator(f"#thread[data-number='{second.number}']")).to_be_visible()
    page.clock.run_for(200_000)  # nobody there: cut a minute after the last use
    page.mouse.move(700, 400)
    page.clock.run_for(20_000)
    # As at the end of a page; what a real one says then is seen by nobody who could tell this test.
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    until(
        lambda: page.evaluate("true") and len(said) == 3 and list(said.values())[-1][1] > 15_000,
        "the last one's end",
    )
    stretches = list(said.values())
    assert [number for number, _ in stretches] == [first.number, second.number, second.number]
    assert [round(length / 5000) * 5 for _, length in stretches] == [90, 60, 20]
    assert min(ends) == 0

    # The server's clock stood still meanwhile: what it took is one row a stretch, none in the future, no two at once.
    rows = office.sql(
        # clock_timestamp(): the page's last word may arrive between this question's start and what it sees.
        """select key::text, conversation_id, ended_at >= started_at and ended_at <= clock_timestamp(),
            started_at >= coalesce(lag(ended_at) over (order by started_at), started_at)
        from conversations_attention where conversation_id in (%s, %s) order by started_at""",
        first.number,
        second.number,
    )
    assert {key.replace("-", "") for key, *_ in rows} <= set(said)
    assert {number for _, number, *_ in rows} == {first.number, second.number}
    assert all(is_sound and is_apart for *_, is_sound, is_apart in rows)
