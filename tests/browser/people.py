"""People at their computers: what the browser tests do over and over."""

from __future__ import annotations

import re
from email.message import EmailMessage
from email.utils import formataddr, make_msgid

from playwright.sync_api import Page

from tests.browser.desk import Desk
from tests.mailhost import MailHost

PASSWORD = "lantern-river-42"
BOX_PASSWORD = "mailbox-secret"
SUPPORT = "support@majlis.test"
LAYLA = "layla@majlis.test"

WORDS = {
    "ar": {"company": "متجر سدرة", "owner": "سلمى الحربي", "agent": "بدر العتيبي", "box": "الدعم"},
    "en": {"company": "Sidra Store", "owner": "Salma Harbi", "agent": "Badr Otaibi", "box": "Support"},
}


def first_run(page: Page, desk: Desk, *, language: str) -> None:
    """The first run up to the page of the first mailbox."""
    words = WORDS[language]
    page.goto(desk.first_run_link)
    page.locator(f"label:has([name=language][value={language}])").click()
    page.click("main form .btn--primary")
    page.fill("[name=company]", words["company"])
    page.click("main form .btn--primary")
    page.wait_for_url(re.compile(r"/called/"))
    page.click("main form .plain__actions .btn--primary")
    page.fill("[name=name]", words["owner"])
    page.fill("[name=email]", "salma@majlis.test")
    for field in page.locator("[type=password]").all():
        field.fill(PASSWORD)
    page.click("main form .btn--primary")
    page.wait_for_url(re.compile(r"/setup/channels/"))
    page.click("main form .plain__actions .btn--ghost")
    page.wait_for_url(re.compile(r"/setup/mailbox/"))


def connect_mailbox(page: Page, host: MailHost, *, language: str, password: str = BOX_PASSWORD) -> None:
    """Fill in the mailbox form for the real servers of `host`."""
    page.fill("[name=name]", WORDS[language]["box"])
    page.fill("[name=address]", SUPPORT)
    page.fill("[name=in_host]", "localhost")
    page.fill("[name=in_port]", str(host.imaps_port))
    page.select_option("[name=in_security]", "tls")
    page.fill("[name=in_user]", SUPPORT)
    page.fill("[name=in_password]", password)
    page.fill("[name=smtp_host]", "localhost")
    page.fill("[name=smtp_port]", str(host.smtp_port))
    page.select_option("[name=smtp_security]", "starttls")
    page.fill("[name=smtp_user]", SUPPORT)
    page.fill("[name=smtp_password]", password)


def invite(page: Page, desk: Desk, *, name: str, email: str) -> str:
    """An owner adds an agent who sees every mailbox there is; returns the one-time link."""
    page.goto(f"{desk.url}/settings/team/new/")
    page.fill("[name=name]", name)
    page.fill("[name=email]", email)
    for box in page.locator("[name=mailboxes]").all():
        box.check()
    page.locator(".savebar .btn--primary, main form .btn--primary").first.click()
    return page.locator("#one-time-link").input_value()


def join(page: Page, link: str) -> None:
    """The one invited opens the link and chooses a password."""
    page.goto(link)
    for field in page.locator("[type=password]").all():
        field.fill(PASSWORD)
    page.click("main form .btn--primary")
    page.wait_for_url(re.compile(r"/inbox/"))


def customer_mail(text: str, *, subject: str, answers: str = "") -> EmailMessage:
    """What Layla's mail program makes: text and HTML, a picture with an Arabic name."""
    mail = EmailMessage()
    mail["From"] = formataddr(("ليلى حداد", LAYLA))
    mail["To"] = SUPPORT
    mail["Subject"] = subject
    mail["Message-ID"] = make_msgid(domain="customers.test")
    if answers:
        mail["In-Reply-To"] = answers
        mail["References"] = answers
    mail.set_content(text)
    mail.add_alternative(f'<div dir="rtl"><p><b>{text}</b></p></div>', subtype="html")
    picture = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
    mail.add_attachment(picture, maintype="image", subtype="png", filename="صورة الطلب.png")
    return mail
