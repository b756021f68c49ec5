"""A thousand deaths while mail comes and goes, another order every time."""

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
@pytest.mark.parametrize("quarter", [1, 2, 3, 4])
def test_a_thousand_deaths_lose_nothing_and_send_nothing_twice(
    mail_host: MailHost, capsys: pytest.CaptureFixture[str], quarter: int
) -> None:
    """250 in each of four installations.

    The seed is printed, and taken from MAJLIS_TEST_SEED (the first quarter's); MAJLIS_TEST_SOAK_LOG names a file for
    the results.
    """
    seed = int(os.environ.get("MAJLIS_TEST_SEED") or secrets.randbits(32)) + quarter - 1
    with capsys.disabled():
        sys.stdout.write(f"\nseed {seed}\n")

    # A reply under which four processes have died waits 15 minutes.
    outcome = scenario.run(mail_host, mails=2500, replies=500, kills=250, seed=seed, settle_seconds=1_200)

    record = json.dumps({"test": "kills", **scenario.as_record(outcome, seed=seed)}, ensure_ascii=False)
    with capsys.disabled():
        sys.stdout.write(f"{record}\n")
    if log := os.environ.get("MAJLIS_TEST_SOAK_LOG"):
        with Path(log).open("a") as lines:
            lines.write(f"{record}\n")
    assert outcome.letters > 0
    assert outcome.lost == []
    assert outcome.doubled == []
    assert outcome.sent_twice == []
    assert outcome.wrong == []
