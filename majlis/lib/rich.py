"""Text with simple formatting, as the composer makes it: made harmless, shown on our own pages, read as plain text."""

from __future__ import annotations

import re
from collections.abc import Callable

import nh3

from majlis.lib import loads
from majlis.lib.plain import to_text, without_deep_nesting

TAGS = frozenset("p br b strong i em u s a ul ol li blockquote pre code img div span h3 h4 hr".split())
_ATTRIBUTES = {"*": {"dir", "lang"}, "a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}}
_DROPPED = set("script style title template noscript iframe svg math select textarea".split())
_SCHEMES = {"http", "https", "mailto", "tel", "cid"}
_CID = re.compile(r'src="cid:([^"]*)"')
_FORMATTED = re.compile(r"<(?!/|p>|p dir=\"auto\">|br>)[a-z]")
_IN_ITEM = re.compile(r"(<li[^>]*>)\s*<p[^>]*>(.*?)</p>", re.DOTALL)
Picture = Callable[[str], str | None]


def clean(html: str, picture: Picture = lambda _address: None) -> str:
    """Return `html` with simple formatting alone and nothing that runs, loads or lies over a page.

    `picture` turns the address of a picture into the one that is kept, None takes the picture away; those that are
    content ids already (`cid:…`) stay.
    """

    def attribute(tag: str, name: str, value: str) -> str | None:
        if name == "dir":
            return value.lower() if value.lower() in ("rtl", "ltr", "auto") else None
        if name == "href":
            return value if loads.scheme(value) in ("http", "https", "mailto", "tel") else None
        if name == "src":
            return value if value.startswith("cid:") else picture(value)
        return value

    cleaned = nh3.clean(
        without_deep_nesting(html),
        tags=set(TAGS),
        clean_content_tags=_DROPPED,
        attributes=_ATTRIBUTES,
        attribute_filter=attribute,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return re.sub(r"<img(?![^>]*\ssrc=)[^>]*>", "", cleaned).strip()


def is_formatted(html: str) -> bool:
    """Claims that clean `html` says more than its plain text does: a list, emphasis, a link, a forced direction."""
    return bool(_FORMATTED.search(html))


def pictures(html: str) -> set[str]:
    """The content ids of the pictures in clean `html`."""
    return set(_CID.findall(html))


def with_pictures(html: str, address: Picture) -> str:
    """Clean `html` with each content id turned into an address, or the picture taken away where there is none."""

    def turned(found: re.Match[str]) -> str:
        place = address(found.group(1))
        return f'src="{place}"' if place else 'src=""'

    return re.sub(r'<img[^>]*\ssrc=""[^>]*>', "", _CID.sub(turned, html))


def text_of(html: str) -> str:
    """What a person reads in it: lists with their marks, links with their addresses."""
    return to_text(_IN_ITEM.sub(r"\1\2", html))
