"""Nothing a visitor writes is lost or stands there twice: without a network, after a reload, in many tabs."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import ContextFactory
from tests.browser.shopping import arrived, go, start, texts, write
from tests.browser.visited import Said, Visited
from tests.polling import until

TABS = 8
NO_STORAGE = "Object.defineProperty(window,'localStorage',{get(){throw new Error('no')}})"


def sent(shop: Visited) -> list[str]:
    """What the desk has of the visitor's messages, in its order."""
    return [
        one["body"][0][2] for talk in shop.desk.talks.values() for one in talk.entries if one["who"] == "me"
    ]


def test_what_is_written_without_a_network_goes_out_in_order_when_it_is_back(
    context_factory: ContextFactory, shop: Visited, expected_complaints: list[str]
) -> None:
    expected_complaints.append("net::ERR_")
    page = start(context_factory().new_page(), shop)
    shop.desk.is_down = True
    write(page, "أولى")
    write(page, "ثانية")
    expect(page.get_by_text("الاتصال مقطوع")).to_be_visible()
    page.locator("textarea").fill("لم تكتمل")
    assert sent(shop) == []

    shop.desk.is_down = False
    page.reload()  # before anything was sent: the page goes on with what waits
    until(lambda: len(sent(shop)) == 2, "both messages")

    assert sent(shop) == ["أولى", "ثانية"]
    page.locator(".launch").click()
    page.locator("button.card").click()
    expect(page.locator(".me .bub")).to_have_count(2)
    assert list(shop.desk.talks) == ["c1"]


def test_a_lost_answer_doubles_nothing(
    context_factory: ContextFactory, shop: Visited, expected_complaints: list[str]
) -> None:
    expected_complaints.append("net::ERR_")
    page = start(context_factory().new_page(), shop)
    shop.desk.swallowed.add("say")
    write(page, "مرة واحدة")
    arrived(page)

    assert shop.desk.count("say") == 2
    assert sent(shop) == ["مرة واحدة"]
    assert texts(page) == ["مرة واحدة"]


def test_what_is_half_written_and_what_was_refused_can_be_taken_up_again(
    context_factory: ContextFactory, shop: Visited, expected_complaints: list[str]
) -> None:
    expected_complaints.append("status of 400")
    page = start(context_factory().new_page(), shop)
    page.locator("textarea").fill("نصف جملة")
    page.reload()
    page.locator(".launch").click()
    page.locator("button.card").click()
    expect(page.locator("textarea")).to_have_value("نصف جملة")

    shop.desk.refusals["say"] = (400, {"error": "words", "say": "لا يمكن إرسال هذا."})
    page.locator("textarea").press("Enter")
    expect(page.get_by_role("alert").get_by_text("لا يمكن إرسال هذا.")).to_be_visible()
    shop.desk.refusals.clear()
    page.get_by_role("button", name="تعديل").click()
    expect(page.locator("textarea")).to_have_value("نصف جملة")
    write(page, "جملة كاملة")
    arrived(page)

    assert sent(shop) == ["جملة كاملة"]


