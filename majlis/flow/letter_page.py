"""A letter to a teammate, line by line as text and as simple HTML that reads right in either direction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from majlis.conversations.models import Entry, EntryKind
from majlis.lib import dates
from majlis.lib.direction import direction
from majlis.lib.numbers import number, system
from majlis.lib.plain import from_text
from majlis.people import queries as people
from majlis.people.models import Teammate

LONGEST = 2_000
PLAIN = "margin:0 0 .75em"
QUIET = f"{PLAIN};color:#666"
_BESIDE = "margin:1em 0;border-inline-start:2px solid #ccc;padding-inline-start:1em"


@dataclass(frozen=True, slots=True)
class Reader:
    """How numbers and moments are written for whoever gets the letter."""

    language: str
    digits: str
    region: str
    zone: ZoneInfo
    now: datetime

    @classmethod
    def of(cls, teammate: Teammate, *, now: datetime) -> Reader:
        """The reader that a teammate is."""
        found = people.installation()
        region = found.region if found else ""
        digits = system(teammate.language, teammate.numerals, region)
        return cls(teammate.language, digits, region, ZoneInfo(teammate.time_zone), now)

    def when(self, at: datetime) -> str:
        """A moment in words."""
        return dates.moment(
            at,
            now=self.now,
            zone=self.zone,
            language=self.language,
            digits=self.digits,
            region=self.region,
            yesterday=_("Yesterday"),
        )

    def count(self, value: int) -> str:
        """A number in the reader's digits."""
        return number(value, self.digits, places=0)


class Page:
    """A letter line by line, as text and as HTML at once."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._text: list[str] = []
        self._html: list[str] = []

    def line(self, words: str, *, style: str = PLAIN, is_strong: bool = False) -> None:
        """A sentence of ours."""
        shown = escape(words)
        self._text.append(words)
        self._html.append(f'<p style="{style}">{f"<strong>{shown}</strong>" if is_strong else shown}</p>')

    def link(self, words: str, path: str) -> None:
        """A way into the desk."""
        url = f"{settings.CONFIG.url}{path}"
        self._text.append(f"{words}:\n{url}")
        self._html.append(f'<p style="margin:1em 0"><a href="{escape(url)}">{escape(words)}</a></p>')

    def count(self, value: int) -> str:
        """A number in the reader's digits."""
        return self._reader.count(value)

    def words(self, text: str) -> None:
        """What somebody wrote."""
        if text.strip():
            self._text.append(text.strip())
            self._html.append(f'<div dir="{direction(text)}" style="{_BESIDE}">\n{from_text(text)}\n</div>')

    def entry(self, entry: Entry, *, is_open: bool) -> None:
        """An entry under the name of who wrote it. A note that is not open is only named: an answer goes to others."""
        who = entry.from_name or entry.from_address
        what = {EntryKind.NOTE.value: _("internal note"), EntryKind.CALL.value: _("phone call")}
        head = [f"\u2068{who}\u2069", self._reader.when(entry.created_at), what.get(str(entry.kind), "")]
        title = " · ".join(part for part in head if part)
        text = _cut(entry.text.strip()) if is_open else _("Read it in the desk.")
        files = [one.name for one in entry.attachments.all() if not one.is_inline]
        if is_open and files:
            text += "\n\n" + _("Files: %(names)s") % {
                "names": "، ".join(files) if self._is_rtl else ", ".join(files)
            }
        self._text.append(f"{title}\n{text}".rstrip())
        self._html.append(
            f'<div style="{_BESIDE}">\n<p style="{QUIET}">{escape(title)}</p>\n'
            f'<div dir="{direction(text)}">\n{from_text(text)}\n</div>\n</div>'
        )

    @property
    def _is_rtl(self) -> bool:
        return self._reader.language == "ar"

    def text(self) -> str:
        return "\n\n".join(self._text)

    def html(self) -> str:
        way = "rtl" if self._is_rtl else "ltr"
        body = "\n".join(self._html)
        return f'<div dir="{way}" lang="{self._reader.language}">\n{body}\n</div>'


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
