"""The installation's clients as values that can be used, their secrets in clear for a moment."""

from __future__ import annotations

from majlis.channels.oauth.models import OAuthClient
from majlis.channels.oauth.providers import Endpoints, endpoints
from majlis.channels.oauth.tokens import Client
from majlis.channels.problems import ConnectionProblem
from majlis.channels.secrets import SecretUnreadable, decrypt


def client_of(provider: str) -> Client:
    """The client at `provider`. Raises ConnectionProblem: oauth_no_client, secret (the installation's key changed)."""
    row = OAuthClient.objects.filter(provider=provider).first()
    if row is None:
        raise ConnectionProblem("oauth_no_client")
    try:
        secret = decrypt(row.client_secret)
    except SecretUnreadable as error:
        raise ConnectionProblem("oauth_secret") from error
    return Client(provider, row.client_id, secret, addresses(row))


def addresses(row: OAuthClient) -> Endpoints:
    """Where its issuer is asked."""
    return endpoints(
        row.provider,
        tenant=row.tenant,
        authorize=row.authorize_url,
        token=row.token_url,
        device=row.device_url,
        scopes=row.scopes,
    )


def set_up() -> list[str]:
    """The providers that have a client."""
    return list(OAuthClient.objects.order_by("provider").values_list("provider", flat=True))
