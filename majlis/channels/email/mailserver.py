"""Reaching a mailbox on its IMAP server: one way in for the receiver and for the test button."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from majlis.channels.email import network, shown_certificates, xoauth2
from majlis.channels.email.bounded import bound
from majlis.channels.email.folder_names import exists, listed
from majlis.channels.email.renewed import with_token
from majlis.channels.email.xoauth2 import Bearer
from majlis.channels.problems import ConnectionProblem

TIMEOUT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class ImapSettings:
    """Where a mailbox lies. `security` is "tls", "starttls" or "none"; the password is in clear.

    With a `bearer` its token is used instead of a password.
    """

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    bearer: Bearer | None = None


def connect(settings: ImapSettings, *, timeout_seconds: float = TIMEOUT_SECONDS) -> IMAPClient:
    """A signed-in client; no folder is selected yet. The caller ends it with `logout` or `shutdown`.

    Certificates are checked against the system's authorities and the host's name.
    Raises ConnectionProblem: `host`, `refused`, `timeout`, `certificate`, `tls`, `needs_tls`, `not_imap`,
    `login`, `later`, `lost`; with a token also `token`, `no_oauth`, `sign_in_again` and what its issuer says.
    """
    with shown_certificates.explained(settings.host, settings.port, settings.security, "imap"):
        return with_token(settings.bearer, lambda token: _connected(settings, token, timeout_seconds))


def _connected(settings: ImapSettings, token: str, timeout_seconds: float) -> IMAPClient:
    context = ssl.create_default_context()
    is_tls = settings.security == "tls"
    with problems(greeting=True):
        client = IMAPClient(
            settings.host, settings.port, ssl=is_tls, ssl_context=context, timeout=timeout_seconds
        )
    try:
        bound(client)
        with problems():
            if settings.security == "starttls":
                if not client.has_capability("STARTTLS"):
                    raise ConnectionProblem("tls")
                client.starttls(context)
            if token:
                _sign_in_by_token(client, settings, token)
            else:
                _sign_in(client, settings)
    except BaseException:
        with suppress(OSError, IMAPClientError):
            client.shutdown()
        raise
    return client


def test_imap(settings: ImapSettings, *, timeout_seconds: float = TIMEOUT_SECONDS) -> list[str]:  # noqa: PT028 - no test of pytest
    """Sign in and open the folder read-only, as the receiver will; return the names of all folders.

    Raises ConnectionProblem as `connect` does, and `folder` (data: `folders`) when the folder is not there.
    """
    client = connect(settings, timeout_seconds=timeout_seconds)
    try:
        with problems():
            folders = [name for flags, name in listed(client) if b"\\noselect" not in flags]
            if not exists(client, settings.folder):
                raise ConnectionProblem("folder", folders=folders)
            client.select_folder(settings.folder, readonly=True)
            return folders
    finally:
        with suppress(OSError, IMAPClientError):
            client.logout()


@contextmanager
def problems(*, greeting: bool = False) -> Iterator[None]:
    """Say what the network and the server raise as ConnectionProblem; `greeting`: nothing was said before."""
    try:
        yield
    except ConnectionProblem:
        raise
    except UnicodeDecodeError as error:  # what the server says has letters that IMAP does not know
        raise ConnectionProblem("not_imap" if greeting else "lost") from error
    except (OSError, UnicodeError) as error:
        raise network.problem(error) from error
    except IMAPClientError as error:
        raise ConnectionProblem("not_imap" if greeting else "lost", detail=str(error)) from error


def _sign_in(client: IMAPClient, settings: ImapSettings) -> None:
    """LOGIN carries ASCII only (RFC 3501); AUTHENTICATE PLAIN is UTF-8 (RFC 4616)."""
    if client.has_capability("LOGINDISABLED"):
        raise ConnectionProblem("needs_tls")
    is_ascii = settings.user.isascii() and settings.password.isascii()
    try:
        if is_ascii or not client.has_capability("AUTH=PLAIN"):
            client.login(settings.user, settings.password)
        else:
            client.plain_login(settings.user, settings.password)
    except LoginError as error:
        raise ConnectionProblem(_refusal(error), detail=str(error)) from error
    except UnicodeEncodeError as error:
        raise ConnectionProblem("login") from error


def _sign_in_by_token(client: IMAPClient, settings: ImapSettings, token: str) -> None:
    """AUTHENTICATE XOAUTH2 or OAUTHBEARER; a token is as good as a password, so it is never sent in the clear."""
    if settings.security == "none" and settings.host not in ("127.0.0.1", "::1", "localhost"):
        raise ConnectionProblem("token_tls")
    offered = [name.decode()[5:] for name in client.capabilities() if name.upper().startswith(b"AUTH=")]
    saying = xoauth2.dialogue(offered, settings.user, token, host=settings.host, port=settings.port)
    if saying is None:
        raise ConnectionProblem("no_oauth")
    try:
        client.sasl_login(saying.mechanism, saying.answer)
    except LoginError as error:
        code = _refusal(error)
        detail = " ".join(filter(None, (str(error), xoauth2.said(saying.refusal))))
        raise ConnectionProblem("token" if code == "login" else code, detail=detail) from error


def _refusal(error: LoginError) -> str:
    """Why signing in failed: by response code (RFC 5530), or because the connection broke meanwhile."""
    if isinstance(error.__context__, IMAPClientAbortError):
        return "lost"
    text = str(error)
    if "PRIVACYREQUIRED" in text:
        return "needs_tls"
    return "later" if "UNAVAILABLE" in text or "INUSE" in text else "login"
