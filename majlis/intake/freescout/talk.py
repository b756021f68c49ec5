"""What was said there, as it is kept here: texts cleaned and folded, files stored, ids that answers may name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from majlis.channels.email import headers, quoting, threading
from majlis.conversations.actions.bring import Said
from majlis.conversations.models import EntryKind
from majlis.files import actions as files
from majlis.files.models import File
from majlis.lib import html, plain, rich
from majlis.people.models import Customer, Teammate

from . import words
from .desk import Run
from .source import Row

THREADS = (
    "id conversation_id user_id type status state action_type body from to cc bcc message_id headers customer_id"
    " created_by_user_id created_by_customer_id subtype created_at updated_at"
)
KINDS = {
    words.CUSTOMER_WROTE: EntryKind.MESSAGE,
    words.REPLY: EntryKind.REPLY,
    words.NOTE: EntryKind.NOTE,
}
_REMOTE = re.compile(
    r"""(?:src|srcset|background|poster)\s*=\s*["']?\s*(?:https?:)?//|url\(\s*["']?(?:https?:)?//""", re.I
)


@dataclass(frozen=True, slots=True)
class Named:
    """An address with a name."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of a thread that is kept here by now."""

    foreign_id: int
    file: File
    name: str
    content_type: str
    content_id: str
    is_inline: bool


def when(row: Row) -> datetime:
    """The moment of a thread."""
    moment = row["created_at"] or row["updated_at"]
    return moment if isinstance(moment, datetime) else timezone.now()


def digest(row: Row) -> str:
    """Tells whether somebody changed what a thread says."""
    return words.digest(row["body"], row["type"])


def stored(run: Run, rows: list[Row]) -> list[Stored]:
    """The files of a thread, kept here; those that are not in the folder are counted and named."""
    found = []
    for row in rows:
        place = path(run.files, row)
        try:
            content = place.read_bytes() if place is not None else None
        except OSError:
            content = None
        if content is None:
            where = f"attachment/{str(row['file_dir'] or '').strip('/')}/{row['file_name']}"
            run.tally.leave("files that are not in the storage folder", where)
            continue
        name, kind = str(row["file_name"]), str(row["mime_type"] or "application/octet-stream")
        content_id = f"freescout-{row['id']}" if row["embedded"] else ""
        found.append(
            Stored(row["id"], files.store(content), name, kind, content_id, is_inline=bool(row["embedded"]))
        )
    return found


def path(folder: Path, row: Row) -> Path | None:
    """Where a file lies; None for one that would lie elsewhere, or is not there."""
    base = (folder / "attachment").resolve()
    try:
        place = (base / str(row["file_dir"] or "").strip("/") / str(row["file_name"])).resolve()
        return place if place.is_relative_to(base) and place.is_file() else None
    except (OSError, ValueError):
        return None


def said(
    row: Row,
    *,
    teammate: Teammate | None,
    customer: Customer,
    address: str,
    domain: str,
    sent_ids: tuple[str, ...],
    attachments: list[Row],
    details: Mapping[str, object] | None,
) -> Said:
    """A thread as it is kept. `address` is the customer's in this conversation, `sent_ids` what its mail left under."""
    kind = KINDS[row["type"]]
    inline = {
        f"{str(one['file_dir'] or '').strip('/')}/{one['file_name']}": f"freescout-{one['id']}"
        for one in attachments
        if one["embedded"]
    }
    body = words.shown_here(row["body"] or "", inline)
    clean = html.sanitise(body)
    whole = plain.to_text(clean)
    own = headers.message_ids([_bracketed(row["message_id"])])
    named = headers.message_ids(words.ids_of(row["headers"]))
    is_message, is_reply = kind == EntryKind.MESSAGE, kind == EntryKind.REPLY
    ids: tuple[str, ...] = tuple(one for one in (*own, *named) if is_message)
    if is_reply:
        ids = (*sent_ids, threading.brought_id(row["id"], domain))
    # What we quoted ourselves belongs to what we said.
    folded = quoting.fold(whole) if is_message else quoting.Folded("", whole, "", "")
    writer = (words.addresses(f'["{row["from"]}"]') if row["from"] else []) or [address]
    return Said(
        kind=kind,
        at=when(row),
        text=folded.text,
        quoted_above=folded.above,
        signature=folded.signature,
        quoted=folded.quoted,
        html=clean if is_message else rich.clean(body),
        has_remote_images=is_message and bool(_REMOTE.search(clean)),
        teammate=teammate if not is_message else None,
        customer=customer if is_message else None,
        from_name=customer.name if is_message else teammate.name if teammate else "FreeScout",
        from_address=writer[0] if is_message else "",
        to=words.addresses(row["to"]) or ([address] if is_reply and address else []),
        cc=words.addresses(row["cc"]),
        bcc=words.addresses(row["bcc"]),
        message_id=ids[0] if ids else "",
        ids=ids[1:],
        details=dict(details) if details else None,
    )


def _bracketed(value: object) -> bytes:
    return f"<{str(value).strip().strip('<>')}>".encode(errors="replace") if value else b""
