"""What the whole installation keeps in memory: every process's proportional share, after a minute of nothing."""

from __future__ import annotations

import time
from pathlib import Path

from majlis.cli import processes
from majlis.cli.benches.clocks import family
from majlis.cli.benches.figures import Figure
from majlis.cli.benches.measuring import Run
from majlis.cli.benches.place import MAJLIS, place
from majlis.cli.benches.visitor import Visitor

CONVERSATIONS = 320
IDLE_SECONDS = 60.0


def run(measured: Run) -> list[Figure]:
    """memory.pss_mib."""
    # This one is small by itself: it is whole from the usual size on.
    number = min(CONVERSATIONS, measured.count(20 * CONVERSATIONS, least=5))
    with place(measured.folder, "memory") as at:
        supervisor = at.spawn("majlis run", (*MAJLIS, "run"))
        at.wait(lambda: " is running: " in at.log(), "the start")
        at.stage("company")
        at.run(*MAJLIS, "demo", "--conversations", str(number))
        _use(at.config.port, at.stage("sessions", number=1))
        time.sleep(min(IDLE_SECONDS, 1200 * measured.size))
        named = {process.pid: process.command for process in processes.everybody()}
        shares = {pid: pss_kib(pid) / 1024 for pid in family(supervisor.pid)}
    total = sum(shares.values())
    for pid, share in sorted(shares.items(), key=lambda item: -item[1]):
        measured.say(f"memory: {share:7.1f} MiB  {_name(named.get(pid, ''))}")
    # Others' work changes nothing about it, so it always counts.
    against = "FreeScout 184–221; RT 425; Chatwoot asks 4 GB"
    return [Figure("memory.pss_mib", round(total, 1), "MiB", 190, "lower", against, noisy=False)]


def _use(port: int, signed_in: dict[str, object]) -> None:
    """Somebody reads the inbox: what pages need is loaded, as on any day after the first minute."""
    keys = signed_in["keys"]
    assert isinstance(keys, list)
    visitor = Visitor(port, session=keys[0], cookie=str(signed_in["cookie"]), csrf=str(signed_in["csrf"]))
    for folder in ("all", "closed"):
        visitor.get(f"/inbox/{folder}")
    visitor.get("/conversations/1")
    visitor.close()


def pss_kib(pid: int) -> float:
    """A process's proportional share of memory in KiB; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return float(sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")))


def _name(command: str) -> str:
    words = command.split()
    if "majlis.cli.main" in words:
        return f"majlis {words[-1]}"
    return command.partition(" -D ")[0].rpartition("/")[2] if " -D " in command else command[:60]
