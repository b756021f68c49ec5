"""Where a teammate is told of what, and when they want quiet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from majlis.people.models import NotificationChoice, NotificationKind, QuietHours, Teammate


@dataclass(frozen=True, slots=True)
class Choice:
    """Where one kind is told: in the page, by push, by mail."""

    in_page: bool
    by_push: bool
    by_mail: bool

    @property
    def is_told(self) -> bool:
        """Claims that it is told anywhere at all."""
        return self.in_page or self.by_push or self.by_mail


# For whoever has not said otherwise.
DEFAULTS: Final[dict[str, Choice]] = {
    NotificationKind.ASSIGNED.value: Choice(in_page=True, by_push=True, by_mail=True),
    NotificationKind.MENTIONED.value: Choice(in_page=True, by_push=True, by_mail=True),
    NotificationKind.ANSWERED.value: Choice(in_page=True, by_push=True, by_mail=True),
    NotificationKind.FAILED.value: Choice(in_page=True, by_push=True, by_mail=True),
    NotificationKind.FOLLOWED.value: Choice(in_page=True, by_push=True, by_mail=False),
    NotificationKind.NEW.value: Choice(in_page=True, by_push=False, by_mail=False),
}


def choices_of(teammate: Teammate) -> dict[str, Choice]:
    """What `teammate` wants, for every kind, in the order of `DEFAULTS`."""
    said = {
        one.kind: Choice(one.in_page, one.by_push, one.by_mail)
        for one in NotificationChoice.objects.filter(teammate=teammate)
    }
    return {kind: said.get(kind, usual) for kind, usual in DEFAULTS.items()}


def quiet_hours_of(teammate: Teammate) -> QuietHours | None:
    """When `teammate` wants quiet, if ever."""
    return QuietHours.objects.filter(teammate=teammate).first()


def is_quiet(teammate: Teammate, at: datetime) -> bool:
    """Claims that `teammate` wants quiet at this moment."""
    hours = quiet_hours_of(teammate)
    return hours is not None and covers(hours, at, zone=teammate.time_zone)


def quiet_ids(at: datetime) -> list[int]:
    """The ids of all who want quiet at this moment."""
    asked: Iterable[QuietHours] = QuietHours.objects.select_related("teammate").order_by("teammate_id")
    return [hours.teammate_id for hours in asked if covers(hours, at, zone=hours.teammate.time_zone)]


def covers(hours: QuietHours, at: datetime, *, zone: str) -> bool:
    """Claims that `at` lies in these hours on the clocks of `zone`; the end is no longer quiet."""
    clock = at.astimezone(ZoneInfo(zone)).time()
    if hours.begin_at <= hours.end_at:
        return hours.begin_at <= clock < hours.end_at
    return clock >= hours.begin_at or clock < hours.end_at
