"""`majlis run` with small stand-ins for web, worker and migrations: real processes all."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from majlis import config
from majlis.cli import keys, supervisor


def run() -> int:
    settings = config.load()
    keys.make_data_folder(settings)
    mine = (sys.executable, __file__)
    return supervisor.run(
        keys.ensure_secret(settings),
        commands=supervisor.Commands(
            web=(*mine, "web"),
            worker=(*mine, "worker"),
            upgrade=(*mine, "upgrade"),
            first_run_link=(*mine, "link"),
            both=(*mine, "both") if os.environ.get("MAJLIS_TEST_BOTH") else (),
        ),
    )


def web() -> int:
    settings = config.load()
    with socket.create_server((settings.bind, settings.port)) as listening:
        while True:
            link, _ = listening.accept()
            with link:
                answer = b"200 OK" if link.recv(4096).startswith(b"GET /health ") else b"404 Not Found"
                link.sendall(b"HTTP/1.1 " + answer + b"\r\nContent-Length: 0\r\n\r\n")


def worker() -> int:
    if os.environ.get("MAJLIS_TEST_WORKER") == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        subprocess.Popen(["sleep", "600"], start_new_session=True)
    while True:
        signal.pause()


def upgrade() -> int:
    import psycopg

    settings = config.load()
    with (settings.data / "upgrades").open("a") as log:
        log.write("once\n")
    if os.environ.get("MAJLIS_TEST_UPGRADE") == "fails":
        return 1
    with psycopg.connect(**settings.database.parameters()) as connection:  # type: ignore[arg-type]
        connection.execute("create table if not exists kept (line text)")
    return 0


def both() -> int:
    return 1  # before it has told the worker's number


def link() -> int:
    if not Path(config.load().data, "owner").exists():
        sys.stdout.write("http://localhost/first/secret\n")
    return 0


if __name__ == "__main__":
    sys.exit(
        {"run": run, "web": web, "worker": worker, "upgrade": upgrade, "link": link, "both": both}[
            sys.argv[1]
        ]()
    )
