"""Administrative events in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from markupsafe import Markup, escape

from majlis.channels.oauth.models import Provider
from majlis.desk.advising import name_of
from majlis.journal.models import Event
from majlis.lib.numbers import shaped
from majlis.people.called import Called
from majlis.people.models import OneTimeLink, Role

_ICONS: Final = {
    "teammate": "user-round",
    "link": "link",
    "sessions": "log-out",
    "mailbox": "mail",
    "automatic": "bot",
    "team": "users-round",
    "department": "layers",
    "topic": "tag",
    "brand": "bookmark",
    "widget": "message-square",
    "hours": "clock",
    "sender": "shield-alert",
    "installation": "settings",
    "channels": "message-square",
    "demo": "eye",
    "service": "key-round",
    "form": "file-text",
}


def icon_of(event: Event) -> str:
    """The icon of what an act concerns."""
    return _ICONS.get(event.kind.partition(".")[0], "info")


def sentence(event: Event, names: Mapping[int, str], *, digits: str = "latn") -> Markup:
    """What happened, with every name kept apart from the direction of the sentence around it.

    `names` of teammates by id; `digits` as `lib.numbers.system` names them.
    """
    data = event.data
    said = {
        "by": _name(names.get(event.actor_id or 0) or _("Somebody")),
        "who": _name(names.get(data.get("teammate") or 0) or _("a former teammate")),
        "name": _name(data.get("name", "")),
        "role": escape(Role(data["role"]).label) if data.get("role") in Role.values else "",
        "what": _what(data.get("what", []), event.kind),
        "called": escape(Called(data["called"]).label) if data.get("called") in Called.values else "",
        "sender": _name(data.get("address") or data.get("domain") or ""),
        "channel": escape(name_of(str(data.get("channel", "")))),
        "company": _name(data.get("company", "")),
        "account": _name(data.get("account", "")),
        "provider": escape(Provider(data["provider"]).label)
        if data.get("provider") in Provider.values
        else "",
        "n": shaped(str(data.get("number", 1)), digits),
    }
    return Markup(_pattern(event)) % said  # noqa: S704 - the pattern is ours, what is put into it is escaped


def _pattern(event: Event) -> str:
    data = event.data
    if event.kind == "sessions.ended":
        return _sessions(event)
    if event.kind == "link.issued":
        if data.get("purpose") == OneTimeLink.Purpose.INVITATION:
            return _("%(by)s sent the invitation to %(who)s again")
        return _("%(by)s made a link for a new password for %(who)s")
    return {
        "installation.made": _("%(by)s set up the desk of %(company)s"),
        "installation.called": _("%(by)s named the team towards customers: %(called)s"),
        "channels.advised": _("%(by)s asked which channel to begin with: %(channel)s"),
        "mailbox.made": _("%(by)s added the mailbox %(name)s"),
        "mailbox.changed": _("%(by)s changed the mailbox %(name)s: %(what)s"),
        "mailbox.disabled": _("%(by)s stopped fetching mail for the mailbox %(name)s"),
        "automatic.resumed": _("%(by)s let automatic mail to %(sender)s go on"),
        "mailbox.authorised": _("%(by)s signed in to the mailbox %(name)s as %(account)s"),
        "mailbox.lapsed": _("The sign-in to the mailbox %(name)s ended; somebody has to sign in again"),
        "service.changed": _("%(by)s set up signing in with %(provider)s"),
        "service.removed": _("%(by)s removed signing in with %(provider)s"),
        "mailbox.stale": _("Mail for the mailbox %(name)s did not come in as it should"),
        "mailbox.well": _("Mail for the mailbox %(name)s came in again"),
        "teammate.invited": _("%(by)s invited %(who)s as %(role)s"),
        "teammate.joined": _("%(who)s joined"),
        "teammate.changed": _("%(by)s changed what %(who)s may do: %(what)s"),
        "teammate.deactivated": _("%(by)s closed the account of %(who)s"),
        "teammate.reactivated": _("%(by)s opened the account of %(who)s again"),
        "team.made": _("%(by)s made the team %(name)s"),
        "team.changed": _("%(by)s changed the team %(name)s: %(what)s"),
        "team.removed": _("%(by)s removed the team %(name)s"),
        "department.made": _("%(by)s made the department %(name)s"),
        "department.changed": _("%(by)s renamed a department to %(name)s"),
        "department.removed": _("%(by)s removed the department %(name)s"),
        "brand.made": _("%(by)s made the brand %(name)s"),
        "brand.changed": _("%(by)s changed the brand %(name)s: %(what)s"),
        "brand.removed": _("%(by)s removed the brand %(name)s"),
        "widget.made": _("%(by)s made the chat %(name)s"),
        "widget.changed": _("%(by)s changed the chat %(name)s: %(what)s"),
        "widget.removed": _("%(by)s removed the chat %(name)s"),
        "topic.made": _("%(by)s made the topic %(name)s"),
        "topic.changed": _("%(by)s changed a topic: %(what)s"),
        "hours.changed": _("%(by)s changed the hours of the team %(name)s: %(what)s")
        if data.get("team")
        else _("%(by)s changed the hours of the company: %(what)s"),
        "hours.removed": _("%(by)s let the team %(name)s keep the company's hours"),
        "sender.blocked": _("%(by)s blocked mail from %(sender)s"),
        "sender.unblocked": _("%(by)s let mail from %(sender)s in again"),
        "form.made": _("%(by)s made the form %(name)s"),
        "form.changed": _("%(by)s changed the form %(name)s: %(what)s"),
        "form.removed": _("%(by)s removed the form %(name)s"),
        "demo.made": _("%(by)s had the demo shop made"),
        "demo.removed": _("%(by)s had the demo shop removed"),
    }.get(event.kind, event.kind.replace("%", "%%"))


def _sessions(event: Event) -> str:
    number = int(event.data.get("number", 1))
    if event.actor_id == event.data.get("teammate"):
        return ngettext(
            "%(by)s ended a session of their own", "%(by)s ended %(n)s sessions of their own", number
        )
    return ngettext("%(by)s ended a session of %(who)s", "%(by)s ended %(n)s sessions of %(who)s", number)


def _what(fields: Any, kind: str) -> str:
    fields = [fields] if isinstance(fields, str) else fields
    known = {
        "role": _("role"),
        "mailboxes": _("mailboxes"),
        "name": _("name"),
        "address": _("address"),
        "teammates": _("who sees it"),
        "team": _("team"),
        "signature": _("signature"),
        "department": _("department"),
        "members": _("members"),
        "connection": _("servers"),
        "acknowledgement": _("acknowledgement"),
        "rule": _("whom it is for, and when"),
        "enabled": _("fetched again"),
        "aliases": _("further addresses"),
        "options": _("copies and checks"),
        "endpoint": _("mail by HTTP"),
        "folders": _("folders"),
        "backfill": _("older mail"),
        "is_active": _("whether it is offered"),
        "brought_back": _("brought back"),
        "fields": _("fields"),
        "sites": _("sites"),
        "brand": _("brand"),
        "mailbox": _("mailbox"),
        "language": _("language"),
        "needs_address": _("whether an address is needed"),
        **dict.fromkeys(
            ("title_ar", "title_en", "intro_ar", "intro_en", "thanks_ar", "thanks_en"), _("words")
        ),
        "is_on": _("whether they stand"),
        "time_zone": _("time zone"),
        "country": _("country"),
        "periods": _("days and times"),
        "holidays": _("holidays"),
    }
    if kind.startswith(("brand.", "widget.")):
        known |= _of_a_chat()
    said = dict.fromkeys(known.get(field, str(escape(field))) for field in fields)
    return _(", ").join(said) if said else _("settings")


def _of_a_chat() -> dict[str, str]:
    return {
        "name_latin": _("name in Latin letters"),
        "colour": _("colour"),
        "language": _("language"),
        "logo": _("logo"),
        "brand": pgettext("act", "brand"),
        "mailbox": _("mailbox"),
        "sites": _("sites"),
        "position": _("side of the page"),
        "offset_px": _("distance from the bottom"),
        "theme": _("appearance"),
        "greeting_ar": _("Arabic greeting"),
        "greeting_en": _("English greeting"),
        "is_on": _("whether it is offered"),
        "is_for_known": _("who is offered it"),
        "secret": _("secret"),
    }


def _name(name: object) -> Markup:
    return Markup("<bdi>{}</bdi>").format(name)
