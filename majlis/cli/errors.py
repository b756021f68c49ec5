"""What the command line says to a person instead of a traceback."""

from __future__ import annotations


class CommandError(Exception):
    """Something is not as it must be; the message is a plain sentence. `status` is the exit status."""

    status = 1
