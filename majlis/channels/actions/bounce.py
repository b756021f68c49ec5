"""A message came back: it is pinned to the reply it tells of, which then stands there as failed."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from majlis.channels.actions import settle
from majlis.channels.email.mail import Bounce
from majlis.channels.email.threading import read_token
from majlis.channels.models import Delivery, State
from majlis.channels.noticing import answered_by
from majlis.people.models import Mailbox

# "Delivery time expired" (RFC 3463 §3.5): a temporary reason, but the last word.
_GIVEN_UP = "4.4.7"


def pin(bounce: Bounce, mailbox: Mailbox) -> bool:
    """Turn the delivery that `bounce` answers to failed, with the other server's words; False when none is ours.

    Found by its Message-ID, else by the signed token in whatever a server on the way made of it; only a delivery
    of `mailbox`, or a letter of the desk itself. A mere delay leaves the state and is told as an event. A report
    that comes twice changes nothing the second time.
    """
    delivery = _answered(bounce, mailbox)
    if delivery is None:
        return False
    is_final = bounce.is_permanent or bounce.status == _GIVEN_UP
    why = _words(bounce)
    values: dict[str, object] = {"why": why}
    if is_final:
        values |= {"state": State.FAILED, "settled_at": timezone.now()}
    news = Delivery.objects.exclude(state=State.CANCELLED)
    news = news.exclude(state=State.FAILED, why=why) if is_final else news.exclude(why=why)
    settle.move(news, delivery, "bounced", data={"why": why, "is_final": is_final}, **values)
    return True


def _answered(bounce: Bounce, mailbox: Mailbox) -> Delivery | None:
    if not bounce.original_message_id:
        return None
    deliveries = Delivery.objects.select_related("entry").exclude(state=State.CANCELLED)
    found = deliveries.filter(message_id=bounce.original_message_id).first()
    if found is None:
        token = read_token(bounce.original_message_id, settings.CONFIG.derived_key("signing"))
        found = deliveries.filter(entry_id=token.entry_id).first() if token else None
    if found is None and (letter := answered_by([bounce.original_message_id])) is not None:
        found = letter.delivery
    if found is None or (found.mailbox_id is not None and found.mailbox_id != mailbox.pk):
        return None
    return found


def _words(bounce: Bounce) -> str:
    said = bounce.diagnostic.strip() or bounce.status
    return "\n".join(part for part in (", ".join(bounce.failed), said) if part)[:2000]
