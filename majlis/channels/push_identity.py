"""Who pushes: this installation's key and the signed word it hands to push services (VAPID, RFC 8292)."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

from majlis.channels.push_sealing import packed, point_of

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

LASTS_SECONDS = 12 * 60 * 60
# The order of P-256 (FIPS 186-5).
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def private_key() -> EllipticCurvePrivateKey:
    """The installation's key: it follows from its secret, so that a restored one keeps its subscriptions."""
    from cryptography.hazmat.primitives.asymmetric import ec

    # FIPS 186-5 A.2.1: more bits than the order has, so that what is taken modulo leans nowhere.
    wide = hmac.digest(settings.CONFIG.derived_key("push"), b"vapid", hashlib.sha512)
    return ec.derive_private_key(int.from_bytes(wide, "big") % (_ORDER - 1) + 1, ec.SECP256R1())


def public_key() -> str:
    """What a browser is told when it subscribes (its `applicationServerKey`)."""
    return packed(point_of(private_key()))


def authorization(endpoint: str) -> str:
    """The header that tells the push service of `endpoint` who asks, good for twelve hours."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + LASTS_SECONDS,
        "sub": subject(),
    }
    key = private_key()
    said = f"{_json({'typ': 'JWT', 'alg': 'ES256'})}.{_json(claims)}"
    r, s = decode_dss_signature(key.sign(said.encode(), ec.ECDSA(hashes.SHA256())))
    signature = packed(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={said}.{signature}, k={packed(point_of(key))}"


def subject() -> str:
    """Whom a push service may turn to: the desk's address, or its mail where that is no https."""
    url: str = settings.CONFIG.url
    return url if url.startswith("https:") else f"mailto:{settings.DEFAULT_FROM_EMAIL}"


def _json(value: dict[str, object]) -> str:
    return packed(json.dumps(value, separators=(",", ":")).encode())
