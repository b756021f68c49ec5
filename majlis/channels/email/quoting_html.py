"""The same folding in HTML: its pieces are cut out where lines of it end. Pure.

Works on what `lib.html.sanitise` returns: well-formed, attributes in double quotes, <style> elements first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from .html_lines import Place, read
from .quoting import Cuts, cuts, says_forwarded

_STYLES = re.compile(r"(?:\s*<style>[^<]*</style>)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pieces:
    """HTML in four pieces that are each well-formed, and the sheets of style that count for all of them.

    Joined they have the words of the whole. An element that a cut goes through stands in the pieces on both sides.
    """

    styles: str
    above: str
    text: str
    signature: str
    quoted: str


def fold(html: str, *, subject: str = "") -> Pieces:
    """Return the pieces of clean `html`, cut by the same rules as plain text; see `quoting.fold`."""
    found = _STYLES.match(html)
    start = found.end() if found else 0
    lines, places = read(html, start)
    cut = cuts(lines, is_forwarding=says_forwarded(subject)) if lines else Cuts(0, 0, 0)
    ends = Place(start, None), Place(len(html), None)
    marks = [
        ends[0],
        *(_place(places, number, ends) for number in (cut.text, cut.signature, cut.quoted)),
        ends[1],
    ]
    above, text, signature, quoted = (
        "" if first.at == last.at else _cut(html, first, last) for first, last in pairwise(marks)
    )
    return Pieces(html[:start], above, text, signature, quoted)


def _place(places: list[Place], number: int, ends: tuple[Place, Place]) -> Place:
    return ends[0] if number == 0 else ends[1] if number >= len(places) else places[number]


def _cut(html: str, first: Place, last: Place) -> str:
    opened: list[str] = []
    one = first.inside
    while one is not None:
        opened.append(one.written)
        one = one.around
    closed: list[str] = []
    one = last.inside
    while one is not None:
        closed.append(f"</{one.tag}>")
        one = one.around
    return "".join(reversed(opened)) + html[first.at : last.at] + "".join(closed)


def shown(html: str, opening: Callable[[bool, bool], str], *, subject: str = "") -> str:
    """Return `html` with its folded pieces in closed <details>, each after what `opening(has_signature, has_quotation)`
    returns: the tag and its <summary>, in the reader's direction; what is in it finds its own."""
    pieces = fold(html, subject=subject)
    above, below = "", ""
    if pieces.above:
        above = f'{opening(False, True)}<div dir="auto">{pieces.above}</div></details>'
    if pieces.signature or pieces.quoted:
        opened = opening(bool(pieces.signature), bool(pieces.quoted))
        below = f'{opened}<div dir="auto">{pieces.signature}{pieces.quoted}</div></details>'
    return f"{pieces.styles}{above}{pieces.text}{below}"
