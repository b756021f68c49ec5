"""5,000 visitors listen and 200 talk for ten minutes while lines break; the web process and the database restart."""

from __future__ import annotations

import json
import os
import secrets
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.chatting import talk
from tests.kills.running import installation


@pytest.mark.soak
def test_ten_minutes_of_broken_lines_lose_nothing_and_double_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The seed is printed, and taken from MAJLIS_TEST_SEED; MAJLIS_TEST_SOAK_LOG names a file for the results.

    MAJLIS_TEST_SOAK_SHARE: the share of the whole size, in visitors and in time (1).
    """
    seed = int(os.environ.get("MAJLIS_TEST_SEED") or secrets.randbits(32))
    share = float(os.environ.get("MAJLIS_TEST_SOAK_SHARE") or 1)
    with capsys.disabled():
        sys.stdout.write(f"\nseed {seed}\n")

    with installation() as majlis:
        majlis.start()
        outcome = talk(
            majlis,
            idle=round(5_000 * share),
            talkers=max(3, round(200 * share)),
            seconds=600 * share,
            seed=seed,
            restarts=["web", "postmaster"],
            settle_seconds=120,
        )

    record = json.dumps({"test": "connections", "seed": seed, **asdict(outcome)}, ensure_ascii=False)
    with capsys.disabled():
        sys.stdout.write(f"{record}\n")
    if log := os.environ.get("MAJLIS_TEST_SOAK_LOG"):
        with Path(log).open("a") as lines:
            lines.write(f"{record}\n")
    assert outcome.lost == []
    assert outcome.doubled == []
    assert outcome.disordered == []
