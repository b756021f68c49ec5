"""A push for one browser's eyes only: encrypted as RFC 8291 asks (Web Push), in RFC 8188's aes128gcm. Pure."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey

RECORD_BYTES = 4096
POINT_BYTES = 65
AUTH_BYTES = 16
_SALT_BYTES = 16
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*={0,2}")
# What RFC 8188 puts around one record: a delimiter and the tag.
_AROUND_BYTES = 17


def unpacked(text: str) -> bytes:
    """Base64url with or without its padding. Raises ValueError."""
    if not _BASE64URL.fullmatch(text):
        raise ValueError("not base64url")
    bare = text.rstrip("=")
    return urlsafe_b64decode(bare + "=" * (-len(bare) % 4))


def packed(content: bytes) -> str:
    """Base64url without padding, as everything around web push is written."""
    return urlsafe_b64encode(content).decode().rstrip("=")


def public_key(point: bytes) -> EllipticCurvePublicKey:
    """The key behind an uncompressed point of P-256. Raises ValueError for anything that is none."""
    from cryptography.hazmat.primitives.asymmetric import ec

    if len(point) != POINT_BYTES:
        raise ValueError("not an uncompressed point")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)


def point_of(key: EllipticCurvePrivateKey) -> bytes:
    """The uncompressed public point of a private key."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def seal(
    text: bytes,
    *,
    key: bytes,
    auth: bytes,
    own: EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """The body of the request that carries `text` to the browser with this public point and this secret.

    `own` and `salt` are for the RFC's own example: each message has new ones. Raises ValueError for keys that are
    none, and for a text that does not fit into one record.
    """
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if len(auth) != AUTH_BYTES:
        raise ValueError("not a secret of 16 bytes")
    if len(text) > RECORD_BYTES - _AROUND_BYTES:
        raise ValueError("too long for one record")
    own = own or ec.generate_private_key(ec.SECP256R1())
    salt = salt or os.urandom(_SALT_BYTES)
    point = point_of(own)
    shared = own.exchange(ec.ECDH(), public_key(key))
    # RFC 8291 §3.4, then RFC 8188 §2.2 and §2.3: HKDF-SHA256 in steps of one block each.
    secret = _expand(_extract(auth, shared), b"WebPush: info\x00" + key + point, 32)
    pseudorandom = _extract(salt, secret)
    content_key = _expand(pseudorandom, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _expand(pseudorandom, b"Content-Encoding: nonce\x00", 12)
    head = salt + RECORD_BYTES.to_bytes(4, "big") + bytes([len(point)]) + point
    return head + AESGCM(content_key).encrypt(nonce, text + b"\x02", None)


def _extract(salt: bytes, secret: bytes) -> bytes:
    return hmac.digest(salt, secret, hashlib.sha256)


def _expand(secret: bytes, info: bytes, length: int) -> bytes:
    return hmac.digest(secret, info + b"\x01", hashlib.sha256)[:length]
