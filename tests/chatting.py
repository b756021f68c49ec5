"""Visitors and a teammate who talk at a started Majlis while lines break and processes go and come (`majlis.cli.benches`)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

import psycopg

from majlis.cli.benches import reckoning
from majlis.cli.benches.asking import Site
from majlis.cli.benches.connections import teammate_cookies, truth_of
from majlis.cli.benches.idle import listening
from tests.kills.running import ROOT, Installation
from tests.polling import until

WAYS = {"web": signal.SIGTERM, "postmaster": signal.SIGINT}


def talk(
    majlis: Installation,
    *,
    idle: int,
    talkers: int,
    seconds: float,
    seed: int,
    restarts: Sequence[str] = (),
    **how: Any,
) -> reckoning.Outcome:
    """Let `talkers` talk for so long beside `idle` who listen; `restarts` ("web", "postmaster") come in between.

    All who listen must be there again at the end. `how` goes to `reckoning.run`.
    """
    made = _shop(majlis, visitors=idle)
    at = Site(majlis.port, **made["site"], teammate=teammate_cookies(made["session"]))

    def disturb() -> None:
        began = time.monotonic()
        for place, what in enumerate(restarts):
            due = began + seconds * (place + 1) / (len(restarts) + 1)
            until(lambda: time.monotonic() > due, "its turn", timeout=seconds)  # noqa: B023
            before = majlis.pid_of(what)
            for pid in before:
                os.kill(pid, WAYS[what])
            until(lambda: (now := majlis.pid_of(what)) and now != before, f"another {what}", timeout=60)  # noqa: B023

    def connect() -> psycopg.Connection[Any]:
        return psycopg.connect(**majlis.config.database.parameters(), autocommit=True)  # type: ignore[arg-type]

    with listening(majlis.port, tokens=made["visitors"]["tokens"], **made["site"]) as streams:
        outcome = reckoning.run(
            at, truth_of(connect), talkers=talkers, seconds=seconds, seed=seed, meanwhile=disturb, **how
        )
        until(lambda: streams.count() == idle, "everybody who listens", timeout=60, interval=0.2)
    return outcome


def _shop(majlis: Installation, **given: int) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "majlis.cli.benches.stage", "shop"],
        env={**majlis.environment(), "DJANGO_SETTINGS_MODULE": "majlis.settings"},
        cwd=ROOT,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
