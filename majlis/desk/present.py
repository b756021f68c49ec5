"""Entries and events as the thread shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language_bidi, pgettext
from django.utils.translation import gettext as _
from markupsafe import Markup

from majlis.channels import sharing
from majlis.channels.chat.models import CHAT_ANSWERS, CHAT_COPY
from majlis.conversations.models import Attachment, Entry, EntryKind, Status
from majlis.journal.actions import Told
from majlis.journal.models import Event
from majlis.lib import rich
from majlis.lib.direction import direction
from majlis.lib.images import SHOWN_INLINE
from majlis.people.models import Teammate

from . import away_told, delivered, folding, form_fields, meetings, retold, seals
from .customers import told as customers_told
from .names import of_customer
from .origin import origin


def thread(
    entries: Sequence[Entry], events: Sequence[Event | Told], *, reader: Teammate
) -> list[dict[str, Any]]:
    """Entries and events in one order, as the templates take them."""
    names = _names(events, reader)
    lines = [_entry(entry, reader) for entry in entries]
    acknowledgements = {entry.pk for entry in entries if entry.kind == EntryKind.AUTO}
    lines += [_event(event, names, events, acknowledgements) for event in events]
    return sorted(lines, key=lambda line: int(line["seq"]))


def _entry(entry: Entry, reader: Teammate) -> dict[str, Any]:
    is_customer = entry.kind == EntryKind.MESSAGE
    name = of_customer(
        entry.from_name,
        entry.customer.name if entry.customer else "",
        entry.from_address,
        is_visitor=entry.raw_id is None,
    )
    if entry.teammate is not None:
        name = entry.teammate.name
    delivery = getattr(entry, "delivery", None)
    return {
        "id": entry.pk,
        "dom_id": f"entry-{entry.pk}",
        "seq": entry.seq,
        "changed_seq": entry.changed_seq,
        "kind": entry.kind,
        "author": {
            "id": entry.teammate_id or entry.customer_id,
            "name": name,
            "address": entry.from_address,
            "picture_id": entry.teammate.picture_id if entry.teammate is not None else None,
        },
        "is_customer": is_customer,
        "at": entry.written_at if entry.is_historic and entry.written_at else entry.created_at,
        "text_visible": entry.text,
        "text_above": entry.quoted_above,
        "text_below": f"{entry.signature}{entry.quoted}",
        "fold_words": folding.words(has_signature=bool(entry.signature), has_quotation=bool(entry.quoted)),
        "has_html": has_html(entry),
        "html": _formatted(entry),
        "way": direction(entry.text, "rtl" if get_language_bidi() else "ltr")
        if entry.__dict__.get("html")
        else "",
        "call": retold.call(entry),
        "form": form_fields.card(entry) if is_customer and entry.details else None,
        "via": "chat" if is_customer and (entry.details or {}).get("key") else "",
        "page": (entry.details or {}).get("page", "") if is_customer else "",
        "seal": seals.told(entry),
        "meetings": meetings.cards(entry),
        "has_source": entry.raw_id is not None or delivery is not None,
        "forwarded_to": (entry.details or {}).get("to", []) if entry.kind == EntryKind.FORWARD else [],
        "forwarded_from": (entry.details or {}).get("from", "") if entry.kind == EntryKind.FORWARD else "",
        "has_remote_images": entry.has_remote_images,
        "is_automatic": bool(entry.automatic),
        "auto_label": _automatic(entry.automatic),
        "is_historic": entry.is_historic,
        "is_new_participant": entry.is_new_participant,
        "is_same_id": entry.is_same_id,
        "attachments": [
            _attachment(found) for found in entry.attachments.all() if not _is_in_text(found, entry)
        ],
        "delivery": delivered.standing(delivery, entry, reader) if delivery is not None else None,
        "origin": origin(entry) if is_customer else None,
        "is_removed": entry.is_withdrawn,
    }


def _formatted(entry: Entry) -> Markup:
    """What a teammate wrote with formatting, clean, its pictures from our own address; empty for plain text."""
    html = entry.__dict__.get("html") if entry.kind != EntryKind.MESSAGE else ""
    if not html:
        return Markup("")
    shown = {found.content_id: found.pk for found in entry.attachments.all() if found.content_id}

    def address(cid: str) -> str | None:
        return f"{reverse('attachment', args=[shown[cid]])}?inline=1" if cid in shown else None

    return Markup(rich.with_pictures(rich.clean(html), address))  # noqa: S704 - clean


def _is_in_text(found: Attachment, entry: Entry) -> bool:
    """Claims that a file is a picture that the text shows where it stands."""
    return bool(found.content_id) and f"cid:{found.content_id}" in (entry.__dict__.get("html") or "")


def has_html(entry: Entry) -> bool:
    """Claims that there is a written form worth showing beside the text.

    The column itself is not loaded with the thread; its length is.
    """
    return bool(entry.kind == EntryKind.MESSAGE and getattr(entry, "html_length", 0))


def _automatic(kind: str) -> str:
    if not kind:
        return ""
    return {
        "auto-reply": _("Automatic reply"),
        "auto-generated": _("Automatic"),
        "list": _("Mailing list"),
        "bulk": _("Bulk mail"),
        "bounce": _("Delivery report"),
        "own": _("From our own address"),
        "acknowledgement": _("Acknowledgement"),
        CHAT_ANSWERS: _("Answers not seen in the chat, by mail"),
        CHAT_COPY: _("Copy of the chat, by mail"),
    }.get(kind, "")


def _attachment(found: Attachment) -> dict[str, Any]:
    return {
        "id": found.pk,
        "name": found.name,
        "size": found.file.size,
        "content_type": found.content_type,
        "is_image": found.content_type in SHOWN_INLINE,
        "is_message": is_message(found),
        "shared": _shared(found),
    }


def _shared(found: Attachment) -> dict[str, Any] | None:
    """How a file that went as a link stands; None for one that went along."""
    if (shared := getattr(found, "shared", None)) is None:
        return None
    return {
        "until": shared.expires_at,
        "is_revoked": shared.revoked_at is not None,
        "works": sharing.works(shared),
        "downloads": shared.downloads,
    }


def is_message(found: Attachment) -> bool:
    """Claims that a file is a mail, which can be read like one."""
    return found.content_type in ("message/rfc822", "message/global") or found.name.lower().endswith(".eml")


def _names(events: Sequence[Event | Told], reader: Teammate) -> dict[int, str]:
    """The names of those who did something, asked for at once, if anybody but the reader did."""
    names = {reader.pk: reader.name}
    if ids := {event.actor_id for event in events if event.actor_id} - {reader.pk}:
        names |= dict(Teammate.objects.filter(pk__in=ids).values_list("pk", "name"))
    return names


def _event(
    event: Event | Told,
    names: dict[int, str],
    events: Sequence[Event | Told],
    acknowledgements: set[int],
) -> dict[str, Any]:
    text, icon = _told(event, names.get(event.actor_id or 0, ""), acknowledgements)
    return {
        "id": event.seq,
        "dom_id": f"event-{event.seq}",
        "seq": event.seq,
        "changed_seq": event.seq,
        "kind": "event",
        "at": event.at,
        "event_text": text,
        "icon": icon,
        "until": away_told.until(event),
        "link": retold.link(event),
        "undo": retold.undo(event, events),
        "waits_for": retold.waits_for(event, events),
        "is_removed": False,
    }


def _told(event: Event | Told, actor: str, acknowledgements: set[int]) -> tuple[str, str]:
    """An event in one sentence, and its icon. Names stand isolated from the sentence's direction."""
    who = _isolated(actor)
    data = event.data
    name = _isolated(str(data.get("name", "")))
    if event.kind == "assigned":
        return _assigned(event, who, name), "user-plus"
    if event.kind == "status.changed" and (how := away_told.closing(event, who)):
        return how, "check"
    if event.kind == "status.changed":
        return _status(str(data.get("after", "")), who), "check" if data.get(
            "after"
        ) == "closed" else "rotate-ccw"
    if event.kind == "tagged":
        return _("%(who)s added the tag %(name)s") % {"who": who, "name": name}, "tag"
    if event.kind == "untagged":
        return _("%(who)s removed the tag %(name)s") % {"who": who, "name": name}, "tag"
    return (
        delivered.sentence(event, who, acknowledgements)
        or retold.sentence(event, who, name)
        or away_told.sentence(event, who, name)
        or customers_told.sentence(event, who, name)
        or (event.kind, "info")
    )


def _assigned(event: Event | Told, who: str, name: str) -> str:
    if event.data.get("to") is None:
        return (
            _("%(who)s returned it to the unassigned") % {"who": who}
            if who
            else _("Returned to the unassigned")
        )
    if event.data["to"] == event.actor_id:
        return _("%(who)s took it") % {"who": who}
    if who:
        return _("%(who)s assigned it to %(name)s") % {"who": who, "name": name}
    return _("Assigned to %(name)s") % {"name": name}


def _status(after: str, who: str) -> str:
    if after == Status.CLOSED:
        return _("%(who)s closed it") % {"who": who} if who else pgettext("event", "Closed")
    label = Status(after).label if after in Status.values else after
    if who:
        return _("%(who)s changed the status to %(status)s") % {"who": who, "status": label}
    return _("Status: %(status)s") % {"status": label}


def _isolated(name: str) -> str:
    """A name between the marks that isolate its direction (U+2068, U+2069), nothing for nothing."""
    return f"\u2068{name}\u2069" if name else ""
