"""What came of visitors and teammates who talked while lines broke: lost, doubled or out of order."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from majlis.cli.benches import wire
from majlis.cli.benches.asking import Disturbance, Site
from majlis.cli.benches.talking import MARK, Answerer, Talker, repeatedly

SAID_PER_SECOND: Final = 8.0  # a widget takes 10 a second, tries again included
FASTEST_GAP_SECONDS: Final = 3.0  # one visitor may say 30 things a minute, tries again included
_HANDS: Final = 4  # answers on their way at once
# All that was said with a mark, by conversation and in its order.
TRUTH: Final = (
    "select conversation_id, seq, text from conversations_entry where text like '%mark-%'"
    " and kind in ('message', 'reply') order by conversation_id, seq"
)
Truth = Callable[[], Sequence[tuple[int, int, str]]]


@dataclass(slots=True)
class Outcome:
    """What came of it. Every list names what is wrong and is empty when nothing is."""

    said: int = 0
    answered: int = 0
    cut_streams: int = 0
    cut_questions: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    seconds: float = 0.0


def run(
    at: Site,
    truth: Truth,
    *,
    talkers: int,
    seconds: float,
    seed: int,
    cut_share: float = 0.2,
    stream_seconds: float = 8.0,
    settle_seconds: float = 60.0,
    meanwhile: Callable[[], None] | None = None,
) -> Outcome:
    """Let `talkers` visitors talk with a teammate for so long; streams live for `stream_seconds` on average.

    `truth` gives the rows of TRUTH. `meanwhile` runs in a thread beside it. Afterwards lines break no more, and
    everything must be with everybody within `settle_seconds`.
    """
    return asyncio.run(
        _run(
            at,
            truth,
            Disturbance(cut_share, stream_seconds),
            rng=Random(seed),  # noqa: S311 - the same every time, not a secret
            talkers=talkers,
            seconds=seconds,
            settle_seconds=settle_seconds,
            meanwhile=meanwhile,
        )
    )


async def _run(
    at: Site,
    truth: Truth,
    broken: Disturbance,
    *,
    rng: Random,
    talkers: int,
    seconds: float,
    settle_seconds: float,
    meanwhile: Callable[[], None] | None,
) -> Outcome:
    begun = time.monotonic()
    everybody = [
        Talker(at, broken, Random(rng.getrandbits(64)), wire.address(20_000 + number))  # noqa: S311
        for number in range(talkers)
    ]
    teammate = Answerer(at, broken, Random(rng.getrandbits(64)), "127.0.0.1")  # noqa: S311
    gap = max(FASTEST_GAP_SECONDS, talkers / SAID_PER_SECOND)
    until = asyncio.get_running_loop().time() + seconds
    for talker in everybody:
        talker.start()
    jobs = [repeatedly(one.say, one.rng, gap_seconds=gap, until=until) for one in everybody]
    jobs += [
        repeatedly(
            lambda: teammate.answer_one(everybody), rng, gap_seconds=_HANDS * gap / talkers, until=until
        )
        for _ in range(_HANDS)
    ]
    if meanwhile is not None:
        jobs.append(asyncio.to_thread(meanwhile))
    await asyncio.gather(*jobs)
    broken.is_on = False
    deadline = time.monotonic() + settle_seconds
    spoken = [one for one in everybody if one.said]
    # Whatever a stream did not tell was told at its next beginning. So once more, while all of them stand:
    while time.monotonic() < deadline and not all(one.is_live and not one.out for one in spoken):  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    for place in range(0, len(spoken), _HANDS):
        await asyncio.gather(
            *(teammate.answer(one) for one in spoken[place : place + _HANDS] if one.conversation)
        )
    outcome = Outcome(sum(len(one.said) for one in everybody), len(teammate.answered))
    while True:
        _compare(outcome, everybody, teammate, await asyncio.to_thread(truth))
        if not (outcome.lost or outcome.doubled or outcome.disordered) or time.monotonic() > deadline:
            break
        await asyncio.sleep(0.1)
    await asyncio.gather(*(one.stop() for one in everybody))
    outcome.cut_streams, outcome.cut_questions = broken.cut_streams, broken.cut_questions
    outcome.refused = broken.refused
    outcome.seconds = round(time.monotonic() - begun, 1)
    return outcome


def _compare(
    outcome: Outcome, talkers: Sequence[Talker], teammate: Answerer, rows: Sequence[tuple[int, int, str]]
) -> None:
    """Each thing said once and in its order in the database, and the same at whoever it concerns."""
    lost, doubled, disordered = [], [], []
    stands: dict[int, dict[int, str]] = {}
    for number, seq, text in rows:
        if found := MARK.search(text):
            stands.setdefault(number, {})[seq] = found[0]
    times = Counter(mark for one in stands.values() for mark in one.values())
    doubled += [f"{mark} stands {count} times" for mark, count in times.items() if count > 1]
    answers = {mark for _, mark in teammate.answered}
    lost += [f"answer {mark} of {number}" for number, mark in teammate.answered if mark not in times]
    for place, talker in enumerate(talkers):
        there = stands.get(talker.conversation or 0, {})
        lost += [f"visitor {place} said {mark}" for mark in talker.said if mark not in times]
        missing, more = there.items() - talker.held.items(), talker.held.items() - there.items()
        lost += [f"visitor {place} does not hold {mark} ({seq})" for seq, mark in sorted(missing)]
        doubled += [f"visitor {place} holds {mark} ({seq})" for seq, mark in sorted(more)]
        mine = [mark for mark in there.values() if mark not in answers]
        if mine != [mark for mark in talker.said if mark in times]:
            disordered.append(f"visitor {place}: {mine} was said as {talker.said}")
    outcome.lost, outcome.doubled, outcome.disordered = lost, doubled, disordered
