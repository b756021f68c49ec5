"""HTML as lines with the places they begin at, and what its markup says of them. Pure.

Reads what `lib.html.sanitise` returns: well-formed, attributes in double quotes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from .folding_lines import Hint, Line, of_text

_TAG = re.compile(r'<(/?)([a-z0-9]+)((?:[^">]|"[^"]*")*)>')
_TOLD = re.compile(r'\b(class|id|type|style)="([^"]*)"')
_VOID = frozenset("area br col hr img wbr".split())
_BLOCKS = frozenset(
    "address article aside blockquote caption center dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6"
    " header hr li main nav ol p pre section summary table tbody tfoot thead tr ul".split()
)
_PICTURE = "\ufffc"

# Elements that hold nothing but a quotation, by the names that mail programs give them.
_QUOTATION = re.compile(
    r"\b(?:yahoo_quoted|protonmail_quote|tutanota_quote|zmail_quote|mail_quote|moz-cite|gmail_quote_attribution_body)\b"
    r"|\bydp\w*yahoo-quoted\b|\bydp\w*quoted\b"
)
_INTRODUCES = re.compile(r"\b(?:gmail_attr|moz-cite-prefix|protonmail_attribution)\b")
# Elements from which on everything is quoted: Outlook's, on the desktop, the web and telephones. «x_» is put before
# a name when a mail is answered again.
_BEGINS = re.compile(
    r"\b(?:x_)*(?:divRplyFwdMsg|appendonsend|OutlookMessageHeader|OLK_SRC_BODY_SECTION|mail-editor-reference-message-container"
    r"|ms-outlook-mobile-reference-message|reply-intro|replySplit)\b",
    re.IGNORECASE,
)
_SIGNS = re.compile(
    r"\b(?:x_)*(?:gmail_signature(?:_prefix)?|moz-signature|ms-outlook-mobile-signature|ms-outlook-mobile-body-separator-line|AppleMailSignature"
    r"|protonmail_signature_block(?:-user|-proton)?|fairemail_signature|k9mail-signature|yahoo-signature|zmail_signature|composer_signature"
    r"|mobile_signature|Signature|Zm-_Id_-Sgn\d*)\b|\bydp\w*signature\b"
)
_INDENTED = re.compile(r"border(?:-left)?\s*:\s*(?:none|0)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Open:
    """An element that is open at a place, in those that are open around it."""

    tag: str
    written: str
    around: Open | None


@dataclass(frozen=True, slots=True)
class Place:
    """A position between two pieces of HTML, and the innermost element open there."""

    at: int
    inside: Open | None


def read(html: str, start: int) -> tuple[list[Line], list[Place]]:
    """Return the lines of `html` from the character `start` on, and the place where each may be cut off."""
    return _Reader(html, start).read()


class _Reader:
    """Reads HTML tag by tag into lines. `_best` is the outermost place since something was said last: there a cut takes
    the boxes of what follows along and leaves none behind."""

    def __init__(self, html: str, start: int) -> None:
        self._html, self._at = html, start
        self._inside: Open | None = None
        self._depth = 0
        self._best, self._best_depth = Place(start, None), 0
        self._words: list[str] = []
        self._line_place = self._best
        self._line_hint, self._line_mark = Hint.NONE, 0
        self._begins = False
        # Depth of the elements that say something of the lines in them; (depth, mark) and (depth, hint).
        self._marks: list[tuple[int, int]] = []
        self._hints: list[tuple[int, Hint]] = []
        self._pre: list[int] = []
        self._raw: list[tuple[str, int, Hint, Place]] = []

    def read(self) -> tuple[list[Line], list[Place]]:
        html = self._html
        for match in _TAG.finditer(html, self._at):
            self._say(match.start())
            self._tag(match)
            self._at = match.end()
            if self._depth < self._best_depth:
                self._best, self._best_depth = Place(self._at, self._inside), self._depth
        self._say(len(html))
        self._end_line(is_block=False)
        lines = of_text("\n".join(words for words, *_ in self._raw))
        lines += [Line("")] * (len(self._raw) - len(lines))
        for line, (_, mark, hint, _place) in zip(lines, self._raw, strict=True):
            line.hint = hint
            if mark:
                line.is_marked, line.is_certain = True, mark > 1
        return lines, [place for *_, place in self._raw]

    def _say(self, end: int) -> None:
        """The characters up to `end` are words."""
        if end == self._at:
            return
        said = self._html[self._at : end]
        if self._pre and "\n" in said:
            for number, row in enumerate(said.split("\n")):
                if number:
                    self._end_line(is_block=False)
                self._piece(row, self._at + len(row))
                self._at += len(row) + 1
            return
        self._piece(said, end)

    def _piece(self, said: str, end: int) -> None:
        words = unescape(said) if "&" in said else said
        if words.strip(" \t\r\n\f\u200b\u200c\ufeff\xa0"):
            self._begin_line()
        if self._words or words.strip():
            self._words.append(words)
        if words.strip(" \t\r\n\f\u200b\u200c\ufeff\xa0"):
            self._best, self._best_depth = Place(end, self._inside), self._depth

    def _begin_line(self) -> None:
        if self._words and any(part.strip() for part in self._words):
            return
        self._line_place = self._best
        self._line_mark = self._marks[-1][1] if self._marks else 0
        self._line_hint = Hint.BEGINS if self._begins else self._hints[-1][1] if self._hints else Hint.NONE
        self._begins = False

    def _end_line(self, *, is_block: bool) -> None:
        words = "".join(self._words)
        self._words.clear()
        if words.strip():
            shown = " ".join(words.split()) if not self._pre else " ".join(words.splitlines())
            is_delimiter = shown == "--" and words.lstrip() != "--"  # a blank stood behind it
            self._raw.append(
                ("-- " if is_delimiter else shown, self._line_mark, self._line_hint, self._line_place)
            )
        elif not is_block or (self._raw and self._raw[-1][0]):
            self._raw.append(("", 0, Hint.NONE, self._best))

    def _tag(self, match: re.Match[str]) -> None:
        is_end, tag, told = match.groups()
        if is_end:
            self._close(tag)
        elif tag in _VOID:
            self._void(tag, match.end())
        else:
            if tag in _BLOCKS:
                self._end_line(is_block=True)
            elif tag in ("td", "th") and self._words:
                self._words.append(" ")
            self._inside = Open(tag, match.group(), self._inside)
            self._depth += 1
            self._look(tag, told)

    def _void(self, tag: str, end: int) -> None:
        if tag == "img":
            self._begin_line()
            self._words.append(_PICTURE)
            self._best, self._best_depth = Place(end, self._inside), self._depth
        elif tag in ("br", "hr"):
            self._end_line(is_block=False)

    def _close(self, tag: str) -> None:
        if self._inside is None:
            return
        if tag in _BLOCKS:
            self._end_line(is_block=True)
        self._inside = self._inside.around
        self._depth -= 1
        for stack in (self._marks, self._hints):
            while stack and stack[-1][0] > self._depth:
                stack.pop()
        while self._pre and self._pre[-1] > self._depth:
            self._pre.pop()

    def _look(self, tag: str, told: str) -> None:
        if not told and tag not in ("blockquote", "pre"):
            return
        names = kind = style = ""
        for name, value in _TOLD.findall(told):
            if name == "style":
                style = value
            elif name == "type":
                kind = value
            else:
                names += f" {value}"
        if tag == "pre" or "pre-wrap" in style or "pre-line" in style:
            self._pre.append(self._depth)
        if tag == "blockquote" and not (_INDENTED.search(style) and "cite" not in kind):
            is_certain = kind == "cite" or "quote" in names.lower() or "cite" in names.lower()
            self._marks.append(
                (self._depth, 2 if is_certain or (self._marks and self._marks[-1][1] > 1) else 1)
            )
        elif names:
            self._named(names)

    def _named(self, names: str) -> None:
        if _INTRODUCES.search(names):
            self._hints.append((self._depth, Hint.INTRODUCES))
        elif _QUOTATION.search(names):
            self._marks.append((self._depth, 2))
        elif _SIGNS.search(names):
            self._hints.append((self._depth, Hint.SIGNS))
        elif _BEGINS.search(names) and not self._marks:
            self._begins = True
