"""`majlis bench NAME`: measures this machine; one figure a line, as JSON or for people."""

from __future__ import annotations

import argparse
import os
import sys
import time
from importlib import import_module
from pathlib import Path

from majlis.cli.benches.figures import Figure
from majlis.cli.benches.measuring import Run
from majlis.cli.benches.place import BenchError
from majlis.config import Config

NAMES = ("ingest", "inbox", "post", "live", "memory", "weight", "widget", "connections", "kill")
USUAL_SIZE = 0.05


def main(config: Config, argv: list[str]) -> int:
    """Run the benchmarks named in `argv`. Returns 0, or 1 on a machine that has no /proc to read.

    Figures go to standard output, everything else to standard error. Raises BenchError.
    """
    options = _parser().parse_args(argv)
    if not Path("/proc/self/smaps_rollup").exists():
        raise BenchError("The benchmarks read /proc: they run on Linux alone.")
    size = 1.0 if options.full else options.size
    names = NAMES if options.name == "all" else (options.name,)
    load = os.getloadavg()[0]  # once: later, it would be that of the benchmarks themselves
    for name in names:
        begun = time.monotonic()
        run = Run(config.data.absolute() / "bench", size, load)
        figures: list[Figure] = import_module(f"majlis.cli.benches.{name}").run(run)
        for figure in figures:
            sys.stdout.write(f"{figure.as_json() if options.json else figure.as_text()}\n")
            sys.stdout.flush()
        run.say(f"{name}: took {time.monotonic() - begun:.0f} s, load before {run.load:.1f}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="majlis bench", description="Measure this machine.")
    parser.add_argument("name", choices=[*NAMES, "all"], metavar="NAME", help=f"{', '.join(NAMES)} or all")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--full", action="store_true", help="the whole size instead of a twentieth")
    parser.add_argument("--size", type=float, default=USUAL_SIZE, help="the share of the whole size")
    parser.add_argument("--data", type=Path, help="a folder of data, for those benchmarks that need some")
    return parser
