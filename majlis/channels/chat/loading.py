"""The script a site loads: the loader with a widget's settings written into it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson

import majlis

LOADER = Path(majlis.__file__).parent / "static" / "majlis" / "widget" / "loader.js"
_PLACE = b"__MAJLIS__"
# Line ends that JSON allows inside a text and older scripts do not.
_LINE_ENDS = {"\u2028".encode(): b"\\u2028", "\u2029".encode(): b"\\u2029"}


def loader(config: Mapping[str, Any]) -> bytes:
    """The whole script for one widget, in UTF-8.

    config: what the visitor's browser may know of the widget, as JSON can say it: `key`, `base` (the desk's address
    without a path), `panel` (the path of the panel's module), `name` (whom one writes to, by language),
    `brand_colour`, `on_colour`, `language` ("auto", "ar" or "en"), `otherwise` (the brand's language), `position`
    ("start" or "end"), `offset` (px), `theme`, `greeting` (a text by language), `ask` and `words`
    (`words.first_words()` by language).
    """
    settings = orjson.dumps(dict(config))
    for end, written in _LINE_ENDS.items():
        settings = settings.replace(end, written)
    before, after = _parts()
    return before + settings + after


@cache
def _parts() -> tuple[bytes, bytes]:
    import rjsmin  # a process that serves no loader does without it

    short: bytes = rjsmin.jsmin(LOADER.read_bytes())
    before, after = short.rsplit(_PLACE, 1)
    return before, after
