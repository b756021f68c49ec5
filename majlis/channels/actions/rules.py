"""Say to whom, where and when a channel is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import transaction

from majlis.channels import greeting
from majlis.channels.chat.models import Widget
from majlis.channels.forms.models import Form
from majlis.channels.rule_models import ChannelRule
from majlis.channels.rules import MAIL, as_kept
from majlis.channels.showing import Ask, Condition, Hours, Joined, amount
from majlis.channels.showing_pages import LONGEST, pattern
from majlis.journal.actions import record
from majlis.lib.errors import Refused
from majlis.people.models import Mailbox, Teammate

MOST_CONDITIONS: Final = 10
MOST_VALUES: Final = 20
MOST_PAGES: Final = 50
LONGEST_VALUE: Final = 200
WITHOUT_VALUES: Final = frozenset({Ask.KNOWN, Ask.UNKNOWN, Ask.PAYS})
NAMED: Final = frozenset(
    {Ask.ATTRIBUTE_IS, Ask.ATTRIBUTE_IS_NOT, Ask.ATTRIBUTE_CONTAINS, Ask.ATTRIBUTE_AT_LEAST}
)

_JOINED: Final = frozenset(one.value for one in Joined)
_HOURS: Final = frozenset(one.value for one in Hours)


@dataclass(frozen=True, slots=True)
class Said:
    """A rule as somebody says it. `texts` ("ar", "en") are what a mailbox answers to whom it is not for."""

    conditions: Sequence[Condition] = ()
    joined: str = Joined.ALL.value
    shown_on: Sequence[str] = ()
    never_on: Sequence[str] = ()
    hours: str = Hours.ALWAYS.value
    texts: Mapping[str, str] = field(default_factory=dict)


Channel = Widget | Form | Mailbox


def set_rule(by: Teammate, channel: Channel, said: Said) -> None:
    """Let this be the rule of a channel; one that keeps nobody out is none.

    Raises Refused: not_allowed, too_many_conditions (data: most), no_attribute_name, no_value, not_a_number,
    value_too_long (data: longest), too_many_values (data: most) - these four with `row` -, not_a_page (data: name,
    field), too_many_pages (data: most, field), no_such_choice, and for a mailbox's words acknowledgement_too_long,
    unknown_placeholder (data: name) with `language`.
    """
    if not by.is_active or not by.is_admin:
        raise Refused("not_allowed")
    values = _checked(channel, said)
    which: dict[str, Any] = {_kind(channel): channel}
    with transaction.atomic():
        before = ChannelRule.objects.select_for_update().filter(**which).first()
        if _is_none(values):
            if before is None:
                return
            before.delete()
        else:
            if before is not None and all(getattr(before, name) == value for name, value in values.items()):
                return
            ChannelRule.objects.update_or_create(**which, defaults=values)
        _tell(by, channel)


def _checked(channel: Channel, said: Said) -> dict[str, Any]:
    is_mail = isinstance(channel, Mailbox)
    if said.joined not in _JOINED or said.hours not in _HOURS:
        raise Refused("no_such_choice")
    if len(said.conditions) > MOST_CONDITIONS:
        raise Refused("too_many_conditions", most=MOST_CONDITIONS)
    if is_mail and any(one.ask not in MAIL for one in said.conditions):
        raise Refused("no_such_choice")
    if isinstance(channel, Form) and said.conditions:
        raise Refused("no_such_choice")
    return {
        "conditions": [as_kept(_condition(one, row)) for row, one in enumerate(said.conditions)],
        "joined": said.joined,
        "shown_on": [] if is_mail else _pages(said.shown_on, "shown_on"),
        "never_on": [] if is_mail else _pages(said.never_on, "never_on"),
        "hours": Hours.ALWAYS.value if is_mail else said.hours,
        "text_ar": _text(said.texts.get("ar", ""), "ar") if is_mail else "",
        "text_en": _text(said.texts.get("en", ""), "en") if is_mail else "",
    }


def _condition(said: Condition, row: int) -> Condition:
    """A condition as it is kept: nothing in it that counts for nothing."""
    name = _line(said.name) if said.ask in NAMED else ""
    values = [] if said.ask in WITHOUT_VALUES else [line for one in said.values if (line := _line(one))]
    values = list(dict.fromkeys(values))
    if said.ask in NAMED and not name:
        raise Refused("no_attribute_name", row=row)
    if said.ask not in WITHOUT_VALUES and not values:
        raise Refused("no_value", row=row)
    if len(values) > MOST_VALUES:
        raise Refused("too_many_values", most=MOST_VALUES, row=row)
    if any(len(one) > LONGEST_VALUE for one in (name, *values)):
        raise Refused("value_too_long", longest=LONGEST_VALUE, row=row)
    if said.ask == Ask.ATTRIBUTE_AT_LEAST and (len(values) > 1 or amount(values[0]) is None):
        raise Refused("not_a_number", row=row)
    return Condition(said.ask, tuple(values), name)


def _pages(typed: Sequence[str], name: str) -> list[str]:
    lines = [line for one in typed if (line := one.strip())]
    kept: dict[str, None] = {}
    for line in lines:
        page = pattern(line)
        if not page or len(page) > LONGEST:
            raise Refused("not_a_page", name=line[:80], field=name)
        kept[page] = None
    if len(kept) > MOST_PAGES:
        raise Refused("too_many_pages", most=MOST_PAGES, field=name)
    return list(kept)


def _text(typed: str, language: str) -> str:
    text = typed.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > greeting.LONGEST:
        raise Refused("acknowledgement_too_long", longest=greeting.LONGEST, language=language)
    if name := greeting.unknown(text):
        raise Refused("unknown_placeholder", name=name, language=language)
    return text


def _line(typed: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in typed).split())


def _is_none(values: dict[str, Any]) -> bool:
    """Claims that nobody is kept out by it, and nothing is said."""
    return not (
        values["conditions"]
        or values["shown_on"]
        or values["never_on"]
        or values["hours"] != Hours.ALWAYS
        or values["text_ar"]
        or values["text_en"]
    )


def _kind(channel: Channel) -> str:
    return "widget" if isinstance(channel, Widget) else "form" if isinstance(channel, Form) else "mailbox"


def _tell(by: Teammate, channel: Channel) -> None:
    kind = _kind(channel)
    data: dict[str, Any] = {"name": channel.name, "what": ["rule"]}
    if isinstance(channel, Mailbox):
        record("mailbox.changed", mailbox_id=channel.pk, actor_id=by.pk, data=data)
    else:
        data[kind] = channel.pk
        record(f"{kind}.changed", mailbox_id=channel.mailbox_id, actor_id=by.pk, data=data)
