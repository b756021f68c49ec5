"""Files too large to go along become links: decided once, before the first try; taken back by whoever may see them."""

from __future__ import annotations

from uuid import uuid4

from django.db.models import F
from django.utils import timezone

from majlis.channels.actions import pacing
from majlis.channels.models import Delivery, OutgoingServer, SharedFile
from majlis.channels.queries import WayOut
from majlis.channels.sending_rules import linking
from majlis.conversations import queries as conversations
from majlis.conversations.actions.pair import changing_around
from majlis.conversations.models import Attachment
from majlis.lib.errors import Refused
from majlis.people.models import Teammate

# Base64 makes 4 octets of 3 and a line end after 76 (RFC 2045 §6.8); the text of the mail needs a little room too.
_ENCODED = 78 / 57
_TEXT_BYTES = 200_000


def link_large(delivery: Delivery, way: WayOut) -> None:
    """Turn the largest files of a reply into links until the others fit the mailbox's limit and the server's.

    What is a link already stays one, so that every try is the same mail.
    """
    entry = delivery.entry
    if entry is None:
        return
    files = list(Attachment.objects.filter(entry=entry, content_id="").select_related("file", "shared"))
    if not files:
        return
    rules = linking(entry.mailbox)
    along = [one for one in files if not hasattr(one, "shared")]
    total, most = sum(one.file.size for one in along), rules.over_bytes
    if total > 1024 * 1024:  # nobody refuses less
        key = pacing.key_of_server(way.settings.host, way.settings.port)
        announced = OutgoingServer.objects.filter(key=key).values_list("size_limit", flat=True).first()
        if announced:
            most = min(most, max(0, int((announced - _TEXT_BYTES) / _ENCODED)))
    now = timezone.now()
    for one in sorted(along, key=lambda one: (-one.file.size, one.pk)):
        if total <= most:
            return
        SharedFile.objects.get_or_create(
            attachment=one,
            defaults={"reference": uuid4(), "created_at": now, "expires_at": now + rules.works_for},
        )
        total -= one.file.size


def revoke(teammate: Teammate, attachment_id: int) -> None:
    """The link of a file works no more; the page of the conversation says so.

    Raises Refused: not_found (or not visible to this teammate), not_shared when there is no link that works.
    """
    found = (
        conversations.attachments_visible_to(teammate)
        .select_related("entry")
        .filter(pk=attachment_id)
        .first()
    )
    if found is None:
        raise Refused("not_found")
    with changing_around(found.entry) as change:
        working = SharedFile.objects.filter(attachment=found, revoked_at=None, expires_at__gt=timezone.now())
        if not working.update(revoked_at=timezone.now()):
            raise Refused("not_shared")
        change.record("file.unlinked", actor_id=teammate.pk, data={"name": found.name}, entry=found.entry)


def fetched(shared: SharedFile) -> None:
    """Somebody began to download it."""
    SharedFile.objects.filter(pk=shared.pk).update(downloads=F("downloads") + 1)
