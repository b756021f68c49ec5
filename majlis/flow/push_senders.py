"""The few threads that pushes leave by: a browser's push service that hangs holds up that browser alone."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass

from majlis.channels import push
from majlis.channels.push import Answer, Target, Urgency

log = logging.getLogger(__name__)

THREADS = 4
MOST_WAITING = 2000


@dataclass(frozen=True, slots=True)
class Job:
    """One push to one browser; `failures` are those of the subscription so far."""

    subscription_id: int
    teammate_id: int
    failures: int
    target: Target
    text: bytes
    topic: str
    urgency: Urgency
    is_second: bool = False

    def send(self) -> Answer:
        try:
            return push.send(self.target, self.text, topic=self.topic, urgency=self.urgency)
        except Exception as problem:
            log.exception("a push stumbled")
            return Answer(0, why=type(problem).__name__)


class Senders:
    """Sends what it is given; its threads end when nothing is left. Nothing here touches the database."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._rows: dict[int, list[Job]] = {}
        self._failures: dict[int, int] = {}
        self._under_way: set[int] = set()
        self._done: list[tuple[Job, Answer]] = []
        self._threads = 0

    def give(self, jobs: Iterable[Job]) -> None:
        """Send these too. Those of one browser go one after another, browsers that failed lately come last.

        What comes while thousands wait is left out.
        """
        with self._changed:
            for job in jobs:
                if sum(map(len, self._rows.values())) >= MOST_WAITING:
                    break
                self._rows.setdefault(job.subscription_id, []).append(job)
                self._failures[job.subscription_id] = job.failures
            while self._threads < min(THREADS, len(self._rows) + len(self._under_way)):
                self._threads += 1
                threading.Thread(target=self._work, name="push-sender", daemon=True).start()

    def wait(self, seconds: float) -> bool:
        """Until everything is sent, at most so long; whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: self._threads == 0, seconds)

    def results(self) -> list[tuple[Job, Answer]]:
        """What came of each job that was tried since this was asked last."""
        with self._changed:
            done, self._done = self._done, []
            return done

    def _work(self) -> None:
        while (row := self._next_row()) is not None:
            done = _sent(row)
            with self._changed:
                self._done += done
                self._under_way.discard(row[0].subscription_id)

    def _next_row(self) -> list[Job] | None:
        with self._changed:
            free = [one for one in self._rows if one not in self._under_way]
            if not free:
                self._threads -= 1
                self._changed.notify_all()
                return None
            chosen = min(free, key=lambda one: self._failures[one])
            self._under_way.add(chosen)
            del self._failures[chosen]
            return self._rows.pop(chosen)


def _sent(row: list[Job]) -> list[tuple[Job, Answer]]:
    """Send what is for one browser, up to the first that it does not take: the rest fares alike, untried."""
    done: list[tuple[Job, Answer]] = []
    for place, job in enumerate(row):
        answer = job.send()
        done.append((job, answer))
        if answer.is_for_later:
            return done + [(other, answer) for other in row[place + 1 :]]
        if not answer.is_taken:
            break
    return done
