"""Fifty deaths while mail comes and goes, another order every time."""

from __future__ import annotations

import json
import os
import secrets
import sys
from pathlib import Path

import pytest

from tests.kills import scenario
from tests.mailhost import MailHost


@pytest.mark.soak
def test_fifty_deaths_lose_nothing_and_send_nothing_twice(
    mail_host: MailHost, capsys: pytest.CaptureFixture[str]
) -> None:
    """The seed is printed, and taken from MAJLIS_TEST_SEED; MAJLIS_TEST_SOAK_LOG names a file for the result."""
    seed = int(os.environ.get("MAJLIS_TEST_SEED") or secrets.randbits(32))
    with capsys.disabled():
        sys.stdout.write(f"\nseed {seed}\n")

    outcome = scenario.run(mail_host, mails=500, replies=100, kills=50, seed=seed, settle_seconds=600)

    record = json.dumps({"test": "kills", **scenario.as_record(outcome, seed=seed)}, ensure_ascii=False)
    with capsys.disabled():
        sys.stdout.write(f"{record}\n")
    if log := os.environ.get("MAJLIS_TEST_SOAK_LOG"):
        with Path(log).open("a") as lines:
            lines.write(f"{record}\n")
    assert outcome.letters > 0
    assert outcome.lost == []
    assert outcome.doubled == []
    assert outcome.wrong == []
