"""The whole way: first run, a real mailbox, a real mail, two people, a reply that arrives, an answer that joins."""

from __future__ import annotations

import email
import email.policy
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import people
from tests.browser.conftest import ContextFactory
from tests.browser.desk import Desk
from tests.mailhost import MailHost

TEXTS = {
    "ar": (
        "أين طلبي؟",
        "السلام عليكم، لم يصلني الطلب رقم 48213.",
        "وعليكم السلام، طلبك في الطريق.",
        "وصل، شكرًا لكم!",
    ),
    "en": (
        "Where is my order?",
        "Hello, order 48213 has not come.",
        "It is on its way.",
        "It came, thank you!",
    ),
}


@pytest.mark.parametrize("language", ["ar", pytest.param("en", marks=pytest.mark.soak)])
def test_a_newcomer_connects_a_mailbox_and_two_people_answer_real_mail(
    language: str, context_factory: ContextFactory, mail_host: MailHost, tmp_path: Path
) -> None:
    subject, asked, answered, thanked = TEXTS[language]
    for address in (people.SUPPORT, people.LAYLA):
        mail_host.add_user(address, people.BOX_PASSWORD)
    already_there = len(mail_host.messages(people.LAYLA))
    desk = Desk.start(tmp_path / "var", SSL_CERT_FILE=str(mail_host.ca_file))
    try:
        salma = context_factory(locale=language).new_page()
        people.first_run(salma, desk, language=language)

        # A wrong password is told in plain words, for both servers, and nothing typed is lost.
        people.connect_mailbox(salma, mail_host, language=language, password="wrong-password")
        salma.click("button[name=test]")
        expect(salma.locator("#probes .field__err")).to_have_count(2, timeout=20_000)
        expect(salma.locator("[name=address]")).to_have_value(people.SUPPORT)
        people.connect_mailbox(salma, mail_host, language=language)
        salma.click("button[name=test]")
        expect(salma.locator("#probes .field__err")).to_have_count(0)
        salma.locator("main form .btn--primary").last.click()

        link = people.invite(salma, desk, name=people.WORDS[language]["agent"], email="badr@majlis.test")
        badr = context_factory(locale=language).new_page()
        people.join(badr, link)
        salma.goto(f"{desk.url}/inbox/unassigned")

        # A real mail through a real server appears in the second browser by itself.
        mail = people.customer_mail(asked, subject=subject)
        mail_host.submit(people.LAYLA, people.BOX_PASSWORD, mail.as_bytes(), people.LAYLA, [people.SUPPORT])
        row = badr.locator("#rows .crow", has_text=subject)
        expect(row).to_be_visible(timeout=20_000)
        row.click()
        expect(badr.locator("#entries .msg")).to_contain_text(asked)
        expect(badr.locator("#entries .attach")).to_contain_text("صورة الطلب.png")

        # Salma opens the same conversation; Badr answers; she sees it without asking.
        salma.locator("#rows .crow", has_text=subject).click()
        expect(salma.locator("#entries .msg")).to_have_count(1)
        badr.fill("#composer [name=text]", answered)
        badr.click("[data-send=open]")
        expect(salma.locator("#entries .msg--agent")).to_contain_text(answered)
        expect(badr.locator("#entries .msg--agent .delivery")).to_be_visible()

        # It is in the customer's mailbox, as a mail ought to be.
        (*_, raw) = mail_host.wait_for(people.LAYLA, already_there + 1, timeout=40)
        reply = email.message_from_bytes(raw, policy=email.policy.default)
        assert reply["In-Reply-To"] == mail["Message-ID"]
        assert mail["Message-ID"] in reply["References"]
        assert people.SUPPORT in reply["From"]
        assert people.LAYLA in reply["To"]
        assert reply["Subject"].startswith("Re: ")
        assert subject in reply["Subject"]
        html = reply.get_body(("html",))
        plain = reply.get_body(("plain",))
        assert html is not None
        assert plain is not None
        assert answered in plain.get_content()
        assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in html.get_content()
        expect(badr.locator("#entries .msg--agent .delivery")).to_contain_text(
            "أُرسل" if language == "ar" else "Sent"
        )

        # The customer answers; it is the same conversation, live in both browsers.
        thanks = people.customer_mail(thanked, subject=f"Re: {subject}", answers=reply["Message-ID"])
        mail_host.submit(people.LAYLA, people.BOX_PASSWORD, thanks.as_bytes(), people.LAYLA, [people.SUPPORT])
        for page in (salma, badr):
            expect(page.locator("#entries .msg").last).to_contain_text(thanked, timeout=20_000)
            expect(page.locator("#entries .msg")).to_have_count(3)
        salma.goto(f"{desk.url}/inbox/all")
        expect(salma.locator("#rows .crow")).to_have_count(1)
        for page in (salma, badr):
            page.context.close()
    finally:
        status = desk.stop()
    assert status == 0
