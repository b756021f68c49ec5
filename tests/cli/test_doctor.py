"""Each of the commonest faults, made for real: the doctor names it, says what to do, and ends with 1."""

from __future__ import annotations

import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from majlis import config
from majlis.channels.actions.accept import accept
from majlis.channels.actions.keeping import remember_key, take_new_key
from majlis.channels.email import shown_certificates
from majlis.channels.models import Delivery, MailConnection, RawMessage
from majlis.channels.problems import pack
from majlis.channels.secrets import encrypt
from majlis.cli import certificates, doctor, lock
from majlis.cli.postgres import EmbeddedPostgres
from majlis.files import queries as files
from majlis.files.actions import store
from majlis.flow import pulse
from majlis.journal.models import Event
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)


class Told:
    """What the doctor said."""

    def __init__(self, status: int, lines: list[str]) -> None:
        self.status = status
        self.findings = [json.loads(line) for line in lines]

    def problems(self) -> list[str]:
        return [f"{found['check']}: {found['found']}" for found in self.findings if not found["ok"]]

    def one(self) -> dict[str, str]:
        """The only thing that is wrong."""
        (found,) = [found for found in self.findings if not found["ok"]]
        assert found["next"]
        assert self.status == 1
        return found  # type: ignore[no-any-return]


Asking = Callable[..., Told]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Asking:
    """The doctor over the tests' own database; a port that nobody has, unless said otherwise."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    monkeypatch.setenv("MAJLIS_PORT", str(port))
    monkeypatch.setenv("MAJLIS_LMTP_PORT", "0")
    remember_key()

    def asked(*, is_deep: bool = False, **settings: str) -> Told:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        lines: list[str] = []
        status = doctor.main(config.load(), is_deep=is_deep, as_json=True, say=lines.append)
        return Told(status, lines)

    return asked


@contextmanager
def running(*, is_working: bool = True) -> Iterator[None]:
    """A worker's session, and web pages that answer on the port of the settings."""
    with psycopg.connect(os.environ["MAJLIS_DATABASE_URL"], autocommit=True) as worker:
        if is_working:
            worker.execute("select pg_advisory_lock_shared(%s::bigint)", [pulse.WORKER_LOCK])
        with lock.exclusive(config.load().data, "run"), answering(int(os.environ["MAJLIS_PORT"])):
            yield


@contextmanager
def answering(port: int) -> Iterator[None]:
    with socket.create_server(("127.0.0.1", port)) as server:

        def answer() -> None:
            while True:
                try:
                    link, _ = server.accept()
                except OSError:
                    return
                with link:
                    link.recv(4096)
                    link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

        threading.Thread(target=answer, daemon=True).start()
        yield
        server.shutdown(socket.SHUT_RDWR)


def test_a_healthy_desk_is_told_to_be_in_order(ask: Asking) -> None:
    with running():
        told = ask(is_deep=True)

    assert told.problems() == []
    assert told.status == 0
    checks = {found["check"] for found in told.findings}
    assert checks >= {"disk", "database", "clock", "tables", "links between rows", "numbering", "counters"}
    assert checks >= {"search", "stored secrets", "files", "worker", "queue", "mailboxes", "certificates"}


def test_all_is_well_without_anything_running_and_the_status_is_0(ask: Asking) -> None:
    told = ask()

    assert told.problems() == []
    assert told.status == 0


def test_a_port_that_is_taken_is_named_with_who_has_it(ask: Asking) -> None:
    with answering(int(os.environ["MAJLIS_PORT"])):
        found = ask().one()

    assert found["check"] == "web"
    assert (
        f"is already used by {Path('/proc/self/comm').read_text().strip()} (process {os.getpid()})"
        in found["next"]
    )
    assert "MAJLIS_PORT" in found["next"]


