"""The command `majlis`, killed by its own hand at a moment that is named: SIGKILL, nothing is tidied up.

`python -m tests.moving.dying '{"step": "files", "time": 2, "after": 10}' WORDS…` dies when the step of that name has
begun that many times and told of progress so often; `{"call": "name"}` when that function of the import is called, and
`{"write": "manifest.json"}` before a JSON file of that name is written.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from majlis.cli.main import main
from majlis.cli.moving import folder, importing
from majlis.cli.moving.pace import Pace


def die(*_given: Any, **_named: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def arm(moment: dict[str, Any]) -> None:
    """Make sure that we die at `moment`."""
    if "call" in moment:
        setattr(importing, moment["call"], die)
        return
    write_json = folder.write_json

    def writing(path: Path, content: object) -> None:
        if path.name == moment.get("write"):
            die()
        write_json(path, content)

    folder.write_json = writing
    begun: Counter[str] = Counter()
    begin, add = Pace.begin, Pace.add

    def beginning(self: Pace, step: str, whole: int, **more: Any) -> None:
        begin(self, step, whole, **more)
        begun[step] += 1
        self.told = 0  # type: ignore[attr-defined]
        look(self)

    def adding(self: Pace, number: int) -> None:
        add(self, number)
        self.told += 1  # type: ignore[attr-defined]
        look(self)

    def look(pace: Any) -> None:
        if (pace.step, begun[pace.step], pace.told) == (
            moment.get("step"),
            moment.get("time"),
            moment.get("after"),
        ):
            die()

    Pace.begin, Pace.add = beginning, adding  # type: ignore[method-assign]


if __name__ == "__main__":
    arm(json.loads(sys.argv[1]))
    sys.exit(main(sys.argv[2:]))
