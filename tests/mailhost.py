"""A company's mail host for tests: a real Dovecot (IMAP, POP3, LMTP) and a real Exim (SMTP), on this machine only.

Both run from one private folder on free ports, as an ordinary user or as root (who becomes the user `dovecot`).
Every domain that has a user is local; other domains are unroutable unless `route` names an LMTP port for them.
"""

from __future__ import annotations

import grp
import imaplib
import os
import pwd
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from tests.folders import new_folder
from tests.mailhost_config import DOVECOT, EXIM
from tests.ports import free_ports

_STARTS_WITHIN_SECONDS = 10
_PORTS = {"imap": ("imap", "lmtp", "pop3"), "smtp": ("smtp",)}  # those where the server speaks first
_PROGRAM_FOLDERS = "/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin"


@dataclass(slots=True)
class MailHost:
    """The two servers and the folder they live in; a context manager. `certificate`: (it, its key) in PEM."""

    certificate: tuple[bytes, bytes] | None = None
    folder: Path = field(init=False)
    ports: dict[str, int] = field(init=False)
    _running: dict[str, subprocess.Popen[bytes]] = field(init=False, default_factory=dict)
    _passwords: dict[str, str] = field(init=False, default_factory=dict)
    _routes: dict[str, int] = field(init=False, default_factory=dict)
    _refusals: dict[str, str] = field(init=False, default_factory=dict)
    _user: pwd.struct_passwd = field(init=False)

    # -- coming and going

    def __enter__(self) -> Self:
        # The servers' sockets lie in it, and the path of a socket must be short.
        self.folder = new_folder("majlis-mail-")
        self._user = pwd.getpwnam("dovecot") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        try:
            self._prepare()
            self.start_imap()
            self.start_smtp()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def _close(self) -> None:
        self.stop_smtp()
        self.stop_imap()
        shutil.rmtree(self.folder, ignore_errors=True)

    # -- where it is

    host = "127.0.0.1"

    @property
    def imap_port(self) -> int:
        """IMAP in the clear, with STARTTLS."""
        return self.ports["imap"]

    @property
    def imaps_port(self) -> int:
        """IMAP over TLS."""
        return self.ports["imaps"]

    @property
    def pop3_port(self) -> int:
        """POP3 in the clear, with STLS."""
        return self.ports["pop3"]

    @property
    def pop3s_port(self) -> int:
        """POP3 over TLS."""
        return self.ports["pop3s"]

    @property
    def smtp_port(self) -> int:
        """SMTP with STARTTLS; signing in only after it."""
        return self.ports["smtp"]

    @property
    def smtps_port(self) -> int:
        """SMTP over TLS."""
        return self.ports["smtps"]

    @property
    def lmtp_port(self) -> int:
        """Dovecot's door for mail that has arrived."""
        return self.ports["lmtp"]

    @property
    def ca_file(self) -> Path:
        """The certificate to trust, good for `localhost` and 127.0.0.1."""
        return self.folder / "cert.pem"

    def tls(self) -> ssl.SSLContext:
        """A context that trusts this host alone."""
        return ssl.create_default_context(cafile=str(self.ca_file))

    # -- who has a mailbox here, and what becomes of mail to others

    def add_user(self, address: str, password: str) -> None:
        """Give `address` a mailbox, or a new password if it has one. Its domain becomes local."""
        if ":" in password or any(letter.isspace() for letter in password):
            raise ValueError("a password here holds no colon and no blanks")
        name = address.lower()
        if self._passwords.get(name) == password:
            return
        self._passwords[name] = password
        self._write_tables()
        # Dovecot looks at a user's file once a second at most: go on when it knows the new password.
        deadline = time.monotonic() + 5
        while "imap" in self._running and not self._lets_in(name, password):
            if time.monotonic() > deadline:
                raise RuntimeError(f"Dovecot does not know {name}\n{self.log()}")
            time.sleep(0.02)

    def route(self, domain: str, lmtp_port: int) -> None:
        """Hand all mail for `domain` to another LMTP server on this machine."""
        self._routes[domain.lower()] = lmtp_port
        self._write_tables()

    def refuse(self, address: str, *, reply: str) -> None:
        """Answer this recipient with `reply`, as "550 5.1.1 no such person" or "451 4.3.0 come back later"."""
        self._refusals[address.lower()] = reply
        self._write_tables()

    # -- mail

    def deliver(self, to: str, raw: bytes, *, sender: str = "") -> None:
        """Put a mail straight into a mailbox by LMTP. Raises smtplib.SMTPRecipientsRefused for nobody's address."""
        with smtplib.LMTP(self.host, self.lmtp_port, local_hostname="test.majlis.test") as door:
            door.sendmail(sender, [to], raw)

    def submit(self, user: str, password: str, raw: bytes, sender: str, recipients: Sequence[str]) -> None:
        """Send a mail as somebody who signs in, over STARTTLS."""
        with smtplib.SMTP(
            "localhost", self.smtp_port, local_hostname="test.majlis.test", timeout=20
        ) as session:
            session.starttls(context=self.tls())
            session.login(user, password)
            session.sendmail(sender, list(recipients), raw)

    def messages(self, address: str, *, mailbox: str = "INBOX") -> list[bytes]:
        """Every mail that lies in a mailbox, in the order of arrival."""
        maildir = self._maildir(address, mailbox)
        found = [path for name in ("new", "cur") for path in (maildir / name).glob("*")]
        return [
            path.read_bytes() for path in sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name))
        ]

    def wait_for(
        self, address: str, count: int, *, timeout: float = 10, mailbox: str = "INBOX"
    ) -> list[bytes]:
        """The mails of a mailbox once there are at least `count`; AssertionError after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while True:
            found = self.messages(address, mailbox=mailbox)
            if len(found) >= count:
                return found
            if time.monotonic() > deadline:
                raise AssertionError(
                    f"{address}: {len(found)} of {count} mails came in {timeout} s\n{self.log()}"
                )
            time.sleep(0.02)

    def forget_uids(self, address: str) -> None:
        """Give a mailbox a new UIDVALIDITY, as after a restore from backup. Sessions must be closed."""
        home = self.folder / "mail" / address.lower()
        for path in [*home.glob("dovecot-uidlist"), *home.glob("dovecot.index*")]:
            path.unlink()

    def number_anew(self, address: str, *, uidvalidity: int, mailbox: str = "INBOX") -> None:
        """Number a mailbox from 1 under this UIDVALIDITY, as another server might. Sessions must be closed."""
        maildir = self._maildir(address, mailbox)
        for index in maildir.glob("dovecot.index*"):
            index.unlink()
        path = maildir / "dovecot-uidlist"
        path.write_text(f"3 V{uidvalidity} N1 G{uuid.uuid4().hex}\n")
        if os.geteuid() == 0:
            os.chown(path, self._user.pw_uid, self._user.pw_gid)

    def log(self) -> str:
        """What both servers wrote, for a failing test to show."""
        return "\n".join(
            f"-- {path.name}\n{path.read_text(errors='replace')}"
            for path in sorted(self.folder.glob("*.log"))
        )

    # -- trouble to order

    def pause_smtp(self) -> None:
        """Exim takes connections and says nothing, until `resume_smtp`."""
        os.killpg(self._running["smtp"].pid, signal.SIGSTOP)

    def resume_smtp(self) -> None:
        """Exim goes on."""
        os.killpg(self._running["smtp"].pid, signal.SIGCONT)

    def stop_smtp(self) -> None:
        """Exim is gone: connections are refused. Its queue stays."""
        self._stop("smtp")

    def start_smtp(self) -> None:
        """Exim is there (again), on the same ports."""
        command = [_program("exim4", "exim"), "-C", str(self.folder / "exim.conf"), "-bdf", "-q2s"]
        self._start("smtp", command)

    def pause_imap(self) -> None:
        """Dovecot takes connections and says nothing, until `resume_imap`."""
        os.killpg(self._running["imap"].pid, signal.SIGSTOP)

    def resume_imap(self) -> None:
        """Dovecot goes on."""
        os.killpg(self._running["imap"].pid, signal.SIGCONT)

    def stop_imap(self) -> None:
        """Dovecot is gone, with every session. Its mail stays."""
        self._stop("imap")

    def start_imap(self) -> None:
        """Dovecot is there (again), on the same ports."""
        command = [_program("dovecot"), "-F", "-c", str(self.folder / "dovecot.conf")]
        self._start("imap", command)

    def queued(self) -> list[str]:
        """What Exim still has to deliver: each mail by its id, with the last that the log says of it."""
        waiting = [path.name.removesuffix("-H") for path in (self.folder / "spool" / "input").rglob("*-H")]
        log = self.folder / "exim-main.log"
        lines = log.read_text(errors="replace").splitlines() if waiting and log.exists() else []
        return [
            f"{name} in Exim's queue: " + " | ".join([line for line in lines if name in line][-3:])
            for name in waiting
        ]

    # -- how

    def _prepare(self) -> None:
        doors = ("imap", "imaps", "pop3", "pop3s", "lmtp", "smtp", "smtps")
        self.ports = dict(zip(doors, free_ports(len(doors)), strict=True))
        for name in ("run", "state", "mail", "spool", "users"):
            (self.folder / name).mkdir()
        self._certify()
        words = {
            "T": str(self.folder),
            "USER": self._user.pw_name,
            "GROUP": grp.getgrgid(self._user.pw_gid).gr_name,
            "UID": str(self._user.pw_uid),
            "GID": str(self._user.pw_gid),
            **{f"PORT_{name.upper()}": str(port) for name, port in self.ports.items()},
        }
        for name, text in (("dovecot.conf", DOVECOT), ("exim.conf", EXIM)):
            for word, value in words.items():
                text = text.replace(f"@{word}@", value)
            (self.folder / name).write_text(text)
        self._write_tables()
        if os.geteuid() == 0:
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, self._user.pw_uid, self._user.pw_gid)

    def _certify(self) -> None:
        if self.certificate is not None:
            for name, pem in zip(("cert.pem", "key.pem"), self.certificate, strict=True):
                (self.folder / name).write_bytes(pem)
            return
        names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "60"]
        files = ["-keyout", str(self.folder / "key.pem"), "-out", str(self.folder / "cert.pem")]
        subprocess.run(
            ["openssl", "req", "-x509", *key, *names, *files], check=True, capture_output=True, timeout=30
        )

    def _write_tables(self) -> None:
        domains = {address.partition("@")[2] for address in self._passwords}
        for name, word in self._passwords.items():
            self._write(f"users/{name}", [f"{name}:{{PLAIN}}{word}"])
        self._write("smtp-users", [f"{name}: {word}" for name, word in self._passwords.items()])
        self._write("domains", [f"{domain}: here" for domain in sorted({"majlis.test", *domains})])
        self._write("routes", [f"{domain}: {port}" for domain, port in self._routes.items()])
        self._write("refusals", [f"{name}: {reply}" for name, reply in self._refusals.items()])

    def _write(self, name: str, lines: list[str]) -> None:
        """Whole or not at all: the servers read these tables at any moment."""
        text = "".join(f"{line}\n" for line in lines)
        path = self.folder / name
        if path.exists() and path.read_text() == text:
            return
        aside = self.folder / ".aside"
        aside.write_text(text)
        aside.chmod(0o644)
        aside.replace(path)

    def _maildir(self, address: str, mailbox: str) -> Path:
        home = self.folder / "mail" / address.lower()
        return home if mailbox == "INBOX" else home / f".{mailbox}"

    def _lets_in(self, name: str, password: str) -> bool:
        with imaplib.IMAP4(self.host, self.imap_port, timeout=5) as session:
            told = f"\0{name}\0{password}".encode()
            try:
                return session.authenticate("PLAIN", lambda _: told)[0] == "OK"
            except session.error:
                return False

    def _start(self, name: Literal["imap", "smtp"], command: list[str]) -> None:
        if os.geteuid() == 0:
            ids = ["--reuid", str(self._user.pw_uid), "--regid", str(self._user.pw_gid), "--clear-groups"]
            command = ["setpriv", *ids, *command]
        with (self.folder / f"{name}-start.log").open("ab") as output:
            server = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # stopped, paused and continued as a group
                cwd=self.folder,
            )
        self._running[name] = server
        deadline = time.monotonic() + _STARTS_WITHIN_SECONDS
        while not all(_greets(self.ports[port]) for port in _PORTS[name]):
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command} did not start\n{self.log()}")
            time.sleep(0.01)

    def _stop(self, name: Literal["imap", "smtp"]) -> None:
        """Dovecot takes a second to end in order and leaves sessions behind: the group is ended instead."""
        server = self._running.pop(name, None)
        if server is None:
            return
        for kind in (signal.SIGCONT, signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(server.pid, kind)
            if kind is signal.SIGTERM:
                with suppress(subprocess.TimeoutExpired):
                    server.wait(0.3)
        server.wait(5)
        deadline = time.monotonic() + 5
        while any(_greets(self.ports[port]) for port in _PORTS[name]) and time.monotonic() < deadline:
            time.sleep(0.01)


def _program(*names: str) -> str:
    for name in names:
        found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:{_PROGRAM_FOLDERS}")
        if found:
            return found
    raise RuntimeError(f"{names[0]} is not installed; `make test` says what the tests need")


def _greets(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            return bool(connection.recv(1))
    except OSError:
        return False
