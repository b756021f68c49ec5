"""`majlis import FOLDER`: an export becomes the desk of an empty installation, all of it or nothing.

The files come first, each durable before the next: an import that was killed finds them. The rows go in by one
transaction: nobody ever sees half a desk, and after any death the tables are as empty as before.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from majlis.cli import database, lock, upgrade
from majlis.cli.keys import make_data_folder, write_secret
from majlis.cli.moving import catalogue, checking, files_in, filling, older
from majlis.cli.moving import folder as places
from majlis.cli.moving.catalogue import Session
from majlis.cli.moving.folder import MovingError
from majlis.cli.moving.pace import Pace
from majlis.cli.moving.tables import EXPORTED, FILES, FIRST_LINKS, LEFT_OUT_SECRET, SECRETS
from majlis.cli.progress import counted
from majlis.config import Config

_UNFINISHED = "The import could not be finished, and the desk is as empty as before; say the same words again"
_WORK = ".importing"
_ANY = sql.SQL("select exists (select from {})")
_ANY_BUT_FIRST = sql.SQL("select exists (select from {} where purpose <> 'first-run')")


@dataclass(frozen=True, slots=True)
class Imported:
    """What came in, or would. `to_enter`: addresses of mailboxes whose secrets have to be entered again."""

    rows: int
    files: int
    missing: int
    version: str
    taken_at: str
    to_enter: tuple[str, ...]


def look(config: Config, of: Path) -> Imported:
    """Everything that can be known beforehand, with every sum of every file. Raises MovingError. Changes nothing."""
    of = of.absolute()
    found = checking.manifest(of)
    pace = Pace("Looking")
    try:
        checking.check(of, found, pace=pace, with_sums_of_files=True)
        checking.check_room(of, found, config.data)
    finally:
        pace.end()
    return _told(found, ())


def take_key(config: Config, of: Path, *, with_key: bool) -> None:
    """Use the key of the export here when it has one and there is none yet. Raises MovingError when there is another."""
    checking.manifest(of.absolute())
    if not with_key or not (of / places.KEY).exists():
        return
    secret = (of / places.KEY).read_text().strip()
    if config.secret is None and not (config.data / "postgres").exists():
        make_data_folder(config)
        write_secret(config.secret_file, secret)
    elif config.secret is not None and config.secret != secret:
        where = "MAJLIS_SECRET_KEY" if config.is_secret_from_environment else str(config.secret_file)
        raise MovingError(
            f"The export holds a secret key, and there is another one here ({where}). Put {of / places.KEY} in its "
            "place, or say --without-key: passwords of mailboxes are then entered again. Nothing was changed."
        )


def refuse_running(config: Config) -> None:
    """Raise MovingError while Majlis is at work in this folder."""
    held = lock.holder(config.data) if config.data.exists() else None
    if held is not None:
        raise MovingError(
            f"{held} Stop it first: a desk is not filled while it is open. Nothing was changed."
        )


def refuse_filled(target: Config) -> None:
    """Raise MovingError when there is anything in the reachable database that a desk would miss."""
    with database.connect(target.database) as session:
        _refuse_filled(session, target.database.name)


def _refuse_filled(session: Session, name: str) -> None:
    for table in catalogue.tables(session):
        asked = (_ANY_BUT_FIRST if table == FIRST_LINKS else _ANY).format(catalogue.quoted(table))
        row = session.execute(asked).fetchone()
        if row and row[0]:
            raise MovingError(
                f"The database {name} is not empty ({table} has rows){_told_before(session)}: an export is imported "
                "into a new installation. Nothing was changed."
            )


def _told_before(session: Session) -> str:
    row = session.execute("select obj_description(to_regclass('people_installation'), 'pg_class')").fetchone()
    return f"; {row[0]}" if row and row[0] else ""


def import_(
    config: Config, of: Path, *, with_key: bool = True, say: Callable[[str], None] = print
) -> Imported:
    """Fill the reachable, empty database of `config` and its folder from the export `of`.

    To be called with the exclusive lock of the folder, and Django's settings named in the environment.
    Raises MovingError, and what `upgrade.main` raises.
    """
    from django.db import Error

    of = of.absolute()
    found = checking.manifest(of)
    refuse_filled(config)
    pace = Pace("Import")
    with_secrets = with_key and bool(found["has_key"])
    with places.told(_UNFINISHED):
        try:
            checking.check(of, found, pace=pace, with_sums_of_files=False)
            checking.check_room(of, found, config.data)
            upgrade.main(config, say=say)
            work = config.data / _WORK
            with places.held(work, "importing to"):
                named = files_in.bring(config, of, found, work, pace=pace)
                to_enter = _fill(config, of, found, named=named, pace=pace, with_secrets=with_secrets)
            shutil.rmtree(work)
        except (psycopg.Error, Error) as error:
            raise MovingError(f"{_UNFINISHED}: the database said: {error}".strip()) from error
        finally:
            pace.end()
    return _told(found, to_enter)


def _fill(
    config: Config, of: Path, found: dict[str, Any], *, named: Path, pace: Pace, with_secrets: bool
) -> tuple[str, ...]:
    """The rows, in one transaction; addresses whose passwords are missing."""
    from django.db import connection, transaction

    from majlis.conversations.queries import counters_off

    connection.ensure_connection()
    session: Session = connection.connection
    is_older = older.is_older(session, found["schema"])
    if is_older:
        older.stage(session, of, found, named=named, pace=pace, with_secrets=with_secrets)
    with transaction.atomic():
        for name in EXPORTED:
            session.execute(sql.SQL("lock table {} in exclusive mode").format(catalogue.quoted(name)))
        _refuse_filled(session, config.database.name)
        session.execute(sql.SQL("delete from {}").format(catalogue.quoted(FIRST_LINKS)))
        if is_older:
            older.take_over(session, pace=pace)
        else:
            filling.fill(session, of, found, named=named, pace=pace, with_secrets=with_secrets)
        if counters_off():
            raise MovingError(
                "The counters of the folders do not agree with the conversations of this export: at the old desk say "
                "`majlis manage check_counters --mend`, and export again. The desk is as empty as before."
            )
        session.execute(
            sql.SQL("comment on table people_installation is {}").format(
                sql.Literal(f"imported from the export of {found['taken_at']}")
            )
        )
        to_enter = _to_enter(session)
    session.execute("analyze")
    return to_enter


_OF_MAILBOX = "select m.address from people_mailbox m join {} s on s.mailbox_id = m.id where s.{}::text = %s"
_OF_CONNECTION = (
    "select m.address from people_mailbox m join channels_mailconnection c on c.mailbox_id = m.id"
    " join {} s on s.connection_id = c.id where s.{}::text = %s"
)


def _to_enter(session: Session) -> tuple[str, ...]:
    """Addresses of the mailboxes with a secret that did not come along, whatever it is for."""
    found: set[str] = set()
    for name, table in catalogue.tables(session).items():
        for column in table.columns:
            if column.name not in SECRETS.get(name, ()):
                continue
            if table.references.get("mailbox_id") or table.references.get("connection_id"):
                asked = sql.SQL(_OF_MAILBOX if table.references.get("mailbox_id") else _OF_CONNECTION)
                query = asked.format(catalogue.quoted(name), catalogue.quoted(column.name))
                found |= {address for (address,) in session.execute(query, [LEFT_OUT_SECRET])}
    return tuple(sorted(found))


def _told(found: dict[str, Any], to_enter: tuple[str, ...]) -> Imported:
    return Imported(
        rows=sum(table["rows"] for table in found["tables"].values()),
        files=found["tables"][FILES]["rows"],
        missing=found["files"]["missing"],
        version=found["majlis"],
        taken_at=found["taken_at"],
        to_enter=to_enter,
    )


def summary(done: Imported, *, is_dry_run: bool) -> list[str]:
    """What a person is told at the end."""
    what = f"{counted(done.rows, 'row')} and {counted(done.files, 'file')} of {done.taken_at} (Majlis {done.version})"
    if is_dry_run:
        return [f"The export is whole and can be imported: {what}. Nothing was changed."]
    lines = [f"Imported {what}. Start it with `majlis run`; everybody signs in again."]
    if done.to_enter:
        lines.append(
            f"Enter the passwords of these mailboxes again, or sign in to them: {', '.join(done.to_enter)}."
        )
    return lines
