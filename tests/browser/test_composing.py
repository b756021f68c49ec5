"""Writing: sent once whatever happens, taken back in time, and never a word lost."""

from __future__ import annotations

import email
import email.policy
import re

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, Route, expect

from tests.browser.cable import Cable
from tests.browser.conftest import NARROW, WIDE, ContextFactory
from tests.browser.office import BADR, SALMA, Letter, Office
from tests.polling import until

SLOW_MS = 20_000
BOX = "#composer [name=text]"


@pytest.fixture
def badr(office: Office, context_factory: ContextFactory) -> Page:
    """Badr at his computer, signed in."""
    page = context_factory(worker=False).new_page()
    office.sign_in(page, BADR)
    return page


def replies(office: Office, letter: Letter) -> list[str]:
    return office.entries(letter.number, "reply")


def word(page: Page, key: str) -> str:
    """One of the sentences that the page's scripts show."""
    found: str = page.evaluate(
        "(key) => JSON.parse(document.getElementById('majlis-words').textContent)[key]", key
    )
    return found


def press(context: BrowserContext, page: Page, code: str, key: str, virtual: int) -> None:
    """A key of a keyboard whose layout types `key` there."""
    session = context.new_cdp_session(page)
    for kind in ("keyDown", "keyUp"):
        session.send(
            "Input.dispatchKeyEvent",
            {
                "type": kind,
                "code": code,
                "key": key,
                "text": key if kind == "keyDown" else "",
                "windowsVirtualKeyCode": virtual,
            },
        )
    session.detach()


def test_a_reply_is_written_and_sent_by_keyboard_alone(office: Office, badr: Page) -> None:
    first = office.write("أين طلبي؟", subject="بالمفاتيح")
    second = office.write("سؤال آخر", subject="بالمفاتيح أيضًا")
    badr.goto(f"{office.desk.url}/inbox/all")
    expect(badr.locator(f"#open-{second.number}")).to_be_visible()
    badr.keyboard.press("j")
    expect(badr.locator(f"#open-{second.number}")).to_be_focused()
    badr.keyboard.press("j")
    expect(badr.locator(f"#open-{first.number}")).to_be_focused()
    badr.keyboard.press("Enter")
    expect(badr.locator(f"#thread[data-number='{first.number}'] .msg")).to_contain_text("أين طلبي؟")
    badr.keyboard.press("r")
    expect(badr.locator(BOX)).to_be_focused()
    badr.keyboard.type("في الطريق.")
    badr.keyboard.press("Enter")
    badr.keyboard.type("شكرًا لصبرك.")
    badr.keyboard.press("Control+Enter")

    expect(badr.locator(BOX)).to_have_value("", timeout=SLOW_MS)
    expect(badr.locator("#entries .msg--agent")).to_contain_text("شكرًا لصبرك.")
    expect(badr.locator("#thread-bar [data-act=reopen]")).to_be_visible()
    assert replies(office, first) == ["في الطريق.\nشكرًا لصبرك."]
    office.send_now(first.number)
    (raw,) = office.host.wait_for(first.sender, 1, timeout=40)
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert mail["In-Reply-To"] == first.message_id


def test_single_keys_go_by_their_place_on_an_arabic_keyboard(office: Office, badr: Page) -> None:
    letter = office.write("مرحبا", subject="لوحة عربية")
    office.open(badr, letter.number)
    press(badr.context, badr, "KeyN", "ى", 78)
    expect(badr.locator("#composer")).to_have_attribute("data-mode", "note")
    expect(badr.locator(BOX)).to_be_focused()
    badr.keyboard.press("Escape")
    expect(badr.locator(BOX)).not_to_be_focused()
    press(badr.context, badr, "KeyR", "ق", 82)
    expect(badr.locator("#composer")).to_have_attribute("data-mode", "reply")
    expect(badr.locator(BOX)).to_be_focused()
    press(badr.context, badr, "KeyE", "ث", 69)  # in the text it is a letter
    expect(badr.locator(BOX)).to_have_value("ث")
    badr.fill(BOX, "")
    badr.keyboard.press("Escape")
    press(badr.context, badr, "KeyE", "ث", 69)
    expect(badr.locator("#thread-bar [data-act=reopen]")).to_be_visible(timeout=SLOW_MS)


