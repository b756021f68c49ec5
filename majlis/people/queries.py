"""Who works here, and who may see what: mailbox access is decided here and nowhere else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import F, Prefetch, QuerySet
from django.utils import timezone

from majlis.lib.own import Own, plain
from majlis.people.models import (
    Department,
    Installation,
    Mailbox,
    OneTimeLink,
    Role,
    Session,
    Team,
    Teammate,
    TeamMember,
)

# What every request asks, as prepared statements: composed by Django they cost thrice as much.
_TEAMMATE = [field.attname for field in Teammate._meta.concrete_fields]
_INSTALLATION = [field.attname for field in Installation._meta.concrete_fields]
_SEEING = (
    f"select {', '.join(_TEAMMATE)} from people_teammate t where is_active and (role in ('owner', 'admin')"  # noqa: S608
    " or exists (select from people_mailboxaccess a where a.teammate_id = t.id and a.mailbox_id = %s))"
    " order by name_key, id"
)


# What a session's statement already knows of its teammate is kept on it under this name.
FOUND_WITH_SESSION = "_visible_mailbox_ids"
# The same rule as in `mailboxes_visible_to`, for a statement that has the teammate as `t`.
VISIBLE_IDS = (
    "array(select m.id from people_mailbox m where t.role in ('owner', 'admin')"
    " or exists (select from people_mailboxaccess a where a.teammate_id = t.id and a.mailbox_id = m.id) order by m.id)"
)

# Every address of every mailbox, for a statement that has something else to ask too.
OWN_ADDRESSES = (
    "array(select lower(address) from people_mailbox union all select address from people_mailboxalias)"
)

_AT = (
    "select id from (select id, lower(address) as address from people_mailbox where lower(address) = any(%s::text[])"
    " union all select mailbox_id, address from people_mailboxalias where address = any(%s::text[])) as known"
    " order by address = %s::text desc limit 1"
)


def own_addresses() -> Own:
    """Every address of every mailbox, aliases too."""
    with connection.cursor() as cursor:
        cursor.execute(f"select {OWN_ADDRESSES}")
        row = cursor.fetchone()
    return Own(row[0] if row else ())


def mailbox_at(address: str) -> int | None:
    """The mailbox an address leads to, in any case of letters; name+tag leads where name does (RFC 5233)."""
    asked = address.lower().replace("\x00", "")
    with connection.cursor() as cursor:
        cursor.execute(_AT, [[asked, plain(asked)], [asked, plain(asked)], asked])
        row = cursor.fetchone()
    return row[0] if row else None


def installation() -> Installation | None:
    """The one company, or None before the first run began."""
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(_INSTALLATION)} from people_installation where id = 1")  # noqa: S608
        row = cursor.fetchone()
    return Installation.from_db(DEFAULT_DB_ALIAS, _INSTALLATION, row) if row else None


def has_owner() -> bool:
    """Claims that the first run is behind us."""
    return Teammate.objects.filter(role=Role.OWNER).exists()


def mailboxes_visible_to(teammate: Teammate) -> QuerySet[Mailbox]:
    """The mailboxes `teammate` may see: owners and admins all, others those they were given."""
    if not teammate.is_active:
        return Mailbox.objects.none()
    if teammate.is_admin:
        return Mailbox.objects.all()
    return Mailbox.objects.filter(accesses__teammate=teammate)


def mailbox_ids_visible_to(teammate: Teammate) -> list[int]:
    """The ids of `mailboxes_visible_to`, ascending.

    Of somebody who asks for a page they came with the session: a request sees one set of rights.
    """
    if not teammate.is_active:
        return []
    if (found := getattr(teammate, FOUND_WITH_SESSION, None)) is not None:
        return list(found)
    with connection.cursor() as cursor:
        if teammate.is_admin:
            cursor.execute("select id from people_mailbox order by id")
        else:
            cursor.execute(
                "select mailbox_id from people_mailboxaccess where teammate_id = %s order by mailbox_id",
                [teammate.pk],
            )
        return [row[0] for row in cursor.fetchall()]


def may_see(teammate: Teammate, mailbox_id: int) -> bool:
    """Claims that `teammate` may see this mailbox."""
    return mailboxes_visible_to(teammate).filter(pk=mailbox_id).exists()


def teammates() -> QuerySet[Teammate]:
    """Everybody, by name; the active ones first; with the mailboxes each was given."""
    return Teammate.objects.prefetch_related("accesses__mailbox").order_by("-is_active", "name_key", "pk")


def teammates_seeing(mailbox_id: int) -> list[Teammate]:
    """The active teammates who may see this mailbox, by name."""
    with connection.cursor() as cursor:
        cursor.execute(_SEEING, [mailbox_id])
        return [Teammate.from_db(DEFAULT_DB_ALIAS, _TEAMMATE, row) for row in cursor.fetchall()]


def teams() -> QuerySet[Team]:
    """Every team by name, with its department, members and mailboxes."""
    members = TeamMember.objects.select_related("teammate").order_by("teammate__name_key", "teammate_id")
    return (
        Team.objects.select_related("department")
        .prefetch_related(Prefetch("memberships", queryset=members), "mailboxes")
        .order_by("name", "pk")
    )


def departments() -> QuerySet[Department]:
    """Every department by name."""
    return Department.objects.order_by("name", "pk")


def first_team() -> Team | None:
    """The team the first run named."""
    return Team.objects.order_by("pk").first()


def invitations_of(teammates: Iterable[Teammate]) -> dict[int, OneTimeLink]:
    """The invitation of each that still works, by the teammate's id."""
    open_ones = OneTimeLink.objects.filter(
        purpose=OneTimeLink.Purpose.INVITATION,
        teammate__in=[one.pk for one in teammates],
        used_at=None,
        expires_at__gt=timezone.now(),
    )
    found = open_ones.select_related("teammate").order_by("pk")
    return {link.teammate_id: link for link in found if link.teammate_id is not None}


def sessions_of(teammate: Teammate) -> QuerySet[Session]:
    """The browsers somebody is signed in with, the one used last first."""
    standing = Session.objects.filter(teammate=teammate, expire_date__gt=timezone.now())
    return standing.defer("session_data").order_by(F("seen_at").desc(nulls_last=True), "session_key")


def session_tag(session_key: str) -> str:
    """A name for a session that may stand on a page: its key cannot be told from it."""
    return hashlib.sha256(b"listed:" + session_key.encode()).hexdigest()[:32]
