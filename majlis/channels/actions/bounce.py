"""A message came back: it is pinned to the reply it tells of, which then stands there as failed."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.utils import timezone

from majlis.channels.actions import settle
from majlis.channels.actions.returned import came_back
from majlis.channels.email import verdicts
from majlis.channels.email.mail import Bounce
from majlis.channels.email.threading import read_token
from majlis.channels.models import Delivery, State
from majlis.channels.noticing import answered_by
from majlis.channels.problems import pack
from majlis.people.models import Mailbox

# "Delivery time expired" (RFC 3463 §3.5): a temporary reason, but the last word.
_GIVEN_UP = "4.4.7"


def pin(bounce: Bounce, mailbox: Mailbox) -> bool:
    """Turn the delivery that `bounce` answers to failed, with the other server's words; False when none is ours.

    Found by its Message-ID or the id of its envelope, else by the signed token in whatever a server on the way made
    of either; only a delivery of `mailbox`, or a letter of the desk itself. A mere delay leaves the state and is told
    as an event. A report that comes twice changes nothing the second time. What came back is remembered of the address.
    """
    delivery = _answered(bounce, mailbox)
    if delivery is None:
        return False
    is_final = bounce.is_permanent or bounce.status == _GIVEN_UP
    why = _words(bounce) if is_final else pack("delayed", detail=_words(bounce))
    values: dict[str, object] = {"why": why}
    if is_final:
        values |= {"state": State.FAILED, "settled_at": timezone.now()}
    news = Delivery.objects.exclude(state=State.CANCELLED)
    news = news.exclude(state=State.FAILED, why=why) if is_final else news.exclude(why=why)
    if settle.move(news, delivery, "bounced", data={"why": why, "is_final": is_final}, **values):
        _remember(bounce, delivery, is_final=is_final)
    return True


def _remember(bounce: Bounce, delivery: Delivery, *, is_final: bool) -> None:
    """What a report says of its addresses, of those alone that the mail went to."""
    verdict = verdicts.read(bounce.diagnostic, status=bounce.status)
    if not is_final or verdict.kind not in (*verdicts.ABOUT_THE_ADDRESS, "mailbox_full", "expired", ""):
        return
    entry = delivery.entry
    meant = [*entry.to, *entry.cc, *entry.bcc] if entry else [(delivery.letter or {}).get("to", "")]
    words = bounce.diagnostic.strip() or bounce.status
    is_about_it = verdict.kind in verdicts.ABOUT_THE_ADDRESS
    for address in {one.lower() for one in meant if one} & set(bounce.failed):
        came_back(address, words=words, verdict=replace(verdict, is_permanent=is_about_it), delivery=delivery)


def _answered(bounce: Bounce, mailbox: Mailbox) -> Delivery | None:
    ids = [
        bounce.original_message_id,
        f"<{bounce.envelope_id}@envelope.invalid>" if bounce.envelope_id else None,
    ]
    found = None
    for value in filter(None, ids):
        found = found or _named(value)
    if found is None and bounce.envelope_id:
        # A letter has no signed id; its own is random, and so is the envelope's.
        named = Delivery.objects.select_related("entry").exclude(state=State.CANCELLED)
        found = named.filter(entry=None, message_id__startswith=f"<{bounce.envelope_id}@").first()
    if found is None or (found.mailbox_id is not None and found.mailbox_id != mailbox.pk):
        return None
    return found


def _named(message_id: str) -> Delivery | None:
    deliveries = Delivery.objects.select_related("entry").exclude(state=State.CANCELLED)
    found = deliveries.filter(message_id=message_id).first()
    if found is None:
        token = read_token(message_id, settings.CONFIG.derived_key("signing"))
        found = deliveries.filter(entry_id=token.entry_id).first() if token else None
    if found is None and (letter := answered_by([message_id])) is not None:
        found = letter.delivery
    return found


def _words(bounce: Bounce) -> str:
    said = bounce.diagnostic.strip() or bounce.status
    return "\n".join(part for part in (", ".join(bounce.failed), said) if part)[:2000]
