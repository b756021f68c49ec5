"""The command `majlis`: finds the words of a command line their doer, and turns errors into sentences."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from majlis import __version__
from majlis.cli.errors import CommandError
from majlis.config import Config, ConfigError, load

DONE, MISUSED = 0, 2
_PASSED_ON = ("manage", "bench", "import-mail", "import-freescout")

# Words of Django's that work without a database: nothing is started for them.
_WITHOUT_DATABASE = {
    "",
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "help",
    "makemessages",
    "makemigrations",
    "startapp",
    "test",
    "testserver",
    "version",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out `argv` (the process's own words by default). Returns the exit status.

    0 done, 1 failed, 2 settings or words that cannot be right, 3 already at work, 4 port taken.
    """
    given = list(sys.argv[1:] if argv is None else argv)
    # These have words of their own, --help included.
    cut = 1 if given[:1] and given[0] in _PASSED_ON else len(given)
    options, rest = _parser().parse_args(given[:cut]), given[cut:]
    for name in ("port", "data"):  # children read them from the environment, as everything else
        if getattr(options, name, None):
            os.environ[f"MAJLIS_{name.upper()}"] = getattr(options, name)
    try:
        config = load()
        for warning in config.warnings:
            _complain(warning)
        return _COMMANDS[options.command](config, options, rest)
    except ConfigError as error:
        for problem in error.problems:
            _complain(problem)
        return MISUSED
    except KeyboardInterrupt:
        return 130
    except CommandError as error:
        _complain(str(error))
        return error.status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="majlis",
        description="Majlis, a desk for your company's conversations. Without a command: run.",
        epilog="Settings come from the environment (MAJLIS_PORT, …): see docs/settings.md.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"Majlis {__version__}")
    parser.set_defaults(command="run")
    words = parser.add_subparsers(dest="command", metavar="COMMAND")
    running = words.add_parser("run", help="start everything, until Ctrl-C")
    running.add_argument("--port", help="the port of the web pages, instead of MAJLIS_PORT")
    running.add_argument("--data", help="the folder for everything, instead of MAJLIS_DATA")
    serving = words.add_parser("web", help="only the web process (majlis run starts it by itself)")
    # The end of a pipe that tells the worker's number: `majlis run` alone asks for it.
    serving.add_argument("--with-worker", type=int, metavar="PIPE", help=argparse.SUPPRESS)
    words.add_parser("worker", help="only the worker and the mail listener (likewise)")
    raising = words.add_parser("upgrade", help="bring the tables up to date, after a backup (likewise)")
    only = raising.add_mutually_exclusive_group()
    only.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
    only.add_argument("--rehearse", action="store_true", help="try it on a copy, change nothing")
    looking = words.add_parser("doctor", help="look for problems and say what to do")
    looking.add_argument(
        "--deep", action="store_true", help="look at every file and every link of the tables"
    )
    looking.add_argument("--json", action="store_true", help="one JSON object a line")
    saving = words.add_parser("backup", help="save everything to one file; also while Majlis runs")
    saving.add_argument("file", type=Path, metavar="FILE")
    saving.add_argument("--without-key", action="store_true", help="leave the secret key out")
    saving.add_argument("--without-files", action="store_true", help="only the database (and the key)")
    bringing = words.add_parser("restore", help="bring a backup back into an empty data folder")
    bringing.add_argument("file", type=Path, metavar="FILE")
    bringing.add_argument("--force", action="store_true", help="move what is there aside first")
    databases = words.add_parser("database", help="move the database to another server, or back")
    deeds = databases.add_subparsers(dest="deed", metavar="move", required=True)
    moving = deeds.add_parser("move", help="copy it, compare, and say what to set then")
    moving.add_argument(
        "--to", required=True, metavar="ADDRESS", help="postgresql://user:password@host/name, or embedded"
    )
    moving.add_argument("--dry-run", action="store_true", help="only look whether it can be done")
    taking = words.add_parser(
        "export", help="write everything to a folder in an open form; also while Majlis runs"
    )
    taking.add_argument("folder", type=Path, metavar="FOLDER")
    taking.add_argument("--with-key", action="store_true", help="the secret key and mailbox passwords too")
    putting = words.add_parser("import", help="fill an empty installation from an export")
    putting.add_argument("folder", type=Path, metavar="FOLDER")
    putting.add_argument("--dry-run", action="store_true", help="only look whether it can be done")
    putting.add_argument("--without-key", action="store_true", help="leave the export's secret key alone")
    showing = words.add_parser("demo", help="fill the desk with a made-up shop, to look around")
    showing.add_argument("--remove", action="store_true", help="take it away again, and nothing else")
    showing.add_argument("--conversations", type=int, default=320, metavar="N", help="how many (320)")
    showing.add_argument("--seed", type=int, default=20_260, help="another number, another shop")
    for name, what in (
        ("import-mail", "take in mail from a file or folder (mbox, Maildir, .eml)"),
        ("import-freescout", "bring a whole desk from FreeScout"),
        ("bench", "measure this machine"),
        ("manage", "Django's own commands"),
    ):
        words.add_parser(name, help=what, add_help=False)
    return parser


