"""Signing in to a mailbox by token: chosen in its form, begun by an admin, brought back once by the same browser."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from majlis.channels.actions.anew import begin_anew
from majlis.channels.models import Delivery, MailConnection, State
from majlis.channels.oauth import refusals
from majlis.channels.oauth.clients import client_of
from majlis.channels.oauth.models import OAuthAttempt, OAuthGrant
from majlis.channels.oauth.providers import (
    authorization_url,
    endpoints,
    new_verifier,
    takes_tokens,
)
from majlis.channels.oauth.tokens import Tokens, exchange
from majlis.channels.problems import ConnectionProblem, pack
from majlis.channels.secrets import decrypt, encrypt
from majlis.journal.actions import record, wake
from majlis.lib.errors import Refused
from majlis.people.actions.installation import say_mailboxes_to_sign_in
from majlis.people.models import Mailbox, Teammate

LASTS = timedelta(minutes=15)


@transaction.atomic
def choose(mailbox: Mailbox, by: Teammate, *, provider: str, account: str = "") -> OAuthGrant:
    """`mailbox` is signed in to by tokens of `provider` from now on, as `account` (its user where empty).

    Stored passwords that the issuer's servers will not be asked for any more are forgotten. With another provider or
    account somebody has to sign in anew. Raises Refused: not_allowed, not_connected.
    """
    _check(by)
    connection = MailConnection.objects.select_for_update().filter(mailbox=mailbox).first()
    if connection is None:
        raise Refused("not_connected")
    for side in ("in", "smtp"):
        if takes_tokens(provider, getattr(connection, f"{side}_host")) or provider == "other":
            setattr(connection, f"{side}_password", "")
    connection.save(update_fields=["in_password", "smtp_password"])
    grant = OAuthGrant.objects.select_for_update().filter(connection=connection).first()
    if grant is not None and (grant.provider, grant.account) == (provider, account):
        if _leads_elsewhere(grant, connection):
            let_lapse([grant])
        return grant
    if grant is not None:
        grant.delete()
        _recount()
    return OAuthGrant.objects.create(connection=connection, provider=provider, account=account, asked_by=by)


@transaction.atomic
def use_password(mailbox: Mailbox, by: Teammate) -> None:
    """`mailbox` is signed in to by password; its tokens are forgotten. Raises Refused: not_allowed."""
    _check(by)
    if OAuthGrant.objects.filter(connection__mailbox=mailbox).delete()[0]:
        _recount()


def begin(mailbox: Mailbox, by: Teammate, *, session_key: str, redirect_uri: str) -> str:
    """The address of the issuer where the browser of `session_key` signs in.

    Raises Refused: not_allowed, not_connected; ConnectionProblem: oauth_no_client, oauth_secret.
    """
    grant = grant_for(mailbox, by)
    client = client_of(grant.provider)
    state, verifier = secrets.token_urlsafe(32), new_verifier()
    now = timezone.now()
    with transaction.atomic():
        OAuthAttempt.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
        OAuthAttempt.objects.create(
            grant=grant,
            teammate=by,
            session=digest(session_key),
            state=digest(state),
            verifier=encrypt(verifier),
            redirect_uri=redirect_uri,
            expires_at=now + LASTS,
        )
    return authorization_url(
        client.at,
        client_id=client.client_id,
        redirect_uri=redirect_uri,
        state=state,
        verifier=verifier,
        account=expected(grant),
    )


def finish(by: Teammate, *, session_key: str, brought: Mapping[str, str]) -> Mailbox:
    """What the issuer sent the browser back with: `state` and either `code` or `error`. The mailbox signed in to.

    A state works once, within LASTS, for the session and the admin that began. Raises Refused: not_allowed,
    forged_state; ConnectionProblem (data: mailbox_id) for everything else.
    """
    _check(by)
    attempt = _take(by, session_key=session_key, state=brought.get("state", ""))
    try:
        if "error" in brought or not brought.get("code"):
            raise ConnectionProblem(refusals.code(brought), detail=refusals.detail(brought))
        tokens = exchange(
            client_of(attempt.grant.provider),
            brought["code"],
            verifier=decrypt(attempt.verifier),
            redirect_uri=attempt.redirect_uri,
        )
        settle(attempt, tokens)
    except ConnectionProblem as problem:
        # A code that is used up or too old is no matter of the mailbox: whoever is here can begin again.
        code = "oauth_expired" if problem.code == "sign_in_again" else problem.code
        OAuthAttempt.objects.filter(pk=attempt.pk).update(problem=pack(code, **problem.data))
        raise ConnectionProblem(
            code, **{**problem.data, "mailbox_id": attempt.grant.connection.mailbox_id}
        ) from problem
    return attempt.grant.connection.mailbox


@transaction.atomic
def settle(attempt: OAuthAttempt, tokens: Tokens) -> None:
    """The tokens are the mailbox's: it is fetched from where it stopped, and what waited for it leaves.

    Raises ConnectionProblem: oauth_account, oauth_mail, oauth_lasting; Refused not_allowed when who began is no admin
    any more; nothing is changed then.
    """
    _check(attempt.teammate)
    grant = (
        OAuthGrant.objects.select_for_update()
        .select_related("connection__mailbox")
        .filter(pk=attempt.grant_id)
        .first()
    )
    if grant is None:
        raise ConnectionProblem("oauth_expired")
    wanted = expected(grant)
    if tokens.account and wanted and tokens.account.lower() != wanted.lower():
        raise ConnectionProblem("oauth_account", account=tokens.account, wanted=wanted)
    if not set(endpoints(grant.provider).needed) <= set(tokens.scopes.split()):
        raise ConnectionProblem("oauth_mail")
    if not tokens.refresh:
        raise ConnectionProblem("oauth_lasting")
    connection, mailbox = grant.connection, grant.connection.mailbox
    grant.access_token, grant.refresh_token = encrypt(tokens.access), encrypt(tokens.refresh)
    grant.expires_at = timezone.now() + timedelta(seconds=tokens.lasts_seconds)
    grant.scopes, grant.asked_by, grant.signed_in_at = tokens.scopes, attempt.teammate, timezone.now()
    grant.hosts = " ".join(filter(None, (connection.in_host, connection.smtp_host)))
    grant.problem, grant.problem_since = "", None
    grant.save()
    _recount()
    changed = MailConnection.objects.select_for_update().get(pk=connection.pk)
    begin_anew(changed)
    waiting = Q(entry__mailbox=mailbox) | Q(mailbox=mailbox)
    Delivery.objects.filter(waiting, state=State.QUEUED, why__contains='"code":"sign_in').update(
        due_at=timezone.now()
    )
    record(
        "mailbox.authorised",
        mailbox_id=mailbox.pk,
        actor_id=attempt.teammate_id,
        data={"name": mailbox.name, "provider": grant.provider, "account": tokens.account or wanted},
    )
    wake("connections")
    wake("deliver")


def let_lapse(grants: Iterable[OAuthGrant]) -> None:
    """Somebody has to sign in again to each of these mailboxes. Inside the caller's transaction."""
    now = timezone.now()
    for grant in grants:
        if grant.refresh_token:
            grant.problem, grant.problem_since = pack("sign_in_again"), now
            grant.access_token = grant.refresh_token = ""
            grant.save()
    _recount()


