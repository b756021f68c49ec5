"""A teammate says where they want to be told of what, and when not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from django.db import transaction

from majlis.lib.errors import Refused
from majlis.people.models import NotificationChoice, QuietHours, Teammate
from majlis.people.notifying import DEFAULTS, Choice


def choose(teammate: Teammate, choices: Mapping[str, Choice]) -> None:
    """From now on these kinds are told as `choices` say; kinds that are not named stay as they are.

    What equals the usual is not kept: whoever never differed goes along when the usual changes.
    Raises Refused("no_such_kind").
    """
    if unknown := sorted(set(choices) - set(DEFAULTS)):
        raise Refused("no_such_kind", name=unknown[0])
    own = {kind: choice for kind, choice in choices.items() if choice != DEFAULTS[kind]}
    with transaction.atomic():
        NotificationChoice.objects.filter(teammate=teammate, kind__in=set(choices) - set(own)).delete()
        NotificationChoice.objects.bulk_create(
            [
                NotificationChoice(
                    teammate=teammate,
                    kind=kind,
                    in_page=choice.in_page,
                    by_push=choice.by_push,
                    by_mail=choice.by_mail,
                )
                for kind, choice in sorted(own.items())
            ],
            update_conflicts=True,
            unique_fields=["teammate", "kind"],
            update_fields=["in_page", "by_push", "by_mail"],
        )


def be_quiet(teammate: Teammate, begin_at: time | None, end_at: time | None) -> None:
    """Neither push nor sound between these times of day; never quiet without them.

    Raises Refused: `quiet_half` when only one is given, `quiet_empty` when they are the same.
    """
    if begin_at is None and end_at is None:
        QuietHours.objects.filter(teammate=teammate).delete()
        return
    if begin_at is None or end_at is None:
        raise Refused("quiet_half")
    if begin_at == end_at:
        raise Refused("quiet_empty")
    QuietHours.objects.update_or_create(teammate=teammate, defaults={"begin_at": begin_at, "end_at": end_at})
