"""Which channel to begin with, and whether a team is ready for chat: one table of what speaks for what. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from enum import StrEnum
from typing import Any, Self

from majlis.channels.advising_rules import (
    BAR_FIRST_RESPONSE,
    BAR_HOURS,
    BAR_SHORT,
    BEARS,
    LEAST,
    LEAST_FOR_P90,
    LEAST_WEEKS,
    NEVER,
    PRESALE,
    QUESTIONS,
    RULES,
    START,
    Channel,
)


class Met(StrEnum):
    """Whether a condition is."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answers:
    """What a manager said, each one of QUESTIONS; `presale` one of PRESALE, or empty when nobody knows.

    `wants_all`: every channel is wanted at once.
    """

    sells_to: str
    urgency: str
    length: str
    same_facts: str
    closes_by_talking: str
    stage: str
    team_size: str
    experience: str
    growth: str
    presale: str = ""
    wants_all: bool = False

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self | None:
        """The answers as they were kept; None when one of them is no answer to today's questions."""
        named = {one.name: kept[one.name] for one in fields(cls) if one.name in kept}
        if any(named.get(name) not in known for name, known in QUESTIONS.items()):
            return None
        if named.get("presale", "") not in ("", *PRESALE):
            return None
        return cls(**named | {"wants_all": named.get("wants_all") is True})


@dataclass(frozen=True, slots=True)
class Wait:
    """How long `n` customers waited for a person's first reply; `waiting` of them wait still, and count as until now."""

    n: int
    p50: timedelta | None = None
    p90: timedelta | None = None
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `n`."""

    n: int
    part: int

    @property
    def fraction(self) -> float:
        """0–1; 0 of nothing."""
        return self.part / self.n if self.n else 0.0


@dataclass(frozen=True, slots=True)
class Presence:
    """In how many of the last four weeks two people were there, by weekday (Monday 0) and hour: {(0–6, 0–23): 1–4}.

    `n` counts the hours in which anybody was, `weeks` the weeks of those four in which that happened.
    """

    n: int
    weeks: int
    with_two: Mapping[tuple[int, int], int] = field(default_factory=dict)

    @property
    def hours(self) -> frozenset[tuple[int, int]]:
        """The hours of the week that can be relied on: two people in at least half of the weeks."""
        return frozenset(hour for hour, weeks in self.with_two.items() if weeks >= LEAST_WEEKS)


@dataclass(frozen=True, slots=True)
class Figures:
    """A team's own, of four weeks: waiting in all, in hours with two people, short first messages, presence."""

    first_response: Wait
    first_response_staffed: Wait
    short: Share
    presence: Presence


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as a code of `RULES`; the heavier, the more points."""

    code: str
    points: int = 0


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that chat needs: the measured `value` beside its `bar`, from `n`; no value when it is not known.

    `first_response` in seconds, `short` 0–1, `hours` of the week, `presale` without a measure: what was said.
    """

    code: str
    met: Met
    value: float | None = None
    bar: float | None = None
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """One channel and why; why not the others; of chat whether the team is ready, by conditions (none without figures).

    `is_ready` is None while something is not known.
    """

    channel: Channel
    reasons: tuple[Reason, ...]
    against: Mapping[Channel, tuple[Reason, ...]]
    readiness: tuple[Condition, ...] = ()
    start_with_one: tuple[Reason, ...] = ()

    @property
    def is_ready(self) -> bool | None:
        """Claims that the team is ready for chat."""
        met = {one.met for one in self.readiness}
        if Met.NO in met:
            return False
        return True if met == {Met.YES} else None


def advise(answers: Answers, figures: Figures | None = None) -> Advice:
    """The one channel to begin with, as `RULES` weigh the answers; with figures, how far the team is ready for chat."""
    said: dict[Channel, list[Reason]] = {channel: [] for channel in Channel}
    said[Channel.EMAIL].append(Reason(*START))
    for question, answer, channel, points, code in RULES:
        if getattr(answers, question) == answer:
            said[channel].append(Reason(code, points))
    conditions = readiness(answers, figures) if figures is not None else ()
    if any(one.met is Met.NO for one in conditions if one.code in BEARS):
        said[Channel.CHAT].append(Reason("chat_figures", NEVER))
    best = max(Channel, key=lambda channel: sum(reason.points for reason in said[channel]))
    return Advice(
        channel=best,
        reasons=tuple(sorted((one for one in said[best] if one.points > 0), key=lambda one: -one.points)),
        against={other: _against(other, said[other]) for other in Channel if other is not best},
        readiness=conditions,
        start_with_one=_one_first(answers) if answers.wants_all else (),
    )


def readiness(answers: Answers, figures: Figures) -> tuple[Condition, ...]:
    """What chat needs of a team, each met, not met, or unknown where there is too little to tell.

    Saved replies in use are one more, as soon as the desk has any to count.
    """
    wait, short, presence = figures.first_response_staffed, figures.short, figures.presence
    is_seen = presence.n >= LEAST and presence.weeks >= LEAST_WEEKS
    seconds = wait.p90.total_seconds() if wait.p90 is not None and wait.n >= LEAST_FOR_P90 else None
    fraction = short.fraction if short.n >= LEAST else None
    hours = float(len(presence.hours)) if is_seen else None
    bar = BAR_FIRST_RESPONSE.total_seconds()
    return (
        Condition("first_response", _met(None if seconds is None else seconds <= bar), seconds, bar, wait.n),
        Condition(
            "short", _met(None if fraction is None else fraction >= BAR_SHORT), fraction, BAR_SHORT, short.n
        ),
        Condition("presale", _presale(answers)),
        Condition("hours", _met(None if hours is None else hours >= BAR_HOURS), hours, BAR_HOURS, presence.n),
    )


def _met(holds: bool | None) -> Met:
    return Met.UNKNOWN if holds is None else Met.YES if holds else Met.NO


def _presale(answers: Answers) -> Met:
    """Somebody who is about to buy, or cannot wait: the two who gain by an answer at once."""
    if answers.urgency == "minutes" or answers.presale in ("some", "most"):
        return Met.YES
    return Met.NO if answers.presale else Met.UNKNOWN


def _against(channel: Channel, said: list[Reason]) -> tuple[Reason, ...]:
    found = sorted((one for one in said if one.points < 0), key=lambda one: one.points)
    return tuple(found) or (Reason(f"{channel}_less"),)


def _one_first(answers: Answers) -> tuple[Reason, ...]:
    """Why not everything at once: each channel is a promise, kept by the same people."""
    of_size = {"one": "all_one_person", "few": "all_few_people", "many": "all_many_people"}
    return (Reason(of_size[answers.team_size]), Reason("all_learn_one"), Reason("all_later"))
