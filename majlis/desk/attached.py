"""A mail attached to a mail, read like one: head, text, its HTML in the same sandboxed frame, its own files."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from majlis.channels.email.parsing import ParsedMail, Part, parse
from majlis.conversations import queries
from majlis.conversations.models import Attachment, Entry
from majlis.files import queries as files
from majlis.lib import html
from majlis.lib.images import SHOWN_INLINE, kind_of

from . import meetings, seals
from .asking import me
from .mail import download, framed, quiet
from .names import of_customer
from .present import is_message

MAX_BYTES = 40 * 1024 * 1024
MAX_DEPTH = 8
_WAY = re.compile(r"\d{1,3}(?:\.\d{1,3}){0,7}")


@dataclass(frozen=True, slots=True)
class Opened:
    """A mail inside an attachment. `way`: the places of attached mails within attached mails, "" for the outermost."""

    attachment: Attachment
    mail: ParsedMail
    way: str
    name: str
    content: bytes


def _opened(request: HttpRequest, attachment_id: int) -> Opened:
    """The mail that the address names, through the person who asks. Raises Http404."""
    found = (
        queries.attachments_visible_to(me(request))
        .select_related("file", "entry__conversation")
        .filter(pk=attachment_id)
        .first()
    )
    way = request.GET.get("in", "")
    if (
        found is None
        or not is_message(found)
        or found.file.size > MAX_BYTES
        or (way and not _WAY.fullmatch(way))
    ):
        raise Http404
    try:
        content = files.read(found.file)
    except FileNotFoundError as missing:
        raise Http404 from missing
    name, mail = found.name, parse(content)
    for place in way.split(".") if way else ():
        part = _part(mail, int(place))
        if not _is_mail(part):
            raise Http404
        name, content = part.name, part.content
        mail = parse(content)
    return Opened(found, mail, way, name, content)


def _part(mail: ParsedMail, place: int) -> Part:
    if place >= len(mail.attachments):
        raise Http404
    return mail.attachments[place]


def _is_mail(part: Part) -> bool:
    return part.content_type in ("message/rfc822", "message/global") or part.name.lower().endswith(".eml")


def _address(opened: Opened, name: str, *, way: str | None = None, **more: object) -> str:
    way = opened.way if way is None else way
    fields = [*([f"in={way}"] if way else []), *(f"{key}={value}" for key, value in more.items())]
    return reverse(name, args=[opened.attachment.pk]) + (f"?{'&'.join(fields)}" if fields else "")


@require_safe
def attached_message(request: HttpRequest, attachment_id: int) -> HttpResponse:
    """The page of an attached mail."""
    opened = _opened(request, attachment_id)
    mail = opened.mail
    as_entry = Entry(kind="message", details={"seal": mail.seal, "invitations": list(mail.invitations)})
    entry = {"meetings": meetings.cards(as_entry)}
    sender = mail.sender
    context = {
        "mail": mail,
        "author": of_customer(sender.name if sender else "", "", sender.address if sender else ""),
        "conversation_id": opened.attachment.entry.conversation_id,
        "entry_id": opened.attachment.entry_id,
        "entry": entry,
        "seal": seals.told(as_entry),
        "frame_url": _address(opened, "attached_html") if mail.html else "",
        "images_url": _address(opened, "attached_html", images=1) if _has_remote(mail) else "",
        "download_url": _address(opened, "attached_source"),
        "up_url": _address(opened, "attached_message", way=opened.way.rpartition(".")[0])
        if opened.way
        else "",
        "files": [
            _file(opened, place, part) for place, part in enumerate(mail.attachments) if not part.is_inline
        ],
    }
    response = render(request, "desk/attached.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _has_remote(mail: ParsedMail) -> bool:
    if not mail.html:
        return False
    return html.rewrite_remote(html.sanitise(mail.html), cid=lambda _: None, remote=lambda _: None)[1] > 0


def _file(opened: Opened, place: int, part: Part) -> dict[str, object]:
    way = f"{opened.way}.{place}" if opened.way else str(place)
    can_open = _is_mail(part) and way.count(".") < MAX_DEPTH - 1
    return {
        "name": part.name,
        "size": len(part.content),
        "is_image": part.content_type in SHOWN_INLINE,
        "url": _address(opened, "attached_part", part=place),
        "message_url": _address(opened, "attached_message", way=way) if can_open else "",
    }


@require_safe
def attached_html(request: HttpRequest, attachment_id: int) -> HttpResponse:
    """The attached mail's HTML, sanitised, for a sandboxed frame; remote images only when asked for."""
    opened = _opened(request, attachment_id)
    if not opened.mail.html:
        raise Http404
    inline = {
        part.content_id: _address(opened, "attached_part", part=place, inline=1)
        for place, part in enumerate(opened.mail.attachments)
        if part.content_id
    }
    return framed(request, html.sanitise(opened.mail.html), inline)


@require_safe
def attached_part(request: HttpRequest, attachment_id: int) -> HttpResponse:
    """A file of the attached mail: downloaded; an image may be shown where it is one."""
    opened = _opened(request, attachment_id)
    place = request.GET.get("part", "")
    if not re.fullmatch(r"\d{1,3}", place):
        raise Http404
    part = _part(opened.mail, int(place))
    kind = kind_of(part.content[:16])
    is_shown = bool(request.GET.get("inline")) and kind in SHOWN_INLINE
    response = HttpResponse(
        part.content, content_type=kind if is_shown and kind else "application/octet-stream"
    )
    response["Content-Disposition"] = "inline" if is_shown else download(part.name or "file")
    return quiet(response)


@require_safe
def attached_source(request: HttpRequest, attachment_id: int) -> HttpResponse:
    """The attached mail itself, as a file; one inside another, as it stood there."""
    opened = _opened(request, attachment_id)
    response = HttpResponse(opened.content, content_type="application/octet-stream")
    response["Content-Disposition"] = download(opened.name or "message.eml")
    return quiet(response)
