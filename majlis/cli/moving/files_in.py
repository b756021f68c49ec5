"""The files of an export, brought into a desk's own folder under the names that its key gives them."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

from majlis.cli.keys import sync_folder
from majlis.cli.moving import checking
from majlis.cli.moving import folder as places
from majlis.cli.moving.folder import MovingError
from majlis.cli.moving.ledger import Ledger
from majlis.cli.moving.pace import Pace
from majlis.cli.moving.tables import FILES
from majlis.cli.progress import size
from majlis.config import Config


def bring(config: Config, of: Path, found: dict[str, Any], work: Path, *, pace: Pace) -> Path:
    """Copy every file that is not there yet, and write the table of files as this desk has it; its path.

    Raises MovingError when a file is not what it was, OSError, sqlite3.Error.
    """
    named = work / f"{FILES}.jsonl"
    key = config.derived_key("files")
    places.make(config.files)
    ledger = Ledger(work / "files.sqlite")
    pace.begin("files", found["files"]["bytes"], unit=size)
    try:
        with places.create(named) as table:
            for row in checking.rows(of, FILES):
                digest = _digest(row, config.files, of, work, ledger, key)
                kept = {name: value for name, value in row.items() if name not in ("sha256", "is_damaged")}
                text = json.dumps({**kept, "digest": digest}, ensure_ascii=False, separators=(",", ":"))
                table.write(text.encode() + b"\n")
                pace.add(row["size"])
        for shelf in config.files.iterdir():
            if shelf.is_dir():
                sync_folder(shelf)
        sync_folder(config.files)
    finally:
        ledger.close()
    return named


def _digest(row: dict[str, Any], files: Path, of: Path, work: Path, ledger: Ledger, key: bytes) -> str:
    """The name of a file here; bytes that were missing or wrong before get one that says so."""
    if row["sha256"] is None:
        return f"missing{row['id']}"
    # Damaged bytes may be those of several files: each keeps its own.
    known_as = f"{row['sha256']}{row['id'] if row['is_damaged'] else ''}"
    known = ledger.want(known_as)
    if known is not None and _place(files, known[0]).exists():
        return known[0]
    with (of / places.file_name(row["sha256"])).open("rb") as source:
        total, keyed = hashlib.sha256(), hmac.new(key, digestmod=hashlib.sha256)
        with places.create(work / "new") as target:
            while block := source.read(places.BLOCK):
                total.update(block)
                keyed.update(block)
                target.write(block)
            places.settle(target)
            length = target.tell()
    if total.hexdigest() != row["sha256"]:
        raise MovingError(
            f"{of / places.file_name(row['sha256'])} is not as it was when it was written. "
            "The desk is as empty as before."
        )
    digest = f"damaged{row['id']}" if row["is_damaged"] else keyed.hexdigest()
    place = _place(files, digest)
    places.make(place.parent)
    (work / "new").rename(place)
    ledger.add(known_as, digest, length, is_damaged=row["is_damaged"])
    return digest


def _place(files: Path, digest: str) -> Path:
    return files / digest[:2] / digest[2:]
