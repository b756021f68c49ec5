"""Which addresses mail came back from: remembered with each return, forgotten when mail passes or they write."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.utils import timezone

from majlis.channels.bounced import returned
from majlis.channels.email.verdicts import Verdict
from majlis.channels.models import Delivery, ReturnedAddress
from majlis.channels.verdict_words import said
from majlis.lib.errors import Refused


def came_back(address: str, *, words: str, verdict: Verdict, delivery: Delivery | None) -> None:
    """Mail to `address` came back or was refused; what is permanent stays so until it is forgotten."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into channels_returnedaddress"
            " (address, is_permanent, kind, words, count, since, last_at, taken_at, delivery_id)"
            " values (%s, %s, %s, %s, 1, %s, %s, null, %s)"
            " on conflict (address) do update set"
            " is_permanent = channels_returnedaddress.is_permanent or excluded.is_permanent,"
            " kind = excluded.kind, words = excluded.words, last_at = excluded.last_at, taken_at = null,"
            " count = channels_returnedaddress.count + 1, delivery_id = excluded.delivery_id",
            [
                address.lower()[:320],
                verdict.is_permanent,
                verdict.kind,
                words[:1000],
                now,
                now,
                delivery.pk if delivery else None,
            ],
        )


def taken(addresses: Iterable[str]) -> None:
    """A server took mail for these. It may still come back, so they are forgiven later (`bounced`)."""
    named = [address.lower() for address in addresses]
    ReturnedAddress.objects.filter(address__in=named, taken_at=None).update(taken_at=timezone.now())


def refuse_returned(addresses: Iterable[str]) -> None:
    """Nothing goes unasked to an address where nothing arrives. Raises Refused: comes_back (data: address, all of them; why, of the last)."""
    asked = [address.strip().lower() for address in addresses]
    with (
        connection.cursor() as cursor
    ):  # every reply asks, and hardly any is refused: by hand it costs a fifth
        cursor.execute(
            "select exists (select from channels_returnedaddress where address = any(%s::text[]) and is_permanent)",
            [asked],
        )
        (is_known,) = cursor.fetchone() or (False,)
    if is_known and (found := list(returned(asked).filter(is_permanent=True))):
        why = said(found[0].words)
        named = ", ".join(one.address for one in found)
        raise Refused("comes_back", address=named, why=why.sentence or why.words)


def forget(addresses: Iterable[str]) -> None:
    """They wrote, or are known no more."""
    with connection.cursor() as cursor:  # every mail that comes in does so: written by hand it costs a fifth
        cursor.execute(
            "delete from channels_returnedaddress where address = any(%s::text[])",
            [[address.lower() for address in addresses]],
        )