@pytest.mark.parametrize("how", ["double click", "twice the keys", "two posts at once"])
def test_a_hasty_hand_sends_once(how: str, office: Office, badr: Page) -> None:
    letter = office.write("بسرعة", subject=f"مرتان: {how}")
    office.open(badr, letter.number)
    badr.fill(BOX, "مرة واحدة")
    if how == "double click":
        badr.dblclick("[data-send=open]")
    elif how == "twice the keys":
        badr.locator(BOX).focus()
        badr.keyboard.press("Control+Shift+Enter")
        badr.keyboard.press("Control+Shift+Enter")
    else:
        # What a browser does that repeats a request by itself: the same one, at once.
        statuses = badr.evaluate(
            """async () => {
                const form = document.getElementById('composer');
                form.elements.key.value = '0123456789abcdef'.repeat(2);
                form.elements.seen.value = document.getElementById('thread').dataset.seq;
                const body = new FormData(form);
                const headers = { ...JSON.parse(document.body.getAttribute('hx-headers')), 'HX-Request': 'true' };
                const post = () => fetch(form.action, { method: 'POST', body, headers });
                return (await Promise.all([post(), post(), post()])).map((answer) => answer.status);
            }"""
        )
        assert statuses == [200, 200, 200]
    expect(badr.locator("#entries .msg--agent")).to_have_count(1, timeout=SLOW_MS)
    assert replies(office, letter) == ["مرة واحدة"]
    assert len(office.deliveries(letter.number)) == 1
    office.send_now(letter.number)
    until(lambda: office.deliveries(letter.number) == ["sent"], "it has left", timeout=40)
    assert len(office.host.wait_for(letter.sender, 1)) == 1


@pytest.mark.parametrize("is_reloaded", [False, True], ids=["at once", "after a reload"])
def test_an_answer_that_got_lost_and_a_second_try_are_one_reply(
    is_reloaded: bool, office: Office, badr: Page, expected_complaints: list[str]
) -> None:
    expected_complaints.append("net::ERR_")
    letter = office.write("هل وصل؟", subject=f"جواب ضائع {is_reloaded}")
    office.open(badr, letter.number)

    def lose(route: Route) -> None:
        assert route.fetch().ok
        route.abort("connectionreset")

    badr.route("**/replies", lose, times=1)
    badr.fill(BOX, "وصل مرة")
    badr.click("[data-send=open]")
    expect(badr.locator("#composer-error")).not_to_be_empty(timeout=SLOW_MS)
    expect(badr.locator(BOX)).to_have_value("وصل مرة")
    assert replies(office, letter) == ["وصل مرة"]

    if is_reloaded:
        badr.reload()
        expect(badr.locator(BOX)).to_have_value("وصل مرة")
    badr.click("[data-send=open]")
    expect(badr.locator(BOX)).to_have_value("", timeout=SLOW_MS)
    expect(badr.locator("#composer-error")).to_be_empty()
    expect(badr.locator("#entries .msg--agent")).to_have_count(1)
    assert replies(office, letter) == ["وصل مرة"]
    assert len(office.deliveries(letter.number)) == 1


def test_what_was_changed_after_a_lost_answer_is_not_swallowed(
    office: Office, badr: Page, expected_complaints: list[str]
) -> None:
    expected_complaints.append("net::ERR_")
    letter = office.write("متى؟", subject="جواب ضائع ثم معدّل")
    office.open(badr, letter.number)

    def lose(route: Route) -> None:
        assert route.fetch().ok
        route.abort("connectionreset")

    badr.route("**/replies", lose, times=1)
    badr.fill(BOX, "غدًا")
    badr.click("[data-send=open]")
    expect(badr.locator("#composer-error")).not_to_be_empty(timeout=SLOW_MS)
    badr.fill(BOX, "بعد غد")
    badr.click("[data-send=open]")
    # The first try did arrive, so both stand there: nothing was sent unseen, nothing typed was lost.
    expect(badr.locator("#entries .msg--agent")).to_have_count(2, timeout=SLOW_MS)
    expect(badr.locator(BOX)).to_have_value("")
    assert replies(office, letter) == ["غدًا", "بعد غد"]


