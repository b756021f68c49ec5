"""The desk itself comes over: its mailboxes, the people who work there, and the customers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone

from majlis.lib.errors import Refused
from majlis.people.actions import aliases, bring, mailboxes, pictures
from majlis.people.models import CustomerAddress, Mailbox, Role, Teammate

from . import words
from .source import Row, Source
from .tally import Tally

_USERS = "id first_name last_name email role type status photo_url created_at"
_MAILBOXES = "id name email aliases signature created_at"
_CUSTOMERS = (
    "id first_name last_name company job_title phones websites social_profiles notes background address city state"
    " zip country created_at"
)


@dataclass(slots=True)
class Run:
    """One import: where from, under which name it is remembered, and what it has found so far.

    `boxes` and `team` are what mailboxes and users became, by their ids there; of a dry run only those known here.
    `chosen` are the ids there of the mailboxes that come over, `since` the day conversations must have moved on.
    """

    source: Source
    name: str
    files: Path
    by: Teammate
    is_dry: bool
    tally: Tally
    wanted: frozenset[str] = frozenset()
    since: datetime | None = None
    chosen: list[int] = field(default_factory=list)
    boxes: dict[int, Mailbox] = field(default_factory=dict)
    team: dict[int, Teammate] = field(default_factory=dict)


def installation_name(source: Source) -> str:
    """The same for the same FreeScout wherever its database lies: from when its first user was made."""
    return f"freescout-{words.digest(*source.first_user())[:12]}"


def bring_mailboxes(run: Run) -> None:
    """Mailboxes with their further addresses and signatures; one whose address is known here is that one."""
    known = bring.records(run.name, "mailbox")
    here = {box.address.lower(): box for box in Mailbox.objects.all()}
    for row in run.source.rows("mailboxes", _MAILBOXES, "order by id"):
        address = str(row["email"] or "").strip().lower()
        if run.wanted and address not in run.wanted:
            continue
        run.chosen.append(row["id"])
        our_id, _ = known.get(str(row["id"]), (None, ""))
        box = Mailbox.objects.filter(pk=our_id).first() if our_id else here.get(address)
        run.tally.known["mailboxes"] += box is not None
        run.tally.new["mailboxes"] += box is None
        state = f"is {box.address} here" if box else "would be new" if run.is_dry else "is new"
        run.tally.matched.append(f"Mailbox {address} {state}")
        if not run.is_dry:
            box = _mailbox(run, row, address, box)
        if box is not None:
            run.boxes[row["id"]] = box


@transaction.atomic
def _mailbox(run: Run, row: Row, address: str, box: Mailbox | None) -> Mailbox:
    if box is None:
        name = str(row["name"] or address)
        box = mailboxes.create(
            run.by, name=name, address=address, signature=words.signature(row["signature"], name)
        )
    for alias in words.aliases(row["aliases"]):
        if not aliases.is_taken(alias):
            try:
                aliases.add(run.by, box, alias)
            except Refused as refused:
                run.tally.leave(f"further address of a mailbox ({refused.code})", alias)
    bring.keep_record(run.name, "mailbox", row["id"], box.pk)
    return box


def bring_users(run: Run) -> None:
    """Who works there, and which mailboxes they see. Nobody is invited: that an admin does when it is time."""
    known = bring.records(run.name, "user")
    sees: dict[int, list[int]] = {}
    for row in run.source.rows("mailbox_user", "mailbox_id user_id"):
        if row["mailbox_id"] in run.boxes:
            sees.setdefault(row["user_id"], []).append(run.boxes[row["mailbox_id"]].pk)
    here = {one.lower: one for one in Teammate.objects.annotate(lower=Lower("email"))}
    for row in run.source.rows("users", _USERS, "order by id"):
        email = str(row["email"] or "").strip().lower()
        if row["type"] == words.ROBOT or "@" not in email:
            run.tally.leave("users that are no people")
            continue
        our_id, _ = known.get(str(row["id"]), (None, ""))
        who = Teammate.objects.filter(pk=our_id).first() if our_id else here.get(email)
        run.tally.known["users"] += who is not None
        run.tally.new["users"] += who is None
        if not run.is_dry:
            who = _user(run, row, email, who, sees.get(row["id"], []), is_known=str(row["id"]) in known)
        if who is not None:
            run.team[row["id"]] = who


@transaction.atomic
def _user(
    run: Run, row: Row, email: str, who: Teammate | None, mailbox_ids: list[int], *, is_known: bool
) -> Teammate:
    if who is None:
        who, _ = bring.bring_teammate(
            run.by,
            name=words.name(row),
            email=email,
            role=Role.ADMIN if row["role"] == words.ADMIN else Role.AGENT,
            is_active=(row["status"] or words.USER_ACTIVE) == words.USER_ACTIVE,
            created_at=row["created_at"] or timezone.now(),
        )
        _picture(run, who, str(row["photo_url"] or ""))
    if not is_known:  # what was taken away here since stays taken away
        bring.let_see(who, mailbox_ids)
        bring.keep_record(run.name, "user", row["id"], who.pk)
    return who


def _picture(run: Run, who: Teammate, name: str) -> None:
    place = run.files / "public" / "users" / Path(name).name
    if not name or not place.is_file():
        return
    try:
        pictures.set_picture(who, place.read_bytes())
    except (OSError, Refused):
        run.tally.leave("pictures of users", name)


def bring_customers(run: Run, progress: Callable[[int], None]) -> None:
    """Customers with all their addresses; with only some mailboxes or a day, those who wrote there and since."""
    rest, values = _those_of(run)
    last = 0
    while True:
        rows = run.source.rows(
            "customers", _CUSTOMERS, f"where id > %s {rest} order by id limit 200", [last, *values]
        )
        if not rows:
            return
        last = rows[-1]["id"]
        theirs = _addresses(run, [row["id"] for row in rows])
        known = bring.records(run.name, "customer", [row["id"] for row in rows])
        for row in rows:
            if str(row["id"]) in known:
                run.tally.known["customers"] += 1
            elif run.is_dry:
                is_here = CustomerAddress.objects.filter(address__in=theirs.get(row["id"], [])).exists()
                run.tally.known["customers"] += is_here
                run.tally.new["customers"] += not is_here
            else:
                _customer(run, row, theirs.get(row["id"], []))
        progress(len(rows))


def customers_in_all(run: Run) -> int:
    """How many `bring_customers` will go through."""
    rest, values = _those_of(run)
    return run.source.number("customers", f"where id > %s {rest}", [0, *values])


def _those_of(run: Run) -> tuple[str, list[object]]:
    if not run.wanted and run.since is None:
        return "", []
    rest, values = conversations_of(run)
    return f"and id in (select c.customer_id from conversations c where {rest})", values  # noqa: S608


def conversations_of(run: Run) -> tuple[str, list[object]]:
    """The condition for the conversations that come over, with its values."""
    marks = ", ".join(["%s"] * len(run.chosen)) or "0"
    rest, values = f"mailbox_id in ({marks})", [*run.chosen]
    if run.since is None:
        return rest, [*values]
    since = run.since.astimezone(run.source.zone).replace(tzinfo=None)
    return f"{rest} and updated_at >= %s", [*values, since]


def _addresses(run: Run, ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    marks = ", ".join(["%s"] * len(ids))
    for row in run.source.rows(
        "emails", "id customer_id email", f"where customer_id in ({marks}) order by id", ids
    ):
        address = str(row["email"] or "").strip().lower()
        if "@" in address:
            found.setdefault(row["customer_id"], []).append(address)
    return found


@transaction.atomic
def _customer(run: Run, row: Row, addresses: list[str]) -> None:
    is_here = CustomerAddress.objects.filter(address__in=addresses).exists()
    texts = {"job": row["job_title"] or "", "company": row["company"] or ""}
    customer, others = bring.bring_customer(
        addresses,
        name=words.name(row),
        texts=texts,
        attributes=words.attributes(row),
        note=row["notes"] or row["background"] or "",
        created_at=row["created_at"] or timezone.now(),
    )
    bring.keep_record(run.name, "customer", row["id"], customer.pk)
    run.tally.known["customers"] += is_here
    run.tally.new["customers"] += not is_here
    for address in others:
        run.tally.leave("addresses that belong to another customer here, or are none", address)
