"""Every word of ours can be translated: with all messages in brackets, no page has one outside them."""

from __future__ import annotations

import re
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import formataddr, make_msgid
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests import made
from tests.browser import people
from tests.browser.conftest import ContextFactory
from tests.browser.desk import Desk
from tests.polling import until

ROOT = Path(__file__).parents[2]
SALES = "sales@majlis.test"
OMAR = "omar@customers.test"

# What people and mail brought: the only words that may stand outside brackets, besides numbers, dates and addresses.
DATA = frozenset(
    {
        *people.WORDS["en"].values(),
        *("Sales", "Omar Haddad", "Parcel 48213", "It is late", "vip", "ticket.pdf"),
        *(
            "Where is my parcel?",
            "I am away until Monday.",
            "As I wrote.",
            "> As I wrote.",
            "On Monday Omar wrote",
            "The same to both.",
        ),
        *("On its way.", "Tomorrow by noon.", "With the courier.", "He called twice."),
        *("Python", "PHP", "JavaScript (Node)", "shop.example", "كيف نساعدك؟"),
        *("INBOX", "IMAP", "POP3", "English", "العربية", "Majlis", "majlis"),
    }
)
# Not words of ours: key caps, commands, avatars' letters, dates, countries, weekdays and time zones as CLDR and tzdata
# name them, and holidays; what a customer reads in Arabic stands there in Arabic.
SKIPPED = (
    "script, style, iframe, textarea[readonly], kbd, code, .av, .swatch, time, select[name=region] option, select[name=time_zone] option,"
    " select[name=country] option, select[name=hijri_month] option, .hours__name, .hours__holiday [dir=auto], .hours__sentence[lang=ar]"
)
# Addresses, sizes as CLDR writes them, and key caps.
ADDRESS = re.compile(r"\S+@\S+|https?://\S*|\d+ kB|Ctrl (Shift )?Enter|\((Ctrl )?(Shift )?([A-Z0-9]|Esc)\)")
READ = """([skipped]) => {
  const texts = document.title.replace(/^\\(\\S+\\) /, '').split(' · '); // how much is unread stands before it
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (!node.parentElement.closest(skipped)) texts.push(node.textContent);
  for (const element of document.body.querySelectorAll('*')) {
    if (element.closest(skipped)) continue;
    for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'data-copied', 'data-label-reply',
                        'data-label-note', 'data-hint-reply', 'data-hint-note'])
      if (element.getAttribute(name)) texts.push(element.getAttribute(name));
  }
  return texts;
}"""


def outside_brackets(texts: list[str]) -> set[str]:
    """The words of a page that no bracket holds; what somebody's name or a number cuts in two still counts as held."""
    depth, left = 0, []
    for text in texts:
        piece = ""
        for char in text:
            depth += {"[": 1, "]": -1}.get(char, 0)
            if depth == 0 and char != "]":
                piece += char
        left.append(piece)
    assert depth == 0, "a bracket was opened and not closed"
    bare = (re.sub(r"[\u2066-\u2069\s]+", " ", piece).strip(" ·:") for piece in left)
    return {piece for piece in bare if piece not in DATA and any(map(str.isalpha, ADDRESS.sub("", piece)))}


def check(page: Page) -> None:
    """No word of ours stands outside brackets on this page."""
    page.wait_for_load_state()
    bare = outside_brackets(page.evaluate(READ, [SKIPPED]))
    assert not bare, f"{page.url} says untranslatably: {bare}"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """One that speaks English in brackets."""
    folder = tmp_path / "locale"
    command = [sys.executable, str(ROOT / "scripts" / "messages.py"), "pseudo", str(folder)]
    subprocess.run(command, check=True, timeout=60)
    (folder / "xx").rename(folder / "en")
    started = Desk.start(
        made.copy_to(tmp_path / "var"),
        PYTHONPATH=str(ROOT),
        DJANGO_SETTINGS_MODULE="tests.browser.bracketed",
        MAJLIS_TEST_LOCALE=str(folder),
    )
    yield started
    started.stop()


def hand_in(desk: Desk, text: str, *, to: str = people.SUPPORT, **fields: str) -> str:
    """A mail of Omar's at the desk's door; the Message-ID it has."""
    mail = EmailMessage()
    mail["From"], mail["To"] = formataddr(("Omar Haddad", OMAR)), people.SUPPORT
    fields.setdefault("Subject", "Parcel 48213")
    fields.setdefault("Message_ID", make_msgid(domain="customers.test"))
    for name, value in fields.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    if text.startswith("Where"):
        mail.set_content(f"{text}\n\nOn Monday Omar wrote:\n> As I wrote.\n")
        mail.add_alternative(f"<p>{text} <img src='https://images.test/a.png'></p>", subtype="html")
        mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="ticket.pdf")
    with smtplib.LMTP("127.0.0.1", desk.lmtp_port, local_hostname="mx.customers.test") as door:
        door.sendmail(OMAR, [to], mail.as_bytes())
    return str(mail["Message-ID"])


