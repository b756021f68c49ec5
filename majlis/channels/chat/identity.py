"""Who a site says its visitor is: a JSON Web Token (RFC 7519) signed by the site's back end with the widget's secret."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from majlis.lib.errors import Refused

LONGEST_LIFE: Final = timedelta(hours=24)
LEEWAY_SECONDS: Final = 60
LONGEST: Final = 8_000  # characters of a token
LONGEST_VALUE: Final = 500
MOST_ATTRIBUTES: Final = 40
_STANDARD: Final = frozenset({"sub", "exp", "iat", "nbf", "jti", "iss", "aud", "name", "email"})


@dataclass(frozen=True, slots=True)
class Identity:
    """What a site says of somebody it knows.

    `value` is its own name for them, `attributes` what else it told ({name: text or number}). `digest` names this very
    token; `is_expired` claims that it was good once.
    """

    value: str
    name: str
    email: str
    attributes: dict[str, str | int | float | bool]
    digest: str
    expires_at: datetime
    is_expired: bool


def read(token: str, secrets: Sequence[str], *, now: datetime) -> Identity:
    """What a token says, if one of `secrets` signed it (HS256 alone).

    It has to name `sub`, `exp` (at most a day ahead) and `jti`. Raises Refused: identity_off (there is no secret),
    identity_forged, identity_incomplete (data: name), identity_too_long_lived. One that has expired is returned, and
    says so: whoever is known by it already stays known.
    """
    import jwt  # needed only where a site signs identities

    if not any(secrets):
        raise Refused("identity_off")
    if len(token) > LONGEST:
        raise Refused("identity_forged")
    said: dict[str, Any] | None = None
    for secret in filter(None, secrets):
        try:
            said = jwt.decode(
                token,
                secret,
                algorithms=["HS256"],
                # When it ends is looked at below; whom it is for and from are the site's own affair.
                options={"verify_exp": False, "verify_aud": False, "verify_iss": False, "verify_iat": False},
                leeway=LEEWAY_SECONDS,
            )
        except jwt.InvalidTokenError:
            continue
        break
    if said is None:
        raise Refused("identity_forged")
    for name in ("sub", "exp", "jti"):
        if not str(said.get(name) or "").strip():
            raise Refused("identity_incomplete", name=name)
    try:
        expires_at = datetime.fromtimestamp(float(said["exp"]), UTC)
    except (ValueError, TypeError, OverflowError, OSError) as error:
        raise Refused("identity_incomplete", name="exp") from error
    if expires_at > now + LONGEST_LIFE + timedelta(seconds=LEEWAY_SECONDS):
        raise Refused("identity_too_long_lived", hours=24)
    return Identity(
        value=_text(said["sub"]),
        name=_text(said.get("name")),
        email=_text(said.get("email")).lower(),
        attributes=_attributes(said),
        digest=hashlib.sha256(token.encode()).hexdigest(),
        expires_at=expires_at,
        is_expired=expires_at < now - timedelta(seconds=LEEWAY_SECONDS),
    )


def _attributes(said: dict[str, Any]) -> dict[str, str | int | float | bool]:
    """What else was told: claims of the site's own, and those gathered under `attributes`."""
    gathered = said.get("attributes")
    told = {**(gathered if isinstance(gathered, dict) else {}), **said}
    kept: dict[str, str | int | float | bool] = {}
    for name, value in told.items():
        if name in _STANDARD or name == "attributes" or len(kept) >= MOST_ATTRIBUTES:
            continue
        label = _text(name)[:60]
        if isinstance(value, bool | int | float) and label:
            kept[label] = value
        elif isinstance(value, str) and label:
            kept[label] = _text(value)
    return kept


def _text(value: object) -> str:
    """One line without control characters."""
    line = "".join(
        letter if letter.isprintable() else " " for letter in str(value if value is not None else "")
    )
    return " ".join(line.split())[:LONGEST_VALUE]
