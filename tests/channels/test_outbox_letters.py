"""The desk's own mail is queued like a reply, and leaves by the company's server or the first mailbox's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, send_mail
from django.utils import timezone

from majlis.channels.actions.deliver import run_due
from majlis.channels.models import Delivery, State
from majlis.channels.outbox import queue_letter
from majlis.channels.problems import unpack
from majlis.channels.queries import unsettled_letters
from majlis.channels.secrets import SecretUnreadable, decrypt, encrypt
from majlis.config import SmtpConfig
from majlis.journal.models import Event
from tests import cast
from tests.channels import mailing
from tests.channels.mailing import PASSWORD, body, read
from tests.mailhost import MailHost

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def our_way(settings: pytest.MonkeyPatch) -> None:
    """The tests' runner puts a mailbox in memory in place of ours."""
    settings.EMAIL_BACKEND = "majlis.channels.outbox.EmailBackend"  # type: ignore[attr-defined]


def test_a_letter_goes_by_the_first_mailbox_that_can_send(host: MailHost, layla: str):
    cast.company()
    cast.sales()
    mailing.connect(cast.support(), host)
    mail = EmailMultiAlternatives("كلمة مرور جديدة", "افتح الرابط", None, [layla])
    mail.attach_alternative("<p>افتح الرابط</p>", "text/html")
    assert mail.send() == 1
    assert Delivery.objects.get().state == State.QUEUED, "nothing is sent inline"
    assert run_due() == 1
    arrived = read(host.wait_for(layla, 1)[0])
    assert str(arrived["From"]) == f"متجر سدرة <{cast.SUPPORT}>"
    assert arrived["Subject"] == "كلمة مرور جديدة"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert body(arrived, "plain") == "افتح الرابط\n"
    assert ">افتح الرابط</p>" in body(arrived, "html")
    assert not Event.objects.filter(kind__startswith="delivery.").exists()


def test_a_letter_prefers_the_companys_server(host: MailHost, layla: str, monkeypatch: pytest.MonkeyPatch):
    cast.company()
    mailing.connect_to(cast.support(), port=9)
    host.add_user("desk@majlis.test", PASSWORD)
    smtp = SmtpConfig("localhost", host.smtp_port, "desk@majlis.test", PASSWORD, "starttls")
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, smtp=smtp))
    queue_letter(layla, "hi", "there")
    run_due()
    assert read(host.wait_for(layla, 1)[0])["From"].addresses[0].addr_spec == "desk@majlis.test"


def test_a_reply_of_a_mailbox_without_a_server_goes_by_the_companys(
    host: MailHost, layla: str, monkeypatch: pytest.MonkeyPatch
):
    host.add_user("desk@majlis.test", PASSWORD)
    smtp = SmtpConfig("localhost", host.smtp_port, "desk@majlis.test", PASSWORD, "starttls")
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, smtp=smtp))
    mailing.reply(cast.badr(), mailing.conversation(sender=mailing.customer(layla)))
    mailing.let_time_pass()
    run_due()
    assert read(host.wait_for(layla, 1)[0])["From"].addresses[0].addr_spec == cast.SUPPORT


def test_without_a_server_a_letter_is_held_and_says_why():
    cast.support()
    queue_letter("badr@majlis.test", "hi", "there")
    run_due()
    (held,) = unsettled_letters()
    assert (held.state, unpack(held.why)[0]) == (State.HELD, "no_smtp")
    Delivery.objects.filter(state=State.QUEUED).update(due_at=timezone.now() - timedelta(days=1))
    assert run_due() == 0


def test_each_recipient_gets_a_letter_of_their_own():
    assert send_mail("hi", "there", None, ["a@majlis.test", "b@majlis.test"]) == 1
    assert sorted(row.letter["to"] for row in Delivery.objects.all() if row.letter) == [
        "a@majlis.test",
        "b@majlis.test",
    ]


def test_a_password_is_kept_encrypted_and_comes_back():
    token = encrypt("كلمة سر")
    assert "كلمة" not in token
    assert token != encrypt("كلمة سر")
    assert decrypt(token) == "كلمة سر"
    assert decrypt(encrypt("")) == ""


def test_a_password_of_another_secret_key_says_so(monkeypatch: pytest.MonkeyPatch):
    token = encrypt("x")
    monkeypatch.setattr(
        settings, "CONFIG", replace(settings.CONFIG, secret="another secret of enough letters!!")
    )
    with pytest.raises(SecretUnreadable):
        decrypt(token)
