"""The installation's clients at issuers of tokens: entered by an admin, never shown again."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from majlis.channels.actions.sign_in import let_lapse
from majlis.channels.oauth.models import OAuthClient, OAuthGrant
from majlis.channels.oauth.providers import OTHER, is_safe_address
from majlis.channels.secrets import encrypt
from majlis.journal.actions import record
from majlis.lib.errors import Refused
from majlis.people.models import Teammate


@dataclass(frozen=True, slots=True)
class ClientShape:
    """What an admin enters. An empty secret leaves the stored one, unless the client is public and has none."""

    client_id: str
    client_secret: str = field(default="", repr=False)
    is_public: bool = False
    tenant: str = ""
    authorize_url: str = ""
    token_url: str = ""
    device_url: str = ""
    scopes: str = ""


@transaction.atomic
def save(by: Teammate, provider: str, shape: ClientShape) -> OAuthClient:
    """Set the client at `provider`. Tokens belong to a client and its issuer: with another one all sign in again.

    Raises Refused: not_allowed, unsafe_address (data: name), secret_again (the stored secret was meant for another
    client or issuer).
    """
    _check(by)
    known = OAuthClient.objects.select_for_update().filter(provider=provider).first()
    before = None if known is None else _whose(known)
    row = known or OAuthClient(provider=provider)
    row.client_id, row.tenant = shape.client_id.strip(), shape.tenant.strip()
    if provider == OTHER:
        for name in ("authorize_url", "token_url", "device_url"):
            address = getattr(shape, name).strip()
            if (address or name != "device_url") and not is_safe_address(address):
                raise Refused("unsafe_address", name=name)
            setattr(row, name, address)
        row.scopes = " ".join(shape.scopes.split())
    is_another = before is not None and before != _whose(row)
    if shape.is_public:
        row.client_secret = ""
    elif shape.client_secret:
        row.client_secret = encrypt(shape.client_secret)
    elif is_another and row.client_secret:
        raise Refused("secret_again")
    row.changed_at = timezone.now()
    row.save()
    record("service.changed", actor_id=by.pk, data={"provider": provider})
    if is_another:
        let_lapse(OAuthGrant.objects.filter(provider=provider))
    return row


@transaction.atomic
def remove(by: Teammate, provider: str) -> None:
    """Forget the client at `provider`. Raises Refused: not_allowed, not_found, in_use (mailboxes sign in by it)."""
    _check(by)
    row = OAuthClient.objects.select_for_update().filter(provider=provider).first()
    if row is None:
        raise Refused("not_found")
    if OAuthGrant.objects.filter(provider=provider).exists():
        raise Refused("in_use")
    row.delete()
    record("service.removed", actor_id=by.pk, data={"provider": provider})


def _whose(row: OAuthClient) -> tuple[str, ...]:
    return row.client_id, row.tenant, row.authorize_url, row.token_url


def _check(by: Teammate) -> None:
    if not by.is_active or not by.is_admin:
        raise Refused("not_allowed")
