"""Visitors: who comes by a token, who is begun anew, and who the site says they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from majlis.channels.chat import identity as identities
from majlis.channels.chat import tokens
from majlis.channels.chat.models import Visitor, Widget
from majlis.channels.secrets import SecretUnreadable, decrypt
from majlis.lib.errors import Refused
from majlis.people.actions.vouched import vouched

BEGUN_AGAIN_WITHIN: Final = timedelta(hours=1)
VOUCHED_AGAIN_WITHIN: Final = timedelta(minutes=10)
SHORTEST_SECRET: Final = 16
KEPT_UNHEARD: Final = timedelta(days=30)
SEEN_EVERY: Final = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Come:
    """A visitor, and the token to hand out when they have none yet (empty else)."""

    visitor: Visitor | None
    token: str = ""


@dataclass(frozen=True, slots=True)
class Here:
    """Where a visitor is and how they read: page without its query, language ("ar", "en"), time zone."""

    page: str = ""
    language: str = ""
    time_zone: str = ""


def found(widget: Widget, token: str) -> Visitor | None:
    """Whose token this is, at this widget; None without one. Raises Refused("unknown_visitor") for one nobody has."""
    if not token:
        return None
    visitor = (
        Visitor.objects.select_related("customer")
        .filter(widget=widget, digest=tokens.digest(token[:200]))
        .first()
    )
    if visitor is None:
        raise Refused("unknown_visitor")
    visitor.widget = widget
    return visitor


def come(widget: Widget, token: str, signed: str, here: Here, *, secret: str = "") -> Come:
    """Who is here: by their token, and by what the site signed, if it did. Nobody unknown is kept for looking.

    `secret` is what their browser thought of before it first came with `signed`: with both, they are the same one for
    ten minutes, though the answer with their token was lost.

    Raises Refused: unknown_visitor, and for a signed identity that is not taken: identity_off, identity_forged,
    identity_incomplete, identity_too_long_lived, identity_expired, identity_replayed.
    """
    visitor = found(widget, token)
    if not signed:
        if visitor is not None:
            seen(visitor, here)
        return Come(visitor)
    return _identified(widget, visitor, signed, here, secret)


def begun(widget: Widget, key: UUID) -> Come | None:
    """Who first said something under `key` within the last hour, and their token: the answer that brought it to them
    may have been lost, and what is said again must not make them somebody else. None for nobody."""
    token, since = tokens.first(widget.pk, key), timezone.now() - BEGUN_AGAIN_WITHIN
    visitor = (
        Visitor.objects.select_related("customer")
        .filter(widget=widget, digest=tokens.digest(token), created_at__gt=since)
        .first()
    )
    return Come(visitor, token) if visitor is not None else None


def begin_with(widget: Widget, here: Here, key: UUID) -> Come:
    """A new visitor who says something under `key`; the same one when it is said again within an hour (`begun`)."""
    if (before := begun(widget, key)) is not None:
        return before
    try:
        with transaction.atomic():
            return begin(widget, here, token=tokens.first(widget.pk, key))
    except IntegrityError:  # said twice at once, or again after more than an hour
        return begun(widget, key) or begin(widget, here)


def begin(widget: Widget, here: Here, *, identity: str = "", name: str = "", token: str = "") -> Come:
    """A new visitor with a token of their own, a new one unless it is given."""
    token, now = token or tokens.new(), timezone.now()
    visitor = Visitor.objects.create(
        widget=widget,
        digest=tokens.digest(token),
        identity=identity,
        name=name,
        language=here.language,
        time_zone=here.time_zone,
        page=here.page,
        created_at=now,
        seen_at=now,
    )
    return Come(visitor, token)


def seen(visitor: Visitor, here: Here) -> None:
    """They are here now; written at most every 20 s, or when they went to another page."""
    now = timezone.now()
    page, language = here.page or visitor.page, here.language or visitor.language
    if page == visitor.page and language == visitor.language and visitor.seen_at > now - SEEN_EVERY:
        return
    visitor.page, visitor.language, visitor.seen_at = page, language, now
    visitor.time_zone = here.time_zone or visitor.time_zone
    visitor.save(update_fields=["page", "language", "time_zone", "seen_at"])


def siblings(visitor: Visitor) -> list[int]:
    """The ids of the visitors this person is: at other browsers too, where the site says so."""
    if not visitor.identity:
        return [visitor.pk]
    same = Visitor.objects.filter(widget__brand=visitor.widget.brand_id, identity=visitor.identity)
    return list(same.values_list("pk", flat=True))


def forget_old(now: datetime) -> None:
    """Visitors who never wrote go after 30 days, identities when they have expired, files nobody sent after a day."""
    with connection.cursor() as cursor:
        cursor.execute("delete from channels_identityuse where expires_at < %s", [now - timedelta(hours=1)])
        cursor.execute("delete from channels_chatupload where created_at < %s", [now - timedelta(days=1)])
    silent = Visitor.objects.filter(seen_at__lt=now - KEPT_UNHEARD, threads=None)
    silent.delete()


def _identified(widget: Widget, visitor: Visitor | None, signed: str, here: Here, secret: str) -> Come:
    now = timezone.now()
    said = identities.read(signed, _secrets(widget, now), now=now)
    is_same = visitor is not None and visitor.identity == said.value
    if said.is_expired:
        if is_same and visitor is not None:
            seen(visitor, here)
            return Come(visitor)
        raise Refused("identity_expired")
    with transaction.atomic():
        # Somebody else at this browser, or another person now: what one of them wrote is none of the other's.
        known = visitor if visitor is not None and visitor.identity in ("", said.value) else None
        come = Come(known) if known is not None else _vouched_for(widget, said, here, secret)
        mine = come.visitor
        assert mine is not None
        _use(said, mine)
        mine.customer = vouched(
            widget.brand,
            said.value,
            name=said.name,
            email=said.email,
            attributes=said.attributes,
            instead=mine.customer if mine.customer_id and not mine.identity else None,
        )
        mine.identity, mine.name = said.value, said.name
        mine.page, mine.seen_at = here.page or mine.page, now
        mine.language = here.language or mine.language
        mine.time_zone = here.time_zone or mine.time_zone
        mine.save()
    return come


def _vouched_for(widget: Widget, said: identities.Identity, here: Here, secret: str) -> Come:
    """A new visitor whom the site signed for; the same one when their browser asks again, which proves itself by the
    secret their token is made of."""
    if len(secret) < SHORTEST_SECRET:
        return begin(widget, here, identity=said.value)
    token = tokens.vouched(widget.pk, said.digest, secret)
    try:
        with transaction.atomic():
            return begin(widget, here, identity=said.value, token=token)
    except IntegrityError:  # asked before, or at the same time
        visitor = found(widget, token)
        since = timezone.now() - VOUCHED_AGAIN_WITHIN
        if visitor is None or visitor.identity != said.value or visitor.created_at < since:
            raise Refused("identity_replayed") from None
        return Come(visitor, token)


def _use(said: identities.Identity, visitor: Visitor) -> None:
    """A signed identity is one visitor's. Raises Refused("identity_replayed") when another came with it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into channels_identityuse as u (digest, visitor_id, expires_at) values (%s, %s, %s)"
            " on conflict (digest) do update set expires_at = excluded.expires_at"
            " where u.visitor_id = excluded.visitor_id returning digest",
            [said.digest, visitor.pk, said.expires_at],
        )
        if cursor.fetchone() is None:
            raise Refused("identity_replayed")


def _secrets(widget: Widget, now: datetime) -> list[str]:
    kept = [widget.secret]
    if widget.before_until is not None and widget.before_until > now:
        kept.append(widget.secret_before)
    try:
        return [decrypt(one) for one in kept]
    except SecretUnreadable as error:
        raise Refused("identity_off") from error
