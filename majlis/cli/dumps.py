"""pg_dump and pg_restore: which of them fits the server, and running it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from majlis.cli import database
from majlis.cli.errors import CommandError
from majlis.cli.postgres import PostgresError, programs
from majlis.config import Config, DatabaseConfig


class DumpError(CommandError):
    """The database could not be dumped or restored; the message says why."""


def dump(config: Config, to: Path, *, while_waiting: Callable[[], None]) -> int:
    """Write the whole database to `to` in pg_dump's custom format; the server's major version.

    Raises DumpError.
    """
    major = server_major(config.database)
    argv = [_program("pg_dump", config, major), "-Fc", "--no-owner", "--no-acl", f"--file={to}"]
    _run([*argv, *_target(config.database)], config.database, while_waiting)
    return major


def restore(config: Config, dumped: Path, *, while_waiting: Callable[[], None]) -> None:
    """Fill the empty database from `dumped`, all or nothing. Raises DumpError."""
    program = _program("pg_restore", config, server_major(config.database))
    argv = [program, "--no-owner", "--no-acl", "--single-transaction", "--exit-on-error"]
    _run([*argv, *_target(config.database), str(dumped)], config.database, while_waiting)


def server_major(target: DatabaseConfig) -> int:
    """PostgreSQL's major version."""
    return int(str(database.ask(target, "show server_version_num"))) // 10000


def _program(name: str, config: Config, major: int) -> str:
    """The wheel's program, or the one on PATH where that cannot do: a newer server, or one that wants TLS."""
    wants_tls = config.database.options.get("sslmode", "") in ("require", "verify-ca", "verify-full")
    found = []
    if not (config.is_database_external and wants_tls):
        try:
            found.append(str(programs() / name))
        except PostgresError:
            if not config.is_database_external:
                raise
    on_path = shutil.which(name)
    if config.is_database_external and on_path:
        found.append(on_path)
    for program in found:
        version = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
        match = re.search(r"(\d+)", version)
        if match and int(match[1]) >= major:
            return program
    raise DumpError(
        f"The database is PostgreSQL {major}{' over TLS' if wants_tls else ''}, and there is no {name} of "
        f"that version or newer on the PATH: install PostgreSQL's client programs."
    )


def _target(target: DatabaseConfig) -> list[str]:
    from psycopg.conninfo import make_conninfo

    parameters = {key: value for key, value in target.parameters().items() if key != "password"}
    return [f"--dbname={make_conninfo(**parameters)}"]


def _run(argv: list[str], target: DatabaseConfig, while_waiting: Callable[[], None]) -> None:
    env = {**os.environ, "PGPASSWORD": target.password} if target.password else dict(os.environ)
    name = Path(argv[0]).name
    if shutil.which("setpriv"):  # what was started for us ends with us, also by a kill
        argv = ["setpriv", "--pdeathsig", "KILL", *argv]
    with subprocess.Popen(
        argv, env=env, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            said = _listen(process, while_waiting)
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        words = [line for line in said.splitlines() if line.strip()] or ["it said nothing"]
        raise DumpError(f"{name} failed: {words[0]}")


def _listen(process: subprocess.Popen[str], while_waiting: Callable[[], None]) -> str:
    while True:
        try:
            return process.communicate(timeout=0.5)[1]
        except subprocess.TimeoutExpired:
            while_waiting()
