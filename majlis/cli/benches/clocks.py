"""CPU time of processes, the machine's own pace, and how much of it others took (Linux: all of it from /proc)."""

from __future__ import annotations

import hashlib
import os
import statistics
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from majlis.cli import processes

_TICKS = os.sysconf("SC_CLK_TCK")
REFERENCE_SECONDS = 0.18  # what a calibration loop takes on an idle machine (docs/performance.md)
_ROUNDS = 5


def calibrate() -> float:
    """CPU seconds of a fixed piece of work: the median of five. A slower or crowded machine takes longer."""
    return statistics.median(_loop() for _ in range(_ROUNDS))


def _loop() -> float:
    begun = time.process_time()
    words: dict[str, int] = {}
    digest = b""
    for number in range(140_000):
        word = f"{number * 2654435761 % 99991:x}"
        words[word] = words.get(word, 0) + len(word)
        if number % 8 == 0:
            digest = hashlib.sha256(digest + word.encode()).digest()
    sorted(words.items(), key=lambda item: (item[1], item[0]))
    return time.process_time() - begun


def of_process(pid: int) -> float:
    """CPU seconds a process used so far, its reaped children included; 0 when it is gone."""
    try:
        fields = (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / _TICKS


def family(pid: int) -> list[int]:
    """The living process `pid` with everything below it."""
    everybody = processes.everybody()
    found, parents = [pid], {pid}
    while parents:
        parents = {process.pid for process in everybody if process.parent in parents}
        found += sorted(parents)
    return found


@dataclass(frozen=True, slots=True)
class Used:
    """What a measured stretch cost: wall seconds, CPU seconds by name, and the CPUs that others kept busy."""

    wall_seconds: float
    cpu_seconds: dict[str, float]
    others: float


class Stopwatch:
    """Reads the clocks at the start and at the end. `families`: a name and the processes at its head.

    Whoever is in `left_out` is not counted (our own questions to the database).
    """

    def __init__(self, families: Mapping[str, Iterable[int]], *, left_out: Iterable[int] = ()) -> None:
        self._families = {name: list(heads) for name, heads in families.items()}
        self._left_out = list(left_out)
        self._begun = self._read()

    def stop(self) -> Used:
        """What was used since the start."""
        wall, machine, own, by_name = self._read()
        wall0, machine0, own0, by_name0 = self._begun
        used = {name: by_name[name] - by_name0[name] for name in by_name}
        others = max(0.0, machine - machine0 - (own - own0) - sum(used.values()))
        return Used(wall - wall0, used, others / (wall - wall0))

    def _read(self) -> tuple[float, float, float, dict[str, float]]:
        left_out = sum(map(of_process, self._left_out))
        by_name = {
            name: sum(of_process(pid) for head in heads for pid in family(head) if pid not in self._left_out)
            for name, heads in self._families.items()
        }
        mine = time.process_time() + sum(os.times()[2:4]) + left_out
        return time.monotonic(), _machine(), mine, by_name


def _machine() -> float:
    """CPU seconds all processors were busy since the start of the machine."""
    try:
        fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    except OSError:
        return 0.0
    user, nice, system, _idle, _waiting, interrupts, soft = map(int, fields[:7])
    return (user + nice + system + interrupts + soft) / _TICKS
