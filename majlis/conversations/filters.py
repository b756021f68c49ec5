"""What is typed in the search field, read and written: words, "phrases", tag:refund, وسم:استرداد, #12, -not. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches

from majlis.lib.arabic import normalise

from .filter_words import DATES, KEYS, OPEN, SPACED, all_keys, choices, key_of, value_of, written

LONGEST = 1000  # characters that are read
WORD, PHRASE, NUMBER = "word", "phrase", "number"

_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"'})
_KEY = re.compile(r'([^\s:"«»]{1,30}):(?!//)')
_NUMBER = re.compile(r"#(\d{1,15})(?!\S)")
_RUN = re.compile(r'[^\s"«»]+')
_SPACED = re.compile("|".join(r"\s+".join(map(re.escape, word.split())) for word in SPACED), re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}))?")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing asked for. `key` is a filter's, or `word`, `phrase`, `number`."""

    key: str
    value: str
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """A part that was not understood: why (`no_value`, `no_such_value`, `not_a_date`, `no_such_filter`), and where."""

    code: str
    part: str
    start: int
    end: int
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was understood, in order, and what was not."""

    terms: tuple[Term, ...] = ()
    problems: tuple[Problem, ...] = ()


def parse(typed: str) -> Asked:
    """Read a search. Nothing is refused: what is not understood stands in `problems`."""
    text = typed[:LONGEST].translate(_QUOTES)
    terms: list[Term] = []
    problems: list[Problem] = []
    at = 0
    while at < len(text):
        if text[at].isspace() or text[at] == "»":
            at += 1
            continue
        start, is_negated = at, False
        if text[at] == "-" and at + 1 < len(text) and not text[at + 1].isspace():
            is_negated, at = True, at + 1
        found, at = _term(text, start, at, is_negated)
        if isinstance(found, Problem):
            problems.append(found)
        elif found is not None and found not in terms:
            terms.append(found)
    return Asked(tuple(terms), tuple(problems))


def _term(text: str, start: int, at: int, is_negated: bool) -> tuple[Term | Problem | None, int]:
    """What begins at `at`, and where it ends; `start` is before the sign of negation."""
    if text[at] in '"«':
        value, end = _quoted(text, at)
        return (Term(PHRASE, value, is_negated) if value else None), end
    if found := _NUMBER.match(text, at):
        return Term(NUMBER, str(int(found[1])), is_negated), found.end()
    if (found := _KEY.match(text, at)) and (key := key_of(found[1])):
        value, end = _value(text, found.end())
        part = text[start:end]
        if not value:
            return Problem("no_value", part, start, end), end
        known = _known(key, value)
        if known is None:
            code = "not_a_date" if key in DATES else "no_such_value"
            return Problem(code, part, start, end), end
        return Term(key, known, is_negated), end
    run = _RUN.match(text, at)
    if run is None:
        return None, at + 1
    word, end = run.group(), run.end()
    if found and found.end() < end and found[1].replace("-", "").isalpha():
        near = get_close_matches(normalise(found[1]), all_keys(), n=1, cutoff=0.75)
        if near:
            return Problem("no_such_filter", text[start:end], start, end, near[0]), end
    return (Term(WORD, word, is_negated) if word != "-" else None), end


def _quoted(text: str, at: int) -> tuple[str, int]:
    """What stands between quotes, and where they end; an open one reaches to the end."""
    close = {'"': '"', "«": "»"}[text[at]]
    end = text.find(close, at + 1)
    inner = text[at + 1 : end if end >= 0 else len(text)]
    return " ".join(inner.split()), (end + 1 if end >= 0 else len(text))


def _value(text: str, at: int) -> tuple[str, int]:
    if at < len(text) and text[at] in '"«':
        return _quoted(text, at)
    spaced = _SPACED.match(text, at)
    if spaced and (spaced.end() == len(text) or text[spaced.end()].isspace()):
        return spaced.group(), spaced.end()
    run = _RUN.match(text, at)
    return (run.group(), run.end()) if run else ("", at)


def _known(key: str, value: str) -> str | None:
    """A filter's value in the one way it is kept; None when it can have no such value."""
    known = value_of(key, value)
    if known is not None:
        return known
    if key in DATES:
        return _date(value)
    return value if key in OPEN or not choices(key) else None


def _date(value: str) -> str | None:
    folded = normalise(value)
    if found := _ISO.fullmatch(folded):
        year, month, day = found.groups()
    elif found := _SLASHED.fullmatch(folded):
        day, month, year = found.groups()
        if year is None:
            return None
    else:
        return None
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def write(terms: Iterable[Term], language: str = "en") -> str:
    """The terms as text that `parse` reads as the same terms."""
    return " ".join(one(term, language) for term in terms)


def one(term: Term, language: str = "en") -> str:
    """One term as text."""
    sign = "-" if term.is_negated else ""
    if term.key == WORD:
        return sign + term.value
    if term.key == NUMBER:
        return f"{sign}#{term.value}"
    if term.key == PHRASE:
        return sign + _in_quotes(term.value)
    known = choices(term.key).get(term.value)
    value = written(known, language) if known else term.value
    key = written(KEYS[term.key], language)
    is_plain = _RUN.fullmatch(value) and not _SPACED.match(value)
    return f"{sign}{key}:{value if is_plain else _in_quotes(value)}"


def _in_quotes(value: str) -> str:
    return f"«{value}»" if '"' in value else f'"{value}"'


def without(terms: Iterable[Term], gone: Term) -> tuple[Term, ...]:
    """The terms but one."""
    return tuple(term for term in terms if term != gone)


def first_day(value: str, *, today: date) -> date:
    """The day a date filter's value begins with. A week begins on Sunday."""
    month = today.replace(day=1)
    week = today - timedelta(days=(today.weekday() + 1) % 7)
    named = {
        "today": today,
        "yesterday": today - timedelta(days=1),
        "this-week": week,
        "last-week": week - timedelta(days=7),
        "this-month": month,
        "last-month": (month - timedelta(days=1)).replace(day=1),
        "this-year": today.replace(month=1, day=1),
    }
    return named.get(value) or date.fromisoformat(value)
