"""Between HTML and plain text: what a person would read of a page, and paragraphs made of plain text."""

from __future__ import annotations

import html as stdlib_html
import re

import nh3

_BLOCKS = frozenset(
    "address article aside blockquote center dd details div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6"
    " header hr li main nav ol p pre section table tr ul".split()
)
_PARAGRAPHS = frozenset("p h1 h2 h3 h4 h5 h6 blockquote ul ol table pre dl".split())
_DROPPED = frozenset(
    "script style title template noscript svg math xml select textarea iframe object head".split()
)
_KEPT = _BLOCKS | {"a", "br", "img", "td", "th"}
_LINK = re.compile(
    r"(?P<url>(?:https?://|www\.)[^\s<>\"'«»]+)|(?P<mail>[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,6})",
    re.IGNORECASE,
)
_AFTER_LINK = ".,;:!?)]}؟،؛'\"…"


# Elements that never nest by being left open: they have no end tag, or the next of their kind closes them.
_FLAT = frozenset(
    "br hr img input meta link wbr col area base p li dt dd td th tr tbody thead option a".split()
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)[^>]{0,500}>")
_CLEAN_TAG = re.compile(r'<(/?)([a-z0-9]+)((?:[^">]|"[^"]*")*)>')
_QUOTES = re.compile(r'type="cite"|class="[^"]*quote')
_CLEAN_ATTRIBUTE = re.compile(r'(?:href|alt)="([^"]*)"')
MAX_DEPTH = 400


def without_deep_nesting(html: str) -> str:
    """Return `html` without the opening tags deeper than MAX_DEPTH: an HTML tree is built in time quadratic in depth,
    so 100,000 nested elements, half a megabyte, would keep a processor busy for minutes."""
    if html.count("<") <= MAX_DEPTH:
        return html
    depth = 0

    def tag(match: re.Match[str]) -> str:
        nonlocal depth
        if match.group(2).lower() in _FLAT or (match.group().endswith("/>") and ":" in match.group(2)):
            return match.group()
        depth = max(0, depth - 1) if match.group(1) else depth + 1
        return "" if depth > MAX_DEPTH and not match.group(1) else match.group()

    return _TAG.sub(tag, html)


def to_text(html: str) -> str:
    """Return what a person reads in `html`: paragraphs apart, list items with «•» or their number, a link's address
    after its words where the two differ, pictures by their alternative text. Never raises.
    """
    cleaned = nh3.clean(
        without_deep_nesting(html),
        tags=set(_KEPT),
        clean_content_tags=set(_DROPPED),
        attributes={"a": {"href"}, "img": {"alt"}, "blockquote": {"type", "class"}},
        link_rel=None,
    )
    # Well-formed by now, with every attribute in double quotes, so one pattern reads it, ten times as fast as the
    # standard parser, which also stumbles over what strangers write.
    reader = _Reader()
    position = 0
    for match in _CLEAN_TAG.finditer(cleaned):
        if match.start() > position:
            reader.words(stdlib_html.unescape(cleaned[position : match.start()]))
        position = match.end()
        if match.group(1):
            reader.end(match.group(2))
        else:
            if match.group(2) == "blockquote":
                reader.quote(is_mail=bool(_QUOTES.search(match.group(3))))
                continue
            found = _CLEAN_ATTRIBUTE.search(match.group(3))
            reader.start(match.group(2), stdlib_html.unescape(found.group(1)) if found else "")
    reader.words(stdlib_html.unescape(cleaned[position:]))
    return reader.text()


