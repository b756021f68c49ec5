"""Hundreds of visitors, lines that break all the time, and a web process that is replaced: nothing lost, nothing twice."""

from __future__ import annotations

from tests.chatting import talk
from tests.kills.running import installation

SEED = 20_260_104


def test_what_visitors_and_teammates_say_is_with_everybody_once_and_in_its_order() -> None:
    """A minute of them; ten minutes of 5,000 visitors are in `tests/soak`."""
    with installation() as majlis:
        majlis.start()

        outcome = talk(
            majlis,
            idle=300,
            talkers=10,
            seconds=60,
            seed=SEED,
            restarts=["web"],
            stream_seconds=2.0,
        )

    assert outcome.lost == []
    assert outcome.doubled == []
    assert outcome.disordered == []
    assert outcome.cut_streams > 50
    assert outcome.cut_questions > 50
    assert min(outcome.said, outcome.answered) > 20
