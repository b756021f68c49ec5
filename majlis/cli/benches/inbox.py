"""The list of a folder: CPU against the barest server with the same query, and how it grows with what is stored."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec

from psycopg.conninfo import make_conninfo

from majlis.cli.benches.clocks import Stopwatch
from majlis.cli.benches.figures import Figure
from majlis.cli.benches.measuring import Run
from majlis.cli.benches.place import Place, is_listening, place
from majlis.cli.benches.post import serve
from majlis.cli.benches.visitor import Visitor
from majlis.cli.children import Child

FULL_CONVERSATIONS = 1_000_000
FULL_SMALL = 10_000
FULL_REQUESTS = 1_500
ROUNDS = 5
_WARM_UP = 40
_PATH = "/inbox/all/list"


def run(measured: Run) -> list[Figure]:
    """inbox.vs_starlette (left out where Starlette is not installed) and inbox.growth."""
    small = measured.count(FULL_SMALL, least=60)
    whole = measured.count(FULL_CONVERSATIONS, least=120)
    requests = measured.count(FULL_REQUESTS, least=5)
    with place(measured.folder, "inbox") as at:
        at.start_database()
        mailbox = at.stage("company")["mailbox"]
        signed_in = at.stage("sessions", number=1)
        at.stage("listed", number=small, mailbox=mailbox)
        web = serve(at)
        few = _p50_ms(_visitor(at, signed_in), requests)
        at.stage("listed", number=whole - small, mailbox=mailbox)
        figures = []
        many = _p50_ms(_visitor(at, signed_in), requests)
        if find_spec("starlette") is None:
            measured.say("inbox: Starlette is not installed, so inbox.vs_starlette is left out")
        else:
            figures.append(_vs_starlette(measured, at, web, signed_in, mailbox=mailbox, requests=requests))
    measured.say(f"inbox: p50 {few:.2f} ms at {small} conversations, {many:.2f} ms at {whole}")
    against = f"{whole} conversations against {small}"
    noisy = measured.is_noisy(0.0)
    return [*figures, Figure("inbox.growth", round(many / few, 3), "x", 2, "lower", against, noisy)]


def _visitor(at: Place, signed_in: dict[str, object]) -> Visitor:
    keys = signed_in["keys"]
    assert isinstance(keys, list)
    return Visitor(
        at.config.port, session=keys[0], cookie=str(signed_in["cookie"]), csrf=str(signed_in["csrf"])
    )


def _p50_ms(visitor: Visitor, requests: int) -> float:
    taken = []
    for number in range(_WARM_UP + requests):
        begun = time.perf_counter()
        visitor.get(_PATH)
        if number >= _WARM_UP:
            taken.append(time.perf_counter() - begun)
    visitor.close()
    return statistics.median(taken) * 1000


def _vs_starlette(
    measured: Run, at: Place, web: Child, signed_in: dict[str, object], *, mailbox: int, requests: int
) -> Figure:
    port = at.config.port + 1 if not is_listening(at.config.port + 1) else at.config.port + 7
    bare = _bare(at, port, mailbox)
    try:
        at.wait(lambda: is_listening(port), "the bare server")
        assert at.server is not None
        assert at.server.child is not None
        database = [at.server.child.pid]
        costs: dict[str, list[float]] = {"ours": [], "bare": []}
        of_database: dict[str, list[float]] = {"ours": [], "bare": []}
        # A visitor anew for each stretch: a server hangs up on who says nothing for some seconds.
        asking: dict[str, tuple[Callable[[], Visitor], str, int]] = {
            "ours": (lambda: _visitor(at, signed_in), _PATH, web.pid),
            "bare": (lambda: Visitor(port, session="-", cookie="-", csrf="-"), "/list", bare.pid),
        }
        others = 0.0
        measured.pace()
        for _ in range(ROUNDS):
            for name, (come, path, pid) in asking.items():
                visitor = come()
                for _ in range(_WARM_UP):
                    visitor.get(path)
                watch = Stopwatch({"web": [pid], "postgresql": database})
                for _ in range(requests):
                    visitor.get(path)
                used = watch.stop()
                visitor.close()
                others = max(others, used.others)
                costs[name].append(sum(used.cpu_seconds.values()) * 1000 / requests)
                of_database[name].append(used.cpu_seconds["postgresql"] * 1000 / requests)
        measured.pace()
        scale = measured.scale()
    finally:
        bare.terminate()
        bare.wait(10)
    mine, bares = (statistics.median(costs[name]) * scale for name in ("ours", "bare"))
    of_mine, of_bares = (statistics.median(of_database[name]) * scale for name in ("ours", "bare"))
    measured.say(
        f"inbox: ms of CPU a list: {mine:.2f} ours (PostgreSQL {of_mine:.2f}), {bares:.2f} bare (PostgreSQL"
        f" {of_bares:.2f}); others used {others:.2f} CPUs"
    )
    return Figure(
        "inbox.vs_starlette",
        round(mine / max(bares, 1e-9), 3),
        "x",
        1.5,
        "lower",
        "Starlette + psycopg + Jinja2, the same query",
        measured.is_noisy(others),
    )


def _bare(at: Place, port: int, mailbox: int) -> subprocess.Popen[str]:
    conninfo = make_conninfo(**at.config.database.parameters())
    process = subprocess.Popen(
        [sys.executable, "-m", "majlis.cli.benches.bare", str(port), conninfo],
        stdin=subprocess.PIPE,
        text=True,
        env=at.environment,
    )
    assert process.stdin is not None
    json.dump(at.stage("listing", mailbox=mailbox), process.stdin)
    process.stdin.close()
    return process
