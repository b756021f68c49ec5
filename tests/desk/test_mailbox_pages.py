"""The further pages of a mailbox: its addresses, and mail by HTTP."""

from __future__ import annotations

import re
import urllib.request

import pytest
from django.test import Client

from majlis.channels.actions import options
from majlis.channels.models import Delivery, MailConnection, MailOptions
from majlis.channels.secrets import decrypt, encrypt
from majlis.people.models import Mailbox, MailboxAlias, Teammate
from tests import cast
from tests.channels import mailing
from tests.mailhost import MailHost

pytestmark = pytest.mark.django_db

PAGES = ["addresses/", "http/"]


@pytest.fixture
def support() -> Mailbox:
    return cast.support()


def at_desk(teammate: Teammate) -> Client:
    client = Client()
    client.force_login(teammate)
    client.post("/accounts/language/", {"language": "en"})
    return client


@pytest.fixture
def client() -> Client:
    return at_desk(cast.salma())


def path(support: Mailbox, rest: str = "addresses/") -> str:
    return f"/settings/mailboxes/{support.pk}/{rest}"


@pytest.mark.parametrize("rest", PAGES)
def test_only_admins_come_in(support: Mailbox, rest: str) -> None:
    salma = at_desk(cast.salma())
    assert at_desk(cast.badr()).get(path(support, rest)).status_code == 403
    assert Client().get(path(support, rest)).status_code == 302
    assert salma.get(path(cast.sales(), rest)).status_code == 200


@pytest.mark.parametrize(
    "rest",
    [
        "addresses/",
        "addresses/trial",
        "addresses/choices",
        "addresses/1",
        "addresses/1/removal",
        "http/",
        "http/closure",
    ],
)
def test_nobody_else_changes_anything(support: Mailbox, rest: str) -> None:
    assert at_desk(cast.badr()).post(path(support, rest)).status_code == 403
    assert not MailOptions.objects.exists()


def test_an_address_is_added_kept_when_it_is_wrong_and_removed(support: Mailbox, client: Client) -> None:
    page = client.post(path(support), {"address": "help@ majlis"})
    assert "is no email address" in page.content.decode()
    assert 'value="help@ majlis"' in page.content.decode()
    client.post(path(support), {"address": "Help@majlis.test"})
    alias = MailboxAlias.objects.get()
    assert "help@majlis.test" in client.get(path(support)).content.decode()
    client.post(path(support, f"addresses/{alias.pk}"), {"is_answered_from": "0"})
    assert not MailboxAlias.objects.get().is_answered_from
    cast.sales()
    elsewhere = path(cast.sales(), f"addresses/{alias.pk}/removal")
    assert client.post(elsewhere).status_code == 404
    client.post(path(support, f"addresses/{alias.pk}/removal"))
    assert not MailboxAlias.objects.exists()


def test_the_trial_is_sent_once_asked_for_and_watched(support: Mailbox, client: Client) -> None:
    assert "Try it with a letter to ourselves" in client.get(path(support)).content.decode()
    client.post(path(support, "addresses/trial"))
    letter = Delivery.objects.get().letter or {}
    assert re.fullmatch(r"support\+mt-[0-9a-f]{16}@majlis\.test", letter["to"])
    fragment = client.get(path(support, "addresses/standing")).content.decode()
    assert "Waiting for it to come back" in fragment
    assert "hx-get" in fragment
    cast.arrive(cast.letter("x", sender=cast.SUPPORT, to=letter["to"]))
    fragment = client.get(path(support, "addresses/standing")).content.decode()
    assert "comes back: seen" in fragment
    assert "hx-get" not in fragment


def test_choices_are_kept(support: Mailbox, client: Client) -> None:
    client.post(
        path(support, "addresses/choices"), {"verdict_server": " MX.shop.test ", "had_reply_token": "1"}
    )
    kept = MailOptions.objects.get()
    assert (kept.verdict_server, kept.has_reply_token, kept.sent_folder) == ("mx.shop.test", False, "")
    client.post(path(support, "addresses/choices"), {"verdict_server": "mx.shop.test"})
    assert MailOptions.objects.get().has_reply_token is False  # what was not on the page stays


def test_copies_need_a_folder_that_is_there(
    support: Mailbox, client: Client, mail_host: MailHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(mail_host.ca_file))
    wanted = {"keeps_copies": "1", "verdict_server": "mx.shop.test"}
    page = client.post(path(support, "addresses/choices"), wanted).content.decode()
    assert "This mailbox is not fetched by IMAP" in page
    assert not MailOptions.objects.exists()

    mail_host.add_user(support.address, mailing.PASSWORD)
    MailConnection.objects.create(
        mailbox=support, in_host="localhost", in_port=mail_host.imap_port, in_security="starttls",
        in_user=support.address, in_password=encrypt(mailing.PASSWORD),
    )  # fmt: skip
    page = client.post(path(support, "addresses/choices"), {**wanted, "sent_folder": "Gone"}).content.decode()
    assert "The mailbox has no folder by this name." in page
    assert 'value="Gone"' in page
    assert 'value="mx.shop.test"' in page
    client.post(path(support, "addresses/choices"), wanted)
    assert MailOptions.objects.get().sent_folder == "Sent"
    client.post(path(support, "addresses/choices"), {})
    assert MailOptions.objects.get().sent_folder == ""


def test_the_secret_is_shown_once(support: Mailbox, client: Client) -> None:
    assert "Closed: nothing is taken" in client.get(path(support, "http/")).content.decode()
    opened = client.post(path(support, "http/")).content.decode()
    secret = decrypt(MailOptions.objects.get().endpoint_secret)
    assert f'value="{secret}"' in opened
    again = client.get(path(support, "http/")).content.decode()
    assert secret not in again
    assert "/intake/mail" in again
    client.post(path(support, "http/closure"))
    assert MailOptions.objects.get().endpoint_secret == ""


def test_the_program_shown_there_signs_as_we_check(support: Mailbox, client: Client) -> None:
    """What the page tells to write down is run as it stands there, but for the sending."""
    import html

    page = client.get(path(support, "http/")).content.decode()
    code = html.unescape(re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)[1])
    secret = options.open_endpoint(cast.salma(), support)
    sent: list[urllib.request.Request] = []
    code = code.replace("urllib.request.urlopen(", "sent.append(")
    scope: dict[str, object] = {"SECRET": secret, "sent": sent}
    exec(code, scope)  # noqa: S102 - the page's own words
    content = cast.letter("x")
    scope["hand_over"](content, cast.LAYLA)  # type: ignore[operator]
    (request,) = sent
    answer = Client().post(
        "/intake/mail", request.data, content_type="message/rfc822", headers=dict(request.header_items())
    )
    assert answer.status_code == 200, answer.content
