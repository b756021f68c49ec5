"""The browser that the tests drive: the system's own."""

from __future__ import annotations

import shutil

# The shell has no window of its own and is the quicker by a third.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def executable() -> str:
    """Where it is. Raises AssertionError where there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found, "there is no Chromium here; `make test` says what the tests need"
    return found
