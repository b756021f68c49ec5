"""What happens elsewhere is on the page by itself: once, in order, also after the network was gone."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.cable import Cable
from tests.browser.conftest import ContextFactory
from tests.browser.office import BADR, SALMA, Letter, Office, has_stayed, shown, stays
from tests.polling import until

SLOW_MS = 20_000


def post(page: Page, office: Office, path: str, method: str = "POST", **form: str | float | bool) -> None:
    """One person does something at their own page, by the request that the page makes."""
    token = page.evaluate("JSON.parse(document.body.getAttribute('hx-headers'))['X-CSRFToken']")
    headers = {"X-CSRFToken": token, "HX-Request": "true"}
    answer = page.request.fetch(f"{office.desk.url}{path}", method=method, headers=headers, form=form)
    assert answer.ok, (path, answer.status, answer.text())


def test_what_a_colleague_does_is_seen_without_a_reload(
    office: Office, context_factory: ContextFactory
) -> None:
    letter = office.write("لم يصلني الطلب.", subject="الطلب الأول")
    salma, badr = context_factory().new_page(), context_factory(worker=False).new_page()
    office.sign_in(salma, SALMA)
    office.sign_in(badr, BADR)
    for page in (salma, badr):
        office.open(page, letter.number)
        stays(page)
    seen, row = salma.locator("#entries"), salma.locator(f"#row-{letter.number}")

    office.write("هل من جديد؟", subject="Re: الطلب الأول", after=letter)
    expect(seen.locator(".msg").nth(1)).to_contain_text("هل من جديد؟", timeout=SLOW_MS)
    expect(row).to_contain_text("هل من جديد؟", timeout=SLOW_MS)

    badr.keyboard.press("KeyN")
    badr.keyboard.type("سألت شركة الشحن.")
    badr.keyboard.press("Control+Enter")
    expect(seen.locator(".msg--note")).to_contain_text("سألت شركة الشحن.", timeout=SLOW_MS)

    badr.locator("#thread").focus()
    badr.click("#assign-menu summary")
    badr.click("#assign-menu [data-key=KeyI]")
    expect(salma.locator("#assign-menu summary")).to_contain_text("بدر", timeout=SLOW_MS)
    expect(seen.locator(".event", has_text="بدر")).to_have_count(1)
    expect(row).to_contain_text("بدر", timeout=SLOW_MS)

    badr.locator("#thread-scroll").focus()
    held: list[Route] = []
    badr.route("**/assignment", lambda route: held.append(route))  # noqa: PLW0108 (Playwright marks it)
    badr.keyboard.press("KeyA")
    nobody, others = badr.locator("#assign-menu .pop > .opt"), badr.locator("#assign-menu [data-from] .opt")
    expect(nobody).to_be_focused(timeout=SLOW_MS)
    badr.evaluate("() => Promise.all(document.getAnimations().map((running) => running.finished))")
    stood = nobody.bounding_box()
    until(lambda: badr.evaluate("true") and held, "the list of teammates asked for")
    held[0].continue_()
    expect(others.first).to_be_visible(timeout=SLOW_MS)
    assert nobody.bounding_box() == stood, "a choice moved away from the pointer when the others came"
    expect(nobody).to_be_focused()
    badr.unroute("**/assignment")
    badr.keyboard.press("Escape")

    # A menu in use is left alone; what came for its part of the page is there when it closes.
    salma.click("#tag-menu summary")
    badr.click("#tag-menu summary")
    badr.fill("#tag-name", "شحن")
    badr.keyboard.press("Enter")
    expect(seen.locator(".event", has_text="شحن")).to_be_visible(timeout=SLOW_MS)
    expect(salma.locator("#tag-name")).to_be_visible()
    expect(salma.locator("#thread-head .tag", has_text="شحن")).to_have_count(0)
    salma.keyboard.press("Escape")
    expect(salma.locator("#thread-head .tag", has_text="شحن")).to_be_visible(timeout=SLOW_MS)

    badr.select_option("#status", "waiting")
    expect(salma.locator("#status")).to_have_value("waiting", timeout=SLOW_MS)

    badr.fill("#composer [name=text]", "سيصلك غدًا.")
    badr.click("[data-send=open]")
    delivery = seen.locator(".msg--agent .delivery")
    expect(seen.locator(".msg--agent")).to_contain_text("سيصلك غدًا.", timeout=SLOW_MS)
    expect(delivery).to_contain_text("أُرسل", timeout=40_000)
    expect(badr.locator("#entries .msg--agent .delivery")).to_contain_text("أُرسل")

    assert has_stayed(salma)
    assert has_stayed(badr)
    assert shown(salma) == shown(badr)


@pytest.mark.parametrize(
    ("how", "seconds"),
    [
        pytest.param("torn", 0, id="torn"),
        pytest.param("silent", 60, id="silent-for-a-minute", marks=pytest.mark.soak),
    ],
)
def test_after_the_network_was_gone_everything_is_there_once_and_in_order(
    how: str,
    seconds: int,
    office: Office,
    cable: Cable,
    context_factory: ContextFactory,
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("net::ERR_")
    letter = office.write("السلام عليكم", subject=f"انقطاع {how}")
    salma, badr = context_factory().new_page(), context_factory().new_page()
    office.sign_in(badr, BADR)
    office.open(badr, letter.number)
    badr.fill("#composer [name=text]", "رد قبل الانقطاع")
    badr.click("[data-send=open]")
    expect(badr.locator("#entries .msg--agent")).to_contain_text("رد قبل الانقطاع")
    office.sign_in(salma, SALMA, url=cable.url)
    office.open(salma, letter.number, url=cable.url)
    stays(salma)
    until(lambda: cable.live_streams, "the live stream")
    before = shown(salma)
    assert len(before) >= 2

    gone_at = time.monotonic()
    cable.tear() if how == "torn" else cable.silence()
    salma.context.set_offline(True)
    happen(badr, office, letter)
    until(lambda: time.monotonic() - gone_at >= seconds, "the end of the cut", timeout=seconds + 60)
    if how == "torn":
        expect(salma.locator("#live-notice")).to_be_visible()
    assert shown(salma) == before

    salma.context.set_offline(False)
    cable.mend()
    last = badr.locator("#entries > *").last.get_attribute("id")
    expect(salma.locator(f"#{last}")).to_be_visible(timeout=60_000)
    # The thread may have asked by itself before the stream tried again, which it does every 22.5 s at the longest.
    expect(salma.locator("#live-notice")).to_have_count(0, timeout=40_000)
    expect(salma.locator("#entries .msg--agent .delivery", has_text="أُرسل")).to_have_count(2, timeout=40_000)
    mine = shown(salma)
    assert has_stayed(salma)
    names = [name for name, _, _ in mine]
    assert len(names) == len(set(names))
    assert [seq for _, seq, _ in mine] == sorted(seq for _, seq, _ in mine)
    assert len(mine) >= 32
    assert "تراجعت" not in salma.locator("#entries").inner_text()
    # Word for word what somebody sees who opens it now.
    office.open(badr, letter.number)
    assert [(name, seq) for name, seq, _ in mine] == [(name, seq) for name, seq, _ in shown(badr)]
    strip = re.compile("تراجع")
    assert [strip.sub("", text) for *_, text in mine] == [strip.sub("", text) for *_, text in shown(badr)]
    # It goes on from there.
    office.write("بعد الانقطاع", subject="Re:", after=letter)
    expect(salma.locator("#entries .msg").last).to_contain_text("بعد الانقطاع", timeout=SLOW_MS)


def happen(badr: Page, office: Office, letter: Letter) -> None:
    """Much happens: mails, notes, replies of which one is taken back, an earlier one leaves, changes."""
    own = f"/conversations/{letter.number}"
    for index in range(10):
        office.write(f"رسالة {index}", subject="Re:", after=letter)
        post(badr, office, f"{own}/notes", text=f"ملاحظة {index}")
        post(badr, office, f"{own}/tags", name=f"وسم-{index}")
    post(badr, office, f"{own}/assignment", teammate=str(office.people[BADR]))
    for text in ("تراجعت عن هذا", "رد أثناء الانقطاع"):
        seen = office.sql("select seq from conversations_conversation where id = %s", letter.number)[0][0]
        post(badr, office, f"{own}/replies", text=text, seen=str(seen))
        if text == "تراجعت عن هذا":
            find = "select id from conversations_entry where conversation_id = %s and text = %s"
            ((entry,),) = office.sql(find, letter.number, text)
            post(badr, office, f"/replies/{entry}", method="DELETE")
    post(badr, office, f"{own}/status", status="waiting")
    post(badr, office, f"{own}/closure")
    post(badr, office, f"{own}/closure", method="DELETE")
    until(lambda: office.deliveries(letter.number)[0] == "sent", "the first reply on its way", timeout=40)
    seq = office.sql("select seq from conversations_conversation where id = %s", letter.number)[0][0]
    expect(badr.locator(f"#thread[data-seq='{seq}']")).to_be_visible(timeout=SLOW_MS)


def test_the_list_stands_still_under_the_pointer_and_a_pill_tells_of_news(
    office: Office, context_factory: ContextFactory
) -> None:
    letter = office.write("قديمة", subject="قائمة ثابتة")
    page = context_factory().new_page()
    office.sign_in(page, SALMA)
    page.goto(f"{office.desk.url}/inbox/unassigned")
    rows = page.locator("#rows > li[data-number]")
    page.locator(f"#open-{letter.number}").hover()
    first, count = rows.first.get_attribute("id"), rows.count()
    news = [office.write(f"جديدة {index}", subject=f"خبر {index}") for index in range(2)]
    office.write("جواب", subject="Re:", after=letter)

    pill = page.locator("#list-pill")
    expect(pill).to_contain_text("محادثتان", timeout=SLOW_MS)
    expect(page.locator(f"#row-{letter.number}")).to_contain_text("جواب", timeout=SLOW_MS)
    assert rows.first.get_attribute("id") == first
    assert rows.count() == count

    pill.click()
    for one in news:
        expect(page.locator(f"#row-{one.number}")).to_be_visible()
    expect(pill).to_be_hidden()
    # Away from the list it follows by itself.
    page.locator("#thread").hover()
    late = office.write("متأخرة", subject="خبر أخير")
    expect(page.locator(f"#row-{late.number}")).to_be_visible(timeout=SLOW_MS)


def test_two_tabs_share_one_stream_and_the_second_lives_on_alone(
    office: Office, cable: Cable, context_factory: ContextFactory
) -> None:
    letter = office.write("لسانان", subject="لسانان")
    context = context_factory()
    first, second = context.new_page(), context.new_page()
    office.sign_in(first, SALMA, url=cable.url)
    for page in (first, second):
        office.open(page, letter.number, url=cable.url)
    office.write("للاثنين", subject="Re:", after=letter)
    for page in (first, second):
        expect(page.locator("#entries .msg").last).to_contain_text("للاثنين", timeout=SLOW_MS)
    assert cable.live_streams == 1
    first.close()
    office.write("للباقي", subject="Re:", after=letter)
    expect(second.locator("#entries .msg").last).to_contain_text("للباقي", timeout=SLOW_MS)
    assert cable.live_streams == 1
