"""Who is asking: session, teammate and rights come by one joined query, and can be taken back at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import ip_address
from typing import Any, cast

import orjson
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.contrib.sessions.serializers import JSONSerializer
from django.core import signing
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import SimpleLazyObject

from majlis.journal.actions import nudge
from majlis.people import queries
from majlis.people.models import Installation, Session, Teammate

_TEAMMATE = [field.attname for field in Teammate._meta.concrete_fields]
_INSTALLATION = [field.attname for field in Installation._meta.concrete_fields]
_LOAD = (
    f"select {', '.join(f't.{name}' for name in _TEAMMATE)}, {', '.join(f'i.{name}' for name in _INSTALLATION)},"  # noqa: S608
    f" s.created_at, s.seen_at, host(s.address), s.agent, s.session_data, {queries.VISIBLE_IDS} from people_session s"
    " left join people_teammate t on t.id = s.teammate_id left join people_installation i on i.id = 1"
    " where s.session_key = %s and s.expire_date > %s"
)
# A session that is used is written to at most this often.
SEEN_EVERY = timedelta(minutes=5)
_AGENT_LENGTH = 400


@dataclass(frozen=True, slots=True)
class Browser:
    """From where a request comes, and what its browser says it is."""

    address: str | None
    agent: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What a session's row tells of its browser."""

    created_at: datetime | None
    seen_at: datetime | None
    browser: Browser


class SessionStore(DatabaseSessionStore):
    """Keeps the teammate in a column of its own, filled from what sign-in wrote into the session."""

    loaded_teammate: Teammate | None = None
    loaded_installation: Installation | None = None
    # What the row said when it was loaded, and who asks now; a session made without a request has neither.
    seen: Seen | None = None
    asked_by: Browser | None = None

    @classmethod
    def get_model_class(cls) -> type[Any]:
        return Session

    def load(self) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute(_LOAD, [self.session_key, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        *columns, created_at, seen_at, address, agent, session_data, mailbox_ids = row
        self.seen = Seen(created_at, seen_at, Browser(address, agent))
        teammate, installation = columns[: len(_TEAMMATE)], columns[len(_TEAMMATE) :]
        if teammate[0] is not None:
            self.loaded_teammate = Teammate.from_db(DEFAULT_DB_ALIAS, _TEAMMATE, teammate)
            setattr(self.loaded_teammate, queries.FOUND_WITH_SESSION, mailbox_ids)
        if installation[0] is not None:
            self.loaded_installation = Installation.from_db(DEFAULT_DB_ALIAS, _INSTALLATION, installation)
        return self.decode(session_data)

    def decode(self, session_data: Any) -> dict[str, Any]:
        # The same row says the same, and checking its signature takes longer than reading it.
        if (told := _told(session_data, self.key_salt)) is None:
            return super().decode(session_data)
        return cast(dict[str, Any], orjson.loads(told))

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row = cast(Session, super().create_model_instance(data))
        row.teammate_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        now = timezone.now()
        seen = self.seen or Seen(now, now, self.asked_by or Browser(None, ""))
        row.created_at, row.seen_at = seen.created_at or now, seen.seen_at
        row.address, row.agent = seen.browser.address, seen.browser.agent
        return row

    def cycle_key(self) -> None:
        """A new key; whoever had not signed in before begins now."""
        if self.loaded_teammate is None:
            self.seen = None
        super().cycle_key()

    def flush(self) -> None:
        """Nothing is left of it, and what comes next in this browser is another session."""
        super().flush()
        self.loaded_teammate, self.seen = None, None

    def mark_seen(self) -> None:
        """Write down that a teammate's session is used, and from where, if that was not done lately."""
        now = timezone.now()
        if self.loaded_teammate is None or self.seen is None or self.session_key is None:
            return
        if self.seen.seen_at is not None and now - self.seen.seen_at < SEEN_EVERY:
            return
        asked_by = self.asked_by or self.seen.browser
        # Of several requests at once one writes.
        unseen = Q(seen_at=None) | Q(seen_at__lt=now - SEEN_EVERY)
        self.seen = Seen(self.seen.created_at or now, now, asked_by)
        Session.objects.filter(unseen, session_key=self.session_key).update(
            seen_at=now,
            created_at=self.seen.created_at,
            address=asked_by.address,
            agent=asked_by.agent,
        )


@lru_cache(maxsize=1024)
def _told(session_data: str, salt: str) -> bytes | None:
    """What a row's text says, as JSON; None when its signature is not ours."""
    try:
        return orjson.dumps(signing.loads(session_data, salt=salt, serializer=JSONSerializer))
    except (signing.BadSignature, ValueError, TypeError):
        return None


class SessionMiddleware(DjangoSessionMiddleware):
    """Django's own, with our store (settings.SESSION_ENGINE), which learns who asks."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        agent = request.headers.get("User-Agent", "")[:_AGENT_LENGTH].replace("\0", "")
        session = cast(SessionStore, request.session)
        session.asked_by = Browser(_address(request), agent)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        session = cast(SessionStore, request.session)
        session.mark_seen()
        return super().process_response(request, response)


def _address(request: HttpRequest) -> str | None:
    try:
        return str(ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None


class AuthenticationMiddleware(MiddlewareMixin):
    """Sets `request.user`, found only when somebody asks for it."""

    def process_request(self, request: HttpRequest) -> None:
        request.user = SimpleLazyObject(  # type: ignore[assignment]
            lambda: teammate_of(request) or AnonymousUser()
        )


def teammate_of(request: HttpRequest) -> Teammate | None:
    """The active teammate whose session this is, or None.

    The session counts only while its hash of the password still agrees: a changed password ends every other
    session. Asked any number of times in a request, the database is asked once.
    """
    if not hasattr(request, "_majlis_teammate"):
        request._majlis_teammate = _found(request)  # type: ignore[attr-defined]
    return cast("Teammate | None", request._majlis_teammate)  # type: ignore[attr-defined]


def _found(request: HttpRequest) -> Teammate | None:
    session = cast(SessionStore, request.session)
    try:
        teammate_id = int(session[SESSION_KEY])
        is_ours = session[BACKEND_SESSION_KEY] in settings.AUTHENTICATION_BACKENDS
    except (KeyError, ValueError):
        return None
    teammate = session.loaded_teammate
    if not is_ours or teammate is None or teammate.pk != teammate_id or not teammate.is_active:
        return None
    given = session.get(HASH_SESSION_KEY, "")
    if constant_time_compare(given, teammate.get_session_auth_hash()):
        return teammate
    if any(constant_time_compare(given, known) for known in teammate.get_session_auth_fallback_hash()):
        session.cycle_key()
        session[HASH_SESSION_KEY] = teammate.get_session_auth_hash()
        return teammate
    session.flush()
    return None


def installation_of(request: HttpRequest) -> Installation | None:
    """The one company, as the request's session found it, else as it is now; None before the first run began."""
    session = getattr(request, "session", None)
    found = cast("Installation | None", getattr(session, "loaded_installation", None))
    return found if found is not None else queries.installation()


def revoke(teammate: Teammate) -> int:
    """End every session of `teammate` now and tell open pages to go; returns how many there were."""
    ended, _ = Session.objects.filter(teammate=teammate).delete()
    nudge({"k": "access", "t": teammate.pk})
    return ended
