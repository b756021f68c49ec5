"""Access tokens of mailboxes: the stored one while it is good, else another, asked for by one process at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from django.db import connection, transaction
from django.utils import timezone

from majlis.channels.email.xoauth2 import Bearer
from majlis.channels.models import MailConnection
from majlis.channels.oauth.clients import client_of
from majlis.channels.oauth.models import OAuthGrant
from majlis.channels.oauth.providers import OTHER, takes_tokens
from majlis.channels.oauth.tokens import Tokens, renew
from majlis.channels.problems import ConnectionProblem, pack
from majlis.channels.secrets import SecretUnreadable, decrypt, encrypt
from majlis.journal.actions import record
from majlis.people.actions.installation import say_mailboxes_to_sign_in

RENEW_BEFORE = timedelta(minutes=5)
RENEW_LOCK = 7108  # class of the session advisory locks: one process renews the tokens of one mailbox
_WAIT_SECONDS = 40.0  # longer than a question to the issuer takes
_PAUSE_SECONDS = 0.05


def bearer(row: MailConnection, host: str) -> Bearer | None:
    """What signs in to `host` for this mailbox; None when it signs in by password.

    It gives none to a host that is another than those somebody signed in for: then it raises ConnectionProblem,
    sign_in_again or oauth_host, when it is asked, so that what waits for it goes on waiting.
    """
    grant = OAuthGrant.objects.filter(connection=row).first()
    if grant is None:
        return None
    if not takes_tokens(grant.provider, host, known=grant.hosts.split()):
        code = "oauth_host"
        if grant.provider == OTHER:
            code = "sign_in_again" if grant.signed_in_at else "sign_in"
        return Bearer(partial(_refuse, code), code)
    return Bearer(partial(access_token, grant.pk), f"grant {grant.pk}")


def _refuse(code: str, _refused: str) -> str:
    raise ConnectionProblem(code)


def access_token(grant_id: int, refused: str = "") -> str:
    """A token that is good for at least RENEW_BEFORE, and is not `refused`.

    The issuer is asked outside any transaction, under a lock that ends with the process: of several that need a new
    one, one asks and the others find what it was given. Raises ConnectionProblem: sign_in and sign_in_again
    (nothing is asked then, and not before somebody has signed in), oauth_later, oauth_client and others.
    """
    grant = _grant(grant_id)
    if token := _good(grant, refused):
        return token
    with _alone(grant_id):
        grant = _grant(grant_id)
        if token := _good(grant, refused):
            return token
        try:
            tokens = renew(client_of(grant.provider), _clear(grant.refresh_token))
        except ConnectionProblem as problem:
            if problem.code == "sign_in_again":
                lapse(grant)
            raise
        keep(grant, tokens)
        return tokens.access


def keep(grant: OAuthGrant, tokens: Tokens) -> None:
    """Store what the issuer gave; a refresh token that it did not replace stays (RFC 6749 §6).

    Only while the grant still is what was asked with: whoever signed in meanwhile has newer ones.
    """
    values: dict[str, object] = {
        "access_token": encrypt(tokens.access),
        "expires_at": timezone.now() + timedelta(seconds=tokens.lasts_seconds),
    }
    if tokens.refresh:
        values["refresh_token"] = encrypt(tokens.refresh)
    OAuthGrant.objects.filter(pk=grant.pk, refresh_token=grant.refresh_token).update(**values)


def lapse(grant: OAuthGrant) -> None:
    """The issuer takes the refresh token no more: everything stops until somebody signs in again, and admins hear it."""
    with transaction.atomic():
        mine = OAuthGrant.objects.filter(pk=grant.pk, refresh_token=grant.refresh_token, problem="")
        if not mine.update(
            problem=pack("sign_in_again"),
            problem_since=timezone.now(),
            access_token="",
            refresh_token="",
            expires_at=None,
        ):
            return
        mailbox = grant.connection.mailbox
        record(
            "mailbox.lapsed", mailbox_id=mailbox.pk, data={"name": mailbox.name, "provider": grant.provider}
        )
        say_mailboxes_to_sign_in(are_there=True)


def _good(grant: OAuthGrant, refused: str) -> str:
    """The stored token if it may be used. Raises ConnectionProblem when there is nothing to renew it with."""
    if grant.problem or not grant.refresh_token:
        raise ConnectionProblem("sign_in_again" if grant.problem else "sign_in")
    if grant.expires_at is None or grant.expires_at < timezone.now() + RENEW_BEFORE:
        return ""
    token = _clear(grant.access_token)
    return "" if token == refused else token


def _grant(grant_id: int) -> OAuthGrant:
    grant = OAuthGrant.objects.select_related("connection__mailbox").filter(pk=grant_id).first()
    if grant is None:
        raise ConnectionProblem("sign_in_again")
    return grant


def _clear(token: str) -> str:
    try:
        return decrypt(token)
    except SecretUnreadable as error:
        raise ConnectionProblem("sign_in_again") from error


@contextmanager
def _alone(grant_id: int) -> Iterator[None]:
    """Nobody else renews this one meanwhile. Raises ConnectionProblem oauth_later when that takes too long."""
    deadline = time.monotonic() + _WAIT_SECONDS
    while not _ask("select pg_try_advisory_lock(%s::int, %s::int)", grant_id):
        if time.monotonic() > deadline:
            raise ConnectionProblem("oauth_later", detail="")
        time.sleep(_PAUSE_SECONDS)
    try:
        yield
    finally:
        # With the connection the lock is gone too, and nothing is left to unlock.
        if connection.connection is not None and not connection.connection.closed:
            _ask("select pg_advisory_unlock(%s::int, %s::int)", grant_id)


def _ask(statement: str, grant_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, [RENEW_LOCK, grant_id])
        return bool((cursor.fetchone() or (False,))[0])