def add_mailbox(page: Page, desk: Desk, name: str, address: str) -> None:
    """A mailbox that only takes what is handed in, and sends by a server that answers nobody."""
    page.goto(f"{desk.url}/settings/mailboxes/new/")
    check(page)
    page.fill("[name=name]", name)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.fill("[name=address]", address)
        page.press("[name=address]", "Tab")
    expect(page.locator("[name=smtp_host]")).not_to_have_value("")
    for field in ("in_host", "in_user", "smtp_user"):
        page.fill(f"[name={field}]", "")
    page.fill("[name=smtp_host]", "localhost")
    page.fill("[name=smtp_port]", "1")
    page.click(".savebar .btn--primary")
    page.wait_for_url("**/settings/mailboxes/")
    check(page)


def write(page: Page, text: str, *, kind: str = "open") -> None:
    """Send a reply or add a note, and wait until it stands in the thread."""
    if kind == "note":
        page.click("[data-mode-button=note]")
    page.fill("#composer [name=text]", text)
    page.click(f"[data-send={kind}]")
    expect(page.locator("#entries .msg__body").filter(has_text=text)).to_be_visible()
    check(page)


def act(page: Page, selector: str, menu: str = "") -> None:
    """Do one thing to the open conversation, as its line in the thread then says."""
    lines = page.locator("#entries .event").count()
    if menu:
        page.click(f"{menu} > summary")
    page.click(selector)
    expect(page.locator("#entries .event")).to_have_count(lines + 1, timeout=20_000)
    check(page)


def first_run(page: Page, desk: Desk) -> None:
    """Every page of the first run, right and wrong."""
    page.goto(f"{desk.url}/?language=en")
    check(page)
    page.goto(f"{desk.url}/setup/no-such-link/")
    check(page)
    page.goto(desk.first_run_link)
    check(page)
    page.goto(f"{desk.first_run_link}company/")
    page.fill("[name=team]", "")
    page.click("main form .btn--primary")
    check(page)
    page.goto(f"{desk.first_run_link}called/")
    page.click("[name=propose]")
    check(page)
    page.goto(f"{desk.first_run_link}owner/")
    page.fill("[name=email]", "salma@")
    page.fill("[name=password]", "12345")
    page.click("main form .btn--primary")
    check(page)
    people.first_run(page, desk, language="en")
    check(page)
    page.fill("[name=in_port]", "x")
    page.locator("label:has([name=scope][value=older])").click()
    page.click("main form .plain__actions .btn--primary")
    check(page)
    page.click("[name=test]")
    expect(page.locator("#probes p")).to_have_count(2, timeout=20_000)
    check(page)


def test_no_word_of_the_desk_stands_outside_the_catalogue(
    desk: Desk, context_factory: ContextFactory, expected_complaints: list[str]
) -> None:
    expected_complaints += ["status of 403", "status of 404", "status of 410", "status of 500"]
    page = context_factory(locale="en").new_page()
    first_run(page, desk)
    for folder in ("mine", "unassigned", "all", "closed"):
        page.goto(f"{desk.url}/inbox/{folder}")
        check(page)
    page.goto(f"{desk.url}/settings/mailboxes/")
    check(page)
    page.goto(f"{desk.url}/settings/problems/")
    check(page)

    add_mailbox(page, desk, "Support", people.SUPPORT)
    add_mailbox(page, desk, "Sales", SALES)
    people.invite(page, desk, name="Badr Otaibi", email="badr@majlis.test")
    check(page)

    asked = hand_in(desk, "Where is my parcel?")
    hand_in(desk, "I am away until Monday.", Auto_Submitted="auto-replied")
    both = hand_in(desk, "The same to both.", Subject="It is late")
    hand_in(desk, "The same to both.", to=SALES, Subject="It is late", Message_ID=both)
    hand_in(desk, "As I wrote.", Message_ID=asked)
    page.goto(f"{desk.url}/inbox/all")
    expect(page.locator("#rows .crow").first).to_be_visible(timeout=20_000)
    with psycopg.connect(desk.dsn, autocommit=True) as database:
        count = "select count(*) from conversations_entry"
        until(lambda: (database.execute(count).fetchone() or (0,))[0] == 5, "five messages", timeout=30)
        read = "select conversation_id from conversations_entry order by id"
        numbers = sorted({number for (number,) in database.execute(read).fetchall()})
        for number in numbers:
            page.goto(f"{desk.url}/conversations/{number}")
            check(page)

        page.goto(f"{desk.url}/conversations/{numbers[0]}")
        act(page, "#assign-menu [data-key=KeyI]", "#assign-menu")
        act(page, "#assign-menu .opt:has-text('Badr')", "#assign-menu")
        act(page, "#assign-menu .opt:has-text('Nobody')", "#assign-menu")
        page.click("#tag-menu > summary")
        page.fill("#tag-name", "vip")
        act(page, "#tag-menu .btn")
        act(page, "[data-act=untag]")
        act(page, "[data-act=close]")
        act(page, "[data-act=reopen]")
        write(page, "He called twice.", kind="note")
        for text in ("On its way.", "Tomorrow by noon.", "With the courier."):
            write(page, text)
        undo = page.locator("#entries [data-undo-button]").last
        undo.click()
        expect(page.locator("#entries .msg__body").filter(has_text="With the courier.")).to_have_count(0)
        check(page)
        page.fill("#composer [name=text]", "")
        page.click("[data-send=open]")
        expect(page.locator("#composer-error")).not_to_be_empty()
        check(page)
        # Delivered replies: each of the other ends a delivery can come to.
        held = 'problem:{"code":"unclear"}'
        for state, why in (("failed", 'problem:{"code":"refused"}'), ("held", held), ("sent", "")):
            database.execute("update channels_delivery set state = %s, why = %s", (state, why))
            page.goto(f"{desk.url}/conversations/{numbers[0]}")
            check(page)
        page.click("#nav .menu--up > summary")
        check(page)

        database.execute("update channels_rawmessage set quarantined_at = now(), error = ''")
        page.goto(f"{desk.url}/settings/problems/")
        check(page)
        database.execute("update channels_rawmessage set quarantined_at = null")
        link = walk_settings(page, desk)
        database.execute("alter table conversations_tag rename to away")
        page.goto(f"{desk.url}/conversations/{numbers[0]}")
        database.execute("alter table away rename to conversations_tag")
        expect(page.locator("h1")).to_contain_text("[")
        check(page)
    page.goto(f"{desk.url}/conversations/999999")
    check(page)

    badr = context_factory(locale="en").new_page()
    badr.goto(f"{link}?language=en")
    check(badr)
    badr.fill("[type=password]", "short")
    badr.click("main form .btn--primary")
    check(badr)
    people.join(badr, link)
    badr.goto(f"{desk.url}/settings/mailboxes/")
    check(badr)
    badr.goto(f"{desk.url}/accounts/logout/")
    check(badr)
    badr.click("main form .btn--primary")
    walk_doors(badr, desk, link)


