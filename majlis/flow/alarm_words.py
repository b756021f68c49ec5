"""What an alarm about a mailbox says in the bell and in a push, and everything told in one order with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from majlis.flow.notice_words import Gathered, Said, gather
from majlis.journal.models import Event
from majlis.people.models import Mailbox, Notification, NotificationKind, Teammate

_PAGES = {
    "mailbox.stale": "settings_mailbox_ledger",
    "mailbox.lapsed": "settings_mailbox_sign_in",
    "automatic.stopped": "settings_mailbox_automatic",
}


@dataclass(frozen=True, slots=True)
class Alarmed:
    """A notification about a mailbox itself. Like `Gathered` it can be said, and has a `tag` and a `number`."""

    notification: Notification
    event: Event
    mailbox: Mailbox

    @property
    def tag(self) -> str:
        """What browsers replace an older notification by."""
        return f"m{self.mailbox.pk}"

    @property
    def number(self) -> int | None:
        """It stands in no conversation."""
        return None

    def said(self, language: str) -> Said:
        """It in words."""
        with translation.override(language):
            name = f"\u2068{self.mailbox.name}\u2069"
            address = f"\u2066{self.event.data.get('address', '')}\u2069"
            title = _title(self.event) % {"mailbox": name, "address": address}
        text = self.mailbox.name if self.event.kind == "automatic.stopped" else self.mailbox.address
        return Said(title, text, reverse(_PAGES[self.event.kind], args=[self.mailbox.pk]))


def gather_all(notifications: Iterable[Notification]) -> list[Gathered | Alarmed]:
    """What these tell of, in their order: of conversations as `gather` does, of mailboxes to admins alone."""
    asked = list(notifications)
    about = [one for one in asked if one.kind == NotificationKind.ALARM]
    told: dict[int, Gathered | Alarmed] = {
        one.notification.pk: one for one in gather(one for one in asked if one.kind != NotificationKind.ALARM)
    }
    if about:
        told |= {one.notification.pk: one for one in _alarmed(about)}
    return [told[one.pk] for one in asked if one.pk in told]


def _alarmed(about: list[Notification]) -> list[Alarmed]:
    events = Event.objects.in_bulk({one.event_id for one in about})
    mailboxes = Mailbox.objects.in_bulk({one.mailbox_id for one in about})
    admins = {
        one.pk
        for one in Teammate.objects.filter(pk__in={one.teammate_id for one in about}, is_active=True)
        if one.is_admin
    }
    return [
        Alarmed(one, events[one.event_id], mailboxes[one.mailbox_id])
        for one in about
        if one.event_id in events and one.mailbox_id in mailboxes and one.teammate_id in admins
    ]


def _title(event: Event) -> str:
    if event.kind == "mailbox.lapsed":
        return _("Mail for %(mailbox)s has stopped: somebody has to sign in again")
    if event.kind == "automatic.stopped":
        return _("Automatic mail to %(address)s has stopped")
    if event.data.get("why") == "differs":
        return _("Mail for %(mailbox)s is not complete")
    return _("Mail for %(mailbox)s does not come in")
