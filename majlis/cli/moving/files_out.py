"""The files that the exported tables name, each copied once, named by the SHA-256 of its bytes."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from majlis.cli.keys import sync_folder
from majlis.cli.moving import folder as places
from majlis.cli.moving.ledger import Ledger
from majlis.cli.moving.pace import Pace
from majlis.cli.moving.tables import FILES
from majlis.cli.progress import size
from majlis.config import Config


@dataclass(slots=True)
class Copied:
    """How many files are in the export; `table` is what the manifest says of their index."""

    files: int = 0
    bytes: int = 0
    missing: int = 0
    damaged: int = 0
    table: dict[str, Any] = field(default_factory=dict)


def copy(config: Config, to: Path, work: Path, *, pace: Pace) -> Copied:
    """Copy what `work` lists and is not in `to` yet, and write the index. Raises OSError, sqlite3.Error."""
    done, listed = Copied(), work / f"{FILES}.jsonl"
    key = config.derived_key("files")
    places.make(to / "files")
    total, rows = hashlib.sha256(), 0
    ledger = Ledger(work / "files.sqlite")
    try:
        ledger.begin()
        pace.begin("files", _bytes(listed), unit=size)
        with listed.open("rb") as source, places.create(to / places.table_file(FILES)) as index:
            for line in source:
                row = json.loads(line)
                found = _bring(config.files, row["digest"], to, work, ledger, key)
                entry = _entry(row, found)
                text = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
                total.update(text)
                index.write(text)
                rows += 1
                done.files += found is not None
                done.bytes += row["size"] if found else 0
                done.missing += found is None
                done.damaged += found is not None and found[1]
                pace.add(row["size"])
            places.settle(index)
        _tidy(to / "files", ledger)
    finally:
        ledger.close()
    done.table = {"rows": rows, "sha256": total.hexdigest()}
    return done


def _bytes(listed: Path) -> int:
    with listed.open("rb") as source:
        return sum(json.loads(line)["size"] for line in source)


def _entry(row: dict[str, Any], found: tuple[str, bool] | None) -> dict[str, Any]:
    """The row of the index: the sum in the place of the name that only the old desk's key explains."""
    entry = {name: value for name, value in row.items() if name != "digest"}
    entry["sha256"] = found[0] if found else None
    entry["is_damaged"] = bool(found and found[1])
    return entry


def _bring(
    files: Path, digest: str, to: Path, work: Path, ledger: Ledger, key: bytes
) -> tuple[str, bool] | None:
    """The SHA-256 of a file that is in the export now, and whether it is damaged; None when its bytes are gone."""
    known = ledger.want(digest)
    if known is not None:
        if (to / places.file_name(known[0])).exists():
            return known
        ledger.forget(digest)
    try:
        source = (files / digest[:2] / digest[2:]).open("rb")
    except FileNotFoundError:
        return None
    with source:
        sha256, keyed, length = _write(source, work / "new", key)
    place = to / places.file_name(sha256)
    if place.exists() and place.stat().st_size == length:
        (work / "new").unlink()
    else:
        places.make(place.parent)
        (work / "new").rename(place)
    is_damaged = keyed != digest
    ledger.add(digest, sha256, length, is_damaged=is_damaged)
    return sha256, is_damaged


def _write(source: IO[bytes], path: Path, key: bytes) -> tuple[str, str, int]:
    """Copy to `path`, durably; SHA-256, the digest by which a desk with this key names such bytes, their number."""
    total, keyed, length = hashlib.sha256(), hmac.new(key, digestmod=hashlib.sha256), 0
    with places.create(path) as target:
        while block := source.read(places.BLOCK):
            total.update(block)
            keyed.update(block)
            length += target.write(block)
        places.settle(target)
    return total.hexdigest(), keyed.hexdigest(), length


def _tidy(files: Path, ledger: Ledger) -> None:
    """Take away what an earlier try copied and these tables no longer name; then see that all names are durable."""
    for shelf in files.iterdir():
        for path in shelf.iterdir():
            if not ledger.is_wanted(path.name):
                path.unlink()
        sync_folder(shelf)
    sync_folder(files)
