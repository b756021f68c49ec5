"""HTML as the common mail programs show it: every style in its element, physical sides, a direction on each block. Pure.

What those programs keep and drop stands in docs/mail-look.md. Outlook for Windows lays out with Word's engine: it knows
no `dir="auto"` and no logical sides; Gmail drops classes it does not know and every style it does not like.
"""

from __future__ import annotations

import re
import unicodedata
from html import escape
from html.parser import HTMLParser

from majlis.lib.direction import Direction, direction

_FONTS = "font-family:'Segoe UI',Tahoma,Arial,sans-serif;font-size:15px;line-height:1.6"
_OWN_SHARE = 0.3  # of the letters: as much makes a text one in Arabic, as everywhere here
_BLOCKS = frozenset("p div ul ol li blockquote pre h3 h4".split())
_VOID = frozenset({"br", "img", "hr"})
_RLM, _LRM = "\u200f", "\u200e"
_SIDES = {"rtl": ("right", "left"), "ltr": ("left", "right")}


def block_direction(text: str, way: Direction) -> Direction:
    """The direction of one block in a mail that runs `way`.

    It is that of its first strong character; but a line of an Arabic mail that only begins with a Latin word (a brand,
    an order) runs as the mail does, and so the other way round.
    """
    first = direction(text, way)
    if first == way:
        return way
    kinds = [unicodedata.bidirectional(letter) for letter in text]
    rightward = sum(kind in ("R", "AL") for kind in kinds)
    leftward = sum(kind == "L" for kind in kinds)
    own = rightward if way == "rtl" else leftward
    share = own / max(1, rightward + leftward)
    return way if share >= (_OWN_SHARE if way == "rtl" else 1 - _OWN_SHARE) else first


def page(html: str, way: Direction) -> str:
    """The whole document around the blocks of a mail."""
    language = "ar" if way == "rtl" else "en"
    start, _ = _SIDES[way]
    return (
        f'<!DOCTYPE html>\n<html dir="{way}" lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="supported-color-schemes" content="light dark">\n</head>\n'
        f'<body dir="{way}" lang="{language}">\n'
        f'<div dir="{way}" lang="{language}" style="{_FONTS};text-align:{start}">\n{html}\n</div>\n</body>\n</html>\n'
    )


def block(content: str, text: str, way: Direction, *, tag: str = "p", style: str = "margin:0 0 1em") -> str:
    """One block: `content` is clean HTML, `text` what is read there, which decides its direction."""
    own = block_direction(text, way)
    return f'<{tag} dir="{own}" style="{style};text-align:{_SIDES[own][0]}">{content}</{tag}>'


def paragraphs(text: str, way: Direction) -> str:
    """Each line a block of its own, so that each has its own direction; a blank line is a wider gap."""
    lines: list[str] = []
    for found in re.split(r"\n[ \t]*\n+", text):
        rows = found.split("\n")
        for number, row in enumerate(rows):
            gap = "margin:0 0 1em" if number == len(rows) - 1 else "margin:0"
            lines.append(block(escape(row) or "<br>", row, way, style=gap))
    return "\n".join(lines)


def quotation(attribution: str, attribution_way: Direction, html: str, way: Direction) -> str:
    """A message that is answered: Gmail folds it by its class, Apple and Thunderbird by `type="cite"`."""
    start = _SIDES[attribution_way][0]
    return (
        f'<div class="gmail_quote">\n<div class="gmail_attr" dir="{attribution_way}"'
        f' style="margin:1em 0 0;text-align:{start}">{attribution}</div>\n'
        f'<blockquote class="gmail_quote" type="cite" dir="{way}" style="{_line_beside(way)}">\n{html}\n'
        "</blockquote>\n</div>"
    )


def one_way(text: str, way: Direction) -> str:
    """An address or a name within a sentence, apart from the sentence's direction."""
    return f'<span dir="{way}">{escape(text)}</span>'


def formatted(html: str, way: Direction, widths: dict[str, int] | None = None) -> str:
    """Clean HTML of the composer with a direction and styles on each block. `widths`: of pictures, by content id."""
    reader = _Blocks(way, widths or {})
    reader.feed(html)
    reader.close()
    return reader.html()


def marked_lines(text: str, way: Direction) -> str:
    """Plain text whose mixed lines show their direction: one invisible mark at the beginning, and only where needed.

    A line takes the direction of its first strong letter wherever plain text is shown; a mark (U+200F, U+200E) gives
    the ones that would turn the wrong way another first letter. Isolates are no use here: older programs draw boxes.
    """
    return "\n".join(_marked_line(line, way) for line in text.split("\n"))


