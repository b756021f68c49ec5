"""`majlis import-freescout`: brings a whole desk from FreeScout. May be run again: only what is new comes."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from majlis.config import Config
from majlis.intake.freescout.source import Place, Source, SourceError
from majlis.intake.progress import Progress

if TYPE_CHECKING:
    from majlis.intake.freescout.desk import Run

INTERRUPTED = 130  # as shells have it: 128 + SIGINT
PASSWORD = "MAJLIS_FREESCOUT_PASSWORD"  # noqa: S105 - a name


def main(config: Config, argv: list[str]) -> int:
    """Bring what the words name. Returns 0, 1 (not possible) or 130 (Ctrl-C: what came is whole, run it again)."""
    options = _parser().parse_args(argv)
    try:
        place = Place.read(options.database, _password(options.password_file))
        zone = _zone(options.time_zone)
        since = _since(options.since, zone)
        if not options.files.is_dir():
            raise SourceError(
                f"{options.files}: there is no such folder. --files is the folder storage/app of FreeScout."
            )
    except SourceError as problem:
        _say(str(problem))
        return 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "majlis.settings")
    import django

    django.setup()
    return _import(place, zone, since, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="majlis import-freescout",
        description="Bring mailboxes, people, customers and conversations from FreeScout. Nothing there is changed.",
    )
    parser.add_argument("--database", required=True, metavar="URL", help="mysql://user@host:port/name")
    parser.add_argument(
        "--password-file", type=Path, metavar="FILE", help=f"a file with the password (or set {PASSWORD})"
    )
    parser.add_argument(
        "--files", required=True, type=Path, metavar="FOLDER", help="FreeScout's folder storage/app"
    )
    parser.add_argument(
        "--mailbox", action="append", default=[], metavar="ADDRESS", help="only this one (may be repeated)"
    )
    parser.add_argument("--since", metavar="DATE", help="only conversations that moved since (2024-01-31)")
    parser.add_argument(
        "--time-zone", default="UTC", metavar="NAME", help="APP_TIMEZONE of FreeScout's .env (UTC)"
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would come")
    return parser


def _import(place: Place, zone: tzinfo, since: datetime | None, options: argparse.Namespace) -> int:
    from django.db import Error

    from majlis.intake.freescout.desk import Run, installation_name
    from majlis.intake.freescout.tally import Tally
    from majlis.people.models import Role, Teammate

    by = Teammate.objects.filter(role=Role.OWNER, is_active=True).order_by("pk").first()
    if by is None:
        _say("There is nobody to do it in the name of: set Majlis up in the browser first.")
        return 1
    tally, status = Tally(), 0
    try:
        with Source(place, zone) as source:
            wanted = frozenset(address.strip().lower() for address in options.mailbox)
            run = Run(
                source=source,
                name=installation_name(source),
                files=options.files,
                by=by,
                is_dry=options.dry_run,
                tally=tally,
                wanted=wanted,
                since=since,
            )
            _check_mailboxes(run)
            _go_through(run)
    except SourceError as problem:
        _say(str(problem))
        return 1
    except KeyboardInterrupt:
        _say("Stopped. What came is whole; run the same command again to go on.")
        status = INTERRUPTED
    except (Error, OSError) as problem:
        _say(f"Stopped: {problem}. What came is whole; run the same command again to go on.")
        status = 1
    except Exception as problem:  # of the driver, which is imported only where it is needed
        if not type(problem).__module__.startswith("pymysql"):
            raise
        _say(f"FreeScout's database stopped answering: {problem}. Run the same command again to go on.")
        status = 1
    for line in tally.lines(is_dry=options.dry_run):
        _say(line)
    if options.dry_run:
        _say("Nothing was changed (--dry-run).")
    return status


def _check_mailboxes(run: Run) -> None:
    there = {str(row["email"] or "").strip().lower() for row in run.source.rows("mailboxes", "id email")}
    if unknown := run.wanted - there:
        raise SourceError(
            f"FreeScout has no mailbox {', '.join(sorted(unknown))}. It has: {', '.join(sorted(there))}."
        )


def _go_through(run: Run) -> None:
    from majlis.intake.freescout import desk, past

    desk.bring_mailboxes(run)
    desk.bring_users(run)
    for what, number, doer in (
        ("Customers", desk.customers_in_all(run), desk.bring_customers),
        ("Conversations", past.conversations_in_all(run), past.bring_conversations),
    ):
        progress = Progress(what, number)
        try:
            doer(run, progress.step)
        finally:
            progress.end()


def _password(file: Path | None) -> str:
    if file is None:
        return os.environ.get(PASSWORD, "")
    try:
        return file.read_text().strip()
    except OSError as problem:
        raise SourceError(f"{file}: {problem.strerror or problem}.") from problem


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name) if name != "UTC" else UTC
    except (ZoneInfoNotFoundError, ValueError) as problem:
        raise SourceError(f"--time-zone: {name} is no time zone.") from problem


def _since(day: str | None, zone: tzinfo) -> datetime | None:
    try:
        return datetime.fromisoformat(day).replace(tzinfo=zone) if day else None
    except ValueError as problem:
        raise SourceError(f"--since: {day} is not a date like 2024-01-31.") from problem


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
