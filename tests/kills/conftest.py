"""Processes that die or hang where a test wants it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.kills.running import FAULTS, ROOT


@pytest.fixture
def points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a file arms the death of the next process that gets to the point of its name."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(FAULTS), str(ROOT))))
    monkeypatch.setenv("KILL_POINTS", str(tmp_path))
    return tmp_path
