"""A channel's rule as it is typed: rows of conditions, pages one a line, and when."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from majlis.channels.actions.rules import MOST_CONDITIONS, NAMED, WITHOUT_VALUES, Said
from majlis.channels.rule_models import ChannelRule
from majlis.channels.rules import MAIL
from majlis.channels.showing import TRUE, Ask, Condition, Hours, Joined
from majlis.desk import refusals, rule_words
from majlis.lib.arabic import is_arabic
from majlis.lib.errors import Refused

_SPARE = 1


@dataclass(slots=True)
class Row:
    """One condition as it is typed; `what` is a choice of `rule_words.CHOICES`, empty for none."""

    what: str = ""
    name: str = ""
    values: str = ""
    problem: str = ""


@dataclass(slots=True)
class Typed:
    """What stands in the form. `problems` are by field: "rows", "shown_on", "never_on", "ar", "en"."""

    rows: list[Row]
    joined: str = Joined.ALL.value
    shown_on: str = ""
    never_on: str = ""
    hours: str = Hours.ALWAYS.value
    texts: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    def said(self) -> Said:
        """The same as the action takes it; rows without a choice are left out. Raises Refused("no_such_choice")."""
        return Said(
            conditions=[_condition(row) for row in self.rows if row.what],
            joined=self.joined,
            shown_on=self.shown_on.splitlines(),
            never_on=self.never_on.splitlines(),
            hours=self.hours,
            texts=self.texts,
        )

    def refuse(self, refused: Refused) -> None:
        """Put the words of a refusal beside what they are about."""
        words = rule_words.refused(refused.code, refused.data) or refusals.words(refused)
        row = refused.data.get("row")
        if isinstance(row, int):
            [one for one in self.rows if one.what][row].problem = words
        else:
            where = refused.data.get("field") or refused.data.get("language") or "rows"
            self.problems[str(where)] = words

    def with_spare(self, more: int = _SPARE) -> Typed:
        """With empty rows at the end, as many as may still be filled."""
        self.rows = [row for row in self.rows if row.what]
        self.rows += [Row() for _ in range(min(more, MOST_CONDITIONS - len(self.rows)))]
        return self


def kept(rule: ChannelRule | None) -> Typed:
    """What is kept, to be changed."""
    if rule is None:
        return Typed([])
    return Typed(
        rows=[_row(Ask(one["ask"]), one["name"], one["values"]) for one in rule.conditions],
        joined=rule.joined,
        shown_on="\n".join(rule.shown_on),
        never_on="\n".join(rule.never_on),
        hours=rule.hours,
        texts={"ar": rule.text_ar, "en": rule.text_en},
    )


def typed(post: QueryDict) -> Typed:
    """What was sent."""

    def one(name: str) -> str:
        return post.get(name, "").replace("\x00", "")

    columns = [post.getlist(name) for name in ("ask", "name", "values")]
    rows = [
        Row(*(text.replace("\x00", "")[:5_000] for text in cells)) for cells in zip(*columns, strict=False)
    ]
    return Typed(
        rows=rows[: 2 * MOST_CONDITIONS],
        joined=one("joined") or Joined.ALL.value,
        shown_on=one("shown_on")[:50_000],
        never_on=one("never_on")[:50_000],
        hours=one("hours") or Hours.ALWAYS.value,
        texts={language: one(f"text_{language}") for language in ("ar", "en")},
    )


def started(name: str) -> Typed | None:
    """A rule to start from, by name; None for none of ours."""
    rows = {
        "vip": [_row(Ask.ATTRIBUTE_IS, "vip", list(TRUE))],
        "paying": [Row("pays")],
        "known": [Row("known")],
    }.get(name)
    return Typed(rows) if rows else None


def choices(*, is_mail: bool) -> list[dict[str, Any]]:
    """The groups of choices with what each needs besides ("name values", "values" or nothing)."""
    return [
        {
            "label": label,
            "choices": [
                {"value": value, "label": one, "needs": _needs(value)}
                for value, one in group
                if not is_mail or Ask(value.partition(":")[0]) in MAIL
            ],
        }
        for label, group in rule_words.CHOICES
    ]


def _needs(value: str) -> str:
    ask, _, chosen = value.partition(":")
    if Ask(ask) in NAMED:
        return "name values"
    return "" if chosen or Ask(ask) in WITHOUT_VALUES else "values"


def _condition(row: Row) -> Condition:
    ask, _, chosen = row.what.partition(":")
    if row.what not in _KNOWN:
        raise Refused("no_such_choice")
    values = (chosen,) if chosen else tuple(re.split(r"[,،\n]", row.values))
    return Condition(Ask(ask), values, row.name)


def _row(ask: Ask, name: str, values: list[str]) -> Row:
    if ask == Ask.LANGUAGE_IS:
        return Row(f"{ask.value}:{values[0]}")
    comma = "، " if is_arabic(" ".join(values)) else ", "
    return Row(ask.value, name, comma.join(values))


_KNOWN = frozenset(value for _, group in rule_words.CHOICES for value, _ in group)
