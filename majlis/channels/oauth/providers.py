"""Who issues tokens for mailboxes, by which addresses, for what, and which servers may be shown such a token. Pure."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

GOOGLE, MICROSOFT, OTHER = "google", "microsoft", "other"


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Addresses and habits of one issuer.

    `device` is empty where there is none, or none that gives mail; `hosts` are domains of the mail servers that take
    its tokens (None: those of the mailbox at the time somebody signed in); `needed` are scopes without which a
    mailbox is of no use, told apart where the issuer lets people tick them.
    """

    authorize: str
    token: str
    device: str
    scopes: tuple[str, ...]
    hosts: tuple[str, ...] | None = None
    needed: tuple[str, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()


# https://developers.google.com/identity/protocols/oauth2/web-server. The device flow of Google gives a few scopes
# only, mail is not among them: https://developers.google.com/identity/protocols/oauth2/limited-input-device
_GOOGLE = Endpoints(
    "https://accounts.google.com/o/oauth2/v2/auth",
    "https://oauth2.googleapis.com/token",
    "",
    ("https://mail.google.com/", "openid", "email"),
    hosts=("gmail.com", "googlemail.com"),
    needed=("https://mail.google.com/",),
    extra=(("access_type", "offline"), ("prompt", "consent")),
)
# https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth
_OUTLOOK = "https://outlook.office.com/"
_MICROSOFT_SCOPES = (
    f"{_OUTLOOK}IMAP.AccessAsUser.All",
    f"{_OUTLOOK}POP.AccessAsUser.All",
    f"{_OUTLOOK}SMTP.Send",
    "offline_access",
    "openid",
    "email",
)
_MICROSOFT_HOSTS = ("office365.com", "outlook.com", "office.com", "partner.outlook.cn")


def endpoints(
    provider: str,
    *,
    tenant: str = "",
    authorize: str = "",
    token: str = "",
    device: str = "",
    scopes: str = "",
) -> Endpoints:
    """Those of `provider`; `tenant` is Microsoft's, the addresses and scopes are those of an issuer we do not know."""
    if provider == GOOGLE:
        return _GOOGLE
    if provider == MICROSOFT:
        root = f"https://login.microsoftonline.com/{tenant or 'common'}/oauth2/v2.0"
        return Endpoints(
            f"{root}/authorize",
            f"{root}/token",
            f"{root}/devicecode",
            _MICROSOFT_SCOPES,
            hosts=_MICROSOFT_HOSTS,
        )
    return Endpoints(authorize, token, device, tuple(scopes.split()))


def takes_tokens(provider: str, host: str, *, known: Sequence[str] = ()) -> bool:
    """Claims that the mail server `host` may be shown a token of `provider`.

    Google's and Microsoft's go to their own servers only, others to the hosts in `known`.
    """
    name = host.strip().rstrip(".").lower()
    hosts = endpoints(provider).hosts
    if hosts is None:
        return name in {one.lower() for one in known}
    return any(name == domain or name.endswith(f".{domain}") for domain in hosts)


def is_safe_address(url: str) -> bool:
    """Claims that secrets may be sent there: https, or http on this machine itself."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    if not url.isascii() or not url.isprintable() or " " in url or parts.username or parts.fragment:
        return False
    is_local = parts.hostname in ("127.0.0.1", "::1", "localhost")
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and is_local))


def may_redirect_to(provider: str, url: str) -> bool:
    """Claims that `provider` sends a browser back to `url` at all: https, or this machine's own name.

    Google and Microsoft take http for localhost only; Google takes no bare private names or numbers either.
    """
    parts = urlsplit(url)
    is_local = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if provider == OTHER or is_local:
        return True
    host = parts.hostname or ""
    return parts.scheme == "https" and "." in host and not host.replace(".", "").isdigit() and ":" not in host


def new_verifier() -> str:
    """A PKCE verifier: 43 letters of base64url (RFC 7636 §4.1)."""
    return secrets.token_urlsafe(32)


def challenge(verifier: str) -> str:
    """Its S256 challenge (RFC 7636 §4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def authorization_url(
    at: Endpoints, *, client_id: str, redirect_uri: str, state: str, verifier: str, account: str
) -> str:
    """Where a browser goes to sign in (RFC 6749 §4.1.1, RFC 7636); `account` is who is expected there."""
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(at.scopes),
        "state": state,
        "code_challenge": challenge(verifier),
        "code_challenge_method": "S256",
        **dict(at.extra),
        **({"login_hint": account} if account else {}),
    }
    return f"{at.authorize}{'&' if '?' in at.authorize else '?'}{urlencode(asked)}"
