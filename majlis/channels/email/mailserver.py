"""Reaching a mailbox on its IMAP server: one way in for the receiver and for the test button."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from majlis.channels.problems import ConnectionProblem

TIMEOUT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class ImapSettings:
    """Where a mailbox lies. `security` is "tls", "starttls" or "none"; the password is in clear."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"


def connect(settings: ImapSettings, *, timeout_seconds: float = TIMEOUT_SECONDS) -> IMAPClient:
    """A signed-in client; no folder is selected yet. The caller ends it with `logout` or `shutdown`.

    Certificates are checked against the system's authorities and the host's name.
    Raises ConnectionProblem: `host`, `refused`, `timeout`, `certificate`, `tls`, `needs_tls`, `not_imap`,
    `login`, `later`, `lost`.
    """
    context = ssl.create_default_context()
    is_tls = settings.security == "tls"
    with problems(greeting=True):
        client = IMAPClient(
            settings.host, settings.port, ssl=is_tls, ssl_context=context, timeout=timeout_seconds
        )
    try:
        with problems():
            if settings.security == "starttls":
                if not client.has_capability("STARTTLS"):
                    raise ConnectionProblem("tls")
                client.starttls(context)
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
            folders = [str(name) for flags, _, name in client.list_folders() if b"\\Noselect" not in flags]
            if not client.folder_exists(settings.folder):
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
    except ssl.SSLCertVerificationError as error:
        raise ConnectionProblem("certificate", detail=error.verify_message) from error
    except ssl.SSLError as error:
        raise ConnectionProblem("tls", detail=error.reason or str(error)) from error
    except (socket.gaierror, UnicodeError) as error:
        raise ConnectionProblem("host") from error
    except TimeoutError as error:
        raise ConnectionProblem("timeout") from error
    except ConnectionRefusedError as error:
        raise ConnectionProblem("refused") from error
    except OSError as error:
        raise ConnectionProblem("lost", detail=str(error)) from error
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


def _refusal(error: LoginError) -> str:
    """Why signing in failed: by response code (RFC 5530), or because the connection broke meanwhile."""
    if isinstance(error.__context__, IMAPClientAbortError):
        return "lost"
    text = str(error)
    if "PRIVACYREQUIRED" in text:
        return "needs_tls"
    return "later" if "UNAVAILABLE" in text or "INUSE" in text else "login"
