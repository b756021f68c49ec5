"""What the mailbox's own server says of a mail's origin is kept and shown; what others wrote there is not believed."""

from __future__ import annotations

import pytest
from django.test import Client

from majlis.channels.models import MailConnection, MailOptions
from majlis.conversations.models import Conversation, Entry
from majlis.flow import verdicts
from majlis.people.models import Mailbox
from tests import cast

pytestmark = pytest.mark.django_db

PASSED = "mx.google.com; spf=pass smtp.mailfrom=layla@customers.test; dmarc=pass header.from=customers.test"
FORGED = "mx.google.com; spf=fail smtp.mailfrom=layla@customers.test; dmarc=fail header.from=customers.test"


def fetched_from(host: str) -> Mailbox:
    mailbox = cast.support()
    MailConnection.objects.create(mailbox=mailbox, in_host=host)
    return mailbox


def written(results: str) -> Entry:
    cast.arrive(cast.letter("أين طلبي؟", headers={"Authentication-Results": results}))
    return Entry.objects.latest("pk")


def is_believed(results: str) -> bool:
    return bool((written(results).details or {})["checks"]["is_believed"])


def page(language: str = "en") -> str:
    client = Client()
    client.force_login(cast.salma())
    client.post("/accounts/language/", {"language": language})
    return client.get(f"/conversations/{Conversation.objects.latest('pk').pk}").content.decode()


def test_the_hosts_own_verdict_is_kept_and_shown() -> None:
    fetched_from("imap.gmail.com")

    entry = written(PASSED)

    assert entry.details == {
        "checks": {
            "by": "mx.google.com", "is_believed": True, "spf": "pass", "dmarc": "pass", "verdict": "pass",
        }
    }  # fmt: skip
    shown = page()
    assert "sender proven" in shown
    assert "mx.google.com found that it comes from where it says: SPF pass, DMARC pass." in shown


def test_a_forged_sender_is_said_plainly() -> None:
    fetched_from("imap.gmail.com")
    written(FORGED)
    assert "mx.google.com could not prove that it comes from this address: SPF fail, DMARC fail." in page()
    assert "المُرسِل غير مثبت" in page("ar")


@pytest.mark.parametrize("host", ["imap.gmail.com", "mail.shop.test", ""])
def test_what_somebody_on_the_way_wrote_is_not_believed(host: str) -> None:
    fetched_from(host)
    assert is_believed("mx.evil.test; dmarc=pass; spf=pass") is False
    assert "sender proven" not in page()


def test_a_server_is_believed_when_nearly_all_recent_mail_carries_its_word() -> None:
    mailbox = fetched_from("mail.shop.test")
    for number in range(19):
        cast.arrive(
            cast.letter(f"letter {number}", headers={"Authentication-Results": "mx.shop.test; dmarc=pass"})
        )
    assert verdicts.learn() == 0
    cast.arrive(cast.letter("vingt", headers={"Authentication-Results": "mx.evil.test; dmarc=pass"}))
    assert verdicts.learn() == 1
    assert MailOptions.objects.get(mailbox=mailbox).learned_server == "mx.shop.test"
    assert verdicts.learn() == 0

    assert is_believed("mx.shop.test; dmarc=pass") is True
    assert is_believed("mx.evil.test; dmarc=pass") is False


def test_what_the_administrator_says_decides_alone() -> None:
    mailbox = fetched_from("imap.gmail.com")
    MailOptions.objects.create(
        mailbox=mailbox, verdict_server="filter.shop.test", learned_server="mx.other.test"
    )
    assert is_believed("mx1.shop.test; dmarc=pass") is True
    assert is_believed(PASSED) is False
    assert is_believed("mx.other.test; dmarc=pass") is False


def test_mail_without_results_keeps_nothing() -> None:
    fetched_from("imap.gmail.com")
    cast.arrive(cast.letter("أين طلبي؟"))
    assert Entry.objects.get().details is None
