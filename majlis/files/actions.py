"""Storing bytes so that they are on the disk before anybody is told so."""

from __future__ import annotations

import hashlib
import hmac
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from .models import File
from .queries import folder, path_of


def store(content: bytes) -> File:
    """Keep `content` durably and return its row; equal bytes are stored once.

    The bytes are written to a temporary name, synced, renamed and their folder synced before the
    row is made, so that a row never points to nothing. The row is touched under its own lock: the
    sweep that removes what nobody owns takes the same lock.
    """
    digest = digest_of(content)
    place = path_of(digest)
    now = timezone.now()
    if place.exists():
        with connection.cursor() as cursor:
            cursor.execute(
                "update files_file set created_at = %s where digest = %s returning id", [now, digest]
            )
            row = cursor.fetchone()
        # Looked at again after the row was touched: the sweep may have been between the two.
        if row is not None and place.exists():
            return File(id=row[0], digest=digest, size=len(content), created_at=now)
    _write(place, content)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into files_file (digest, size, created_at) values (%s, %s, %s)"
            " on conflict (digest) do update set created_at = excluded.created_at"
            " returning id, created_at",
            [digest, len(content), now],
        )
        row = cursor.fetchone()
    return File(id=row[0], digest=digest, size=len(content), created_at=row[1])


def digest_of(content: bytes) -> str:
    """The name these bytes are kept under, whether they are or not."""
    return hmac.new(settings.CONFIG.derived_key("files"), content, hashlib.sha256).hexdigest()


def _write(place: Path, content: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        Path(name).rename(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(place.parent)


def _sync_folder(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder() -> None:
    """Make the files folder, readable by nobody else."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
