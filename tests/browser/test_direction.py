"""Arabic stands right to left and English left to right, on every page, wide and narrow."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import people
from tests.browser.conftest import NARROW, WIDE, ContextFactory
from tests.browser.office import BADR, NOURA, SALMA, Letter, Office

DIRECTIONS = {"ar": "rtl", "en": "ltr"}
LONG = "https://example.test/" + "a" * 200
OPEN_PAGES = (
    "/accounts/login/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/inactive/",
    "/setup/guessed/",
    "/setup/invitation/guessed/",
)


def own_pages(office: Office, letter: Letter) -> tuple[str, ...]:
    return (
        "/inbox/mine",
        "/inbox/unassigned",
        "/inbox/all",
        "/inbox/closed",
        f"/inbox/all?mailbox={office.boxes[people.SUPPORT]}",
        f"/conversations/{letter.number}",
        "/settings/profile/",
        "/settings/mailboxes/",
        "/settings/mailboxes/new/",
        f"/settings/mailboxes/{office.boxes[people.SUPPORT]}/",
        "/settings/team/",
        "/settings/team/new/",
        f"/settings/team/{office.people[BADR]}/",
        "/settings/brands/new/",
        "/settings/widgets/",
        "/settings/widgets/new/",
        "/settings/problems/",
        "/settings/health/",
        "/setup/mailbox/",
        "/accounts/password/change/",
        "/accounts/logout/",
        "/conversations/999999",
    )


def faults(page: Page, language: str) -> list[str]:
    """What is wrong with the page's direction and width, nothing when all is well."""
    found = page.evaluate(
        """() => {
            const root = document.documentElement, box = document.scrollingElement;
            const boxes = [box, ...document.querySelectorAll('main, .pane, .pane__body, .thread, form, .msg')];
            const wide = boxes.filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth);
            return [root.lang, root.dir, getComputedStyle(document.body).direction,
                wide.map((one) => `${one.id || one.className || one.tagName} ${one.scrollWidth - one.clientWidth}`)];
        }"""
    )
    *said, wide = found
    wanted = [language, DIRECTIONS[language], DIRECTIONS[language]]
    wrong = [] if said == wanted else [f"says {said}"]
    return [*wrong, f"is too wide: {wide}"] if wide else wrong


def look(page: Page, addresses: list[str], language: str) -> dict[str, list[str]]:
    """The faults by address."""
    wrong: dict[str, list[str]] = {}
    for address in addresses:
        answer = page.goto(address, timeout=20_000)
        assert answer is not None
        assert answer.status in (200, 404, 410), (address, answer.status)
        if found := faults(page, language):
            wrong[address] = found
    return wrong


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_lesson_10_every_page_has_its_direction_and_fits(
    language: str,
    width: str,
    office: Office,
    context_factory: ContextFactory,
    expected_complaints: list[str],
) -> None:
    expected_complaints += ["status of 404", "status of 410"]
    html = f'<table width="1400"><tr><td>{LONG}</td></tr></table><p dir="rtl">نص</p>'
    letter = office.write(f"رابط {LONG} طويل", subject=f"{LONG} موضوع", html=html)
    context = context_factory(viewport=WIDE if width == "wide" else NARROW)
    page = context.new_page()
    stranger = [f"{office.desk.url}{path}?language={language}" for path in OPEN_PAGES]
    assert look(page, stranger, language) == {}

    office.sign_in(page, SALMA)
    choose_language(page, office, language)
    wrong = look(page, [f"{office.desk.url}{path}" for path in own_pages(office, letter)], language)
    choose_language(page, office, "ar")
    assert wrong == {}


def test_lesson_10_each_person_reads_in_their_own_language_and_text_in_its_own_direction(
    office: Office, context_factory: ContextFactory
) -> None:
    arabic = office.write("السلام عليكم، أين طلبي 48213؟", subject="Order: أين طلبي؟")
    english = office.write("Hello, where is my order?", subject="Order 48213", sender=arabic.sender)
    salma, badr = context_factory().new_page(), context_factory().new_page()
    office.sign_in(salma, SALMA)
    office.sign_in(badr, BADR)
    choose_language(badr, office, "en")
    for page, language in ((salma, "ar"), (badr, "en")):
        for letter, direction in ((arabic, "rtl"), (english, "ltr")):
            office.open(page, letter.number)
            assert faults(page, language) == []
            text = page.locator("#entries .msg__body p").first
            expect(text).to_have_css("direction", direction)
            snippet = page.locator(f"#row-{letter.number} .crow__snip")
            expect(snippet).to_have_css("direction", direction)
        # What is being written turns with its first letters.
        box = page.locator("#composer [name=text]")
        for written, direction in (("وعليكم السلام", "rtl"), ("Hello", "ltr")):
            box.fill(written)
            expect(box).to_have_css("direction", direction)
        box.fill("")
    # The list is on the side where reading begins.
    for page, is_first in ((salma, False), (badr, True)):
        places = [page.locator(part).bounding_box() for part in ("#list", "#thread")]
        assert places[0] is not None
        assert places[1] is not None
        assert (places[0]["x"] < places[1]["x"]) is is_first
    choose_language(badr, office, "ar")


def test_lesson_10_the_language_is_changed_in_the_profile_and_stays(
    office: Office, context_factory: ContextFactory
) -> None:
    page = context_factory(locale="ar").new_page()
    office.sign_in(page, NOURA)
    page.goto(f"{office.desk.url}/settings/profile/")
    for language in ("en", "ar"):
        page.locator(f"label:has([name=language][value={language}])").click()
        with page.expect_navigation():
            page.click(".savebar .btn--primary")
        assert faults(page, language) == []
        again = context_factory(locale="en" if language == "ar" else "ar").new_page()
        office.sign_in(again, NOURA)
        assert faults(again, language) == []
        expect(again.locator("html")).to_have_attribute("dir", DIRECTIONS[language])


def choose_language(page: Page, office: Office, language: str) -> None:
    """A teammate chooses their language by the address behind the profile's switch."""
    token = page.evaluate("JSON.parse(document.body.getAttribute('hx-headers'))['X-CSRFToken']")
    answer = page.request.post(
        f"{office.desk.url}/accounts/language/",
        headers={"X-CSRFToken": token},
        form={"language": language, "next": "/inbox/all"},
    )
    assert answer.ok
