"""Where stored bytes lie and how they are read."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from .models import File


def folder() -> Path:
    """The folder of all files."""
    return Path(settings.CONFIG.data) / "files"


def path_of(digest: str) -> Path:
    """Where the bytes with this digest lie: 256 folders, so that none grows without end."""
    return folder() / digest[:2] / digest[2:]


def path(file: File) -> Path:
    """Where this file's bytes lie."""
    return path_of(file.digest)


def read(file: File) -> bytes:
    """The whole content. Raises FileNotFoundError when the bytes are missing."""
    return path(file).read_bytes()


def open_file(file: File) -> BinaryIO:
    """The content as a stream. Raises FileNotFoundError when the bytes are missing."""
    return path(file).open("rb")