def grant_for(mailbox: Mailbox, by: Teammate) -> OAuthGrant:
    """What is to be signed in to. Raises Refused: not_allowed, not_connected (no token was chosen there)."""
    _check(by)
    found = OAuthGrant.objects.select_related("connection").filter(connection__mailbox=mailbox).first()
    if found is None:
        raise Refused("not_connected")
    return found


def expected(grant: OAuthGrant) -> str:
    """Whose consent it takes: the account that was named, else the mailbox's user; empty when that is no address."""
    named = grant.account or grant.connection.in_user or grant.connection.smtp_user
    return named if "@" in named else ""


def digest(secret: str) -> str:
    """What of a state or a session's key is stored: enough to know it by."""
    key = settings.CONFIG.derived_key("signing")
    return hmac.new(key, f"sign-in {secret}".encode(), hashlib.sha256).hexdigest()


def _take(by: Teammate, *, session_key: str, state: str) -> OAuthAttempt:
    """The attempt with this state, ended by the same statement that finds it. Raises Refused forged_state."""
    now = timezone.now()
    mine = OAuthAttempt.objects.filter(
        state=digest(state), session=digest(session_key), teammate=by, ended_at=None, expires_at__gt=now
    )
    pk = mine.values_list("pk", flat=True).first()
    if not state or pk is None or not mine.filter(pk=pk).update(ended_at=now):
        raise Refused("forged_state")
    return OAuthAttempt.objects.select_related("grant__connection__mailbox", "teammate").get(pk=pk)


def _leads_elsewhere(grant: OAuthGrant, connection: MailConnection) -> bool:
    """Claims that a token would be shown to another server than that somebody signed in for."""
    hosts = [host for host in (connection.in_host, connection.smtp_host) if host]
    return not all(takes_tokens("other", host, known=grant.hosts.split()) for host in hosts) and (
        grant.provider == "other"
    )


def _recount() -> None:
    lapsed = OAuthGrant.objects.exclude(problem="").exists()
    say_mailboxes_to_sign_in(are_there=lapsed)


def _check(by: Teammate) -> None:
    if not by.is_active or not by.is_admin:
        raise Refused("not_allowed")
