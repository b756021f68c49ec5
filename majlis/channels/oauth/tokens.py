"""Getting tokens: for a code, for a device that somebody let in, for a refresh token (RFC 6749, RFC 8628)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from majlis.channels.oauth import refusals
from majlis.channels.oauth.asking import Answer, ask
from majlis.channels.oauth.providers import Endpoints
from majlis.channels.problems import ConnectionProblem

_USUALLY_LASTS_SECONDS = 3600
_DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks: the client of this installation at an issuer, its secret in clear (empty: a public client)."""

    provider: str
    client_id: str
    client_secret: str = field(repr=False)
    at: Endpoints


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the issuer gave. `refresh` is empty when it gave none; `account` is who signed in, where it says so."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    lasts_seconds: int
    scopes: str
    account: str


@dataclass(frozen=True, slots=True)
class Device:
    """A sign-in that somebody carries on in any browser: the code to enter at an address, for so many seconds."""

    device_code: str = field(repr=False)
    user_code: str
    address: str
    interval_seconds: int
    lasts_seconds: int


def exchange(client: Client, code: str, *, verifier: str, redirect_uri: str) -> Tokens:
    """Tokens for the code that a browser brought back. Raises ConnectionProblem; the code works once."""
    asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
    return _tokens(client, {**asked, "code_verifier": verifier})


def renew(client: Client, refresh_token: str) -> Tokens:
    """Another access token, perhaps with another refresh token. Raises ConnectionProblem, among others sign_in_again."""
    return _tokens(client, {"grant_type": "refresh_token", "refresh_token": refresh_token})


def begin_device(client: Client) -> Device:
    """Ask for a code that a person enters elsewhere (RFC 8628 §3.1). Raises ConnectionProblem."""
    asked = {"client_id": client.client_id, "scope": " ".join(client.at.scopes), **_secret(client)}
    answer = ask(client.at.device, asked)
    said = _well(answer)
    address = said.get("verification_uri") or said.get("verification_url") or ""
    if not said.get("device_code") or not said.get("user_code") or not str(address).startswith("http"):
        raise ConnectionProblem("oauth_other", detail="")
    return Device(
        device_code=str(said["device_code"]),
        user_code=str(said["user_code"]),
        address=str(address),
        interval_seconds=max(1, _whole(said.get("interval"), 5)),
        lasts_seconds=_whole(said.get("expires_in"), 900),
    )


def poll_device(client: Client, device_code: str) -> Tokens:
    """Whether the person has signed in by now. Raises ConnectionProblem: pending, slow_down, and what ends it."""
    return _tokens(client, {"grant_type": _DEVICE, "device_code": device_code})


def _tokens(client: Client, asked: Mapping[str, str]) -> Tokens:
    answer = ask(client.at.token, {**asked, "client_id": client.client_id, **_secret(client)})
    said = _well(answer)
    access = str(said.get("access_token", ""))
    if not access or str(said.get("token_type", "bearer")).lower() != "bearer":
        raise ConnectionProblem("oauth_other", detail="")
    scopes = str(said.get("scope") or " ".join(client.at.scopes))
    return Tokens(
        access=access,
        refresh=str(said.get("refresh_token") or ""),
        lasts_seconds=_whole(said.get("expires_in"), _USUALLY_LASTS_SECONDS),
        scopes=scopes,
        account=_account(said.get("id_token")),
    )


def _well(answer: Answer) -> Mapping[str, Any]:
    """What was said, if it was no refusal. Raises ConnectionProblem."""
    if answer.status == 200 and answer.said and "error" not in answer.said:
        return answer.said
    raise ConnectionProblem(
        refusals.code(answer.said, status=answer.status),
        detail=refusals.detail(answer.said) or str(answer.status),
    )


def _secret(client: Client) -> dict[str, str]:
    return {"client_secret": client.client_secret} if client.client_secret else {}


def _account(id_token: object) -> str:
    """Who signed in, by an ID token that came straight from the issuer over TLS (OpenID Connect §3.1.3.7, 6)."""
    if not isinstance(id_token, str) or id_token.count(".") != 2:
        return ""
    part = id_token.split(".")[1]
    try:
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        return ""
    if not isinstance(claims, dict):
        return ""
    found = claims.get("email") or claims.get("preferred_username") or ""
    return str(found) if "@" in str(found) else ""


def _whole(value: object, usual: int) -> int:
    try:
        return max(1, int(str(value)))
    except ValueError:
        return usual
