"""text/enriched (RFC 1896) and its forerunner text/richtext (RFC 1341, 7.1.3), as HTML."""

from __future__ import annotations

import html
import re

MAX_OPEN = 100
_COMMAND = re.compile(r"<(/?)([A-Za-z0-9-]{1,60})>")
_TAGS = {
    "bold": "b", "italic": "i", "underline": "u", "fixed": "code", "smaller": "small", "bigger": "big",
    "excerpt": "blockquote", "superscript": "sup", "subscript": "sub",
}  # fmt: skip
_BLOCKS = {"center": "center", "flushleft": "left", "flushright": "right", "flushboth": "justify"}


def to_html(text: str, *, is_richtext: bool = False) -> str:
    """Return the text as HTML, its line ends as the format means them (not sanitised, nothing nested wrongly).

    enriched: one line end is a space, n are n-1 breaks, within <nofill> each is one. richtext: only <nl> breaks.
    """
    out: list[str] = []
    open_tags: list[tuple[str, str]] = []
    silent = unfilled = position = 0
    text = text if is_richtext else text.replace("<<", "\x01")
    for match in [*_COMMAND.finditer(text), None]:
        if not silent:
            out.append(_filled(text[position : match.start() if match else None], is_richtext, unfilled > 0))
        if match is None:
            break
        position = match.end()
        is_end, name = bool(match.group(1)), match.group(2).lower()
        if name == ("comment" if is_richtext else "param"):
            silent = max(0, silent + (-1 if is_end else 1))
        elif name == "nofill":
            unfilled = max(0, unfilled + (-1 if is_end else 1))
        elif is_richtext and name in ("nl", "np", "lt"):
            out.append("" if is_end else "&lt;" if name == "lt" else "<br>\n")
        elif is_richtext and name == "paragraph":
            out.append("<br>\n<br>\n" if is_end else "")
        elif name in _TAGS or name in _BLOCKS:
            out.append(_end(name, open_tags) if is_end else _start(name, open_tags))
    out += [f"</{tag}>" for _, tag in reversed(open_tags)]
    return "".join(out).replace("\x01", "&lt;")


def _filled(text: str, is_richtext: bool, is_unfilled: bool) -> str:
    text = html.escape(text, quote=False)
    if is_richtext:
        return text.replace("\n", " ")
    if is_unfilled:
        return text.replace("\n", "<br>\n")
    return re.sub(r"\n+", lambda found: "<br>\n" * (len(found.group()) - 1) or " ", text)


def _start(name: str, open_tags: list[tuple[str, str]]) -> str:
    if len(open_tags) >= MAX_OPEN:
        return ""
    if name in _TAGS:
        open_tags.append((name, _TAGS[name]))
        return f"<{_TAGS[name]}>"
    open_tags.append((name, "div"))
    return f'<div align="{_BLOCKS[name]}">'


def _end(name: str, open_tags: list[tuple[str, str]]) -> str:
    if name not in (found for found, _ in open_tags):
        return ""
    out = ""
    while True:
        found, tag = open_tags.pop()
        out += f"</{tag}>"
        if found == name:
            return out