def walk_settings(page: Page, desk: Desk) -> str:
    """Every settings page, right and wrong; Badr's new link."""
    page.goto(f"{desk.url}/settings/mailboxes/")
    page.locator(".setrow h2 a").first.click()
    check(page)
    page.goto(f"{desk.url}/settings/team/")
    check(page)
    page.locator(".setrow h2 a", has_text="Badr").click()
    check(page)
    page.locator("form[action$=link] button").click()
    link = page.locator("#one-time-link").input_value()
    check(page)
    page.goto(f"{desk.url}/settings/hours/")
    check(page)
    page.locator(".empty button").click()
    check(page)
    walk_chat(page, desk)
    page.goto(f"{desk.url}/settings/team/new/")
    check(page)
    page.click(".savebar .btn--primary")
    check(page)
    page.goto(f"{desk.url}/settings/profile/")
    check(page)
    page.click(".savebar .btn--primary")
    check(page)
    page.goto(f"{desk.url}/accounts/password/change/")
    check(page)
    for field in page.locator("[type=password]").all():
        field.fill("short")
    page.click("main form .btn--primary")
    check(page)
    return link


def walk_chat(page: Page, desk: Desk) -> None:
    """The pages of brands, and of a chat on a site."""
    page.goto(f"{desk.url}/settings/brands/new/")
    page.fill("[name=colour]", "#")
    page.click(".savebar .btn--primary")
    check(page)
    page.goto(f"{desk.url}/settings/brands/")
    page.locator(".setrow h2 a").first.click()
    check(page)
    page.goto(f"{desk.url}/settings/widgets/")
    check(page)
    page.locator(".empty .btn").click()
    check(page)
    page.click(".savebar .btn--primary")
    page.wait_for_selector("[data-preview]:not([hidden])")
    check(page)
    page.goto(f"{page.url}identity/")
    check(page)
    page.goto(f"{desk.url}/settings/widgets/")
    check(page)


def walk_doors(page: Page, desk: Desk, used_link: str) -> None:
    """What somebody sees who is not signed in."""
    page.goto(f"{desk.url}/?language=en")
    check(page)
    page.fill("[name=login]", "badr@majlis.test")
    page.fill("[name=password]", "not-the-password")
    page.click("main form .btn--primary")
    check(page)
    page.goto(used_link)
    check(page)
    page.goto(desk.first_run_link)
    check(page)
    page.goto(f"{desk.url}/accounts/password/reset/")
    check(page)
    page.fill("[name=email]", "nobody@majlis.test")
    page.click("main form .btn--primary")
    check(page)
    page.goto(f"{desk.url}/accounts/password/reset/")
    page.evaluate("document.querySelector('[name=csrfmiddlewaretoken]').value = 'x'.repeat(64)")
    page.click("main form .btn--primary")
    check(page)


def test_a_word_outside_brackets_is_found() -> None:
    assert outside_brackets(["[Step 1 of ", "2", "]", "Save", "12:04"]) == {"Save"}
    assert outside_brackets(["[Where ", "Omar Haddad", " is]", "Omar Haddad", "omar@x.test · 3 kB"]) == set()