def test_a_newer_message_is_shown_before_a_reply_leaves(
    office: Office, badr: Page, expected_complaints: list[str]
) -> None:
    expected_complaints.append("409")
    letter = office.write("ألغوا الطلب", subject="رسالة أحدث")
    office.open(badr, letter.number)
    badr.route("**/entries?since=*", lambda _route: None)  # the news is late at Badr's page
    office.write("بل لا تلغوه", subject="Re:", after=letter)
    badr.fill(BOX, "ألغيناه")
    badr.click("[data-send=open]")
    expect(badr.locator("#composer-error")).to_have_text(word(badr, "newer"), timeout=SLOW_MS)
    expect(badr.locator(BOX)).to_have_value("ألغيناه")
    assert replies(office, letter) == []

    badr.unroute("**/entries?since=*")  # lets go of what it held
    expect(badr.locator("#entries .msg").nth(1)).to_contain_text("بل لا تلغوه", timeout=SLOW_MS)
    badr.fill(BOX, "لن نلغيه")
    badr.click("[data-send=open]")
    expect(badr.locator("#entries .msg--agent")).to_contain_text("لن نلغيه", timeout=SLOW_MS)
    assert replies(office, letter) == ["لن نلغيه"]


def test_a_reply_taken_back_in_time_never_leaves_and_its_text_is_back(office: Office, badr: Page) -> None:
    letter = office.write("سؤال", subject="تراجع")
    office.open(badr, letter.number)
    badr.fill(BOX, "كلام متسرّع")
    badr.click("[data-send=open]")
    expect(badr.locator("#entries .msg--agent")).to_be_visible(timeout=SLOW_MS)
    badr.click("#toasts .toast button")
    expect(badr.locator(BOX)).to_have_value("كلام متسرّع", timeout=SLOW_MS)
    expect(badr.locator("#entries .msg--agent")).to_have_count(0, timeout=SLOW_MS)
    assert replies(office, letter) == []
    assert office.deliveries(letter.number) == ["cancelled"]

    badr.fill(BOX, "كلام مدروس")
    badr.click("[data-send=open]")
    until(lambda: office.deliveries(letter.number) == ["cancelled", "sent"], "the second one", timeout=40)
    (raw,) = office.host.wait_for(letter.sender, 1)
    text = email.message_from_bytes(raw, policy=email.policy.default).get_body(("plain",))
    assert text is not None
    assert "كلام مدروس" in text.get_content()
    assert "متسرّع" not in text.get_content()


def test_with_the_server_gone_the_text_stays_and_leaves_once_when_it_is_back(
    office: Office, cable: Cable, context_factory: ContextFactory, expected_complaints: list[str]
) -> None:
    expected_complaints.append("net::ERR_")
    letter = office.write("هل أنتم هنا؟", subject="بلا خادم")
    page = context_factory(worker=False).new_page()
    office.sign_in(page, SALMA, url=cable.url)
    office.open(page, letter.number, url=cable.url)
    page.fill(BOX, "نحن هنا")
    cable.tear()
    page.click("[data-send=open]")
    expect(page.locator("#composer-error")).to_have_text(word(page, "queued"), timeout=SLOW_MS)
    expect(page.locator(BOX)).to_have_value("نحن هنا")
    expect(page.locator(BOX)).to_be_editable()
    cable.mend()  # and it leaves by itself
    expect(page.locator(BOX)).to_have_value("", timeout=SLOW_MS)
    expect(page.locator("#entries .msg--agent")).to_have_count(1, timeout=SLOW_MS)
    assert replies(office, letter) == ["نحن هنا"]
    assert len(office.deliveries(letter.number)) == 1


