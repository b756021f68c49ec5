"""When somebody means: "tomorrow 9am", "next sunday", «بعد ٣ أيام». Pure: the reader's present is passed in."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from majlis.lib.when_words import DAYS, DROPPED, MONTHS, NUMBERS, PARTS, SHIFTS, SPANS, TWOS, words_of

MORNING = time(9)
FARTHEST = timedelta(days=5 * 366)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]+(\d{1,2}):(\d{2}))?")
_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}))?")
_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?(am|pm|a|p|ص|م)?")


class Unclear(ValueError):  # noqa: N818 - an answer, not an accident
    """What was typed names no moment; `code` is `unclear`, `past` or `too_far`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def understand(typed: str, *, now: datetime, zone: tzinfo) -> datetime:
    """The moment `typed` names, aware, in `zone`.

    A day without a time means nine in the morning, a time without a day the next time the clock shows it. Raises
    Unclear.
    """
    here = now.astimezone(zone)
    words = words_of(typed)
    if not words:
        raise Unclear("unclear")
    found = _span(words, here) or _moment(words, here)
    if found <= now:
        raise Unclear("past")
    if found - now > FARTHEST:
        raise Unclear("too_far")
    return found


def _span(words: list[str], here: datetime) -> datetime | None:
    """ "in 3 days", «بعد ساعتين», perhaps with a time of day; None when it is no span."""
    words = [word for word in words if word not in DROPPED or word in SPANS]
    if not words or words[0] not in ("in", "after", "بعد", "خلال"):
        return None
    words = words[1:]
    number: float = 1.0
    if words and words[0] in ("half", "نصف", "نص"):
        number, words = 0.5, [word for word in words[1:] if word not in ("a", "an")]
    elif words and (value := _number(words[0])) is not None:
        number, words = value, words[1:]
    if not words:
        return None
    if words[0] in TWOS:
        number, unit = 2.0, TWOS[words[0]]
    elif words[0] in SPANS:
        unit = SPANS[words[0]]
    else:
        return None
    rest = words[1:]
    if unit in ("minutes", "hours"):
        if rest:
            raise Unclear("unclear")
        moment = here.astimezone(UTC) + timedelta(**{unit: number})
        return moment.astimezone(here.tzinfo).replace(second=0, microsecond=0)
    if number != int(number):
        raise Unclear("unclear")
    day = _later(here.date(), int(number), unit)
    clock, rest = _time(rest)
    if rest:
        raise Unclear("unclear")
    return _at(day, clock or MORNING, here)


def _moment(words: list[str], here: datetime) -> datetime:
    day, is_open, words = _day([word for word in words if word not in DROPPED], here.date())
    clock, rest = _time(words)
    if rest or (day is None and clock is None):
        raise Unclear("unclear")
    if day is None:
        found = _at(here.date(), clock or MORNING, here)
        return found if found > here else _at(here.date() + timedelta(days=1), clock or MORNING, here)
    found = _at(day, clock or MORNING, here)
    # A weekday that is today, or a date without its year, means the next one when this one is behind us.
    if found <= here and is_open == "weekday":
        return _at(day + timedelta(days=7), clock or MORNING, here)
    if day < here.date() and is_open == "year":
        return _at(_date(day.year + 1, day.month, day.day), clock or MORNING, here)
    return found


def _day(words: list[str], today: date) -> tuple[date | None, str, list[str]]:
    """The day named, what it leaves open (`weekday`, `year` or nothing), and the words that remain."""
    text = " ".join(words)
    if found := _ISO.search(text):
        clock = [f"{found[4]}:{found[5]}"] if found[4] else []
        return _date(found[1], found[2], found[3]), "", _without(text, found) + clock
    if found := _SLASHED.search(text):
        year = found[3] or str(today.year)
        return _date(year, found[2], found[1]), "" if found[3] else "year", _without(text, found)
    for phrase, days in SHIFTS.items():
        if found := re.search(rf"(?<!\S){phrase}(?!\S)", text):
            day = _later(today, days[0], days[1])
            return day, "", _without(text, found)
    for place, word in enumerate(words):
        if word in MONTHS:
            return _in_month(words, place, MONTHS[word], today)
        if place + 1 < len(words) and (pair := f"{word} {words[place + 1]}") in MONTHS:
            return _in_month([*words[:place], pair, *words[place + 2 :]], place, MONTHS[pair], today)
    for place, word in enumerate(words):
        if word in DAYS:
            ahead = (DAYS[word] - today.weekday()) % 7
            return today + timedelta(days=ahead), "weekday", words[:place] + words[place + 1 :]
    return None, "", words


