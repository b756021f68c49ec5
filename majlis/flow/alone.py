"""A mail that was in hand whenever a process died is tried in one of its own: only that tells guilt from bad luck."""

from __future__ import annotations

import os
import subprocess
import sys

_PATIENCE_SECONDS = 300.0


class Undecided(Exception):  # noqa: N818 - said as a fact
    """The process ended with an error of its own, say without a database: nothing is known of the mail."""


def is_deadly(raw_id: int) -> bool:
    """Have a process that does nothing else take the mail in; whether it died of that, or did not come to an end.

    When it did not, the mail was handled as any other. Raises Undecided.
    """
    command = [sys.executable, "-m", "majlis.flow.alone", str(raw_id)]
    try:
        status = subprocess.run(
            command, stdin=subprocess.DEVNULL, timeout=_PATIENCE_SECONDS, check=False
        ).returncode
    except subprocess.TimeoutExpired:
        return True
    if status > 0:
        raise Undecided(f"raw message {raw_id}: the process that tried it ended with status {status}")
    return status < 0


def _main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "majlis.settings")
    import django

    django.setup()
    from majlis.flow import arrival

    arrival.try_once(int(sys.argv[1]))


if __name__ == "__main__":
    _main()
