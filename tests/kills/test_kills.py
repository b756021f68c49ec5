"""Five processes and three moments of death: every mail is there once, every reply left once or is held."""

from __future__ import annotations

from tests.kills import scenario
from tests.mailhost import MailHost

SEED = 20_261


def test_whatever_dies_nothing_is_lost_and_nothing_is_sent_twice(mail_host: MailHost) -> None:
    outcome = scenario.run(mail_host, mails=240, replies=60, kills=8, seed=SEED, settle_seconds=120)

    assert outcome.lost == []
    assert outcome.doubled == []
    assert outcome.sent_twice == []
    assert outcome.wrong == []
    # One died before it read the server's answer, one after: of neither may Majlis say that it knows.
    assert 2 <= outcome.held <= 8
    assert outcome.held_but_there >= 1
