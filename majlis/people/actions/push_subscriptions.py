"""The browsers that may be pushed to: taken in, given up, and removed when they do not answer any more."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from majlis.people.models import PushSubscription, Session, Teammate

MOST = 10
MOST_FAILURES = 20


def subscribe(teammate: Teammate, *, session_key: str, endpoint: str, key: str, auth: str) -> None:
    """This browser is pushed to while its session lasts; a browser that is known is brought up to date.

    Of more than ten the oldest go. Nothing is written when the session has ended meanwhile. Where the address may
    lead is the caller's to check (`channels.push.checked`).
    """
    with transaction.atomic():
        # Held, so that ending the session waits and then takes the subscription with it.
        if not Session.objects.select_for_update().filter(pk=session_key, teammate=teammate).exists():
            return
        PushSubscription.objects.bulk_create(
            [
                PushSubscription(
                    teammate=teammate,
                    session_id=session_key,
                    endpoint=endpoint,
                    key=key,
                    auth=auth,
                    created_at=timezone.now(),
                )
            ],
            update_conflicts=True,
            unique_fields=["endpoint"],
            update_fields=["teammate", "session", "key", "auth", "created_at", "failures"],
        )
        newest = PushSubscription.objects.filter(teammate=teammate).order_by("-created_at", "-pk")
        kept = list(newest.values_list("pk", flat=True)[:MOST])
        PushSubscription.objects.filter(teammate=teammate).exclude(pk__in=kept).delete()


def unsubscribe(teammate: Teammate, endpoint: str) -> bool:
    """This browser is pushed to no more; whether it was."""
    return bool(PushSubscription.objects.filter(teammate=teammate, endpoint=endpoint).delete()[0])


def worked(ids: Iterable[int]) -> None:
    """These took a push: whatever failed before is forgotten."""
    PushSubscription.objects.filter(pk__in=ids, failures__gt=0).update(failures=0)


def failed(ids: Iterable[int]) -> None:
    """These did not; after twenty times in a row they go."""
    listed = list(ids)
    if not listed:
        return
    PushSubscription.objects.filter(pk__in=listed).update(failures=F("failures") + 1)
    PushSubscription.objects.filter(pk__in=listed, failures__gte=MOST_FAILURES).delete()


def gone(ids: Iterable[int]) -> None:
    """Their push service says that they exist no more."""
    if listed := list(ids):
        PushSubscription.objects.filter(pk__in=listed).delete()
