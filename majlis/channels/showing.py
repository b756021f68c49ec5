"""Whether a channel is shown to somebody, on a page, at a moment, and why: each condition with whether it holds. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final

from majlis.channels.showing_pages import is_on
from majlis.lib.arabic import normalise
from majlis.lib.numbers import ascii_digits

TRUE: Final = ("yes", "true", "1", "نعم")  # how a site or a team says that an attribute is so
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_LONGEST_NUMBER = 40


class Ask(StrEnum):
    """What a condition asks of a customer."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    PLAN_IS = "plan_is"
    PLAN_IS_NOT = "plan_is_not"
    PAYS = "pays"
    COMPANY_IS = "company_is"
    COMPANY_IS_NOT = "company_is_not"
    LANGUAGE_IS = "language_is"
    TAGGED = "tagged"
    ATTRIBUTE_IS = "attribute_is"
    ATTRIBUTE_IS_NOT = "attribute_is_not"
    ATTRIBUTE_CONTAINS = "attribute_contains"
    ATTRIBUTE_AT_LEAST = "attribute_at_least"


class Joined(StrEnum):
    """How several conditions on a customer stand together."""

    ALL = "all"
    ANY = "any"


class Hours(StrEnum):
    """When a channel is shown: always, while somebody is there, or while nobody is."""

    ALWAYS = "always"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on a customer. `name` is that of an attribute; `values` are alternatives: one of them is enough."""

    ask: Ask
    values: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """To whom, where and when a channel is shown. `needs_identity`: only to who is signed in at the site.

    Without conditions: to everybody; without pages in `shown_on`: everywhere but on those of `never_on`.
    """

    is_on: bool = True
    needs_identity: bool = False
    conditions: tuple[Condition, ...] = ()
    joined: Joined = Joined.ALL
    shown_on: tuple[str, ...] = ()
    never_on: tuple[str, ...] = ()
    hours: Hours = Hours.ALWAYS

    @property
    def is_asked(self) -> bool:
        """Claims that the answer depends on the customer, the page or the time."""
        return bool(
            self.needs_identity
            or self.conditions
            or self.shown_on
            or self.never_on
            or self.hours != Hours.ALWAYS
        )


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a customer; of somebody who is not `is_known` nothing counts.

    `pays` is as the team wrote it ("49 SAR a month"), `attributes` as `people.Customer` keeps them, `tags` are those
    on their conversations.
    """

    is_known: bool = False
    plan: str = ""
    pays: str = ""
    company: str = ""
    language: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()


NOBODY: Final = Facts()


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that was asked, and whether it holds. `part` is "channel", "customer", "page" or "hours".

    `data` names what was asked for (`name`, `values`) and what was found (`found`, None where nothing can be known).
    """

    code: str
    part: str
    holds: bool
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a channel is shown. Of the reasons of the part "customer" one is enough where `joined` is "any"."""

    is_shown: bool
    reasons: tuple[Reason, ...]
    joined: Joined = Joined.ALL

    @property
    def against(self) -> tuple[Reason, ...]:
        """The reasons that keep it from being shown; none where it is."""
        if self.is_shown:
            return ()
        missing = tuple(one for one in self.reasons if not one.holds)
        if self.joined == Joined.ANY and any(one.holds for one in self.reasons if one.part == "customer"):
            return tuple(one for one in missing if one.part != "customer")
        return missing


def decide(rule: Rule, facts: Facts, page: str, is_open: bool | None) -> Decision:
    """Whether the channel is shown.

    `page` is an address without its query, "" for none known; `is_open` whether somebody is there now, None where no
    hours are kept: then nothing about hours keeps anybody out. Never raises, whatever the page.
    """
    reasons = [Reason("on", "channel", rule.is_on)]
    if rule.needs_identity:
        reasons.append(Reason("signed_in", "channel", facts.is_known))
    customer = [_asked(one, facts) for one in rule.conditions]
    reasons += customer
    if rule.shown_on:
        found = [one for one in rule.shown_on if is_on(one, page)]
        data = {"values": rule.shown_on, "found": found[0] if found else None, "page": page}
        reasons.append(Reason("shown_on", "page", bool(found), data))
    if rule.never_on:
        found = [one for one in rule.never_on if is_on(one, page)]
        data = {"values": rule.never_on, "found": found[0] if found else None, "page": page}
        reasons.append(Reason("never_on", "page", not found, data))
    if rule.hours != Hours.ALWAYS:
        holds = is_open is None or is_open is (rule.hours == Hours.OPEN)
        reasons.append(Reason(f"hours_{rule.hours.value}", "hours", holds, {"found": is_open}))
    is_enough = any if rule.joined == Joined.ANY else all
    is_for_them = not customer or is_enough(one.holds for one in customer)
    is_shown = is_for_them and all(one.holds for one in reasons if one.part != "customer")
    return Decision(is_shown, tuple(reasons), rule.joined)


