"""From a mail server's connection to journal and reactions: CPU a mail, and mails a second."""

from __future__ import annotations

import socket
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO

from majlis.cli.benches.clocks import Stopwatch
from majlis.cli.benches.figures import Figure
from majlis.cli.benches.mails import Letter, letters
from majlis.cli.benches.measuring import Run
from majlis.cli.benches.place import MAJLIS, BenchError, is_listening, place

CONNECTIONS = 8
FULL = 10_000
_WARM_UP = 100


def run(measured: Run) -> list[Figure]:
    """ingest.cpu_ms and ingest.per_second."""
    with place(measured.folder, "ingest") as at:
        at.start_database()
        to = at.stage("company")["address"]
        worker = at.spawn("worker", (*MAJLIS, "worker"))
        port = at.config.lmtp_port
        at.wait(lambda: is_listening(port), "an answer of the mail listener")
        number = measured.count(FULL, least=10)
        first = letters(min(_WARM_UP, number), to=to, seed=1, mark="w")
        batch = letters(number, to=to)
        with at.connect() as asking:

            def settled(expected: int) -> bool:
                row = asking.execute(
                    "select (select count(*) from channels_rawmessage) = %s"
                    " and not exists (select from channels_rawmessage"
                    "   where taken_in_at is null and quarantined_at is null)"
                    " and not exists (select from journal_event where reacted_at is null)",
                    [expected],
                ).fetchone()
                return bool(row and row[0])

            send(port, first, to=to)
            at.wait(lambda: settled(len(first)), "the first mails")
            assert at.server is not None
            assert at.server.child is not None
            measured.pace()
            watch = Stopwatch(
                {"worker": [worker.pid], "postgresql": [at.server.child.pid]},
                left_out=[asking.info.backend_pid],
            )
            send(port, batch, to=to)
            at.wait(lambda: settled(len(first) + number), "all mails", seconds=60 + number)
            used = watch.stop()
            measured.pace()
            entries = asking.execute("select count(*) from conversations_entry").fetchone()
        if entries != (len(first) + number,):
            raise BenchError(f"{len(first) + number} mails were sent, but there are {entries} entries")
    scale = measured.scale()
    split = {name: seconds * scale * 1000 / number for name, seconds in used.cpu_seconds.items()}
    measured.say(
        f"ingest: {number} mails, ms of CPU each: {_split(split)}; others used {used.others:.2f} CPUs"
    )
    noisy = measured.is_noisy(used.others)
    against = "FreeScout, django-helpdesk 20.7 ms; Roundup 147; RT 312"
    per_second = number / used.wall_seconds
    return [
        Figure("ingest.cpu_ms", round(sum(split.values()), 3), "ms", 8, "lower", against, noisy),
        Figure("ingest.per_second", round(per_second, 1), "mails/s", 100, "higher", "one worker", noisy),
    ]


def send(port: int, batch: Sequence[Letter], *, to: str) -> None:
    """Hand the mails over in their order, over several connections at once. Raises when one is refused."""
    waiting = iter(batch)
    lock = threading.Lock()

    def work() -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=120) as connection:
            answers = connection.makefile("rb")
            _expect(answers, b"220")
            connection.sendall(b"LHLO mx.majlis.test\r\n")
            _expect(answers, b"250")
            while True:
                with lock:
                    letter = next(waiting, None)
                if letter is None:
                    return
                # One packet for the three words, as mail servers send them (RFC 2920; LMTP requires it).
                words = f"MAIL FROM:<{letter.sender}>\r\nRCPT TO:<{to}>\r\nDATA\r\n"
                connection.sendall(words.encode())
                for code in (b"250", b"250", b"354"):
                    _expect(answers, code)
                connection.sendall(
                    letter.content.replace(b"\r\n.", b"\r\n..").removesuffix(b"\r\n") + b"\r\n.\r\n"
                )
                _expect(answers, b"250")

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for done in [pool.submit(work) for _ in range(CONNECTIONS)]:
            done.result()


def _expect(answers: BinaryIO, code: bytes) -> None:
    line = answers.readline()
    while line[3:4] == b"-":
        line = answers.readline()
    if line[:3] != code:
        raise BenchError(f"The mail listener said: {line.decode(errors='replace').strip()}")


def _split(parts: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in parts.items())
