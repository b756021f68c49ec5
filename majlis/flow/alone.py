"""A mail that was in hand whenever a process died is tried in one of its own: only that tells guilt from bad luck."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from majlis.channels.problems import pack

from . import limit

DEADLY = pack("deadly")
# In quarantine, until it is heard again (`hearings`) by itself; after the last only a person has it tried.
PAUSES_SECONDS = (60.0, 600.0, 3600.0)
_PATIENCE_SECONDS = (
    300.0  # reading has its own, smaller limit; this one is for a database that does not answer
)
_ASKED_TO_END = (-signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP)


class Undecided(Exception):  # noqa: N818 - said as a fact
    """The process ended for a reason of its own, say without a database: nothing is known of the mail."""


def why_deadly(raw_id: int) -> str:
    """Have a process that does nothing else take the mail in; in plain words what that died of, "" if it did not.

    When it did not, the mail was handled as any other. A death that may have come from outside (say memory was short)
    is not believed until a second process died of it. Raises Undecided.
    """
    why = _tried(raw_id)
    return _tried(raw_id) if why == DEADLY else why


def _tried(raw_id: int) -> str:
    command = [sys.executable, "-m", "majlis.flow.alone", str(raw_id)]
    try:
        status = subprocess.run(
            command, stdin=subprocess.DEVNULL, timeout=_PATIENCE_SECONDS, check=False
        ).returncode
    except subprocess.TimeoutExpired as error:
        raise Undecided(
            f"raw message {raw_id}: the process that tried it waited for over {_PATIENCE_SECONDS:g} s"
        ) from error
    if status > 0 or status in _ASKED_TO_END:
        raise Undecided(f"raw message {raw_id}: the process that tried it ended with status {status}")
    if status == -limit.SIGNAL:
        return pack("slow", n=f"{limit.LIMIT_SECONDS:g}")
    return DEADLY if status < 0 else ""


def _main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "majlis.settings")
    import django

    django.setup()
    from majlis.flow import arrival

    limit.watch()
    arrival.try_once(int(sys.argv[1]))


if __name__ == "__main__":
    _main()