def _marked_line(line: str, way: Direction) -> str:
    own = block_direction(line, way)
    if own == direction(line, way):
        return line
    quoted = re.match(r"(?:> ?)*", line)
    at = quoted.end() if quoted else 0
    return f"{line[:at]}{_RLM if own == 'rtl' else _LRM}{line[at:]}"


def _line_beside(way: Direction) -> str:
    start, _ = _SIDES[way]
    sides = "0 .8ex 0 0" if way == "rtl" else "0 0 0 .8ex"
    return f"margin:{sides};border-{start}:2px solid #999999;padding-{start}:1ex;text-align:{start}"


def _style(tag: str, way: Direction) -> str:
    start, _ = _SIDES[way]
    known = {
        "ul": f"margin:0 0 1em;padding:0;padding-{start}:2em",
        "ol": f"margin:0 0 1em;padding:0;padding-{start}:2em",
        "li": "margin:0 0 .3em",
        "blockquote": _line_beside(way),
        "pre": "margin:0 0 1em;font-family:Consolas,Menlo,monospace;white-space:pre-wrap",
        "h3": "margin:1em 0 .4em;font-size:18px",
        "h4": "margin:1em 0 .4em;font-size:16px",
        "div": "margin:0",
    }
    style = known.get(tag, "margin:0 0 1em")
    return style if "text-align" in style else f"{style};text-align:{start}"


def _physical(style: str, way: Direction) -> str:
    """Logical sides as the sides they are in this direction; mail programs know no others."""
    start, end = _SIDES[way]
    return re.sub(
        r"(margin|padding|border)-inline-(start|end)",
        lambda found: f"{found[1]}-{start if found[2] == 'start' else end}",
        style,
    )


class _Blocks(HTMLParser):
    """Holds each block's start tag open until what stands in it is read."""

    def __init__(self, way: Direction, widths: dict[str, int]) -> None:
        super().__init__(convert_charrefs=False)
        self._way: Direction = way
        self._widths = widths
        self._out: list[str] = []
        self._lists: list[list[tuple[int, dict[str, str]]]] = []  # items of each open list
        # tag, place in _out, what was given, text
        self._open: list[tuple[str, int, dict[str, str], list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _BLOCKS:
            self._open.append((tag, len(self._out), given, []))
            if tag in ("ul", "ol"):
                self._lists.append([])
            self._out.append("".join(self._written(tag, given, leaving_out=("dir", "style"))))
            return
        if tag == "img":
            cid = given.get("src", "").removeprefix("cid:")
            if width := self._widths.get(cid):
                given["width"] = str(min(width, 600))
            given["style"] = "max-width:100%;height:auto;border:0"
        elif tag == "code":
            given["style"] = "font-family:Consolas,Menlo,monospace"
        elif tag == "a":
            given.pop("target", None)
            given.pop("rel", None)
        self._out.append("".join(self._written(tag, given)) + ">")

    def _written(self, tag: str, given: dict[str, str], *, leaving_out: tuple[str, ...] = ()) -> list[str]:
        kept = [f' {name}="{escape(value)}"' for name, value in given.items() if name not in leaving_out]
        return [f"<{tag}", *kept]

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            while self._open:
                name = self._open[-1][0]
                self._shut()
                if name == tag:
                    break
            return
        if tag not in _VOID:
            self._out.append(f"</{tag}>")

    def _shut(self) -> None:
        tag, place, given, text = self._open.pop()
        forced = given.get("dir", "")
        own: Direction = (
            "rtl"
            if forced == "rtl"
            else "ltr"
            if forced == "ltr"
            else block_direction("".join(text), self._way)
        )
        # The mark of an item stands where its list has room for it: items run as their list does, what they hold
        # as it likes.
        if tag == "li" and self._lists:
            self._lists[-1].append((place, given))
        else:
            self._write(place, tag, given, own)
        if tag in ("ul", "ol"):
            for at, said in self._lists.pop() if self._lists else ():
                self._write(at, "li", said, own)
        self._out.append(f"</{tag}>")

    def _write(self, place: int, tag: str, given: dict[str, str], own: Direction) -> None:
        style = ";".join(filter(None, (_style(tag, own), _physical(given.get("style", ""), own))))
        self._out[place] += f' dir="{own}" style="{escape(style)}">'

    def handle_data(self, data: str) -> None:
        for one in self._open:
            one[3].append(data)
        self._out.append(data)

    def handle_entityref(self, name: str) -> None:
        self._out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._out.append(f"&#{name};")

    def html(self) -> str:
        while self._open:
            self._shut()
        return "".join(self._out)
