"""What a message's signature or encryption is worth, in the reader's words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from majlis.conversations.models import Entry


def told(entry: Entry) -> dict[str, str] | None:
    """The seal of an entry: `text`, `icon`, and `tone` (ok, bad for a broken signature alone, or nothing)."""
    seal = (entry.details or {}).get("seal") if entry.kind == "message" else None
    return of(seal) if isinstance(seal, dict) else None


def of(seal: dict[str, Any]) -> dict[str, str] | None:
    """A seal as `channels/email/sealing` gives it, in words; None for a state that is not known."""
    state, is_pgp = seal.get("state", ""), seal.get("kind") == "pgp"
    address = f"\u2066{seal.get('address', '')}\u2069"
    issuer = f"\u2068{seal.get('issuer', '')}\u2069"
    words = {
        "valid": _("Signature verified: %(address)s, vouched for by %(issuer)s")
        % {"address": address, "issuer": issuer},
        "other_address": _("Signed with the certificate of %(address)s, who is not the sender")
        % {"address": address},
        "unknown_authority": _("Signed, but nobody known here vouches for the certificate"),
        "expired": _("Signed with a certificate that was not valid at the time"),
        "broken": _("The signature does not fit: the message was changed after it was signed"),
        "unchecked": _("Signed with OpenPGP, which cannot be checked here")
        if is_pgp
        else _("Signed, but the signature cannot be checked here"),
        "encrypted": _("Encrypted with OpenPGP: open the original in a mail program that holds the key")
        if is_pgp
        else _("Encrypted: open the original in a mail program that holds the certificate"),
    }.get(state)
    if words is None:
        return None
    icon = {"valid": "shield-check", "broken": "shield-alert", "encrypted": "lock"}.get(state, "key-round")
    return {"text": words, "icon": icon, "tone": {"valid": "ok", "broken": "bad"}.get(state, "")}
