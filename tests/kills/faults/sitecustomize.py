"""Python imports this at its start where this folder is on PYTHONPATH: the process can be told to die inside.

A file named after a point in the folder KILL_POINTS arms it. The first process that gets there takes the file
away and ends itself by SIGKILL: once for each file, and no line of the product knows of it. A mail that says
`X-Hangs:` hangs whoever reads it, always.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn


def _is_struck(point: str) -> bool:
    armed = Path(os.environ["KILL_POINTS"], point)
    try:
        armed.rename(armed.with_suffix(".struck"))
    except FileNotFoundError:
        return False
    return True


def _die(*_: object) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def _inside_parse(parsing: Any) -> None:
    parse = parsing.parse

    def dying(content: bytes) -> object:
        for way, hang in _HANGING.items():
            if f"\nX-Hangs: {way}\n".encode() in content:
                hang()
        return _die() if _is_struck("parse") else parse(content)

    parsing.parse = dying


def _hang_turning() -> None:
    while True:
        pass


def _hang_matching() -> None:
    """A regular expression lets no other thread of the process run."""
    re.match("(a|a)*$", "a" * 64 + "b")


def _hang_waiting() -> None:
    threading.Event().wait()


_HANGING = {"turning": _hang_turning, "matching": _hang_matching, "waiting": _hang_waiting}


def _shorter(limit: Any) -> None:
    """The file of this name holds another number of seconds."""
    with suppress(FileNotFoundError):
        limit.LIMIT_SECONDS = float(Path(os.environ["KILL_POINTS"], "limit").read_text())


def _before_the_answer(sending: Any) -> None:
    """The product sends the line that ends the message; the process dies where it would read the answer."""
    end = sending._end

    def dying(smtp: Any, patience_seconds: float) -> object:
        if _is_struck("data"):
            smtp.getreply = _die
        return end(smtp, patience_seconds)

    sending._end = dying


def _before_the_commit(settle: Any) -> None:
    """The server has taken the message; the result is written, and dies with the process before its commit."""
    sent = settle.sent

    def dying(claim: object, *, why: str = "") -> object:
        if not _is_struck("settle"):
            return sent(claim, why=why)
        from django.db import transaction

        with transaction.atomic():
            sent(claim, why=why)
            _die()

    settle.sent = dying


_CHANGES: dict[str, Callable[[Any], None]] = {
    "majlis.channels.email.parsing": _inside_parse,
    "majlis.channels.email.sending": _before_the_answer,
    "majlis.channels.actions.settle": _before_the_commit,
    "majlis.flow.limit": _shorter,
}


class _Finder:
    """Changes these modules right after they were loaded."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        change = _CHANGES.get(name)
        spec = PathFinder.find_spec(name, path, target) if change else None
        if change is None or spec is None or spec.loader is None:
            return None
        load = spec.loader.exec_module

        def load_and_change(module: ModuleType) -> None:
            load(module)
            change(module)

        spec.loader.exec_module = load_and_change  # type: ignore[method-assign]
        return spec


if "KILL_POINTS" in os.environ:
    sys.meta_path.insert(0, _Finder)