def _run(config: Config, options: argparse.Namespace, rest: list[str]) -> int:
    from majlis.cli import supervisor
    from majlis.cli.keys import ensure_secret, make_data_folder

    make_data_folder(config)
    return supervisor.run(ensure_secret(config))


def _web(config: Config, options: argparse.Namespace, rest: list[str]) -> int:
    if options.with_worker is not None:
        return int(_doer("majlis.cli.together")(_ready(config), options.with_worker))
    return int(_doer("majlis.gateway.server")(_ready(config)))


def _worker(config: Config, options: argparse.Namespace, rest: list[str]) -> int:
    return int(_doer("majlis.cli.worker")(_ready(config)))


def _upgrade(config: Config, options: argparse.Namespace, rest: list[str]) -> int:
    from majlis.cli import upgrade
    from majlis.cli.database import reachable

    if options.dry_run or options.rehearse:
        _refuse_without_installation(config, "upgrade")
    with _stoppable(), reachable(_ready(config), "upgrade") as live:
        if options.dry_run:
            return upgrade.preview(live)
        if options.rehearse:
            from majlis.cli import rehearsal

            return rehearsal.rehearse(live)
        return upgrade.main(live)


def _refuse_without_installation(config: Config, command: str) -> None:
    from majlis.cli import moved

    moved.refuse(config)
    if not config.is_database_external and not (config.data / "postgres").exists():
        raise CommandError(f"There is no installation in {config.data}: nothing to {command} (MAJLIS_DATA?).")


def _doctor(config: Config, options: argparse.Namespace, rest: list[str]) -> int:
    from majlis.cli import doctor

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "majlis.settings")
    with _stoppable():
        return doctor.main(config, is_deep=options.deep, as_json=options.json)


def _backup(config: Config, options: argparse.Namespace, rest: list[str]) -> int:
    from majlis.cli import backup, database
    from majlis.cli.progress import counted, size

    _refuse_without_installation(config, "save")
    with _stoppable(), database.reachable(config, "backup") as live:
        made = backup.make(
            live, options.file, with_key=not options.without_key, with_files=not options.without_files
        )
    files = "without files" if made.files is None else f"with {counted(made.files, 'file')}"
    print(f"Saved to {made.path}: {size(made.bytes)}, {files}.")
    if made.has_key:
        print("The secret key is inside: whoever has this file can read everything. Keep it safe.")
    else:
        print(
            "The secret key is NOT inside: keep it elsewhere, for nothing encrypted can be read without it."
        )
    return DONE


def _restore(config: Config, options: argparse.Namespace, rest: list[str]) -> int:
    from majlis.cli import restore
    from majlis.cli.progress import counted

    with _stoppable():
        done = restore.restore(config, options.file, is_forced=options.force)
    files = "no files (they were not in it)" if done.files is None else counted(done.files, "file")
    print(f"Restored into {config.data}: the state of {done.made_at} (Majlis {done.version}), {files}.")
    if done.aside:
        print(f"What was there before is in {done.aside}.")
    if not done.has_key:
        print(f"The backup holds no secret key: put it in {config.secret_file}, or set MAJLIS_SECRET_KEY.")
    elif config.is_secret_from_environment:
        print("MAJLIS_SECRET_KEY is set and comes before the restored key: make sure they are the same.")
    with _stoppable():
        return restore.verify(load())


def _database(config: Config, options: argparse.Namespace, rest: list[str]) -> int:
    from majlis.cli import relocation
    from majlis.cli.keys import make_data_folder

    make_data_folder(config)
    with _stoppable():
        return relocation.move(config, options.to, is_dry=options.dry_run)


def _export(config: Config, options: argparse.Namespace, rest: list[str]) -> int:
    from majlis.cli import database
    from majlis.cli.moving import exporting

    if not config.is_database_external and not (config.data / "postgres").exists():
        raise CommandError(f"There is no installation in {config.data}: nothing to export (MAJLIS_DATA?).")
    with _stoppable(), database.reachable(config, "export") as live:
        if not database.has_tables(live.database):
            raise CommandError("The tables are not there yet: nothing to export.")
        done = exporting.export(live, options.folder, with_key=options.with_key)
    print("\n".join(exporting.summary(done)))
    return DONE


