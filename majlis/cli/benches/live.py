"""From an entry's commit to its fragment on a colleague's screen: with a real browser where there is one."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable

from majlis.cli.benches.clocks import Stopwatch
from majlis.cli.benches.figures import Figure
from majlis.cli.benches.measuring import Run
from majlis.cli.benches.place import BenchError, Place, place
from majlis.cli.benches.post import serve
from majlis.cli.benches.visitor import Visitor
from majlis.cli.benches.watchers import Watcher, watcher

FULL_ENTRIES = 300
LONGEST_GAP_SECONDS = 2.0
_WARM_UP = 5
_SEED = 20260101
_ARRIVES_WITHIN_SECONDS = 10.0


def run(measured: Run) -> list[Figure]:
    """live.p50_ms and live.p99_ms."""
    entries = measured.count(FULL_ENTRIES, least=3)
    with place(measured.folder, "live") as at:
        at.start_database()
        mailbox = at.stage("company")["mailbox"]
        signed_in = at.stage("sessions", number=2)
        number = at.stage("conversations", number=30, mailbox=mailbox)["ids"][0]
        web = serve(at)
        assert at.server is not None
        assert at.server.child is not None
        writer, reader = signed_in["keys"]
        url = f"http://localhost:{at.config.port}"
        with watcher(url, number, session=reader, cookie=signed_in["cookie"]) as watching:
            used = Stopwatch({"web": [web.pid], "postgresql": [at.server.child.pid]})
            taken = _taken(at, watching, number, entries=entries, given=(signed_in, writer))
            others = used.stop().others
            against = watching.name
    taken.sort()
    p50, p99 = statistics.median(taken), taken[min(len(taken) - 1, round(0.99 * (len(taken) - 1)))]
    measured.say(
        f"live: {entries} entries seen by {against}; ms: best {taken[0]:.1f}, p50 {p50:.1f}, p99 {p99:.1f}, worst "
        f"{taken[-1]:.1f}; others used {others:.2f} CPUs"
    )
    noisy = measured.is_noisy(others)
    return [
        Figure(
            "live.p50_ms", round(p50, 2), "ms", 40, "lower", f"polling, seconds; seen by {against}", noisy
        ),
        Figure(
            "live.p99_ms", round(p99, 2), "ms", 200, "lower", f"polling, seconds; seen by {against}", noisy
        ),
    ]


def _taken(
    at: Place, watching: Watcher, number: int, *, entries: int, given: tuple[dict[str, str], str]
) -> list[float]:
    """Milliseconds from each entry's moment, taken right before its commit, until it could be read."""
    signed_in, writer = given
    gaps = random.Random(_SEED)  # noqa: S311 - the same gaps every time, not a secret
    taken = []
    with at.connect() as connection:
        for index in range(_WARM_UP + entries):
            time.sleep(gaps.uniform(0.05, LONGEST_GAP_SECONDS) if index >= _WARM_UP else 0.3)
            # A connection of its own: the server hangs up on one that says nothing for some seconds.
            visitor = Visitor(
                at.config.port, session=writer, cookie=signed_in["cookie"], csrf=signed_in["csrf"]
            )
            visitor.note(number)
            visitor.close()
            row = connection.execute(
                "select id, extract(epoch from created_at)::float8 * 1000 from conversations_entry"
                " where conversation_id = %s order by seq desc limit 1",
                [number],
            ).fetchone()
            assert row is not None
            seen_at = _seen(lambda entry=row[0]: watching.seen_at(entry), f"entry {row[0]}")  # type: ignore[misc]
            if index >= _WARM_UP:
                taken.append(seen_at - float(row[1]))
    return taken


def _seen(ask: Callable[[], float | None], what: str) -> float:
    deadline = time.monotonic() + _ARRIVES_WITHIN_SECONDS
    while (seen_at := ask()) is None:
        if time.monotonic() > deadline:
            raise BenchError(f"{what} did not arrive within {_ARRIVES_WITHIN_SECONDS:g} s")
        time.sleep(0.02)
    return seen_at
