"""Five processes and three moments of death: every mail is there once, every reply left once or is held."""

from __future__ import annotations

import pytest

from tests.kills import scenario
from tests.mailhost import MailHost


def test_whatever_dies_nothing_is_lost_and_nothing_is_sent_twice(
    mail_host: MailHost
) -> None:
    outcome = scenario.run(mail_host, mails=500, replies=100, kills=8, seed=20_261, settle_seconds=120)
    print(scenario.as_record(outcome, seed=20_261))

    assert outcome.lost == []
    assert outcome.doubled == []
    assert outcome.wrong == []
    assert outcome.held <= 100