def _import(config: Config, options: argparse.Namespace, rest: list[str]) -> int:
    from contextlib import nullcontext

    from majlis.cli import database, lock
    from majlis.cli.moving import importing

    with _stoppable():
        done = None
        importing.refuse_running(config)
        if options.dry_run:
            done = importing.look(config, options.folder)
        if config.is_database_external or (options.dry_run and (config.data / "postgres").exists()):
            with database.reachable(config, "import") as live:
                importing.refuse_filled(live)
        if done is None:
            importing.take_key(config, options.folder, with_key=not options.without_key)
            ready = _ready(load())
            is_external = ready.is_database_external  # the embedded one is reached under the same lock
            with (
                lock.exclusive(ready.data, "import") if is_external else nullcontext(),
                database.reachable(ready, "import") as live,
            ):
                done = importing.import_(live, options.folder, with_key=not options.without_key)
    print("\n".join(importing.summary(done, is_dry_run=options.dry_run)))
    return DONE


def _import_mail(config: Config, options: argparse.Namespace, rest: list[str]) -> int:
    from majlis.cli.database import reachable

    with _stoppable(), reachable(_ready(config), "import-mail") as live:
        return int(_doer("majlis.intake.importing")(live, rest))


def _import_freescout(config: Config, options: argparse.Namespace, rest: list[str]) -> int:
    from majlis.cli.database import has_tables, reachable

    with _stoppable(), reachable(_ready(config), "import-freescout") as live:
        if not {"-h", "--help"} & set(rest) and not has_tables(live.database):
            raise CommandError("The tables are not there yet: start it once (majlis run).")
        return int(_doer("majlis.intake.freescout.command")(live, rest))


def _demo(config: Config, options: argparse.Namespace, rest: list[str]) -> int:
    from majlis.cli import demo
    from majlis.cli.database import has_tables, reachable

    if not 1 <= options.conversations <= 5000:
        raise CommandError("--conversations: from 1 to 5000.")
    if not config.is_database_external and not (config.data / "postgres").exists():
        raise demo.DemoError(f"There is no installation in {config.data}: start it first (majlis run).")
    with _stoppable(), reachable(_ready(config), "demo") as live:
        if not has_tables(live.database):
            raise demo.DemoError("The tables are not there yet: start it once (majlis run).")
        return demo.main(is_removal=options.remove, number=options.conversations, seed=options.seed)


def _bench(config: Config, options: argparse.Namespace, rest: list[str]) -> int:
    return int(_doer("majlis.cli.bench")(_ready(config), rest))


def _manage(config: Config, options: argparse.Namespace, rest: list[str]) -> int:
    from django.core.management import execute_from_command_line

    word = rest[0] if rest else ""
    _ready(config)
    words = ["majlis manage", *rest]
    if word in _WITHOUT_DATABASE or word.startswith("-") or "--help" in rest:
        execute_from_command_line(words)
        return DONE
    from majlis.cli import stamps
    from majlis.cli.database import reachable

    if word in ("migrate", "flush", "sqlflush"):
        stamps.forget_migrated(config)
    with _stoppable(), reachable(config, f"manage {word}"):
        execute_from_command_line(words)
    return DONE


_COMMANDS: dict[str | None, Callable[[Config, argparse.Namespace, list[str]], int]] = {
    None: _run,
    "run": _run,
    "web": _web,
    "worker": _worker,
    "upgrade": _upgrade,
    "doctor": _doctor,
    "backup": _backup,
    "restore": _restore,
    "database": _database,
    "export": _export,
    "import": _import,
    "import-mail": _import_mail,
    "import-freescout": _import_freescout,
    "demo": _demo,
    "bench": _bench,
    "manage": _manage,
}


def _ready(config: Config) -> Config:
    """What every command needs that loads Django's settings: the folder, the key, their name."""
    from majlis.cli.keys import ensure_secret, make_data_folder

    make_data_folder(config)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "majlis.settings")
    return ensure_secret(config)


def _doer(module: str) -> Callable[..., int]:
    """The function `main` of a module, imported only now: each command pays for itself alone."""
    doer: Callable[..., int] = import_module(module).main
    return doer


@contextmanager
def _stoppable() -> Iterator[None]:
    """SIGTERM ends the block as Ctrl-C does, so that a database started for it is stopped with care."""
    before = signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _complain(text: str) -> None:
    print(f"majlis: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
