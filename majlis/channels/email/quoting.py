"""What somebody wrote, apart from what they quoted and what stands below every mail of theirs. Nothing is ever lost.

Only clear cases are folded; what is uncertain stays visible. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from . import endings, introductions
from .folding_lines import Hint, Line, end_of, is_blank, next_filled, of_text, spelled

_ROUNDS = 4
# Whoever says so answers inside of the quotation, where nothing but a colour may tell the answers.
_ANSWERS_INSIDE = re.compile(
    r"\b(?:in-?line|interspersed)\b|(?:answers?|repl(?:y|ies)|comments?|responses?|notes?)\b.{0,40}\b(?:below|in (?:red|blue|green|bold|colou?r)|within|between)"
    r"|(?:see|please see|find) (?:my )?(?:answers|comments|replies|notes)\b|(?:بال|باللون ال?)(?:احمر|ازرق|اخضر)|(?:رد(?:ي|ودي|نا|ودنا)?|اجاب(?:تي|اتي|اتنا)|تعليق(?:ي|اتي)?|جواب(?:ي)?)"
    r".{0,30}(?:ادناه|اسفل|تحت كل|بين الاسطر|ضمن الرساله|داخل الرساله)|بين السطور|(?:antworten?|kommentare?|anmerkungen)\b.{0,40}(?:unten|im text|in (?:rot|blau))"
    r"|(?:réponses?|commentaires?)\b.{0,40}(?:ci-dessous|dans le texte|en (?:rouge|bleu))|(?:respuestas?|comentarios?)\b.{0,40}(?:abajo|en (?:rojo|azul))"
)


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in four pieces that joined are the text, character for character.

    `above`: the quotation that is answered below it. `text`: what is shown. `signature`: signature, telephone's line,
    disclaimer. `quoted`: the quotation that is answered above it, and whatever stands below that.
    """

    above: str
    text: str
    signature: str
    quoted: str


@dataclass(frozen=True, slots=True)
class Cuts:
    """The same as numbers of lines: above is [0, text), text [text, signature), signature [signature, quoted)."""

    text: int
    signature: int
    quoted: int


def fold(text: str, *, subject: str = "") -> Folded:
    """Return the pieces of `text`. What is visible of it is not folded any further by folding it again.

    A subject that says «forwarded» makes the block of fields that Outlook puts above both answers and forwarded
    messages the beginning of a forwarded one, which stays visible.
    """
    rows = text.splitlines(keepends=True)
    cut = cuts(of_text(text), is_forwarding=says_forwarded(subject))
    marks = (cut.text, cut.signature, cut.quoted)
    above, shown, signature, quoted = (
        "".join(rows[first:last]) for first, last in zip((0, *marks), (*marks, len(rows)), strict=True)
    )
    return Folded(above, shown, signature, quoted)


def says_forwarded(subject: str) -> bool:
    """Claims that the first word of a subject is «FW:» or its kin."""
    return bool(introductions.FORWARDS.match(spelled(subject)))


def cuts(lines: Sequence[Line], *, is_forwarding: bool) -> Cuts:
    """Where to cut `lines`; nothing is folded where nothing would be left to see, or no end is found in four rounds."""
    none = Cuts(0, len(lines), len(lines))
    cut = none
    for _ in range(_ROUNDS):
        found = _once(lines[cut.text : cut.signature], is_forwarding=is_forwarding)
        if found == Cuts(0, cut.signature - cut.text, cut.signature - cut.text):
            return cut
        first = cut.text
        is_quoted_here = found.quoted < cut.signature - first
        cut = Cuts(
            first + found.text,
            first + found.signature,
            first + found.quoted if is_quoted_here else cut.quoted,
        )
    return none


def _once(lines: Sequence[Line], *, is_forwarding: bool) -> Cuts:
    number = len(lines)
    below = endings.begins(lines, 0, number)
    first, start = _quotation(lines, below, is_forwarding=is_forwarding)
    if first is None:
        return Cuts(0, number, number)  # a message that is passed on: all of it is content
    quoted = number if start is None else start
    signature = below if start is None else endings.begins(lines, first, start)
    if _says(lines, first, signature):
        return Cuts(first, signature, quoted)
    if start is not None and _says(lines, first, start):
        return Cuts(first, start, start)  # nothing above the quotation but a telephone's line: that is shown
    return Cuts(0, number, number)


