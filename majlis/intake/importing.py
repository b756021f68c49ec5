"""`majlis import-mail`: brings older mail from files into a mailbox. May be run again: nothing is doubled."""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from majlis.config import Config
from majlis.intake.archives import Found, total_bytes
from majlis.intake.catalogue import Catalogue
from majlis.intake.looking import (
    INTERRUPTED,
    Chosen,
    Run,
    batches,
    in_order,
    list_folders,
    look_through,
    report,
    say,
    written_at,
)
from majlis.intake.progress import Progress

if TYPE_CHECKING:
    from majlis.people.models import Mailbox

_STANDSTILL_SECONDS = 30.0


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
    parser.add_argument("--dry-run", action="store_true", help="list the folders and change nothing")
    parser.add_argument(
        "--folder",
        action="append",
        default=[],
        metavar="NAME",
        help="only this one and those in it (repeatable)",
    )
    parser.add_argument(
        "--without", action="append", default=[], metavar="NAME", help="not this one (repeatable)"
    )
    parser.add_argument("--all", action="store_true", help="junk, trash and what was never sent too")
    parser.add_argument("--tags", action="store_true", help="tag conversations with the folders they lay in")
    options = parser.parse_args(argv)
    if not options.path.exists():
        say(f"{options.path}: there is no such file or folder.")
        return 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "majlis.settings")
    import django

    django.setup()
    mailbox = _mailbox(options.mailbox)
    if mailbox is None:
        return 1
    chosen = Chosen(options.folder, options.without, is_all=options.all)
    with Catalogue() as catalogue:
        run = Run(mailbox.pk, options.path, config.mail_max_bytes, chosen, catalogue)
        if options.dry_run:
            return list_folders(run)
        return _import(run, stays_open=options.open, has_tags=options.tags)


def _mailbox(address: str) -> Mailbox | None:
    from majlis.people.models import Mailbox
    from majlis.people.queries import mailbox_at

    found = Mailbox.objects.filter(pk=mailbox_at(address) or 0).first()
    if found is None:
        known = sorted(Mailbox.objects.values_list("address", flat=True))
        there_are = (
            f"There are: {', '.join(known)}." if known else "There is none yet: make one in the settings."
        )
        say(f"There is no mailbox {address}. {there_are}")
    return found


def _import(run: Run, *, stays_open: bool, has_tags: bool) -> int:
    from django.db import Error

    kept = known = 0
    mailbox_id = run.mailbox_id
    progress = Progress("Looking through", total_bytes(run.path))
    try:
        look_through(run, progress)
        progress.end()
        progress = Progress("Reading", run.catalogue.bytes)
        for batch in batches(in_order(run)):
            new = _keep(mailbox_id, [one for one, _ in batch], stays_open=stays_open)
            if has_tags:
                _file(run, batch)
            kept += new
            known += len(batch) - new
            progress.step(sum(one.size for one, _ in batch))
        progress.end()
        progress = Progress("Taking in", _waiting(mailbox_id))
        _take_in(mailbox_id, progress)
        _tag(run)
        progress.end()
    except KeyboardInterrupt:
        progress.end()
        report(kept, known, run)
        say("Stopped. What was read is safe; run the same command again to go on.")
        return INTERRUPTED
    except (Error, OSError) as error:
        progress.end()
        report(kept, known, run)
        say(f"Stopped: {error}. Run the same command again to go on.")
        return 1
    report(kept, known, run)
    if not kept and not known:
        say(f"No message was found in {run.path}.")
        return 1
    if waiting := _waiting(mailbox_id):
        say(f"{waiting} of them are not taken in yet; a running desk goes on with it.")
    return 0


def _file(run: Run, batch: list[tuple[Found, str]]) -> None:
    from majlis.files.actions import store

    for one, folder in batch:
        run.catalogue.file(store(one.content).pk, folder)


def _tag(run: Run) -> None:
    """Tag conversations with the folders their mail lay in, those of an earlier import too."""
    from majlis.channels.models import RawMessage
    from majlis.conversations.actions.bring import put_tags

    for file_id, folder in run.catalogue.filed():
        rows = RawMessage.objects.filter(mailbox_id=run.mailbox_id, file_id=file_id).exclude(entry=None)
        for raw in rows.select_related("entry__conversation"):
            if raw.entry is not None:
                put_tags(raw.entry.conversation, [folder])


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
            received_at=written_at(one.content),
        )
        for one in batch
    ]
    return len(accept_many(incoming, route=Route.IMPORT, leaves_out_known=True))


def _waiting(mailbox_id: int) -> int:
    from majlis.channels.models import RawMessage

    return RawMessage.objects.filter(mailbox_id=mailbox_id, taken_in_at=None, quarantined_at=None).count()