def _in_month(words: list[str], place: int, month: int, today: date) -> tuple[date | None, str, list[str]]:
    """ "15 december 2026", "dec 15th", «١٥ ديسمبر»: the number before the month, else the one after it."""
    rest = list(words)
    at = place - 1 if place and _day_number(rest[place - 1]) else place + 1
    number = _day_number(rest[at]) if at < len(rest) else None
    if number is None:
        raise Unclear("unclear")
    year, after = None, max(at, place) + 1
    if after < len(rest) and re.fullmatch(r"20\d\d", rest[after]):
        year = rest.pop(after)
    for index in sorted((at, place), reverse=True):
        rest.pop(index)
    return _date(year or today.year, month, number), "" if year else "year", rest


def _time(words: list[str]) -> tuple[time | None, list[str]]:
    """The time of day named, and the words that remain."""
    words = [word for word in words if word not in ("at", "الساعه", "oclock", "o'clock")]
    part = next((word for word in words if word in PARTS), "")
    rest = [word for word in words if word != part]
    for place, word in enumerate(rest):
        found = _CLOCK.fullmatch(word)
        hour = int(found[1]) if found else NUMBERS.get(word)
        if hour is None:
            continue
        minute = int(found[2] or 0) if found else 0
        half = (found[3] or "") if found else ""
        rest = rest[:place] + rest[place + 1 :]
        if not half and place < len(rest) and rest[place] in ("am", "pm", "ص", "م"):
            half = rest.pop(place)
        if place < len(rest) and rest[place] in ("والنصف", "ونصف", "والربع", "وربع"):
            minute = 30 if "نصف" in rest.pop(place) else 15
        return _clock(hour, minute, half or PARTS.get(part, ("", None))[0], bare=word), rest
    return (PARTS[part][1], rest) if part else (None, rest)


def _clock(hour: int, minute: int, half: str, *, bare: str) -> time:
    """An hour of one to six without a half of the day is the afternoon's, unless written as «03:00»."""
    if half in ("pm", "p", "م") and hour < 12:
        hour += 12
    elif half in ("am", "a", "ص") and hour == 12:
        hour = 0
    elif not half and 1 <= hour <= 6 and not bare.startswith("0"):
        hour += 12
    try:
        return time(hour, minute)
    except ValueError as problem:
        raise Unclear("unclear") from problem


def _number(word: str) -> float | None:
    if re.fullmatch(r"\d{1,4}(?:\.\d)?", word):
        return float(word)
    found = NUMBERS.get(word)
    return None if found is None else float(found)


def _day_number(word: str) -> int | None:
    found = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", word)
    return int(found[1]) if found else None


def _later(day: date, number: int, unit: str) -> date:
    if unit == "months":
        months = day.month - 1 + number
        year, month = day.year + months // 12, months % 12 + 1
        last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
        return date(year, month, min(day.day, last))
    try:
        return day + timedelta(days=number * (7 if unit == "weeks" else 1))
    except OverflowError as problem:
        raise Unclear("too_far") from problem


def _date(year: int | str, month: int | str, day: int | str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError as problem:
        raise Unclear("unclear") from problem


def _at(day: date, clock: time, here: datetime) -> datetime:
    return datetime.combine(day, clock, tzinfo=here.tzinfo)


def _without(text: str, found: re.Match[str]) -> list[str]:
    return (text[: found.start()] + " " + text[found.end() :]).split()