def _says(lines: Sequence[Line], first: int, end: int) -> bool:
    return any(line.words for line in lines[first:end])


def _quotation(lines: Sequence[Line], end: int, *, is_forwarding: bool) -> tuple[int | None, int | None]:
    """Return (where the answer begins, where the quotation below it begins or None); (None, None) when a message is
    passed on in it."""
    place = next_filled(lines, 0, end)
    start = place
    is_marked_before = False
    while place < end:
        line = lines[place]
        if line.is_marked:
            is_marked_before = True
        elif line.words:
            if introductions.is_forwarded(line):
                return None, None
            begins = _to_the_end(lines, place, end)
            if begins is not None:
                if is_forwarding:
                    return None, None
                return (0, None) if _answers_inside(lines, begins) else (0, begins)
            found = introductions.attribution(lines, place)
            if found is not None and not is_marked_before:
                attributed = _attributed(lines, place + 1, end, *found, start=start)
                if attributed is not None:
                    return attributed
        place += 1
    block = _marked_block(lines, 0, end)
    return 0, block


def _to_the_end(lines: Sequence[Line], place: int, end: int) -> int | None:
    """Where the quotation begins that `place` opens, if it is of a kind that runs to the end."""
    line = lines[place]
    if line.hint is Hint.BEGINS or introductions.is_original(line):
        return place
    return introductions.block(lines, place, end)


def _attributed(
    lines: Sequence[Line], place: int, end: int, first: int, is_strong: bool, *, start: int
) -> tuple[int | None, int | None] | None:
    """The same for an attribution from `first` that ends before `place`; None where it may be prose."""
    below = next_filled(lines, place, end)
    if below == end:
        return None
    if introductions.is_forwarded(lines[below]):
        return None, None
    if lines[below].is_marked:
        after = _end_of_marks(lines, below, end)
        if after == end:
            return 0, first
        if first == start and not any(line.is_marked for line in lines[after:end]):
            return after, _second(lines, after, end)
        return 0, None
    is_clear = is_strong and first > start and not _answers_inside(lines, first)
    if not is_clear or lines[place - 1].hint is Hint.INTRODUCES:
        return None
    marked = next((spot for spot in range(below, end) if lines[spot].is_marked), end)
    if marked < end and introductions.attribution(lines, end_of(lines, marked) - 1) is None:
        return None
    return 0, first


def _second(lines: Sequence[Line], first: int, end: int) -> int | None:
    """Below an answer that stands under its quotation: where older messages begin, if they do."""
    for place in range(first, end):
        if lines[place].words and _to_the_end(lines, place, end) is not None:
            return _to_the_end(lines, place, end)
    return None


def _answers_inside(lines: Sequence[Line], end: int) -> bool:
    return bool(_ANSWERS_INSIDE.search(" ".join(line.words for line in lines[:end])[:4000]))


def _end_of_marks(lines: Sequence[Line], place: int, end: int) -> int:
    """The end of the block of marked lines at `place`, blank ones between them included."""
    last = place
    while place < end and (lines[place].is_marked or is_blank(lines[place])):
        if lines[place].is_marked:
            last = place + 1
        place += 1
    return end if place == end else last


def _marked_block(lines: Sequence[Line], first: int, end: int) -> int | None:
    """Where the last unbroken block of marked lines begins, if the text ends with it and has no other."""
    end = end_of(lines, end)
    start = end
    while start > first and (lines[start - 1].is_marked or is_blank(lines[start - 1])):
        start -= 1
    start = next_filled(lines, start, end)
    number = sum(line.is_marked for line in lines[start:end])
    is_certain = any(line.is_certain for line in lines[start:end])
    if (number < 2 and not is_certain) or any(line.is_marked for line in lines[first:start]):
        return None
    return start
