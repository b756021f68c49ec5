"""The original of an entry: its source as text, and the same bytes as a file."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from majlis.channels.rebuilt import rebuilt
from majlis.conversations.models import Entry
from majlis.files import queries as files
from majlis.lib.charsets import decode

from .asking import entry_of
from .mail import download, quiet

SHOWN_BYTES = 200_000


@require_safe
def source(request: HttpRequest, entry_id: int) -> HttpResponse:
    """The mail as it stands on the wire, as text; a long one is cut, with the way to the whole."""
    entry = entry_of(request, entry_id)
    content, size = _beginning(entry)
    context = {
        "entry": entry,
        "text": shown(content),
        "size": size,
        "shown_size": len(content),
        "is_cut": size > len(content),
        "is_rebuilt": entry.raw_id is None,
    }
    response = render(request, "desk/source.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def shown(content: bytes) -> str:
    """Bytes as lines of text: decoded by plausibility, what cannot be seen (or turns a line round) made visible."""
    text = decode(content, None)[0].replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_visible(letter) if letter in _HIDDEN else letter for letter in text)


_HIDDEN = frozenset(
    [chr(code) for code in (*range(9), 11, 12, *range(14, 32), 127, *range(0x80, 0xA0))]
    + list("\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
)


def _visible(letter: str) -> str:
    return f"⟨{ord(letter):04X}⟩"


def _beginning(entry: Entry) -> tuple[bytes, int]:
    if entry.raw is None:
        content = _rebuilt(entry)
        return content[:SHOWN_BYTES], len(content)
    try:
        with files.open_file(entry.raw) as opened:
            return opened.read(SHOWN_BYTES), entry.raw.size
    except FileNotFoundError as missing:
        raise Http404 from missing


def _rebuilt(entry: Entry) -> bytes:
    try:
        content = rebuilt(entry)
    except (FileNotFoundError, UnicodeError, ValueError) as problem:
        raise Http404 from problem
    if content is None:
        raise Http404
    return content


@require_safe
def original(request: HttpRequest, entry_id: int) -> HttpResponse | FileResponse:
    """The mail byte by byte, as it came; of a reply, as it is built from what is stored."""
    entry = entry_of(request, entry_id)
    name = f"message-{entry.pk}.eml"
    if entry.raw is None:
        response = HttpResponse(_rebuilt(entry), content_type="application/octet-stream")
        response["Content-Disposition"] = download(name)
        return quiet(response)
    try:
        opened = files.open_file(entry.raw)
    except FileNotFoundError as missing:
        raise Http404 from missing
    streamed = FileResponse(opened, content_type="application/octet-stream")
    streamed["Content-Disposition"] = download(name)
    return quiet(streamed)
