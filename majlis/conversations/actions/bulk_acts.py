"""What can be done to many conversations at once, and how each is undone: one table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils import timezone

from majlis.conversations.models import ConversationTag, Status
from majlis.lib.errors import Refused
from majlis.people.models import Teammate

from .assign import assign, assign_to
from .changing import Change
from .close import close, set_status
from .snooze import snooze, wake
from .spam import clear_spam, mark_spam
from .tag import LONGEST, names_in, tag, untag
from .trash import restore, trash

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """`do` returns what `undo` needs, None when it stood so already; `undo` raises Refused("changed_since")."""

    do: Callable[[Change, Teammate, Data], Data | None]
    undo: Callable[[Change, Teammate, Data], object]


def check(act: str, data: Data) -> Data:
    """The data of an act, as far as it needs any; looked at before anything is begun.

    Raises Refused: no_such_teammate, no_such_status, empty, too_long, past.
    """
    if act == "assign":
        to = data.get("teammate")
        if to and not Teammate.objects.filter(pk=to, is_active=True).exists():
            raise Refused("no_such_teammate")
        return {"teammate": to or None}
    if act == "status":
        if data.get("status") not in Status.values:
            raise Refused("no_such_status")
        return {"status": data["status"]}
    if act == "tag":
        names = names_in(str(data.get("name", "")))
        if not names:
            raise Refused("empty")
        if any(len(name) > LONGEST for name in names):
            raise Refused("too_long", longest=LONGEST)
        return {"name": ",".join(names)}
    if act == "snooze":
        if datetime.fromisoformat(data["until"]) <= timezone.now():
            raise Refused("past")
        return {"until": data["until"]}
    return {}


def _assign(change: Change, teammate: Teammate, data: Data) -> Data | None:
    before = {"from": change.conversation.assignee_id, "status": str(change.conversation.status)}
    to = Teammate.objects.get(pk=data["teammate"]) if data["teammate"] else None
    if not assign(change, to, by=teammate):
        return None
    return before | {"to": data["teammate"]}


def _unassign(change: Change, teammate: Teammate, kept: Data) -> None:
    if change.conversation.assignee_id != kept["to"]:
        raise Refused("changed_since")
    before = Teammate.objects.filter(pk=kept["from"], is_active=True).first() if kept["from"] else None
    assign_to(change, before, by=teammate)


def _status(change: Change, teammate: Teammate, data: Data) -> Data | None:
    here = change.conversation
    kept = {
        "from": str(here.status),
        "as": here.closed_as,
        "note": here.closed_note,
        "waiting_since": here.waiting_since.isoformat() if here.waiting_since else None,
    }
    return kept | {"to": data["status"]} if set_status(change, data["status"], teammate=teammate) else None


def _status_back(change: Change, teammate: Teammate, kept: Data) -> None:
    here = change.conversation
    if here.status != kept["to"]:
        raise Refused("changed_since")
    if kept["from"] == Status.CLOSED:
        close(change, teammate=teammate, closed_as=kept["as"], note=kept["note"])
        return
    set_status(change, kept["from"], teammate=teammate)
    if kept["waiting_since"] and here.waiting_since is None:
        here.waiting_since = datetime.fromisoformat(kept["waiting_since"])


def _tag(change: Change, teammate: Teammate, data: Data) -> Data | None:
    put = tag(change, data["name"], teammate=teammate)
    return {"tags": [found.pk for found in put]} if put else None


def _untag(change: Change, teammate: Teammate, kept: Data) -> None:
    here = ConversationTag.objects.filter(conversation=change.conversation, tag_id__in=kept["tags"])
    if not here.exists():
        raise Refused("changed_since")
    for tag_id in kept["tags"]:
        untag(change, tag_id, teammate=teammate)


def _snooze(change: Change, teammate: Teammate, data: Data) -> Data | None:
    before = change.conversation.snoozed_until
    until = datetime.fromisoformat(data["until"])
    if not snooze(change, until, teammate=teammate):
        return None
    return {"from": before.isoformat() if before else None, "to": data["until"]}


def _wake(change: Change, teammate: Teammate, kept: Data) -> None:
    if change.conversation.snoozed_until != datetime.fromisoformat(kept["to"]):
        raise Refused("changed_since")
    before = datetime.fromisoformat(kept["from"]) if kept["from"] else None
    if before is None or before <= timezone.now():
        wake(change, why="hand", teammate=teammate)
    else:
        snooze(change, before, teammate=teammate)


def _spam(change: Change, teammate: Teammate, _data: Data) -> Data | None:
    return {} if not change.conversation.is_spam and mark_spam(change, "", teammate=teammate) else None


def _unspam(change: Change, teammate: Teammate, _kept: Data) -> None:
    if not clear_spam(change, teammate=teammate):
        raise Refused("changed_since")


def _trash(change: Change, teammate: Teammate, _data: Data) -> Data | None:
    return {} if trash(change, teammate=teammate) else None


def _untrash(change: Change, teammate: Teammate, _kept: Data) -> None:
    if not restore(change, teammate=teammate):
        raise Refused("changed_since")


ACTS: Final[dict[str, Act]] = {
    "assign": Act(_assign, _unassign),
    "status": Act(_status, _status_back),
    "tag": Act(_tag, _untag),
    "snooze": Act(_snooze, _wake),
    "spam": Act(_spam, _unspam),
    "trash": Act(_trash, _untrash),
}