def test_drafts_of_reply_and_note_survive_a_reload_and_a_sent_one_is_gone(office: Office, badr: Page) -> None:
    letter = office.write("طويل", subject="مسودة")
    other = office.write("غيره", subject="مسودة أخرى")
    office.open(badr, letter.number)
    badr.fill(BOX, "نصف جواب")
    expect(badr.locator("#composer-saved")).not_to_be_empty()
    badr.click("[data-mode-button=note]")
    badr.fill(BOX, "نصف ملاحظة")
    expect(badr.locator("#composer-saved")).not_to_be_empty()
    badr.reload()
    expect(badr.locator(BOX)).to_have_value("نصف جواب")
    badr.click("[data-mode-button=note]")
    expect(badr.locator(BOX)).to_have_value("نصف ملاحظة")
    # Another conversation has its own, and coming back brings this one's.
    badr.click(f"#open-{other.number}")
    expect(badr.locator(f"#thread[data-number='{other.number}'] .msg")).to_be_visible(timeout=SLOW_MS)
    expect(badr.locator(BOX)).to_have_value("")
    badr.click(f"#open-{letter.number}")
    expect(badr.locator(f"#thread[data-number='{letter.number}'] .msg")).to_be_visible(timeout=SLOW_MS)
    expect(badr.locator(BOX)).to_have_value("نصف جواب")

    badr.click("[data-mode-button=note]")
    badr.click("[data-send=note]")
    expect(badr.locator("#entries .msg--note")).to_contain_text("نصف ملاحظة", timeout=SLOW_MS)
    expect(badr.locator(BOX)).to_have_value("نصف جواب")
    assert office.entries(letter.number, "note") == ["نصف ملاحظة"]
    assert office.deliveries(letter.number) == []
    badr.reload()
    badr.click("[data-mode-button=note]")
    expect(badr.locator(BOX)).to_have_value("")


def test_files_are_chosen_removed_and_arrive_under_their_own_name(office: Office, badr: Page) -> None:
    letter = office.write("أرسلوا الفاتورة", subject="مرفقات")
    office.open(badr, letter.number)
    chosen: list[FilePayload] = [
        {"name": "فاتورة ١٢.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 bill"},
        {"name": "wrong.txt", "mimeType": "text/plain", "buffer": b"wrong"},
    ]
    coming = list[Route]()
    badr.route("**/drafts/reply/files", lambda route: coming.append(route))  # noqa: PLW0108 (Playwright marks it)
    badr.set_input_files("#composer [type=file]", chosen)
    chips = badr.locator("#composer-files .attach")
    expect(chips).to_have_count(2)
    # A press may begin while a file is on its way and end when it is there.
    chips.nth(1).locator("button").hover()
    badr.mouse.down()
    until(lambda: badr.evaluate("true") and len(coming) == 2, "both files on their way")
    for route in coming:
        route.continue_()
    expect(chips.locator("progress")).to_have_count(0)
    badr.mouse.up()
    expect(chips).to_have_count(1)
    badr.unroute("**/drafts/reply/files")

    # On a narrow screen the composer grows when it is focused; by the keyboard, the focus stays in it.
    badr.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    badr.set_input_files("#composer [type=file]", [chosen[1], chosen[1]])
    expect(chips).to_have_count(3)
    expect(chips.locator("progress")).to_have_count(0)
    badr.evaluate("document.activeElement.blur()")
    chips.nth(2).locator("button").click()
    expect(chips).to_have_count(2)
    chips.nth(1).locator("button").press("Enter")
    expect(chips).to_have_count(1)
    expect(chips.locator("button")).to_be_focused()
    badr.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    badr.fill(BOX, "الفاتورة مرفقة")
    badr.click("[data-send=open]")
    expect(badr.locator("#entries .msg--agent .attach")).to_contain_text("فاتورة ١٢.pdf", timeout=SLOW_MS)
    expect(chips).to_have_count(0)
    with badr.expect_download() as download:
        badr.click("#entries .msg--agent .attach")
    assert download.value.suggested_filename == "فاتورة ١٢.pdf"

    office.send_now(letter.number)
    (raw,) = office.host.wait_for(letter.sender, 1, timeout=40)
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    (sent,) = mail.iter_attachments()
    assert sent.get_filename() == "فاتورة ١٢.pdf"
    assert sent.get_content() == b"%PDF-1.4 bill"
    assert re.search("الفاتورة مرفقة", mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
