"""A mailbox signed in to by token, the whole way: mail comes by IMAP, a reply leaves, a sign-in ends and begins again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from majlis.channels.actions import deliver
from majlis.channels.models import Delivery, MailConnection, RawMessage, State
from majlis.channels.oauth.models import OAuthClient, OAuthGrant
from majlis.channels.problems import unpack
from majlis.conversations.models import Conversation, Entry
from majlis.flow.arrival import take_in_pending
from majlis.intake import imap_loop
from majlis.people.models import Mailbox, Teammate
from tests import cast
from tests.channels import mailing
from tests.oauth_host import OAuthHost
from tests.polling import until
from tests.token_mailhost import TokenMailHost
from tests.tokens import _issuer, _token_host, client_row, host, issuer

__all__ = ["_issuer", "_token_host", "client_row", "host", "issuer"]
pytestmark = pytest.mark.django_db(transaction=True)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ADDRESS, LAYLA = "by-token@majlis.test", "layla-by-token@customers.test"


@pytest.fixture
def salma(host: TokenMailHost, client_row: OAuthClient) -> Client:
    """The owner at the desk, in English; the mailboxes of both sides are there."""
    for address in (ADDRESS, LAYLA):
        host.add_user(address, "nobody-needs-it")
    Teammate.objects.filter(pk=cast.salma().pk).update(language="en")
    client = Client()
    client.force_login(cast.salma(), backend=BACKEND)
    return client


@pytest.fixture
def watcher(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[imap_loop.Watcher]]:
    monkeypatch.setattr(imap_loop, "TICK_SECONDS", 0.1)
    monkeypatch.setattr(imap_loop, "FIRST_PAUSE_SECONDS", 0.05)
    begun: list[imap_loop.Watcher] = []
    yield begun
    for one in begun:
        one.end()
        one.thread.join(10)
    connection.close()


def sign_in(client: Client, issuer: OAuthHost, mailbox: Mailbox) -> str:
    """Press the button, sign in there, come back."""
    begin = f"/settings/mailboxes/{mailbox.pk}/sign-in/begin"
    address = client.post(begin, headers={"HX-Request": "true"})["HX-Redirect"]
    came = issuer.sign_in(address)
    return client.get(came[came.index("/settings/") :], follow=True).text


def attend(begun: list[imap_loop.Watcher]) -> imap_loop.Watcher:
    row = MailConnection.objects.get()
    begun.append(imap_loop.Watcher(row.pk, mailbox_id=row.mailbox_id, version=row.version))
    begun[-1].thread.start()
    return begun[-1]


def write(host: TokenMailHost, subject: str) -> None:
    host.deliver(ADDRESS, cast.letter("أين طلبي؟", sender=LAYLA, subject=subject, to=ADDRESS), sender=LAYLA)


def taken_in(mailbox: Mailbox) -> list[str]:
    take_in_pending(mailbox.pk)
    return list(Conversation.objects.order_by("pk").values_list("subject", flat=True))


def test_mail_goes_on_from_where_it_stopped(
    salma: Client, host: TokenMailHost, issuer: OAuthHost, watcher: list[imap_loop.Watcher]
):
    # The form, the sign-in, the first look.
    form = {
        "name": "الدعم",
        "address": ADDRESS,
        "in_host": "localhost",
        "in_port": str(host.imaps_port),
        "in_security": "tls",
        "in_user": ADDRESS,
        "in_folder": "INBOX",
        "scope": "new",
        "smtp_host": "localhost",
        "smtp_user": ADDRESS,
        "smtp_port": str(host.submission_port),
        "smtp_security": "starttls",
        "sign_in": "other",
    }
    assert salma.post("/settings/mailboxes/new/", form).status_code == 302
    mailbox = Mailbox.objects.get(address=ADDRESS)
    assert "Signed in." in sign_in(salma, issuer, mailbox)
    probes = salma.post(f"/settings/mailboxes/{mailbox.pk}/", {**form, "test": "1"}).text
    assert "Incoming mail works" in probes
    assert "Outgoing mail works" in probes
    first = attend(watcher)
    until(lambda: MailConnection.objects.get().checked_at, "a first look")

    # Mail comes and an answer leaves.
    write(host, "one")
    until(lambda: RawMessage.objects.count() == 1, "the mail")
    assert taken_in(mailbox) == ["one"]
    entry = mailing.reply(cast.salma(), Conversation.objects.get())
    mailing.let_time_pass()
    deliver.run_due()
    assert Delivery.objects.get(entry=entry).state == State.SENT
    assert b"by-token@majlis.test" in host.wait_for(LAYLA, 1)[0]

    # The sign-in is revoked: both sides stop, and say so.
    issuer.revoke()
    host.stop_imap()
    host.start_imap()
    until(lambda: unpack(MailConnection.objects.get().problem)[0] == "sign_in_again", "the mailbox says so")
    first.end()
    first.thread.join(10)
    write(host, "two")
    entry = mailing.reply(cast.salma(), Conversation.objects.get(), "ونرسل الفاتورة.")
    mailing.let_time_pass()
    deliver.run_due()
    waiting = Delivery.objects.get(entry=entry)
    assert (waiting.state, unpack(waiting.why)[0]) == (State.QUEUED, "sign_in_again")
    assert "somebody has to sign in to it again" in salma.get("/inbox/all").text
    asked = len(issuer.asked_for("refresh_token"))
    assert deliver.run_due() == 0
    assert len(issuer.asked_for("refresh_token")) == asked

    # Somebody signs in again: nothing is lost, nothing comes twice.
    assert "Signed in." in sign_in(salma, issuer, mailbox)
    assert "somebody has to sign in to it again" not in salma.get("/inbox/all").text
    assert deliver.run_due() == 1  # at once, not when its hour has come
    attend(watcher)
    until(lambda: RawMessage.objects.count() == 2, "what came meanwhile")
    assert taken_in(mailbox) == ["one", "two"]
    assert len(host.wait_for(LAYLA, 2)) == 2
    assert Entry.objects.filter(delivery__state=State.SENT).count() == 2
    assert OAuthGrant.objects.get().problem == ""
    until(lambda: MailConnection.objects.get().problem == "", "all is well")
