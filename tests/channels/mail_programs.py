"""What Gmail and Outlook for Windows leave of a mail's HTML, imitated; the facts stand in docs/mail-look.md."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

# Of the properties that mail of ours may use, those that each program keeps in a style attribute.
GMAIL = frozenset(
    """color background-color font-family font-size font-weight font-style line-height text-align text-decoration
    direction margin margin-top margin-right margin-bottom margin-left padding padding-top padding-right padding-bottom
    padding-left border border-top border-right border-bottom border-left border-color border-style border-width width
    max-width height vertical-align white-space""".split()
)
WORD = GMAIL - {"max-width", "height"} - {"white-space"}
# What may be dropped without harm: the picture has a width attribute, the code block only wraps.
HARMLESS = frozenset({"max-width", "height", "white-space"})
_TAGS = frozenset(
    "html head meta body div p span br a img ul ol li blockquote pre code b strong i em u s h3 h4 hr".split()
)


class _Program(HTMLParser):
    """Writes a document again as a program keeps it, and notes what it dropped."""

    def __init__(self, properties: frozenset[str], *, keeps_auto: bool, prefix: str) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self.dropped: set[str] = set()
        self._properties, self._keeps_auto, self._prefix = properties, keeps_auto, prefix
        self._is_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "style":
            self._is_style = True
            self.dropped.add("<style>")
            return
        if tag not in _TAGS:
            self.dropped.add(f"<{tag}>")
            return
        kept = []
        for name, value in attrs:
            said = value or ""
            if name == "style":
                said = self._styles(said)
            elif name == "class":
                said = " ".join(f"{self._prefix}{one}" for one in said.split())
            elif name == "dir" and said == "auto" and not self._keeps_auto:
                self.dropped.add("dir=auto")
                continue
            kept.append(f' {name}="{escape(said)}"')
        self.out.append(f"<{tag}{''.join(kept)}>")

    def _styles(self, style: str) -> str:
        kept = []
        for declaration in filter(None, (part.strip() for part in style.split(";"))):
            name = declaration.partition(":")[0].strip().lower()
            if name in self._properties:
                kept.append(declaration)
            else:
                self.dropped.add(name)
        return ";".join(kept)

    def handle_endtag(self, tag: str) -> None:
        if tag == "style":
            self._is_style = False
        elif tag in _TAGS:
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._is_style:
            self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.out.append(f"&#{name};")


def as_gmail(html: str) -> tuple[str, set[str]]:
    """The HTML as Gmail shows it, and what it dropped: style elements, unknown properties; classes get a prefix."""
    return _as(html, _Program(GMAIL, keeps_auto=True, prefix="m_1"))


def as_word(html: str) -> tuple[str, set[str]]:
    """The HTML as Outlook for Windows lays it out, and what it ignored: Word knows no dir=auto either."""
    return _as(re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL), _Program(WORD, keeps_auto=False, prefix=""))


def _as(html: str, program: _Program) -> tuple[str, set[str]]:
    program.feed(html)
    program.close()
    return "".join(program.out), program.dropped