def test_a_file_that_the_closed_page_took_along_is_named(
    context_factory: ContextFactory, shop: Visited, expected_complaints: list[str]
) -> None:
    expected_complaints.append("status of 503")
    page = start(context_factory().new_page(), shop)
    shop.desk.refusals["upload"] = (503, {"error": "busy"})
    page.locator("input[type=file]").set_input_files(
        {"name": "فاتورة.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
    )
    write(page, "مرفقة")
    until(lambda: shop.desk.count("upload") >= 2, "a second try")

    shop.desk.refusals.clear()
    page.reload()
    page.locator(".launch").click()

    expect(page.locator(".fails")).to_contain_text("أُغلقت الصفحة قبل أن يصل")
    expect(page.locator(".fails")).to_contain_text("فاتورة.pdf")
    assert sent(shop) == []


def test_eight_tabs_hold_one_stream_and_show_each_message_once(
    context_factory: ContextFactory, shop: Visited
) -> None:
    context = context_factory()
    first = start(context.new_page(), shop)
    write(first, "من الأول")
    arrived(first)
    tabs: list[Page] = [first]
    for _ in range(TABS - 1):
        tab = start(context.new_page(), shop)
        expect(tab.locator(".me .bub")).to_have_count(1)
        tabs.append(tab)
    assert len(shop.desk.streams) == shop.desk.opened_streams == 1

    write(tabs[-1], "من الأخير")
    arrived(tabs[-1], 2)
    shop.desk.write("c1", "جواب")
    for tab in tabs:
        expect(tab.locator(".bub")).to_have_count(3)
        assert texts(tab) == ["من الأول", "من الأخير", "جواب"]

    first.close()  # the one that held the stream
    until(lambda: shop.desk.opened_streams == 2, "another tab's stream")
    shop.desk.write("c1", "جواب ثان")
    for tab in tabs[1:]:
        expect(tab.locator(".bub")).to_have_count(4)
        assert texts(tab)[-1] == "جواب ثان"
    assert len(shop.desk.streams) == 1


def test_where_the_browser_has_no_locks_each_tab_hears_for_itself(
    context_factory: ContextFactory, shop: Visited
) -> None:
    plain = "Object.defineProperty(navigator,'locks',{value:undefined});crypto.randomUUID=undefined"
    context = context_factory()
    first = start(context.new_page(), shop, js=plain)
    write(first, "مرحبًا")
    arrived(first)
    second = start(context.new_page(), shop, js=plain)
    until(lambda: len(shop.desk.streams) == 2, "two streams")

    shop.desk.write("c1", "جواب")

    for tab in (first, second):
        expect(tab.locator(".bub")).to_have_count(2)
        assert texts(tab) == ["مرحبًا", "جواب"]


def test_what_was_said_while_the_stream_was_cut_is_caught_up(
    context_factory: ContextFactory, shop: Visited
) -> None:
    page = start(context_factory().new_page(), shop)
    write(page, "مرحبًا")
    until(lambda: shop.desk.streams, "the stream")

    shop.desk.say("bye")
    until(lambda: not shop.desk.streams, "the end of the stream")
    shop.desk.write("c1", "لم يُسمع")

    expect(page.locator(".turn:not(.me)")).to_contain_text("لم يُسمع")
    assert shop.desk.opened_streams == 2


def test_what_could_not_be_asked_for_is_asked_for_again_while_the_stream_stands(
    context_factory: ContextFactory, shop: Visited, expected_complaints: list[str]
) -> None:
    expected_complaints += ["net::ERR_", "503"]
    page, desk = context_factory().new_page(), shop.desk
    page.clock.install()

    def asked_again(what: str, before: int) -> bool:
        page.clock.fast_forward(1_000)
        return desk.count(what) > before + 1

    start(page, shop)
    write(page, "مرحبًا")
    until(lambda: desk.streams, "the stream")
    arrived(page)

    asked = desk.count("since")
    desk.broken_off.add("since")
    desk.write("c1", "ضاع في الطريق")
    until(lambda: asked_again("since", asked), "another question than the one whose answer was lost")
    expect(page.locator(".turn:not(.me)")).to_contain_text("ضاع في الطريق")

    opened = desk.count("open")
    desk.refusals["open"] = (503, {"error": "busy", "say": ""})
    unheard(shop, "لم يُسمع")
    desk.say("reload")
    until(lambda: desk.count("open") > opened, "a question that is refused")
    del desk.refusals["open"]
    until(lambda: asked_again("open", opened), "another one")
    expect(page.locator(".turn:not(.me)").last).to_contain_text("لم يُسمع")
    assert desk.opened_streams == 1


def test_an_answer_that_came_between_two_tries_is_not_passed_over(
    context_factory: ContextFactory, shop: Visited, expected_complaints: list[str]
) -> None:
    expected_complaints.append("net::ERR_")
    page = start(context_factory().new_page(), shop)
    write(page, "مرحبًا")
    until(lambda: shop.desk.streams, "the stream")
    arrived(page)
    answer, asked = shop.desk.answer, shop.desk.count("since")

    def answered(what: str, body: Said) -> tuple[int, Said]:
        if what == "say" and shop.desk.count("say") == 2:  # the second try
            until(lambda: shop.desk.count("since") > asked, "what the first try did, heard of by the stream")
            unheard(shop, "بين المحاولتين")
        return answer(what, body)

    shop.desk.answer = answered  # type: ignore[method-assign]
    shop.desk.broken_off.add("say")
    write(page, "ثانية")

    expect(page.locator(".turn:not(.me)")).to_contain_text("بين المحاولتين")
    assert texts(page) == ["مرحبًا", "ثانية", "بين المحاولتين"]


def unheard(shop: Visited, text: str) -> None:
    """The team writes, and no stream says so."""
    with shop.desk.lock:
        streams, shop.desk.streams = shop.desk.streams, set()
        shop.desk.write("c1", text)
        shop.desk.streams = streams


def test_silence_is_taken_for_a_cut(context_factory: ContextFactory, shop: Visited) -> None:
    page = context_factory().new_page()
    page.clock.install()
    start(page, shop)
    write(page, "مرحبًا")
    until(lambda: shop.desk.opened_streams == 1, "the stream")
    arrived(page)
    with shop.desk.lock:
        shop.desk.is_mute = True

    page.clock.fast_forward(46_000)
    page.clock.fast_forward(2_000)

    until(lambda: shop.desk.opened_streams == 2, "a new stream")


def test_an_answer_is_counted_on_a_page_where_nothing_was_opened(
    context_factory: ContextFactory, shop: Visited
) -> None:
    context = context_factory()
    page = start(context.new_page(), shop)
    write(page, "مرحبًا")
    arrived(page)

    go(page, shop, js="window.counts=[];Majlis('on','unread',n=>counts.push(n))")
    until(lambda: shop.desk.opened_streams == 2, "the stream of the new page")
    shop.desk.write("c1", "أهلًا")

    expect(page.get_by_role("button", name="غير مقروءة: ١")).to_be_visible()
    assert page.evaluate("counts") == [0, 1]
    page.locator(".launch").click()
    expect(page.locator(".turn:not(.me)")).to_contain_text("أهلًا")
    until(lambda: shop.desk.talks["c1"].unread == 0, "the mark that it was read")
    page.keyboard.press("Escape")
    expect(page.locator(".launch b")).to_have_count(0)


def test_without_storage_it_works_for_the_life_of_the_page(
    context_factory: ContextFactory, shop: Visited
) -> None:
    page = start(context_factory().new_page(), shop, js=NO_STORAGE)
    write(page, "مرحبًا")
    arrived(page)
    write(page, "مرة أخرى")
    arrived(page, 2)

    assert list(shop.desk.talks) == ["c1"]


def test_a_token_that_is_known_no_more_begins_anew(
    context_factory: ContextFactory, shop: Visited, expected_complaints: list[str]
) -> None:
    expected_complaints.append("status of 401")
    page = start(context_factory().new_page(), shop)
    write(page, "قبل")
    arrived(page)
    page.locator("textarea").fill("بعد")
    with shop.desk.lock:
        shop.desk.token = "another"
        shop.desk.talks.clear()
        shop.desk.say("bye")

    expect(page.locator(".bub")).to_have_count(0)
    expect(page.locator("textarea")).to_have_value("بعد")
    page.keyboard.press("Enter")
    until(lambda: sent(shop) == ["بعد"], "the message from the new beginning")


def test_the_site_says_who_is_there_and_who_left(context_factory: ContextFactory, shop: Visited) -> None:
    page = context_factory().new_page()
    go(page, shop, js="Majlis('identify','jwt');Majlis('open')")
    expect(page.get_by_role("dialog")).to_be_visible()
    until(lambda: shop.desk.count("open") >= 1, "the panel")
    asked = dict(shop.desk.asked)
    assert shop.desk.count("here") == 1
    assert asked["here"]["identity"] == asked["open"]["identity"] == "jwt"
    assert asked["here"]["page"] == f"{shop.shop}/"
    until(lambda: page.evaluate("localStorage.getItem('majlis:k3y:token')") == "t0ken", "the token")

    page.evaluate("Majlis('forget')")
    until(
        lambda: (
            not page.evaluate("Object.keys(localStorage).filter(k => /token|talk|out|draft/.test(k)).length")
        ),
        "an empty store",
    )


def test_who_the_site_signed_for_is_known_though_the_first_answer_was_lost(
    context_factory: ContextFactory, shop: Visited, expected_complaints: list[str]
) -> None:
    expected_complaints.append("net::ERR_")
    shop.desk.broken_off.add("here")
    page = context_factory().new_page()
    go(page, shop, js="Majlis('identify','jwt')")
    until(lambda: shop.desk.count("here") == 1, "the first question")
    page.locator(".launch").click()
    expect(page.locator("button.card")).to_be_visible()
    until(lambda: page.evaluate("localStorage.getItem('majlis:k3y:token')") == "t0ken", "the token")
    assert [what for what, body in shop.desk.asked if body.get("identity")] == ["here", "open"]


def test_a_page_that_is_not_to_show_it_shows_nothing(context_factory: ContextFactory, shop: Visited) -> None:
    shop.desk.config["ask"] = True
    shop.desk.refusals["here"] = (200, {"shown": False, "unread": 0})
    page = go(context_factory().new_page(), shop)
    until(lambda: shop.desk.count("here") == 1, "the question")
    expect(page.locator(".launch")).to_be_hidden()

    shop.desk.refusals.clear()
    page.evaluate("history.pushState({}, '', '/cart?secret=1'); Majlis('page')")
    expect(page.locator(".launch")).to_be_visible()
    assert shop.desk.asked[-1][1]["page"] == f"{shop.shop}/cart"
    page.evaluate("Majlis('hide')")
    expect(page.locator(".launch")).to_be_hidden()