class _Reader:
    """Gathers text tag by tag; a tag brings at most one attribute that counts, its link or its alternative text."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._lists: list[int | None] = []
        self._links: list[tuple[str, int]] = []
        self._pre = 0
        self._quotes: list[bool] = []

    def _break(self, lines: int) -> None:
        self._out.append("\x01" if lines == 1 else "\x03")  # at least so many line ends; resolved in text()

    def start(self, tag: str, value: str) -> None:
        if tag == "br":
            self._out.append("\n")
        elif tag == "img":
            self._out.append(value)
        elif tag == "a":
            self._links.append((value, len(self._out)))
        elif tag in ("td", "th"):
            self._out.append("\x02")
        elif tag in _BLOCKS:
            self._break(2 if tag in _PARAGRAPHS and not self._lists else 1)
            self._pre += tag == "pre"
            if tag in ("ul", "ol"):
                self._lists.append(0 if tag == "ol" else None)
            elif tag == "li":
                self._out.append(self._bullet())

    def quote(self, *, is_mail: bool) -> None:
        """A quotation begins; the lines of one made by a mail program get a «>»."""
        self._break(2 if not self._lists else 1)
        self._quotes.append(is_mail)
        if is_mail:
            self._out.append("\x04")

    def _bullet(self) -> str:
        if not self._lists or self._lists[-1] is None:
            return "• "
        number = self._lists[-1] + 1
        self._lists[-1] = number
        return f"{number}. "

    def end(self, tag: str) -> None:
        if tag == "a" and self._links:
            href, start = self._links.pop()
            if href.startswith(("http://", "https://")):
                shown = "".join(self._out[start:]).strip()
                if href.partition("://")[2].rstrip("/") not in shown:
                    self._out.append(f" ({href})" if shown else href)
        elif tag in _BLOCKS:
            if tag == "blockquote" and self._quotes and self._quotes.pop():
                self._out.append("\x05")
            self._pre -= tag == "pre"
            if tag in ("ul", "ol") and self._lists:
                self._lists.pop()
            self._break(2 if tag in _PARAGRAPHS and not self._lists else 1)

    def words(self, data: str) -> None:
        data = re.sub("[\x01-\x05]", "", data)
        self._out.append(data if self._pre > 0 else re.sub(r"[ \t\r\n\f]+", " ", data))

    def text(self) -> str:
        text = "".join(self._out).replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
        text = re.sub(r"(?:^|(?<=[\x01\x03\n])) *\x02 ?", "", text).replace("\x02", " ")
        pieces = re.split(r"(?<! )( *[\x01\x03][\x01\x03 ]*)", text)
        for place in range(1, len(pieces), 2):
            wanted = 2 if "\x03" in pieces[place] else 1
            before = pieces[place - 1]
            pieces[place] = "\n" * max(0, wanted - (len(before) - len(before.rstrip("\n "))))
        lines = [line.rstrip() for line in "".join(pieces).split("\n")]
        lines = [line if line.startswith("  ") else line.lstrip(" ") for line in lines]
        if "\x04" in text:
            lines = _marked(lines)
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n").strip()


def _marked(lines: list[str]) -> list[str]:
    """Lines with a «>» for each quotation they stand in, whose bounds are U+0004 and U+0005."""
    out = []
    depth = 0
    for line in lines:
        words = line.lstrip("\x04\x05 ") if line[:1] in ("\x04", "\x05") else line
        bounds = line[: len(line) - len(words)]
        depth += bounds.count("\x04") - bounds.count("\x05")
        shown = words.replace("\x04", "").replace("\x05", "").rstrip()
        out.append(f"{'>' * depth} {shown}" if depth > 0 and shown else shown)
        depth += words.count("\x04") - words.count("\x05")
    return out


def from_text(text: str) -> str:
    """Return `text` as HTML: a paragraph for each block of lines, each finding its own direction, links clickable."""
    blocks = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n").strip("\n"))
    paragraphs = (f'<p dir="auto">{_linked(block)}</p>' for block in blocks if block.strip())
    return "\n".join(paragraphs)


def _linked(block: str) -> str:
    out: list[str] = []
    position = 0
    for match in _LINK.finditer(block):
        shown = match.group().rstrip(_AFTER_LINK)
        if match.group("mail"):
            href = f"mailto:{shown}"
        else:
            href = shown if "://" in shown else f"https://{shown}"
        out.append(_escaped(block[position : match.start()]))
        out.append(
            f'<a href="{stdlib_html.escape(href)}" target="_blank" rel="noopener noreferrer">'
            f"<bdi>{_escaped(shown)}</bdi></a>"
        )
        position = match.start() + len(shown)
    return "".join(out) + _escaped(block[position:])


def _escaped(text: str) -> str:
    return stdlib_html.escape(text).replace("\n", "<br>")
