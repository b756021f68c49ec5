"""Whether an export is whole and fits together, found out without a database and without changing anything."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from majlis.cli.moving import folder as places
from majlis.cli.moving.folder import MovingError
from majlis.cli.moving.pace import Pace
from majlis.cli.moving.tables import EXPORTED, FILES
from majlis.cli.progress import size

_SUM = re.compile(r"[0-9a-f]{64}")
_ROOMS = Path(__file__).resolve().parents[2]
# In the database, with its indexes and the log of what was written, rows take about so many times their lines.
_GROWTH = 4


def manifest(of: Path) -> dict[str, Any]:
    """The manifest of a whole export that this version can read. Raises MovingError."""
    if not of.is_dir():
        raise MovingError(f"{of} is not a folder. Nothing was changed.")
    found = places.read_json(of / places.MANIFEST)
    if found is None and (of / places.UNFINISHED).exists():
        raise MovingError(f"{of} is not whole: say `majlis export` for it again first. Nothing was changed.")
    if not isinstance(found, dict) or not {"format", "majlis", "tables", "schema", "files"} <= found.keys():
        raise MovingError(
            f"{of} is not an export of Majlis: it has no {places.MANIFEST}. Nothing was changed."
        )
    unknown = sorted({*found["tables"]} - {*EXPORTED}) or _unknown_migrations(found["schema"])
    if found["format"] != places.FORMAT or unknown:
        named = f" ({', '.join(unknown[:3])} is not known here)" if unknown else ""
        raise MovingError(
            f"{of} was made by another Majlis, {found['majlis']}{named}: install that. Nothing was changed."
        )
    return found


def _unknown_migrations(schema: dict[str, list[str]]) -> list[str]:
    """Migrations of our rooms that this version does not have."""
    rooms = {path.parent.name for path in _ROOMS.glob("*/migrations")}
    known = {f"{path.parents[1].name}.{path.stem}" for path in _ROOMS.glob("*/migrations/*.py")}
    return sorted(
        {f"{app}.{name}" for app, names in schema.items() if app in rooms for name in names} - known
    )


def check(of: Path, found: dict[str, Any], *, pace: Pace, with_sums_of_files: bool) -> None:
    """See that every line, sum, count and reference is as the manifest says, and every file there.

    Raises MovingError naming the first fault.
    """
    ids: dict[str, array[int]] = {}
    for name in _in_order(found["tables"]):
        ids[name] = _check_table(of, name, found["tables"][name], ids, pace)
    pace.begin("files", found["files"]["bytes"], unit=size)
    for row in rows(of, FILES):
        _check_file(of, row, with_sum=with_sums_of_files)
        pace.add(row["size"])


def _in_order(tables: dict[str, Any]) -> list[str]:
    return order({name: table["references"].values() for name, table in tables.items()})


def order(references: dict[str, Any]) -> list[str]:
    """Names so that each comes after those it points to, as far as they do not point in a circle."""
    done: list[str] = []

    def place(name: str, above: tuple[str, ...]) -> None:
        if name in done or name in above or name not in references:
            return
        for target in sorted(set(references[name])):
            place(target, (*above, name))
        done.append(name)

    for name in sorted(references):
        place(name, ())
    return done


def rows(of: Path, table: str) -> Iterator[dict[str, Any]]:
    """Every row of a table of the export."""
    with (of / places.table_file(table)).open("rb") as file:
        for line in file:
            yield json.loads(line)


def _check_table(
    of: Path, name: str, table: dict[str, Any], ids: dict[str, array[int]], pace: Pace
) -> array[int]:
    """The numbers of the table's rows, in order; what points within the table is looked at when all are known."""
    pace.begin(name, table["rows"])
    own: array[int] = array("q")
    within: list[tuple[str, object]] = []
    total, count = hashlib.sha256(), 0
    key = table["primary_key"][0] if len(table["primary_key"]) == 1 else None
    try:
        with (of / places.table_file(name)).open("rb") as file:
            for line in file:
                total.update(line)
                count += 1
                row = json.loads(line)
                if row.keys() != set(table["columns"]):
                    raise _fault(of, name, f"line {count} has other fields than the manifest says")
                if key and isinstance(row[key], int):
                    own.append(row[key])
                within += _pointing(of, name, table, count, row, ids)
                pace.add(1)
    except FileNotFoundError:
        raise _fault(of, name, "its file is missing") from None
    except ValueError:
        raise _fault(of, name, f"line {count} is not JSON") from None
    if (count, total.hexdigest()) != (table["rows"], table["sha256"]):
        raise _fault(of, name, "it is not as it was when it was written")
    for column, value in within:
        if not _has(own, value):
            raise _fault(of, name, f"{column} {value} is not there")
    return own


def _pointing(
    of: Path, name: str, table: dict[str, Any], number: int, row: dict[str, Any], ids: dict[str, array[int]]
) -> list[tuple[str, object]]:
    """What this row points to within its own table; what it points to in others is there, or MovingError."""
    within = []
    for column, target in table["references"].items():
        if row[column] is None:
            continue
        if target == name:
            within.append((column, row[column]))
        elif not _has(ids.get(target), row[column]):
            raise _fault(of, name, f"line {number}: {column} {row[column]} is not in {target}")
    return within


def _has(ids: array[int] | None, value: object) -> bool:
    """A table that is not part of an export, or not numbered, is not asked."""
    if ids is None or not isinstance(value, int):
        return True
    place = bisect_left(ids, value)
    return place < len(ids) and ids[place] == value


def _check_file(of: Path, row: dict[str, Any], *, with_sum: bool) -> None:
    if row["sha256"] is None:
        return
    if not _SUM.fullmatch(row["sha256"]):
        raise _fault(of, FILES, f"file {row['id']} has no proper name")
    path = of / places.file_name(row["sha256"])
    if not path.is_file() or (not row["is_damaged"] and path.stat().st_size != row["size"]):
        raise MovingError(f"{path} is missing or not as long as it was. Nothing was changed.")
    if with_sum and places.sum_of(path) != row["sha256"]:
        raise MovingError(f"{path} is not as it was when it was written. Nothing was changed.")


def _fault(of: Path, table: str, what: str) -> MovingError:
    return MovingError(f"{of / places.table_file(table)} is damaged: {what}. Nothing was changed.")


def check_room(of: Path, found: dict[str, Any], data: Path) -> None:
    """See that the disk of `data` has room for it. Raises MovingError."""
    place = next(folder for folder in (data, *data.parents) if folder.is_dir())
    lines = sum((of / places.table_file(name)).stat().st_size for name in found["tables"])
    needed = found["files"]["bytes"] + lines * _GROWTH
    free = shutil.disk_usage(place).free
    if free < needed:
        raise MovingError(
            f"{place} has {size(free)} of room, and about {size(needed)} are needed. Nothing was changed."
        )
