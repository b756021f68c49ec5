"""The list of customers, and the page of one."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from majlis.conversations import customers as reading
from majlis.conversations.customers import Cursor, Narrowing, customers_visible_to
from majlis.desk import names
from majlis.desk.asking import me, whole_number
from majlis.desk.inbox import session_tag
from majlis.desk.settings_pages.frame import frame
from majlis.jinja import language_name
from majlis.lib.errors import Refused
from majlis.people.models import Customer, CustomerView, Role

from .panel import described, line

MOST_LISTED = 100


@require_safe
def customers(request: HttpRequest) -> HttpResponse:
    """/customers: those found, a page at a time; for htmx the list alone."""
    teammate = me(request)
    narrowing = Narrowing.from_query(request.GET)
    rows, following = reading.page(teammate, narrowing, after=_cursor(request.GET.get("after", "")))
    kept = reading.customer_views(teammate)
    context = {
        "rows": [_row(row) for row in rows],
        "total": reading.found_by(teammate, narrowing).count(),
        "next_after": f"{following[2]}-{int(following[0])}-{following[1]}" if following else None,
        "narrowing": narrowing,
        "query": narrowing.query(),
        "chips": _chips(narrowing),
        "choices": reading.choices(teammate),
        "kept_views": [_view(view, narrowing, teammate.pk) for view in kept],
        "is_kept": any(view.query == narrowing.query() for view in kept),
        "may_export": teammate.role != Role.AGENT,
        "may_share": teammate.role != Role.AGENT,
    }
    if request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request"):
        return render(request, "customers/_list.html", context)
    return render(request, "customers/list.html", {**standing(request), **context})


@require_safe
def customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """/customers/<id>: what is known, and the conversations one may see; a merged one leads to whom they became."""
    teammate = me(request)
    if not customers_visible_to(teammate).filter(pk=customer_id).exists():
        kept = Customer.objects.filter(pk=customer_id).values_list("merged_into", flat=True).first()
        if kept and customers_visible_to(teammate).filter(pk=kept).exists():
            return redirect("customer", kept)
        raise Http404
    found = reading.conversations_of_customer(teammate, customer_id)
    try:
        if before := whole_number(request.GET.get("before")):
            found = found.filter(pk__lt=before)
    except Refused as problem:
        raise Http404 from problem
    listed = list(found[: MOST_LISTED + 1])
    context = {
        "customer": described(teammate, customer_id),
        "rows": [line(one) for one in listed[:MOST_LISTED]],
        "next_before": listed[MOST_LISTED - 1].pk if len(listed) > MOST_LISTED else None,
    }
    return render(request, "customers/customer.html", {**standing(request), **context})


def standing(request: HttpRequest) -> dict[str, Any]:
    """What every page of customers stands in."""
    return {
        **frame(request),
        "section": "customers",
        "live": {"url": "/live", "session_tag": session_tag(request)},
    }


def _row(row: reading.Row) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": names.of_customer(row.name, row.address),
        "address": row.address if row.name else "",
        "company": row.company,
        "plan": row.plan,
        "is_unwilling": row.is_unwilling,
        "last_at": row.last_at,
        "open_count": row.open_count,
    }


def _chips(narrowing: Narrowing) -> list[dict[str, str]]:
    """What narrows the list, each with the list without it."""
    labels = {
        "q": _("Search"),
        "language": _("Language"),
        "company": _("Company"),
        "plan": _("Plan"),
        "attribute": _("Attribute"),
        "open": "",
        "since": _("Customer since"),
    }
    shown = []
    for name, value in narrowing.pairs():
        text = {"language": language_name(value), "open": _("Has an open conversation")}.get(name, value)
        shown.append({"label": labels[name], "text": text, "without": narrowing.query(without=name)})
    return shown


def _view(view: CustomerView, narrowing: Narrowing, teammate_id: int) -> dict[str, Any]:
    return {
        "id": view.pk,
        "name": view.name,
        "query": view.query,
        "is_shared": view.owner_id is None,
        "is_own": view.owner_id == teammate_id,
        "is_current": bool(view.query) and view.query == narrowing.query(),
    }


def _cursor(text: str) -> Cursor | None:
    """The place after which the next page begins, as `next_after` wrote it. Raises Http404."""
    if not text:
        return None
    number, _dash, rest = text.partition("-")
    is_nameless, _dash, key = rest.partition("-")
    if not number.isdecimal() or len(number) > 18 or is_nameless not in ("0", "1"):
        raise Http404
    return is_nameless == "1", key.replace("\x00", ""), int(number)
