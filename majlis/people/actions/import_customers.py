"""A table of customers comes in: kept as it was handed over, then brought in line by line, in batches."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from majlis.journal.actions import wake
from majlis.lib.arabic import sort_key
from majlis.lib.errors import Refused
from majlis.people import import_rows
from majlis.people.models import (
    Customer,
    CustomerAddress,
    CustomerImport,
    CustomerImportRow,
    CustomerNote,
    Teammate,
)

from .customers import company_named
from .recognise import recognise

BATCH = 100
MOST_ROWS = 20_000
Outcome = CustomerImportRow.Outcome


@transaction.atomic
def keep_table(
    rows: Sequence[Sequence[str]], fields: Sequence[str], *, name: str, by: Teammate
) -> CustomerImport:
    """Keep a table, its heads first, with what its columns seem to hold. Raises Refused("too_large_table")."""
    if len(rows) - 1 > MOST_ROWS:
        raise Refused("too_large_table", most=MOST_ROWS)
    made = CustomerImport.objects.create(
        teammate=by, file_name=name[:200], headers=rows[0], fields=fields, created_at=timezone.now()
    )
    lines = (
        CustomerImportRow(of=made, number=number, cells=cells)
        for number, cells in enumerate(rows[1:], start=2)
    )
    CustomerImportRow.objects.bulk_create(lines, batch_size=1000)
    return made


@transaction.atomic
def choose_fields(table: CustomerImport, fields: Sequence[str], *, should_overwrite: bool) -> None:
    """Say what the columns hold. Raises Refused: "no_address_column", "field_twice"; both are kept nevertheless."""
    held = CustomerImport.objects.select_for_update().get(pk=table.pk)
    if held.started_at is not None:
        return
    table.fields = list(fields)[: len(held.headers)]
    table.should_overwrite = should_overwrite
    table.save(update_fields=["fields", "should_overwrite"])


def check_fields(fields: Sequence[str]) -> None:
    """Refuse columns that cannot be brought in. Raises Refused: "no_address_column", "field_twice"."""
    chosen = [name for name in fields if name]
    if "address" not in chosen:
        raise Refused("no_address_column")
    if len(set(chosen)) < len(chosen):
        raise Refused("field_twice")


@transaction.atomic
def start_import(table: CustomerImport) -> None:
    """Let the worker bring it in. Raises Refused as `check_fields`."""
    check_fields(table.fields)
    CustomerImport.objects.filter(pk=table.pk, started_at=None).update(started_at=timezone.now())
    wake("imports")


def drain_imports() -> None:
    """Bring in whatever was started, a batch at a time."""
    while _batch():
        pass


@transaction.atomic
def _batch() -> bool:
    """The next lines of the oldest table that was started, under its lock; whether there was one."""
    waiting = CustomerImport.objects.filter(started_at__isnull=False, finished_at=None)
    table = waiting.select_for_update(skip_locked=True).order_by("pk").first()
    if table is None:
        return False
    rows = list(table.rows.filter(outcome=Outcome.WAITING).order_by("number")[:BATCH])
    for row in rows:
        try:
            with transaction.atomic():
                line = import_rows.read(row.cells, table.fields)
                row.outcome = _bring_in(line, table)
        except Refused as refused:
            row.outcome, row.reason = Outcome.BAD, refused.code
    CustomerImportRow.objects.bulk_update(rows, ["outcome", "reason"])
    if len(rows) < BATCH:
        table.finished_at = timezone.now()
        table.save(update_fields=["finished_at"])
    return True


def _bring_in(line: import_rows.Line, table: CustomerImport) -> Outcome:
    """Make the customer of a line, or fill in what is not known of them yet; all of it when that was asked for."""
    is_known = CustomerAddress.objects.filter(address=line.address).exists()
    customer_id = recognise(line.address, name="").pk
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=customer_id)
    for name, text in line.texts.items():
        if name == "company":
            if customer.company_id is None or table.should_overwrite:
                customer.company = company_named(text)
        elif table.should_overwrite or not getattr(customer, name):
            setattr(customer, name, text)
    customer.name_key = sort_key(customer.name)
    if line.since and (table.should_overwrite or customer.customer_since_on is None):
        customer.customer_since_on = line.since
    kept = customer.attributes
    customer.attributes = (
        {**kept, **line.attributes} if table.should_overwrite else {**line.attributes, **kept}
    )
    customer.save()
    if line.note and not customer.notes.filter(text=line.note).exists():
        CustomerNote.objects.create(
            customer=customer, teammate_id=table.teammate_id, text=line.note, created_at=timezone.now()
        )
    return Outcome.KNOWN if is_known else Outcome.MADE
