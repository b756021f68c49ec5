"""Customers from a table: handed over, looked at, brought in by the worker, and what could not be."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from majlis.desk.asking import me
from majlis.lib import tables
from majlis.lib.errors import Refused
from majlis.people import import_rows
from majlis.people.actions import import_customers
from majlis.people.models import CustomerAddress, CustomerImport, CustomerImportRow, Role, Teammate

from . import words
from .listing import standing

MOST_BYTES = 10 * 1024 * 1024
SHOWN_ROWS = 5
SHOWN_ERRORS = 100
Outcome = CustomerImportRow.Outcome


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """/customers/imports: hand over a file; earlier ones below."""
    teammate = _allowed(request)
    error = ""
    if request.method == "POST":
        upload = request.FILES.get("file")
        try:
            if upload is None or not upload.size or upload.size > MOST_BYTES:
                raise Refused("not_a_table")
            rows = tables.rows_of(upload.read())
            fields = tables.fields_of(rows[0])
            kept = import_customers.keep_table(rows, fields, name=upload.name or "", by=teammate)
            return redirect("customer_import", kept.pk)
        except ValueError:
            error = words.of(Refused("not_a_table"))
        except Refused as refused:
            error = words.of(refused)
    earlier = CustomerImport.objects.filter(started_at__isnull=False).select_related("teammate")
    context = {**standing(request), "error": error, "earlier": earlier.order_by("-pk")[:10]}
    return render(request, "customers/imports.html", context, status=422 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, import_id: int) -> HttpResponse:
    """/customers/imports/<id>: before it starts its columns and a look at its rows, afterwards how far it is."""
    _allowed(request)
    table = get_object_or_404(CustomerImport, pk=import_id)
    if table.started_at is not None:
        context = {**standing(request), **_standing_of(table)}
        return render(request, "customers/import_progress.html", context)
    error = ""
    if request.method == "POST":
        fields = [_field(request, number, head) for number, head in enumerate(table.headers)]
        import_customers.choose_fields(
            table, fields, should_overwrite=bool(request.POST.get("should_overwrite"))
        )
    try:
        import_customers.check_fields(table.fields)
        if "start" in request.POST:
            import_customers.start_import(table)
            return redirect("customer_import", table.pk)
    except Refused as refused:
        error = words.of(refused)
    context = {**standing(request), "table": table, "error": error, **_look(table)}
    return render(request, "customers/import.html", context, status=422 if error and request.POST else 200)


@require_safe
def progress(request: HttpRequest, import_id: int) -> HttpResponse:
    """How far it is, as a fragment that asks again until all is done."""
    _allowed(request)
    table = get_object_or_404(CustomerImport, pk=import_id)
    return render(request, "customers/_import_progress.html", _standing_of(table))


@require_safe
def errors(request: HttpRequest, import_id: int) -> HttpResponse:
    """The rows that could not be brought in, with the reason of each, as a table to mend and hand over again."""
    _allowed(request)
    table = get_object_or_404(CustomerImport, pk=import_id)
    kept = io.StringIO()
    writer = csv.writer(kept)
    writer.writerow([*table.headers, _("Reason")])
    for row in table.rows.filter(outcome=Outcome.BAD).order_by("number"):
        cells = [*row.cells, reason(row.reason)]
        writer.writerow([f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell for cell in cells])
    response = HttpResponse(
        b"\xef\xbb\xbf" + kept.getvalue().encode(), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="rows-with-errors-{table.pk}.csv"'
    return response


def reason(code: str) -> str:
    """Why a row could not be brought in."""
    return {
        "row_no_address": _("No email address."),
        "row_bad_address": _("Not an email address."),
        "row_bad_date": _("Not a date; 2026-11-22 or 22/11/2026 can be read."),
        "row_bad_zone": _("Not a time zone; as Asia/Riyadh."),
        "row_bad_language": _("Not a known language; as ar or en."),
        "row_too_long": _("Too long."),
    }.get(code, _("That did not work. Reload the page and try again."))


def field_choices(header: str) -> list[tuple[str, str]]:
    """What a column may be said to hold."""
    return [
        ("", _("Leave out")),
        ("address", _("Email address")),
        ("name", _("Name")),
        ("job", _("Job")),
        ("company", _("Company")),
        ("plan", _("Plan")),
        ("pays", _("What they pay")),
        ("customer_since_on", _("Customer since")),
        ("language", _("Language")),
        ("time_zone", _("Time zone")),
        ("note", _("Team note")),
        (f"attribute:{header}", _("Attribute")),
    ]


def _allowed(request: HttpRequest) -> Teammate:
    """Managers and above; what comes in is everybody's."""
    teammate = me(request)
    if teammate.role == Role.AGENT:
        raise PermissionDenied
    return teammate


def _field(request: HttpRequest, number: int, header: str) -> str:
    chosen = request.POST.get(f"field-{number}", "")
    return chosen if chosen in dict(field_choices(_name(header))) else ""


def _name(header: str) -> str:
    return " ".join(header.split())[:60] or "?"


def _look(table: CustomerImport) -> dict[str, Any]:
    """The first rows, what the columns hold, and how many would be new, known or refused."""
    first: list[list[str]] = []
    counts: Counter[str] = Counter()
    addresses: set[str] = set()
    for cells in table.rows.order_by("number").values_list("cells", flat=True).iterator():
        if len(first) < SHOWN_ROWS:
            first.append(cells)
        try:
            addresses.add(import_rows.read(cells, table.fields).address)
        except Refused as refused:
            counts["bad"] += 1
            counts[refused.code] += 1
    known = CustomerAddress.objects.filter(address__in=addresses).count()
    columns = [
        {"number": number, "header": head, "field": field, "choices": field_choices(_name(head))}
        for number, (head, field) in enumerate(zip(table.headers, table.fields, strict=False))
    ]
    return {
        "first": first,
        "columns": columns,
        "count_new": len(addresses) - known,
        "count_known": known,
        "count_bad": counts["bad"],
        "reasons": [(reason(code), number) for code, number in sorted(counts.items()) if code != "bad"],
    }


def _standing_of(table: CustomerImport) -> dict[str, Any]:
    """How many rows came in and how, and those that did not."""
    numbers = dict(table.rows.values_list("outcome").annotate(number=Count("pk")).order_by())
    bad = table.rows.filter(outcome=Outcome.BAD).order_by("number")[:SHOWN_ERRORS]
    total = sum(numbers.values())
    return {
        "table": table,
        "total": total,
        "done": total - numbers.get(Outcome.WAITING, 0),
        "count_new": numbers.get(Outcome.MADE, 0),
        "count_known": numbers.get(Outcome.KNOWN, 0),
        "count_bad": numbers.get(Outcome.BAD, 0),
        "bad": [{"number": row.number, "cells": row.cells, "why": reason(row.reason)} for row in bad]
        if table.finished_at
        else [],
    }
