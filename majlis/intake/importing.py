"""`majlis import-mail`: brings older mail from files into a mailbox. May be run again: nothing is doubled."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING

from majlis.config import Config
from majlis.intake.archives import Found, messages, total_bytes
from majlis.intake.progress import Progress

if TYPE_CHECKING:
    from majlis.people.models import Mailbox

BATCH_MESSAGES = 100
BATCH_BYTES = 16 * 1024 * 1024
_NAMED_AT_MOST = 20
_STANDSTILL_SECONDS = 30.0
INTERRUPTED = 130  # as shells have it: 128 + SIGINT


def main(config: Config, argv: list[str]) -> int:
    """Import PATH into the mailbox of an address. Returns 0, 1 (nothing to do or not possible) or 130 (Ctrl-C).

    First everything is kept raw, then it is taken in; after Ctrl-C what was kept is taken in by the running desk
    or by the next import.
    """
    parser = argparse.ArgumentParser(
        prog="majlis import-mail", description="Import mail from an mbox, a Maildir, or .eml files."
    )
    parser.add_argument("path", type=Path, help="an mbox or .eml file, a Maildir, or a folder of these")
    parser.add_argument("--mailbox", required=True, metavar="ADDRESS", help="the address of the mailbox")
    parser.add_argument(
        "--open", action="store_true", help="leave the conversations open (they rest closed otherwise)"
    )
    options = parser.parse_args(argv)
    if not options.path.exists():
        _say(f"{options.path}: there is no such file or folder.")
        return 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "majlis.settings")
    import django

    django.setup()
    mailbox = _mailbox(options.mailbox)
    if mailbox is None:
        return 1
    return _import(options.path, mailbox, largest=config.mail_max_bytes, stays_open=options.open)


def _mailbox(address: str) -> Mailbox | None:
    from majlis.people.models import Mailbox
    from majlis.people.queries import mailbox_at

    found = Mailbox.objects.filter(pk=mailbox_at(address) or 0).first()
    if found is None:
        known = sorted(Mailbox.objects.values_list("address", flat=True))
        there_are = (
            f"There are: {', '.join(known)}." if known else "There is none yet: make one in the settings."
        )
        _say(f"There is no mailbox {address}. {there_are}")
    return found


def _import(path: Path, mailbox: Mailbox, *, largest: int, stays_open: bool) -> int:
    from django.db import Error

    unreadable: list[str] = []
    kept = known = 0
    progress = Progress("Reading", total_bytes(path))
    try:
        found = messages(
            path, largest=largest, unreadable=lambda file, why: unreadable.append(f"{file}: {why}")
        )
        for batch in _batches(found):
            new = _keep(mailbox.pk, batch, stays_open=stays_open)
            kept += new
            known += len(batch) - new
            progress.step(sum(one.size for one in batch))
        progress.end()
        progress = Progress("Taking in", _waiting(mailbox.pk))
        _take_in(mailbox.pk, progress)
        progress.end()
    except KeyboardInterrupt:
        progress.end()
        _report(kept, known, unreadable)
        _say("Stopped. What was read is safe; run the same command again to go on.")
        return INTERRUPTED
    except (Error, OSError) as error:
        progress.end()
        _report(kept, known, unreadable)
        _say(f"Stopped: {error}. Run the same command again to go on.")
        return 1
    _report(kept, known, unreadable)
    if not kept and not known:
        _say(f"No message was found in {path}.")
        return 1
    if waiting := _waiting(mailbox.pk):
        _say(f"{waiting} of them are not taken in yet; a running desk goes on with it.")
    return 0


def _take_in(mailbox_id: int, progress: Progress) -> None:
    """Take in what waits. One process at a time does so: while a running desk is at it, watch it."""
    from majlis.flow.arrival import take_in_pending

    take_in_pending(mailbox_id, progress=progress.at)
    first = before = _waiting(mailbox_id)
    moved_at = time.monotonic()
    while before and time.monotonic() - moved_at < _STANDSTILL_SECONDS:
        time.sleep(0.5)
        take_in_pending(mailbox_id)
        now = _waiting(mailbox_id)
        if now < before:
            before, moved_at = now, time.monotonic()
            progress.at(first - now)


def _batches(found: Iterator[Found]) -> Iterator[list[Found]]:
    batch: list[Found] = []
    size = 0
    for one in found:
        batch.append(one)
        size += one.size
        if len(batch) >= BATCH_MESSAGES or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _keep(mailbox_id: int, batch: list[Found], *, stays_open: bool) -> int:
    """Keep what the mailbox does not have yet, byte for byte; returns how many were new."""
    from majlis.channels.actions.accept import Incoming, accept_many
    from majlis.channels.models import Route

    incoming = [
        Incoming(
            mailbox_id,
            one.content,
            is_historic=True,
            stays_open=stays_open,
            received_at=_written_at(one.content),
        )
        for one in batch
    ]
    return len(accept_many(incoming, route=Route.IMPORT, leaves_out_known=True))


def _waiting(mailbox_id: int) -> int:
    from majlis.channels.models import RawMessage

    return RawMessage.objects.filter(mailbox_id=mailbox_id, taken_in_at=None, quarantined_at=None).count()


def _written_at(content: bytes) -> datetime | None:
    """The Date header, the best word on when an old message came."""
    end = content.replace(b"\r\n", b"\n").find(b"\n\n")
    headers = BytesHeaderParser().parsebytes(content[: end + 1 if end >= 0 else 100_000])
    try:
        moment = parsedate_to_datetime(str(headers["Date"]))
        return moment if moment.tzinfo is not None else moment.astimezone()
    except (TypeError, ValueError, OverflowError):
        return None


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _report(kept: int, known: int, unreadable: list[str]) -> None:
    _say(f"New: {kept}. Already there: {known}. Unreadable: {len(unreadable)}.")
    for line in unreadable[:_NAMED_AT_MOST]:
        _say(f"  {line}")
    if len(unreadable) > _NAMED_AT_MOST:
        _say(f"  … and {len(unreadable) - _NAMED_AT_MOST} more")
