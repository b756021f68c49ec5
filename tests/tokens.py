"""Fixtures: an issuer of tokens, a mail host that takes them, and a mailbox between the two."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.utils import timezone

from majlis.channels.models import MailConnection
from majlis.channels.oauth.models import OAuthClient, OAuthGrant
from majlis.channels.secrets import encrypt
from tests import cast
from tests.oauth_host import CLIENT, SECRET, OAuthHost
from tests.token_mailhost import TokenMailHost

PASSWORD = "the-password-nobody-needs"


@pytest.fixture(scope="session")
def _issuer() -> Iterator[OAuthHost]:
    with OAuthHost() as host:
        yield host


@pytest.fixture
def issuer(_issuer: OAuthHost) -> OAuthHost:
    """The issuer, behaving well again, with nothing asked yet."""
    _issuer.revoke()
    _issuer.lasts_seconds, _issuer.account, _issuer.names_account = 3600, "", True
    _issuer.refuses, _issuer.status, _issuer.gives_refresh, _issuer.polls_slow = "", 400, True, 0
    _issuer.opens.clear()
    _issuer.asked.clear()
    _issuer.slow_down.set()
    return _issuer


@pytest.fixture(scope="session")
def _token_host(_issuer: OAuthHost) -> Iterator[TokenMailHost]:
    with TokenMailHost(issuer=_issuer.url) as host:
        yield host


@pytest.fixture
def host(_token_host: TokenMailHost, issuer: OAuthHost, monkeypatch: pytest.MonkeyPatch) -> TokenMailHost:
    """The mail host, its certificate trusted as one of the system's."""
    monkeypatch.setenv("SSL_CERT_FILE", str(_token_host.ca_file))
    return _token_host


@pytest.fixture
def client_row(db: None, issuer: OAuthHost) -> OAuthClient:
    """This installation's client at the issuer."""
    return OAuthClient.objects.create(
        provider="other",
        client_id=CLIENT,
        client_secret=encrypt(SECRET),
        authorize_url=f"{issuer.url}/authorize",
        token_url=f"{issuer.url}/token",
        device_url=f"{issuer.url}/device",
        scopes="mail offline",
        changed_at=timezone.now(),
    )


@pytest.fixture
def grant(host: TokenMailHost, client_row: OAuthClient) -> OAuthGrant:
    """A mailbox of this test's own that is to be signed in to by token; nobody has yet."""
    address = f"support-{uuid4().hex[:8]}@majlis.test"
    host.add_user(address, PASSWORD)
    return make_grant(host, address)


def make_grant(host: TokenMailHost, address: str) -> OAuthGrant:
    """A connection to the mail host without a password, and its grant without tokens."""
    connection = MailConnection.objects.create(
        mailbox=cast.mailbox(address, name="الدعم"),
        in_host="localhost",
        in_port=host.imaps_port,
        in_user=address,
        smtp_host="localhost",
        smtp_port=host.submission_port,
        smtp_security="starttls",
        smtp_user=address,
    )
    return OAuthGrant.objects.create(connection=connection, provider="other", asked_by=cast.salma())
