"""Conversations come over one by one, each in one transaction: what is new of it, and how it stands."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from django.db import transaction
from django.utils import timezone

from majlis.conversations.actions import bring as past
from majlis.conversations.actions.changing import Change, changing
from majlis.conversations.actions.open import opening
from majlis.conversations.models import Conversation
from majlis.lib.errors import Refused
from majlis.lib.own import Own
from majlis.people import queries as people
from majlis.people.actions import bring

from . import counting, gathered, saying, unsent, words
from .desk import Run, conversations_of
from .gathered import Brought

_CONVERSATIONS = (
    "id number type status state subject customer_email mailbox_id user_id customer_id created_by_user_id closed_at"
    " created_at updated_at"
)
_BATCH = 100


def conversations_in_all(run: Run) -> int:
    """How many `bring_conversations` will go through."""
    rest, values = conversations_of(run)
    return run.source.number("conversations", f"where {rest}", values)


def bring_conversations(run: Run, progress: Callable[[int], None]) -> None:
    """All that were chosen, in the order they began in; memory holds one of them at a time."""
    own, last = people.own_addresses(), 0
    rest, values = conversations_of(run)
    while True:
        rows = run.source.rows(
            "conversations",
            _CONVERSATIONS,
            f"where id > %s and {rest} order by id limit {_BATCH}",
            [last, *values],
        )
        if not rows:
            return
        known = bring.records(run.name, "conversation", [row["id"] for row in rows])
        sums = gathered.sums(run, rows)
        for row in rows:
            last = row["id"]
            one = Brought(row, summary=words.digest(gathered.state_of(row), sums.get(last)))
            if known.get(str(last), (None, ""))[1].endswith(f":{one.summary}"):
                run.tally.known["conversations"] += 1
                run.tally.known["messages"] += sums[last][0]
            else:
                gathered.gather(run, one)
                if run.is_dry:
                    counting.count(run, one)
                else:
                    _bring(run, one, own)
            progress(1)


def _bring(run: Run, one: Brought, own: Own) -> None:
    row = one.row
    with transaction.atomic():
        if row["state"] == words.DRAFT:
            unsent.beginning(run, one)
            return
        known = bring.records(run.name, "conversation", [row["id"]]).get(str(row["id"]))
        one.known = bring.records(run.name, "thread", gathered.thread_ids(run, row["id"]))
        one.known_drafts = bring.records(run.name, "draft", gathered.thread_ids(run, row["id"]))
        one.known_files = set(
            bring.records(run.name, "file", [found["id"] for all_ in one.files.values() for found in all_])
        )
        state = gathered.state_of(row)
        if known is None:
            _first_time(run, one, own, state)
        else:
            _again(run, one, own, state, known)


def _first_time(run: Run, one: Brought, own: Own, state: str) -> None:
    row, box = one.row, run.boxes[one.row["mailbox_id"]]
    here = gathered.already_by_mail(run, row["id"], box.pk)
    customer, address = gathered.customer_and_address(run, row)
    began = row["created_at"] or timezone.now()
    holding: AbstractContextManager[Change] = (
        changing(here, is_merged=True)
        if here is not None
        else opening(
            box,
            customer,
            subject=str(row["subject"] or ""),
            address=address,
            name=customer.name,
            now=began,
            is_historic=True,
        )
    )
    with holding as change:
        before = change.conversation.seq
        saying.say_all(run, one, change, customer, address, own, is_first=True)
        if here is None or past.is_untouched(change.conversation):
            past.rest(change, _standing(run, one))
        past.put_tags(change.conversation, one.tags)
        past.put_followers(change.conversation, [run.team[pk].pk for pk in one.followers if pk in run.team])
    made = change.conversation
    past.settle(made.pk, after=before)
    if here is not None and past.is_untouched(made):
        past.put_in_order(made.pk)
        made.refresh_from_db(fields=["seq"])
    (run.tally.new if here is None else run.tally.known)["conversations"] += 1
    _keep(run, one, made.pk, f"{state}:{made.seq}")


def _again(run: Run, one: Brought, own: Own, state: str, known: tuple[int | None, str]) -> None:
    """What came since, and how it stands now unless somebody went on with it here."""
    our_id, digest = known
    run.tally.known["conversations"] += 1
    stood, seq, _ = digest.split(":")
    if our_id is None or not Conversation.objects.filter(pk=our_id).exists():
        run.tally.leave("conversations that were removed here since")
        return
    try:
        with changing(our_id) as change:
            before = change.conversation.seq
            customer, address = gathered.customer_and_address(run, one.row)
            was, one.status = change.conversation.status, str(change.conversation.status)
            one.waiting_since = change.conversation.waiting_since
            has_moved = saying.say_all(run, one, change, customer, address, own, is_first=False)
            if state != stood or has_moved:
                if str(before) == seq:
                    standing = _standing(run, one)
                    if standing.status != was and one.status != standing.status:
                        data = {"before": was, "after": standing.status}
                        at = one.row["updated_at"] or timezone.now()
                        past.tell(change, "status.changed", at=at, actor_id=None, data=data)
                    past.rest(change, standing)
                    run.tally.changed["conversations"] += 1
                elif state != stood:
                    run.tally.leave("changes of status and assignee where somebody went on here")
            past.put_tags(change.conversation, one.tags)
    except Refused as refused:
        if refused.code != "merged_away":
            raise
        run.tally.leave("conversations that were merged here since")
        return
    after = change.conversation.seq
    past.settle(our_id, after=before)
    _keep(run, one, our_id, f"{state}:{after if str(before) == seq else seq}")


def _keep(run: Run, one: Brought, our_id: int, stands: str) -> None:
    """Remember how it stood; the next run passes over what did not change since, unless a file was missing."""
    summary = one.summary if one.is_whole else ""
    bring.keep_record(run.name, "conversation", one.row["id"], our_id, f"{stands}:{summary}")


def _standing(run: Run, one: Brought) -> past.Standing:
    row = one.row
    status = words.STATUSES.get(row["status"], "open")
    who = gathered.teammate(run, row["user_id"])
    if status == "open" and who is not None:
        status = "in_progress"
    is_spam = row["status"] == words.SPAM
    is_waiting = status in ("open", "in_progress") and not is_spam
    return past.Standing(
        status=status,
        subject=str(row["subject"] or ""),
        assignee_id=who.pk if who else None,
        closed_at=(row["closed_at"] or row["updated_at"]) if status == "closed" else None,
        waiting_since=one.waiting_since if is_waiting else None,
        is_spam=is_spam,
        is_thrown_away=row["state"] == words.DELETED,
    )
