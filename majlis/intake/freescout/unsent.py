"""What somebody had not sent yet: drafts of answers, and conversations about to begin."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from majlis.conversations.actions import bring as past
from majlis.conversations.actions.changing import Change
from majlis.lib.plain import to_text
from majlis.people.actions import bring

from . import gathered, talk, words
from .desk import Run
from .gathered import Brought
from .source import Row


def draft(run: Run, one: Brought, change: Change, row: Row) -> None:
    who = gathered.teammate(run, row["created_by_user_id"])
    if who is None or not who.is_active or one.row["state"] == words.DELETED:
        run.tally.leave("drafts of people who are gone, or in the trash")
        return
    if str(row["id"]) in one.known_drafts:
        run.tally.known["drafts"] += 1
        return
    if one.files.get(row["id"]):
        run.tally.leave("files of drafts")
    text = to_text(row["body"] or "")
    mode = "note" if row["type"] == words.NOTE else "reply"
    made = past.put_draft(change.conversation, who, mode=mode, text=text, html="", at=talk.when(row))
    bring.keep_record(run.name, "draft", row["id"], made.pk if made else None)
    run.tally.new["drafts"] += 1


def beginning(run: Run, one: Brought) -> None:
    """A conversation that nobody had sent yet."""
    who = gathered.teammate(run, one.row["created_by_user_id"])
    box = run.boxes[one.row["mailbox_id"]]
    for row in gathered.threads(run, one.row["id"]):
        text = to_text(row["body"] or "")
        if who is None or not who.is_active or not (text or one.row["subject"]):
            run.tally.leave("drafts of people who are gone, or in the trash")
        elif is_known_draft(run, row):
            run.tally.known["drafts"] += 1
        else:
            to = ", ".join(words.addresses(row["to"])) or str(one.row["customer_email"] or "")
            key = uuid5(NAMESPACE_URL, f"{run.name}/{one.row['id']}")
            subject = str(one.row["subject"] or "")
            made = past.put_beginning(key, who, box, to=to, subject=subject, text=text, at=talk.when(row))
            bring.keep_record(run.name, "draft", row["id"], made.pk)
            run.tally.new["drafts"] += 1
        return


def is_known_draft(run: Run, row: Row) -> bool:
    return bool(bring.records(run.name, "draft", [row["id"]]))
