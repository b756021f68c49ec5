"""What would come over: everything is looked at, nothing is written."""

from __future__ import annotations

from majlis.people.actions import bring

from . import gathered, talk, unsent, words
from .desk import Run
from .gathered import Brought


def count(run: Run, one: Brought) -> None:
    """What would come over of it."""
    is_known = str(one.row["id"]) in bring.records(run.name, "conversation", [one.row["id"]])
    (run.tally.known if is_known else run.tally.new)["conversations"] += 1
    for row in gathered.threads(run, one.row["id"]):
        if why := gathered.left_out(row):
            run.tally.leave(why)
            continue
        known = bring.records(run.name, "thread", [row["id"]]).get(str(row["id"]))
        kind = "drafts" if row["state"] == words.DRAFT else "messages"
        if row["type"] in talk.KINDS:
            is_here = known is not None or (kind == "drafts" and unsent.is_known_draft(run, row))
            (run.tally.known if is_here else run.tally.new)[kind] += 1
        files = one.files.get(row["id"], [])
        there = bring.records(run.name, "file", [found["id"] for found in files])
        for found in files:
            if str(found["id"]) in there:
                run.tally.known["files"] += 1
            elif talk.path(run.files, found) is None:
                run.tally.leave("files that are not in the storage folder", str(found["file_name"]))
            else:
                run.tally.new["files"] += 1
