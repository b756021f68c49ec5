"""Tokens of a mailbox: good ones are used, others renewed once by one, and what cannot be renewed says so."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from majlis.channels.connections import imap_settings
from majlis.channels.email import mailserver, popserver, sending, xoauth2
from majlis.channels.models import Delivery, MailConnection, Protocol
from majlis.channels.oauth import renewing
from majlis.channels.oauth.models import OAuthClient, OAuthGrant
from majlis.channels.problems import ConnectionProblem, explain, unpack
from majlis.channels.queries import smtp_settings
from majlis.channels.secrets import decrypt, encrypt
from majlis.flow.reactions import react_pending
from majlis.journal.models import Event
from majlis.people.models import Installation, Mailbox
from tests import cast
from tests.oauth_host import OAuthHost
from tests.polling import until
from tests.token_mailhost import TokenMailHost

pytestmark = pytest.mark.django_db(transaction=True)


def signed_in(grant: OAuthGrant, issuer: OAuthHost, *, minutes: float = 60) -> dict[str, str]:
    """Somebody has signed in; the access token is good for so many minutes."""
    tokens = issuer.tokens(grant.connection.in_user)
    grant.refresh_token, grant.access_token = (
        encrypt(tokens["refresh_token"]),
        encrypt(tokens["access_token"]),
    )
    grant.expires_at, grant.hosts = timezone.now() + timedelta(minutes=minutes), "localhost localhost"
    grant.save()
    return tokens


def problem_of(grant: OAuthGrant) -> ConnectionProblem:
    with pytest.raises(ConnectionProblem) as caught:
        renewing.access_token(grant.pk)
    return caught.value


def visit(grant: OAuthGrant) -> list[str]:
    settings = imap_settings(grant.connection)
    assert settings is not None
    return mailserver.test_imap(settings)


def test_a_token_that_is_good_for_longer_is_used_as_it_is(grant: OAuthGrant, issuer: OAuthHost):
    tokens = signed_in(grant, issuer, minutes=6)
    assert renewing.access_token(grant.pk) == tokens["access_token"]
    assert issuer.asked == []


def test_a_token_is_renewed_before_it_ends_and_the_rotated_refresh_token_is_kept(
    grant: OAuthGrant, issuer: OAuthHost
):
    before = signed_in(grant, issuer, minutes=4)
    first = renewing.access_token(grant.pk)
    grant.refresh_from_db()
    assert first not in ("", before["access_token"])
    assert decrypt(grant.refresh_token) != before["refresh_token"]
    OAuthGrant.objects.update(expires_at=timezone.now())
    assert renewing.access_token(grant.pk) != first
    assert len(issuer.asked_for("refresh_token")) == 2


def test_an_issuer_that_does_not_rotate_leaves_the_refresh_token(grant: OAuthGrant, issuer: OAuthHost):
    before = signed_in(grant, issuer, minutes=0)
    issuer.gives_refresh = False
    renewing.access_token(grant.pk)
    grant.refresh_from_db()
    assert decrypt(grant.refresh_token) == before["refresh_token"]


def test_of_many_that_need_a_token_at_once_one_asks(grant: OAuthGrant, issuer: OAuthHost):
    signed_in(grant, issuer, minutes=0)
    issuer.slow_down.clear()
    found: list[str] = []

    def take() -> None:
        try:
            found.append(renewing.access_token(grant.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    until(lambda: issuer.asked_for("refresh_token"), "one asks")
    issuer.slow_down.set()
    for thread in threads:
        thread.join(20)
    assert len(found) == 6
    assert len(set(found)) == 1
    assert len(issuer.asked_for("refresh_token")) == 1


def test_imap_and_smtp_let_in_by_token(grant: OAuthGrant, issuer: OAuthHost, host: TokenMailHost):
    signed_in(grant, issuer)
    assert "INBOX" in visit(grant)
    sending.test(smtp_settings(grant.connection), sender=grant.connection.in_user)


@pytest.mark.parametrize("mechanism", xoauth2.MECHANISMS)
def test_either_mechanism_does(
    grant: OAuthGrant, issuer: OAuthHost, mechanism: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(xoauth2, "MECHANISMS", (mechanism,))
    signed_in(grant, issuer)
    assert "INBOX" in visit(grant)
    sending.test(smtp_settings(grant.connection))


@pytest.mark.parametrize("mechanism", xoauth2.MECHANISMS)
def test_pop3_lets_in_by_token_and_one_that_is_refused_is_renewed_at_once(
    grant: OAuthGrant,
    issuer: OAuthHost,
    host: TokenMailHost,
    mechanism: str,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(xoauth2, "MECHANISMS", (mechanism,))
    signed_in(grant, issuer)
    grant.connection.in_port, grant.connection.protocol = host.pop3s_port, Protocol.POP3
    settings = imap_settings(grant.connection)
    assert settings is not None
    assert popserver.test_pop3(settings) == 0
    issuer.forget_access()
    assert popserver.test_pop3(settings) == 0
    assert len(issuer.asked_for("refresh_token")) == 1


@pytest.mark.parametrize("mechanism", xoauth2.MECHANISMS)
def test_a_token_that_the_server_refuses_is_renewed_at_once(
    grant: OAuthGrant, issuer: OAuthHost, mechanism: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(xoauth2, "MECHANISMS", (mechanism,))
    signed_in(grant, issuer)
    issuer.forget_access()
    assert "INBOX" in visit(grant)
    issuer.forget_access()
    sending.test(smtp_settings(grant.connection))
    assert len(issuer.asked_for("refresh_token")) == 2


def test_a_fresh_token_for_another_mailbox_is_said_to_be_so(grant: OAuthGrant, issuer: OAuthHost):
    signed_in(grant, issuer)
    issuer.opens[grant.connection.in_user] = "somebody-else@majlis.test"
    with pytest.raises(ConnectionProblem) as caught:
        visit(grant)
    assert caught.value.code == "token"
    with pytest.raises(ConnectionProblem) as caught:
        sending.test(smtp_settings(grant.connection))
    assert caught.value.code == "token"


def test_a_shared_mailbox_opens_by_the_token_of_a_person(grant: OAuthGrant, issuer: OAuthHost):
    shared = grant.connection.in_user
    issuer.opens["badr@majlis.test"] = shared
    tokens = issuer.tokens("badr@majlis.test")
    signed_in(grant, issuer)
    OAuthGrant.objects.update(account="badr@majlis.test", access_token=encrypt(tokens["access_token"]))
    assert "INBOX" in visit(grant)


def test_a_revoked_sign_in_stops_everything_until_somebody_signs_in(
    grant: OAuthGrant, issuer: OAuthHost, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    tokens = signed_in(grant, issuer, minutes=0)
    issuer.revoke()
    assert problem_of(grant).code == "sign_in_again"
    grant.refresh_from_db()
    assert unpack(grant.problem)[0] == "sign_in_again"
    assert grant.problem_since is not None
    assert grant.refresh_token == ""
    asked = len(issuer.asked)
    assert problem_of(grant).code == "sign_in_again"
    assert len(issuer.asked) == asked  # nobody is asked any more
    (event,) = Event.objects.filter(kind="mailbox.lapsed")
    assert event.mailbox_id == grant.connection.mailbox_id
    assert Installation.objects.get().has_mailboxes_to_sign_in
    said = caplog.text + repr(event.data) + explain(grant.problem)
    assert tokens["access_token"] not in said
    assert tokens["refresh_token"] not in said


@pytest.mark.parametrize(
    ("error", "status"), [("server_error", 500), ("temporarily_unavailable", 400), ("", 503)]
)
def test_what_is_temporary_is_tried_again(grant: OAuthGrant, issuer: OAuthHost, error: str, status: int):
    signed_in(grant, issuer, minutes=0)
    issuer.refuses, issuer.status = error or "who_knows", status
    assert problem_of(grant).code == "oauth_later"
    issuer.refuses = ""
    assert renewing.access_token(grant.pk)


def test_a_client_that_is_refused_is_no_reason_to_sign_in_again(
    grant: OAuthGrant, client_row: OAuthClient, issuer: OAuthHost
):
    signed_in(grant, issuer, minutes=0)
    OAuthClient.objects.update(client_secret=encrypt("wrong"))
    assert problem_of(grant).code == "oauth_client"
    OAuthClient.objects.update(client_secret=client_row.client_secret)
    assert renewing.access_token(grant.pk)


def test_an_issuer_that_is_gone_is_tried_again(grant: OAuthGrant, issuer: OAuthHost):
    signed_in(grant, issuer, minutes=0)
    OAuthClient.objects.update(token_url="http://127.0.0.1:9/token")
    assert problem_of(grant).code == "oauth_later"


def test_a_token_is_shown_to_no_other_server(grant: OAuthGrant, issuer: OAuthHost):
    signed_in(grant, issuer)
    grant.connection.in_host = grant.connection.smtp_host = "mail.elsewhere.test"
    for settings in (imap_settings(grant.connection), smtp_settings(grant.connection)):
        assert settings is not None
        assert settings.bearer is not None
        with pytest.raises(ConnectionProblem) as caught:
            settings.bearer.take("")
        assert caught.value.code == "sign_in"


def test_settings_by_one_token_are_equal_so_that_messages_share_a_connection(
    grant: OAuthGrant, issuer: OAuthHost
):
    signed_in(grant, issuer)
    assert {smtp_settings(grant.connection), smtp_settings(grant.connection)} == {
        smtp_settings(grant.connection)
    }


def test_a_password_stays_a_password(grant: OAuthGrant):
    grant.connection.in_password = encrypt("word")
    settings = imap_settings(grant.connection)
    assert settings is not None
    assert (settings.password, settings.bearer) == ("word", None)


def test_admins_hear_of_it_by_letter_where_one_can_leave(grant: OAuthGrant, issuer: OAuthHost):
    signed_in(grant, issuer, minutes=0)
    cast.badr()
    issuer.revoke()
    assert problem_of(grant).code == "sign_in_again"
    react_pending()
    assert not Delivery.objects.exists()  # the only way out is the mailbox itself
    Event.objects.update(reacted_at=None)
    earlier = Mailbox.objects.create(
        pk=grant.connection.mailbox_id - 1, address="first@majlis.test", name="x", created_at=timezone.now()
    )
    MailConnection.objects.create(mailbox=earlier, smtp_host="localhost")
    react_pending()
    (letter,) = Delivery.objects.all()
    assert letter.letter is not None
    assert letter.letter["to"] == "salma@majlis.test"
    assert f"/settings/mailboxes/{grant.connection.mailbox_id}/sign-in/" in letter.letter["text"]
