"""Where tests keep what they may lose."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

_ROOM_BYTES = 2 * 1024**3


def new_folder(prefix: str = "mj-") -> Path:
    """One with a short path, in memory where there is room: what is tested syncs as a real one does."""
    memory = Path("/dev/shm")
    has_room = memory.is_dir() and shutil.disk_usage(memory).free > _ROOM_BYTES
    return Path(tempfile.mkdtemp(prefix=prefix, dir=memory if has_room else "/tmp"))