def amount(text: object) -> Decimal | None:
    """The first number in a text, in whichever digits; None without one."""
    plain = ascii_digits(str(text)[:500]).replace("٬", "").replace(",", "").replace("٫", ".")
    found = _NUMBER.search(plain)
    try:
        return Decimal(found[0][:_LONGEST_NUMBER]) if found else None
    except InvalidOperation:
        return None


def _asked(condition: Condition, facts: Facts) -> Reason:
    found, holds = _TESTS[condition.ask](condition, facts)
    is_met = not facts.is_known if condition.ask == Ask.UNKNOWN else facts.is_known and holds
    data = {"name": condition.name, "values": condition.values, "found": found if facts.is_known else None}
    return Reason(condition.ask.value, "customer", is_met, data)


def _is_one(found: str, values: tuple[str, ...]) -> bool:
    return bool(found) and _folded(found) in {_folded(value) for value in values}


def _folded(text: str) -> str:
    return " ".join(normalise(text).split())


def _attribute(condition: Condition, facts: Facts) -> str:
    """The attribute as text; names are alike however they are typed."""
    wanted = _folded(condition.name)
    for name, value in facts.attributes.items():
        if _folded(str(name)) == wanted:
            return str(value).lower() if isinstance(value, bool) else str(value)
    return ""


def _contains(found: str, values: tuple[str, ...]) -> bool:
    text = _folded(found)
    return any(part in text for part in map(_folded, values) if part)


def _at_least(found: str, values: tuple[str, ...]) -> bool:
    has, least = amount(found), [number for number in map(amount, values) if number is not None]
    return has is not None and bool(least) and has >= min(least)


def _text(read: Callable[[Condition, Facts], str], is_met: Callable[[str, tuple[str, ...]], bool]) -> _Tested:
    def tested(condition: Condition, facts: Facts) -> tuple[object, bool]:
        found = read(condition, facts)
        return found, is_met(found, condition.values)

    return tested


def _is_none_of(found: str, values: tuple[str, ...]) -> bool:
    return not _is_one(found, values)


def _tagged(condition: Condition, facts: Facts) -> tuple[object, bool]:
    wanted = {_folded(value) for value in condition.values}
    found = tuple(sorted(tag for tag in facts.tags if _folded(tag) in wanted))
    return found, bool(found)


_Tested = Callable[[Condition, Facts], tuple[object, bool]]
_TESTS: Final[dict[Ask, _Tested]] = {
    Ask.KNOWN: lambda _condition, facts: (facts.is_known, facts.is_known),
    Ask.UNKNOWN: lambda _condition, facts: (facts.is_known, not facts.is_known),
    Ask.PLAN_IS: _text(lambda _, facts: facts.plan, _is_one),
    Ask.PLAN_IS_NOT: _text(lambda _, facts: facts.plan, _is_none_of),
    Ask.PAYS: _text(lambda _, facts: facts.pays, lambda found, _values: (amount(found) or 0) > 0),
    Ask.COMPANY_IS: _text(lambda _, facts: facts.company, _is_one),
    Ask.COMPANY_IS_NOT: _text(lambda _, facts: facts.company, _is_none_of),
    Ask.LANGUAGE_IS: _text(lambda _, facts: facts.language.partition("-")[0], _is_one),
    Ask.TAGGED: _tagged,
    Ask.ATTRIBUTE_IS: _text(_attribute, _is_one),
    Ask.ATTRIBUTE_IS_NOT: _text(_attribute, _is_none_of),
    Ask.ATTRIBUTE_CONTAINS: _text(_attribute, _contains),
    Ask.ATTRIBUTE_AT_LEAST: _text(_attribute, _at_least),
}
