"""A MariaDB for tests: a private folder, a free port on this machine only, gone with the tests."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pymysql

from tests.folders import new_folder
from tests.ports import free_ports

PASSWORD = "reads: all@of it"
_STARTS_WITHIN_SECONDS = 20
_SMALL = (
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-flush-method=nosync",
    "--sync-frm=OFF",
    "--innodb-buffer-pool-size=16M",
    "--innodb-log-file-size=8M",
)
_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])


@dataclass(slots=True)
class MariaDB:
    """The server; a context manager. Its user `reader` signs in with PASSWORD and may only read."""

    folder: Path = field(init=False)
    port: int = field(init=False)
    _link: pymysql.Connection[Any] = field(init=False)
    _running: subprocess.Popen[bytes] = field(init=False)

    def __enter__(self) -> Self:
        self.folder = new_folder("majlis-mdb-")
        (self.port,) = free_ports(1)
        as_user: list[str] = []
        if os.geteuid() == 0:  # it refuses to run as root
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            as_user = ["--user=nobody"]
        try:
            self._start(as_user)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._link.close()
        self._running.kill()  # nothing here is worth an orderly end
        self._running.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def ask(self, database: str, *statements: str, rows: list[tuple[Any, ...]] | None = None) -> None:
        """Carry out statements as its administrator; with `rows` each statement once for each row."""
        with self._link.cursor() as cursor:
            if database:
                cursor.execute(f"use {database}")
            for statement in statements:
                if rows is None:
                    cursor.execute(statement)
                else:
                    cursor.executemany(statement, rows)

    def url(self, database: str) -> str:
        """Where a database of it is, without the password."""
        return f"mysql://reader@127.0.0.1:{self.port}/{database}"

    def _start(self, as_user: list[str]) -> None:
        data = f"--datadir={self.folder / 'data'}"
        program = shutil.which("mariadbd", path=_PATH) or "mariadbd"
        share = Path(program).resolve().parents[1] / "share" / "mysql"
        script = [
            "create database mysql;\nuse mysql;\nset @auth_root_socket = null, @skip_auth_anonymous = 1;\n"
        ]
        script += [
            (share / f"{name}.sql").read_text()
            for name in ("mysql_system_tables", "mysql_system_tables_data")
        ]
        (self.folder / "data").mkdir()
        if as_user:
            shutil.chown(self.folder / "data", "nobody")
        made = subprocess.run(
            [program, "--no-defaults", data, *as_user, "--bootstrap", *_SMALL],
            input="".join(script), check=False, capture_output=True, text=True,
        )  # fmt: skip
        if made.returncode:
            raise RuntimeError(made.stderr[-3000:])
        with (self.folder / "log").open("wb") as log:
            self._running = subprocess.Popen(
                [program, "--no-defaults", data, *as_user, f"--port={self.port}", "--bind-address=127.0.0.1",
                 f"--socket={self.folder / 's'}", f"--pid-file={self.folder / 'pid'}", "--skip-name-resolve", *_SMALL],
                stdout=log, stderr=log,
            )  # fmt: skip
        deadline = time.monotonic() + _STARTS_WITHIN_SECONDS
        while True:
            with suppress(OSError), closing(socket.socket(socket.AF_UNIX)) as knock:
                knock.connect(str(self.folder / "s"))
                quoted = PASSWORD.replace("'", "''")
                self._link = pymysql.connect(
                    unix_socket=str(self.folder / "s"), user="root", charset="utf8mb4", autocommit=True
                )
                self.ask("", f"grant select on *.* to reader@'%' identified by '{quoted}'")
                return
            if time.monotonic() > deadline or self._running.poll() is not None:
                raise RuntimeError((self.folder / "log").read_text(errors="replace")[-3000:])
            time.sleep(0.05)
