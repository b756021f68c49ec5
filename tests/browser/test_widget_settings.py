"""An owner gives the site a chat, in Arabic: the preview beside the form is the widget itself, and follows what is typed."""

from __future__ import annotations

from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.conftest import ContextFactory
from tests.browser.office import SALMA, Office

SLOW_MS = 20_000


def _shade(page: Page, selector: str) -> str:
    found = page.frame_locator(".preview__frame").locator(selector).last
    return str(found.evaluate("element => getComputedStyle(element).backgroundColor"))


def test_the_preview_is_the_widget_and_follows_the_form(
    office: Office, context_factory: ContextFactory
) -> None:
    page = context_factory().new_page()
    office.sign_in(page, SALMA)
    url = office.desk.url
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/chat/" in request.url else None)

    # A brand and its colour: the code follows the chooser, and says whether text on it can be read.
    page.goto(f"{url}/settings/brands/new/")
    page.fill("[name=name]", name := f"سدرة {uuid4().hex[:6]}")
    page.fill("[name=name_latin]", "Sidra")
    page.fill("[data-pick]", "#7a1f5c")
    expect(page.locator("[name=colour]")).to_have_value("#7a1f5c")
    expect(page.locator("[data-swatch] rect")).to_have_attribute("fill", "#7a1f5c")
    poor = page.locator("[data-said]").get_attribute("data-poor") or ""
    page.fill("[name=colour]", "757c70")
    expect(page.locator("[data-said]")).to_contain_text(poor.partition("{n}")[0])
    page.fill("[name=colour]", "#7A1F5C")
    page.click(".savebar .btn--primary")
    expect(page.locator("#picture-file")).to_have_count(1)

    # A chat of that brand; its page shows it at once.
    page.goto(f"{url}/settings/widgets/new/")
    page.select_option("[name=brand]", label=name)
    page.fill("[name=sites]", "shop.example")
    page.click(".savebar .btn--primary")
    frame = page.frame_locator(".preview__frame")
    panel, button = frame.locator("majlis-chat .w").last, frame.locator("majlis-chat .launch").last
    expect(panel).to_be_visible(timeout=SLOW_MS)
    assert _shade(page, "majlis-chat .launch") == "rgb(122, 31, 92)"
    tag = page.input_value("#widget-tag")
    assert tag.startswith(f'<script async src="{url}/chat/')

    # What is typed stands there a moment later; the field keeps the focus.
    page.click("[name=greeting_ar]")
    page.keyboard.type("أهلًا، بمَ نخدمك؟")
    expect(panel).to_contain_text("بمَ نخدمك؟")
    assert page.evaluate("document.activeElement.name") == "greeting_ar"
    expect(frame.locator("html")).to_have_attribute("dir", "rtl")
    side = button.bounding_box()
    assert side is not None
    page.click(".choice:has([name=position][value=start])")
    expect(frame.locator("majlis-chat .m").last).to_have_attribute("data-side", "start")
    expect(frame.locator("majlis-chat")).to_have_count(1)
    moved = button.bounding_box()
    assert moved is not None
    assert moved["x"] > side["x"] + 200

    # In the other language, dark, as a phone has it, with a chat under way, and away.
    page.fill("[name=greeting_en]", "What can we do for you?")
    page.click(".preview [value=en]")
    expect(panel).to_contain_text("What can we do for you?")
    expect(frame.locator("html")).to_have_attribute("dir", "ltr")
    page.click(".preview [value=dark]")
    expect(frame.locator("majlis-chat .m").last).to_have_attribute("data-theme", "dark")
    page.click(".preview [value=chat]")
    expect(panel.locator(".bub")).to_have_count(3)
    page.click(".preview [value=narrow]")
    page.click(".preview [value=away]")
    expect(panel.locator(".where input")).to_be_visible()

    # It can be played with, and nobody comes of it.
    visitors = "select count(*) from channels_visitor"
    before = office.sql(visitors)
    panel.locator("textarea").fill("Is this real?")
    panel.locator("textarea").press("Enter")
    expect(panel.locator(".bub").last).to_contain_text("Is this real?")
    assert [one for one in asked if "/chat/file/" not in one] == []
    assert office.sql(visitors) == before

    # Saved, a visitor's page gets it.
    page.click(".savebar .btn--primary")
    expect(page.locator(".settings__col .banner")).to_be_visible()
    script = page.request.get(tag.split('"')[1]).text()
    assert "What can we do for you?" in script
    assert "#7a1f5c" in script
