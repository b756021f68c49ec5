"""A tree of mail folders is looked through: what is chosen, what stays, and the rest in the order of time."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path

from majlis.intake.archives import Found, again, messages, total_bytes
from majlis.intake.catalogue import Catalogue, Place
from majlis.intake.mailfolders import flags_of, folder_of, is_chosen, left_out
from majlis.intake.progress import Progress

BATCH_MESSAGES = 100
BATCH_BYTES = 16 * 1024 * 1024
NOT_CHOSEN = "not chosen"
_NAMED_AT_MOST = 20
INTERRUPTED = 130  # as shells have it: 128 + SIGINT


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which folders come: those named, without others; of junk, trash and the unsent only what was asked for."""

    wanted: list[str]
    unwanted: list[str]
    is_all: bool

    def why_not(self, folder: str, flags: str) -> str:
        """Why a message does not come; nothing if it does."""
        if not is_chosen(folder, self.wanted, self.unwanted):
            return NOT_CHOSEN
        return "" if self.is_all else left_out("" if self.wanted else folder, flags)


@dataclass(slots=True)
class Run:
    mailbox_id: int
    path: Path
    largest: int
    chosen: Chosen
    catalogue: Catalogue
    unreadable: list[str] = field(default_factory=list)
    left_out: Counter[tuple[str, str]] = field(default_factory=Counter)


def list_folders(run: Run) -> int:
    """Say which folders there are, with how much, and how much of it is here already; change nothing."""
    from majlis.channels.models import RawMessage
    from majlis.files.actions import digest_of

    progress = Progress("Looking through", total_bytes(run.path))
    try:
        look_through(run, progress)
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        progress.end()
    known: Counter[str] = Counter()
    for batch in batches(in_order(run)):
        digests = {digest_of(one.content): folder for one, folder in batch}
        here = RawMessage.objects.filter(mailbox_id=run.mailbox_id, file__digest__in=list(digests))
        known.update(digests[digest] for digest in set(here.values_list("file__digest", flat=True)))
    for folder, number, size in run.catalogue.folders():
        say(f"{folder}: {number} messages, {size / 1024:.0f} KiB, {known[folder]} already there")
    _report_left_out(run)
    say("Nothing was changed (--dry-run).")
    return 0


def look_through(run: Run, progress: Progress) -> None:
    """Note where every message lies that is to come, and count those that are not."""
    found = messages(
        run.path, largest=run.largest, unreadable=lambda file, why: run.unreadable.append(f"{file}: {why}")
    )
    for one in found:
        folder = folder_of(run.path, one.path)
        if why := run.chosen.why_not(folder, flags_of(one.path)):
            run.left_out[folder, why] += 1
        else:
            run.catalogue.add(Place(one.path, one.start, one.size, folder), written_at(one.content))
        progress.step(one.size)


def in_order(run: Run) -> Iterator[tuple[Found, str]]:
    """The messages noted, oldest first, with their folders: an answer comes after what it answers."""
    for place in run.catalogue.in_order():
        try:
            content = again(place.path, place.start, place.size)
        except OSError as problem:  # a mail program at work renames its files
            run.unreadable.append(f"{place.path}: {problem.strerror or problem} (run it again)")
            continue
        yield Found(place.path, content, place.size, place.start), place.folder


def batches(found: Iterator[tuple[Found, str]]) -> Iterator[list[tuple[Found, str]]]:
    batch: list[tuple[Found, str]] = []
    size = 0
    for one in found:
        batch.append(one)
        size += one[0].size
        if len(batch) >= BATCH_MESSAGES or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def written_at(content: bytes) -> datetime | None:
    """The Date header, the best word on when an old message came."""
    end = content.replace(b"\r\n", b"\n").find(b"\n\n")
    headers = BytesHeaderParser().parsebytes(content[: end + 1 if end >= 0 else 100_000])
    try:
        moment = parsedate_to_datetime(str(headers["Date"]))
        return moment if moment.tzinfo is not None else moment.astimezone()
    except (TypeError, ValueError, OverflowError):
        return None


def report(kept: int, known: int, run: Run) -> None:
    unreadable = run.unreadable
    say(f"New: {kept}. Already there: {known}. Unreadable: {len(unreadable)}.")
    for line in unreadable[:_NAMED_AT_MOST]:
        say(f"  {line}")
    if len(unreadable) > _NAMED_AT_MOST:
        say(f"  … and {len(unreadable) - _NAMED_AT_MOST} more")
    _report_left_out(run)


def _report_left_out(run: Run) -> None:
    for (folder, why), number in sorted(run.left_out.items()):
        say(f"Left out: {folder}, {number} messages ({why}).")
    if any(why != NOT_CHOSEN for _, why in run.left_out):
        say("Junk, trash and what was never sent come with --all, or when --folder names them.")


def say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
