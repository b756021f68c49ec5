"""Who is asking: session, teammate and rights come by one joined query, and can be taken back at once."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.db import DEFAULT_DB_ALIAS, connection
from django.http import HttpRequest
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
    f" s.session_data, {queries.VISIBLE_IDS} from people_session s"
    " left join people_teammate t on t.id = s.teammate_id left join people_installation i on i.id = 1"
    " where s.session_key = %s and s.expire_date > %s"
)


class SessionStore(DatabaseSessionStore):
    """Keeps the teammate in a column of its own, filled from what sign-in wrote into the session."""

    loaded_teammate: Teammate | None = None
    loaded_installation: Installation | None = None

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
        *columns, session_data, mailbox_ids = row
        teammate, installation = columns[: len(_TEAMMATE)], columns[len(_TEAMMATE) :]
        if teammate[0] is not None:
            self.loaded_teammate = Teammate.from_db(DEFAULT_DB_ALIAS, _TEAMMATE, teammate)
            setattr(self.loaded_teammate, queries.FOUND_WITH_SESSION, mailbox_ids)
        if installation[0] is not None:
            self.loaded_installation = Installation.from_db(DEFAULT_DB_ALIAS, _INSTALLATION, installation)
        return self.decode(session_data)

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row = cast(Session, super().create_model_instance(data))
        row.teammate_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        return row


class SessionMiddleware(DjangoSessionMiddleware):
    """Django's own, with our store (settings.SESSION_ENGINE)."""


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
