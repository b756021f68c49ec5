"""Files that went as links, as the mail tells of them, in its language. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from majlis.channels.email import looks
from majlis.lib.direction import Direction

_MONTHS = {
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر".split(),
    "en": "January February March April May June July August September October November December".split(),
}
_TITLE = {"ar": "ملفات للتنزيل، حتى {until}:", "en": "Files to download, until {until}:"}
_UNITS = {"ar": ("كيلوبايت", "ميغابايت"), "en": ("kB", "MB")}


@dataclass(frozen=True, slots=True)
class Linked:
    """A file that waits at `url` until a day. `size` is in bytes."""

    name: str
    size: int
    url: str
    until: date


def as_text(files: Sequence[Linked], way: Direction) -> str:
    """The block in plain text: a line with name and size, the address below it."""
    rows = [f"• {_shown(one.name)} ({_size(one.size, way)})\n{one.url}" for one in files]
    return "\n".join([_title(files, way), *rows])


def as_html(files: Sequence[Linked], way: Direction) -> str:
    """The block in HTML: each name is the link, its size beside it."""
    rows = [
        looks.block(
            f'<a href="{escape(one.url)}">{looks.one_way(_shown(one.name), looks.block_direction(one.name, way))}</a>'
            f" {looks.one_way(f'({_size(one.size, way)})', way)}",
            "",
            way,
            style="margin:0 0 .3em",
        )
        for one in files
    ]
    return "\n".join([looks.block(escape(_title(files, way)), "", way, style="margin:1em 0 .3em"), *rows])


def _title(files: Sequence[Linked], way: Direction) -> str:
    language = "ar" if way == "rtl" else "en"
    until = min(one.until for one in files)
    return _TITLE[language].format(until=f"{until.day} {_MONTHS[language][until.month - 1]} {until.year}")


def _size(size: int, way: Direction) -> str:
    small, large = _UNITS["ar" if way == "rtl" else "en"]
    return (
        f"{size / 1024 / 1024:.1f} {large}"
        if size >= 1024 * 1024
        else f"{max(1, round(size / 1024))} {small}"
    )


def _shown(name: str) -> str:
    return " ".join(name.split()) or "file"
