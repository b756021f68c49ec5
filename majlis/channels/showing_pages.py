"""Whether a page is one that a pattern means: `/checkout/*`, `shop.example/*`. Pure, and without regular expressions.

A pattern is a path, with a host before it if it matters; `*` stands for anything, nothing too. Letter case, percent
signs, how a host is written and a slash at the end make no difference.
"""

from __future__ import annotations

import unicodedata
from typing import Final
from urllib.parse import unquote

LONGEST: Final = 300  # of a pattern
LONGEST_PAGE: Final = 2_000


def pattern(typed: str) -> str:
    """A pattern as it is kept, "" for what is none: it has a slash; no scheme, no query, no spaces."""
    typed = "".join(letter for letter in typed if letter.isprintable()).strip()
    for scheme in ("https://", "http://"):
        if typed.lower().startswith(scheme):
            typed = typed[len(scheme) :]
    typed = typed.partition("#")[0].partition("?")[0]
    if "/" not in typed or " " in typed.partition("/")[0]:
        return ""
    while "**" in typed:
        typed = typed.replace("**", "*")
    return typed


def is_on(pattern: str, page: str) -> bool:
    """Claims that `page` (an address, its query and fragment left aside) is one of those `pattern` means."""
    wanted_host, _, wanted_path = pattern[:LONGEST].partition("/")
    host, path = _parts(page[:LONGEST_PAGE])
    if not host and not path:
        return False
    if wanted_host and not _matches(
        _host(wanted_host), host if ":" in wanted_host else host.partition(":")[0]
    ):
        return False
    # "*/help" means help below anything, not only at the top.
    wanted = _path(f"*/{wanted_path}" if wanted_host == "*" else f"/{wanted_path}")
    return any(_matches(wanted, one) for one in {path, path.rstrip("/"), path.rstrip("/") + "/"})


def _parts(page: str) -> tuple[str, str]:
    """Host (with its port) and path; a path alone has no host."""
    page = page.partition("#")[0].partition("?")[0]
    _, scheme, rest = page.partition("://")
    if not scheme:
        return ("", _path(page)) if page.startswith("/") else ("", "")
    host, slash, path = rest.partition("/")
    return _host(host.rpartition("@")[2]), _path(slash + path or "/")


def _path(text: str) -> str:
    return unicodedata.normalize("NFC", unquote(text, errors="replace")).casefold()


def _host(text: str) -> str:
    """A host in the letters people read, however it came."""
    return ".".join(_label(label) for label in unicodedata.normalize("NFC", text).casefold().split("."))


def _label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode").casefold()
    except (UnicodeError, ValueError, OverflowError):
        return label


def _matches(wanted: str, text: str) -> bool:
    """Claims that `text` is `wanted`, in which each `*` stands for anything: part after part, the first place each."""
    first, *parts = wanted.split("*")
    if not parts:
        return text == wanted
    if not text.startswith(first):
        return False
    at = len(first)
    *middle, last = parts
    for part in middle:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return len(text) - at >= len(last) and text.endswith(last)
