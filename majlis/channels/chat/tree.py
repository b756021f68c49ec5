"""Clean HTML as a tree of plain values, from which a page builds elements without reading HTML itself. Pure.

A node is text, or [tag, attributes or null, node, …]. A picture is ["img", {"file": its place among the files}].
"""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Any, Final

from majlis.lib.loads import scheme

Node = str | list[Any]
TAGS: Final = frozenset("p br b i u s a ul ol li blockquote h3 code pre".split())
_SAME: Final = {"strong": "b", "em": "i", "h4": "h3", "hr": "br"}
_SCHEMES: Final = ("http", "https", "mailto", "tel")
_DEEPEST: Final = 20


def tree_of(html: str, pictures: Sequence[str] = ()) -> list[Node]:
    """The nodes of clean `html`; what stands outside of any element is a paragraph.

    `pictures` are the content ids of the files that go along, in their order: a picture names its place among them.
    """
    reader = _Reader(pictures)
    reader.feed(html)
    reader.close()
    return reader.nodes


class _Reader(HTMLParser):
    def __init__(self, pictures: Sequence[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._pictures = list(pictures)
        self.nodes: list[Node] = []
        self._open: list[tuple[str, list[Any]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag, given = _SAME.get(tag, tag), dict(attrs)
        if tag == "img":
            named = (given.get("src") or "").removeprefix("cid:")
            if named and named in self._pictures:
                self._put(["img", {"file": self._pictures.index(named)}])
        elif tag == "br":
            self._put(["br", None])
        elif tag in TAGS and len(self._open) < _DEEPEST:
            node: list[Any] = [tag, _attributes(tag, given)]
            self._put(node)
            self._open.append((tag, node))

    def handle_endtag(self, tag: str) -> None:
        tag = _SAME.get(tag, tag)
        if any(name == tag for name, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._open or data.strip():
            self._put(data)

    def _put(self, node: Node) -> None:
        if self._open:
            self._open[-1][1].append(node)
        elif isinstance(node, str):
            self.nodes.append(["p", {"dir": "auto"}, node])
        else:
            self.nodes.append(node)


def _attributes(tag: str, given: dict[str, str | None]) -> dict[str, str] | None:
    kept: dict[str, str] = {}
    if (way := given.get("dir")) in ("rtl", "ltr", "auto"):
        kept["dir"] = str(way)
    href = given.get("href") or ""
    if tag == "a" and scheme(href) in _SCHEMES:
        kept["href"] = href
    return kept or None
