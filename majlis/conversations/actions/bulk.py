"""One change of many conversations: begun here, done one by one by the worker, undone the same way."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import orjson
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from majlis.conversations.models import Bulk
from majlis.journal import actions as journal
from majlis.lib.errors import Refused
from majlis.people import queries as people
from majlis.people.models import Teammate

from .bulk_acts import ACTS, check
from .changing import changing

log = logging.getLogger(__name__)

MOST = 2000
UNDO = "undo"
_STEP = (
    "update conversations_bulk set done = done + 1, refused = refused || %s::jsonb, before = before || %s::jsonb,"
    " finished_at = case when done + 1 = cardinality(numbers) then %s::timestamptz end where id = %s"
)


def begin(teammate: Teammate, act: str, data: dict[str, Any], numbers: Sequence[int]) -> Bulk:
    """Have `act` (one of ACTS) done to these conversations, in their order; the worker starts at once.

    Raises Refused: no_such_act, nothing_chosen, too_many (data: most), and what `bulk_acts.check` says of the data.
    """
    chosen = list(dict.fromkeys(numbers))
    if act not in ACTS:
        raise Refused("no_such_act")
    if not chosen:
        raise Refused("nothing_chosen")
    if len(chosen) > MOST:
        raise Refused("too_many", most=MOST)
    return _made(teammate, act, check(act, data), chosen)


def undo(found: Bulk, *, teammate: Teammate) -> Bulk:
    """Undo a whole run: what was done goes back, unless somebody has changed it since.

    Raises Refused: not_found (it is somebody else's), not_finished, undone_already, nothing_chosen.
    """
    with transaction.atomic():
        held = Bulk.objects.select_for_update().get(pk=found.pk)
        if held.teammate_id != teammate.pk or held.act == UNDO:
            raise Refused("not_found")
        if held.finished_at is None:
            raise Refused("not_finished")
        if Bulk.objects.filter(act=UNDO, data__of=held.pk).exists():
            raise Refused("undone_already")
        numbers = [number for number in held.numbers if str(number) in held.before]
        if not numbers:
            raise Refused("nothing_chosen")
        return _made(teammate, UNDO, {"of": held.pk, "act": held.act}, numbers)


def _made(teammate: Teammate, act: str, data: dict[str, Any], numbers: list[int]) -> Bulk:
    with transaction.atomic():
        made = Bulk.objects.create(
            teammate=teammate, act=act, data=data, numbers=numbers, created_at=timezone.now()
        )
        journal.wake("bulk")
    return made


def run_pending() -> int:
    """Do what is left of every run; how many conversations were looked at. Any number of processes may be at it."""
    done = 0
    for bulk_id in Bulk.objects.filter(finished_at=None).order_by("pk").values_list("pk", flat=True):
        while run_one(bulk_id):
            done += 1
    return done


def run_one(bulk_id: int) -> bool:
    """Do the next conversation of a run, with the note that it is done, in one transaction; False when none is left.

    A process that dies in the middle leaves neither. Another one at the same run is not waited for.
    """
    with transaction.atomic():
        held = Bulk.objects.select_for_update(skip_locked=True).filter(pk=bulk_id, finished_at=None).first()
        if held is None:
            return False
        number = held.numbers[held.done]
        before, code = _done(held, number)
        refused = {str(number): code} if code else {}
        kept = {} if before is None else {str(number): before}
        with connection.cursor() as cursor:
            values = [orjson.dumps(one).decode() for one in (refused, kept)]
            cursor.execute(_STEP, [*values, timezone.now(), bulk_id])
    return True


def _done(held: Bulk, number: int) -> tuple[dict[str, Any] | None, str]:
    """What it takes to undo it (None: it stood so already, or was refused), and the code of a refusal."""
    teammate = held.teammate
    try:
        with changing(number) as change:
            if change.conversation.mailbox_id not in people.mailbox_ids_visible_to(teammate):
                raise Refused("not_found")
            if held.act == UNDO:
                before = Bulk.objects.values_list("before", flat=True).get(pk=held.data["of"])
                ACTS[held.data["act"]].undo(change, teammate, before[str(number)])
                return None, ""
            return ACTS[held.act].do(change, teammate, held.data), ""
    except Refused as refused:
        return None, refused.code
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("%s of conversation %s came to nothing", held.act, number)
        return None, "failed"
