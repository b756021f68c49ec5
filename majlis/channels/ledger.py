"""What came into each mailbox, and what lies on its server: the figures by which nobody has to doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, Sum

from majlis.channels.models import Backfill, MailFolder, PassedOver, RawMessage
from majlis.people.models import Mailbox

_WAITING = Q(taken_in_at=None, quarantined_at=None)


@dataclass(frozen=True, slots=True)
class FolderLine:
    """One folder. `stored` of the `server` messages of our range; `missing` of them were left out for now.

    `kept` is all that ever came from it: of that `waiting` is not taken in yet and `quarantined` cannot be;
    `removed` was thrown out here for good, `passed` lay there before and is not wanted.
    """

    folder: MailFolder
    server: int | None
    stored: int | None
    kept: int
    waiting: int
    quarantined: int
    removed: int
    passed: int

    @property
    def missing(self) -> int:
        """How many of our range are on the server and not here."""
        return max(0, (self.server or 0) - (self.stored or 0))


@dataclass(frozen=True, slots=True)
class WayLine:
    """One way in: how many came by it, since when and until when."""

    route: str
    number: int
    waiting: int
    quarantined: int
    first_at: datetime | None
    historic: int


def counts(mailbox_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """On the server and here, of all folders of a mailbox together, by mailbox; those that were counted."""
    rows = (
        MailFolder.objects.filter(connection__mailbox__in=mailbox_ids, server_count__isnull=False)
        .filter(is_enabled=True)
        .values("connection__mailbox")
        .annotate(on_server=Sum("server_count"), here=Sum("stored_count"))
    )
    return {row["connection__mailbox"]: (row["on_server"], row["here"]) for row in rows}


def folder_lines(mailbox: Mailbox) -> list[FolderLine]:
    """The folders that are read or were, the one whose news are waited for first."""
    folders = list(
        MailFolder.objects.filter(connection__mailbox=mailbox)
        .select_related("connection")
        .order_by("-is_enabled", "pk")
    )
    raw = {
        row["folder"]: row
        for row in RawMessage.objects.filter(mailbox=mailbox, folder__isnull=False)
        .values("folder")
        .annotate(
            kept=Count("pk"),
            waiting=Count("pk", filter=_WAITING),
            quarantined=Count("pk", filter=Q(quarantined_at__isnull=False)),
        )
    }
    passed = {
        row["folder"]: row
        for row in PassedOver.objects.filter(folder__in=folders)
        .values("folder")
        .annotate(removed=Count("pk", filter=Q(is_removed=True)), all=Count("pk"))
    }
    lines = []
    for folder in folders:
        here: Mapping[str, Any] = raw.get(folder.pk, {})
        over: Mapping[str, Any] = passed.get(folder.pk, {})
        lines.append(
            FolderLine(
                folder=folder,
                server=folder.server_count,
                stored=folder.stored_count,
                kept=here.get("kept", 0),
                waiting=here.get("waiting", 0),
                quarantined=here.get("quarantined", 0),
                removed=over.get("removed", 0),
                passed=over.get("all", 0) - over.get("removed", 0),
            )
        )
    return sorted(lines, key=lambda line: line.folder.name != line.folder.connection.in_folder)


def ways(mailbox: Mailbox) -> list[WayLine]:
    """How many came by which way, the busiest first."""
    rows = (
        RawMessage.objects.filter(mailbox=mailbox)
        .values("route")
        .annotate(
            number=Count("pk"),
            waiting=Count("pk", filter=_WAITING),
            quarantined=Count("pk", filter=Q(quarantined_at__isnull=False)),
            first_at=Min("received_at"),
            historic=Count("pk", filter=Q(is_historic=True)),
        )
    )
    lines = [WayLine(**row) for row in rows]
    return sorted(lines, key=lambda line: (-line.number, line.route))


def last_backfill(mailbox: Mailbox) -> Backfill | None:
    """The back-fill that runs, or the one that ended last."""
    return (
        Backfill.objects.filter(connection__mailbox=mailbox)
        .select_related("asked_by")
        .order_by("-pk")
        .first()
    )
