"""A started Majlis for tests: `majlis run` as its users run it, in a folder and on ports of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

from psycopg.conninfo import make_conninfo

from majlis import config
from tests.polling import until
from tests.ports import free_ports

_STARTS_WITHIN_SECONDS = 60
_ADDRESS = re.compile(r"https?://[^\s\"'<>\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class Desk:
    """One running Majlis. `data` is its folder, `lmtp_port` its door for mail."""

    url: str
    data: Path
    lmtp_port: int
    process: subprocess.Popen[bytes]
    log_file: Path

    @classmethod
    def start(cls, data: Path, **environment: str) -> Desk:
        """Start one with its data in `data` and wait until it answers; further settings as keywords.

        Raises AssertionError with its output when it ends or does not answer within a minute.
        """
        port, lmtp_port = free_ports(2)
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        log_file = data.with_name(f"{data.name}.log")
        settings = {
            "MAJLIS_DATA": str(data),
            "MAJLIS_PORT": str(port),
            "MAJLIS_URL": f"http://localhost:{port}",
            "MAJLIS_LMTP_PORT": str(lmtp_port),
            "PYTHONUNBUFFERED": "1",
        }
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("MAJLIS_")}
        with log_file.open("wb") as output:
            process = subprocess.Popen(
                [str(Path(sys.executable).with_name("majlis")), "run"],
                env={**inherited, **settings, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        desk = cls(environment.get("MAJLIS_URL", settings["MAJLIS_URL"]), data, lmtp_port, process, log_file)
        try:
            until(
                lambda: process.poll() is not None or (_ADDRESS.search(desk.log) and desk.answers()),
                "an answer of `majlis run`",
                timeout=_STARTS_WITHIN_SECONDS,
            )
            assert process.poll() is None, f"`majlis run` ended with {process.returncode}"
        except AssertionError as error:
            desk.stop()
            raise AssertionError(f"{error}\n{desk.log}") from None
        return desk

    @property
    def log(self) -> str:
        """Everything it printed so far."""
        return self.log_file.read_text(errors="replace")

    @property
    def port(self) -> int:
        """Where its web server listens."""
        return urlsplit(self.url).port or 80

    @property
    def first_run_link(self) -> str:
        """The link it printed for making the first account: the longest address in its output."""

        def longest() -> str:
            own = [link.rstrip(".,،") for link in _ADDRESS.findall(self.log) if link.startswith(self.url)]
            return max((link for link in own if urlsplit(link).path.strip("/")), key=len, default="")

        return until(longest, "the link for the first account")

    @property
    def dsn(self) -> str:
        """How psycopg reaches its database."""
        return make_conninfo(**config.load({"MAJLIS_DATA": str(self.data)}).database.parameters())

    def answers(self) -> bool:
        """Whether its web server answers, be it with an error page."""
        try:
            urlopen(self.url, timeout=10).close()
        except HTTPError as error:
            error.close()
        except OSError:
            return False
        return True

    def stop(self) -> int:
        """End it in order, as Ctrl-C or a service manager does; its exit code. Harder after 30 s."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(self.process.pid, signal.SIGKILL)
        return self.process.wait(10)