def test_a_full_disk_is_named(ask: Asking, tmp_path: Path) -> None:
    script = (
        'mount -t tmpfs -o size=1m tmpfs "$MAJLIS_DATA/files" && exec "$0" -m majlis.cli.main doctor --json'
    )
    (Path(os.environ["MAJLIS_DATA"]) / "files").mkdir(exist_ok=True)

    done = subprocess.run(
        ["unshare", "-Urm", "sh", "-c", script, sys.executable],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    found = Told(done.returncode, done.stdout.splitlines()).one()
    assert found["check"] == "disk"
    assert "the disk of files is full: nothing can be kept, so mail is refused" in found["found"]
    assert "move MAJLIS_DATA to a larger one" in found["next"]


def test_a_database_that_cannot_be_reached_is_explained(ask: Asking, folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    refusing = ask(MAJLIS_DATABASE_URL=f"postgresql://majlis@127.0.0.1:{port}/majlis").one()
    assert "nothing listens there" in refusing["found"]
    assert "systemctl start postgresql" in refusing["next"]

    settings = {"fsync": "off", "listen_addresses": "127.0.0.1", "port": str(port), "max_connections": "5"}
    server = EmbeddedPostgres(folder, settings=settings)
    server.prepare()
    (server.cluster / "pg_hba.conf").write_text("local all all trust\nhost all all all scram-sha-256\n")
    try:
        server.start()
        inside = f"postgresql://majlis@/majlis?host={server.database.host}&port={port}"
        with psycopg.connect(inside, autocommit=True) as session:
            session.execute("alter role majlis password 'right'")
            session.execute("create role agent login password 'right'")
        wrong = ask(MAJLIS_DATABASE_URL=f"postgresql://majlis:wrong@127.0.0.1:{port}/majlis").one()
        assert "does not accept the name or the password" in wrong["found"]
        assert "MAJLIS_DATABASE_URL" in wrong["next"]

        crowd = [psycopg.connect(inside) for _ in range(5)]
        full = ask(MAJLIS_DATABASE_URL=f"postgresql://agent:right@127.0.0.1:{port}/majlis").one()
        assert "all of its connections are taken" in full["found"]
        for session in crowd:
            session.close()
    finally:
        server.stop()


def mailbox(**values: object) -> MailConnection:
    return MailConnection.objects.create(
        mailbox=cast.support(), in_host="127.0.0.1", in_security="none", **values
    )


def test_a_stale_mailbox_is_named_with_its_reason_in_words(ask: Asking) -> None:
    before = timezone.now() - timedelta(hours=5)
    mailbox(checked_at=before, watched_at=before, problem=pack("login"))
    with running():
        (line,) = [line for line in ask().problems() if line.startswith("mailbox ")]

    assert "last fetched 5 hours ago: The server did not accept the user name or the password." in line


def test_a_dead_worker_is_named_though_the_pages_answer(ask: Asking) -> None:
    with running(is_working=False):
        assert not pulse.is_worker_there()
        found = [found for found in ask().findings if found["check"] == "worker"]

    assert not found[0]["ok"]
    assert "no mail is fetched, taken in or sent" in found[0]["found"]
    assert "majlis worker" in found[0]["next"]


def test_queues_that_grow_are_named_with_their_age(ask: Asking) -> None:
    box = cast.support()
    long_ago = timezone.now() - timedelta(hours=3)
    accept(box.pk, cast.letter("أين طلبي؟"), route="lmtp", envelope_from=cast.LAYLA)
    RawMessage.objects.update(received_at=long_ago)
    Delivery.objects.create(message_id="<a@b>", due_at=long_ago, created_at=long_ago, letter={})
    Event.objects.create(kind="conversation.closed", at=long_ago)
    with running():
        lines = [line for line in ask().problems() if line.startswith("queue")]

    assert [line.split(";")[0] for line in lines] == [
        "queue: mail that came in piles up: 1 waiting, the oldest for 3 hours",
        "queue: mail to be sent piles up: 1 waiting, the oldest for 3 hours",
        "queue: events to be reacted to piles up: 1 waiting, the oldest for 3 hours",
    ]


def test_a_long_import_that_moves_is_no_fault() -> None:
    box = cast.support()
    for text in ("first", "second"):
        accept(box.pk, cast.letter(text), route="import", envelope_from=None)
    RawMessage.objects.update(received_at=timezone.now() - timedelta(hours=3))
    assert [queue.is_stuck for queue in pulse.queues()] == [True, False, False]

    RawMessage.objects.filter(pk=RawMessage.objects.earliest("pk").pk).update(taken_in_at=timezone.now())

    assert [queue.is_stuck for queue in pulse.queues()] == [False, False, False]


def test_a_changed_key_is_named_with_the_mailboxes_it_cannot_read(ask: Asking) -> None:
    mailbox(in_password=encrypt("كلمة السر"))
    assert ask().status == 0

    found = ask(MAJLIS_SECRET_KEY="another key, which nobody has seen before").one()

    assert found["check"] == "stored secrets"
    assert "not the one that this database was made with" in found["found"]
    assert cast.support().address in found["found"]
    assert "Put the old key back" in found["next"]
    assert "majlis manage take_new_key" in found["next"]


def test_a_new_key_that_was_taken_is_right_and_only_the_passwords_are_named(ask: Asking) -> None:
    mailbox(in_password="gAAAAA-of-another-key")
    take_new_key()

    assert "Enter them again" in ask().one()["next"]


def test_a_missing_file_is_named_and_other_bytes_when_all_are_read(ask: Asking) -> None:
    kept, other = store(b"a letter"), store(b"another one")
    files.path(kept).unlink()
    files.path(other).write_bytes(b"ANOTHER ONE")

    found = ask().one()
    assert found["check"] == "files"
    assert f"1 of 2 are not right: {kept.digest[:2]}/{kept.digest[2:10]}… is missing" in found["found"]
    assert "from a backup" in found["next"]

    assert "2 of 2 are not right" in ask(is_deep=True).one()["found"]


def test_a_clock_that_is_behind_is_known_by_what_comes_from_the_future(ask: Asking) -> None:
    Event.objects.create(kind="conversation.closed", at=timezone.now() + timedelta(days=2))

    found = ask().one()

    assert found["check"] == "clock"
    assert "the newest event is of" in found["found"]
    assert "NTP" in found["next"]


def test_rows_that_do_not_hang_together_are_named(ask: Asking) -> None:
    cast.arrive(cast.letter("أين طلبي؟"))
    Event.objects.update(reacted_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("update conversations_counter set number = 7")
        cursor.execute("delete from conversations_entrywords")
        cursor.execute(
            "set session_replication_role = replica"
        )  # as a damaged disk would: nothing is checked
        cursor.execute("update conversations_messageid set entry_id = 4000000000000")
        cursor.execute("set session_replication_role = origin")
    Event.objects.create(
        pk=4_000_000_000_000, kind="conversation.closed", at=timezone.now(), reacted_at=timezone.now()
    )

    told = ask(is_deep=True)

    assert told.problems() == [
        "links between rows: lead nowhere: conversations_messageid.entry_id (1 row)",
        "numbering: would give numbers again: journal_event.id",
        "counters: 1 of the folders' counters differ from the conversations",
        "search: 1 messages and notes cannot be found by words",
    ]


@contextmanager
def showing(folder: Path, *, days: int) -> Iterator[int]:
    """A server with a certificate that is good until `days` from now; its port."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=100))
        .not_valid_after(now + timedelta(days=days, hours=1))
        .sign(key, hashes.SHA256())
    )
    file = folder / f"certificate-{days}"
    pem = serialization.Encoding.PEM
    file.write_bytes(
        made.public_bytes(pem)
        + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    link, _ = server.accept()
                    with context.wrap_socket(link, server_side=True):
                        pass
                except ssl.SSLError:
                    continue
                except OSError:
                    return

        threading.Thread(target=answer, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


def test_certificates_that_are_over_or_soon_will_be_are_named(ask: Asking, tmp_path: Path) -> None:
    with (
        showing(tmp_path, days=-3) as over,
        showing(tmp_path, days=6) as soon,
        showing(tmp_path, days=60) as good,
    ):
        MailConnection.objects.create(
            mailbox=cast.support(),
            in_host="127.0.0.1",
            in_port=soon,
            in_security="tls",
            smtp_host="127.0.0.1",
            smtp_port=good,
            smtp_security="tls",
        )
        told = ask(MAJLIS_URL=f"https://localhost:{over}")

    lines = told.problems()
    assert len(lines) == 2
    assert any(line.startswith(f"certificate of localhost:{over}: expired on ") for line in lines)
    assert any(
        f"certificate of 127.0.0.1:{soon}: expires on " in line and "in 6 days" in line for line in lines
    )
    assert "1 certificate good" in next(f["found"] for f in told.findings if f["check"] == "certificates")


def test_a_server_that_says_nothing_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown_certificates, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        doors = [
            certificates.Door("127.0.0.1", silent.getsockname()[1], speech, "silent")
            for speech in ("tls", "imap", "smtp")
        ]
        began = time.monotonic()
        found = [list(certificates.findings([door])) for door in doors]

    assert time.monotonic() - began < 3
    assert all("1 could not be asked" in one.found for (one,) in found)


def test_people_read_lines_with_the_next_step_below(ask: Asking) -> None:
    Event.objects.create(kind="conversation.closed", at=timezone.now() + timedelta(days=2))
    said: list[str] = []

    doctor.main(config.load(), say=said.append)

    (at,) = [number for number, line in enumerate(said) if line.startswith("PROBLEM clock: ")]
    assert said[at + 1].startswith("        → Set it")
    assert said[-1] == "1 to put right."
