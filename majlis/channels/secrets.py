"""Passwords at rest: encrypted with a key derived from the installation's secret."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from majlis.config import Config


class SecretUnreadable(Exception):  # noqa: N818 - said as a fact
    """The installation's secret key is not the one this was encrypted with; it has to be entered again."""


def encrypt(text: str) -> str:
    """`text` as a Fernet token (AES-128-CBC with HMAC-SHA256); empty text stays empty."""
    return _box().encrypt(text.encode()).decode() if text else ""


def decrypt(token: str) -> str:
    """The text of a token of `encrypt`. Raises SecretUnreadable when the key changed or the token is damaged."""
    if not token:
        return ""
    try:
        return _box().decrypt(token.encode()).decode()
    except (InvalidToken, ValueError) as error:
        raise SecretUnreadable from error


def is_readable(token: str, config: Config) -> bool:
    """Whether the key of `config` reads `token`: of a copy, or of a backup just brought back."""
    if not token:
        return True
    if config.secret is None:
        return False
    try:
        _box(config).decrypt(token.encode())
    except (InvalidToken, ValueError):
        return False
    return True


def _box(config: Config | None = None) -> Fernet:
    return Fernet(base64.urlsafe_b64encode((config or settings.CONFIG).derived_key("encrypting")))
