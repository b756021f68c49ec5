"""Merging two customers from the panel or the page of one, and undoing it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from majlis.conversations.actions.merge_customers import merge_customers, part_customers
from majlis.conversations.customers import Narrowing, page
from majlis.desk import names
from majlis.desk.asking import me, whole_number
from majlis.desk.telling import tell
from majlis.lib.errors import Refused
from majlis.people.models import CustomerMerge

from . import words
from .panel import customer_of, shown

SHOWN = 8


@require_http_methods(["GET", "HEAD", "POST"])
def merges(request: HttpRequest, customer_id: int) -> HttpResponse:
    """GET finds (`q`) whom they could be merged with; POST merges `other` into this customer, and shows the panel."""
    customer_of(request, customer_id)
    if request.method != "POST":
        return _candidates(request, customer_id)
    try:
        other = customer_of(request, whole_number(request.POST.get("other")))
        merge = merge_customers(other.pk, customer_id, by=me(request))
    except Refused as refused:
        return _panel(request, customer_id, refused)
    told = _("Merged with %(name)s") % {"name": f"\u2068{names.of_customer(merge.moved['name'])}\u2069"}
    undo = ("DELETE", reverse("customer_merge", args=[merge.pk]))
    return tell(_panel(request, customer_id), told, undo=undo)


@require_http_methods(["DELETE"])
def merge(request: HttpRequest, merge_id: int) -> HttpResponse:
    """Undo a merge."""
    found = CustomerMerge.objects.filter(pk=merge_id).first()
    if found is None:
        raise Http404
    customer_of(request, found.into_id)
    try:
        part_customers(merge_id, by=me(request))
    except Refused as refused:
        return _panel(request, found.into_id, refused)
    return tell(_panel(request, found.into_id), _("Two customers again"))


def _candidates(request: HttpRequest, customer_id: int) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    rows = []
    if text:
        narrowing = Narrowing.from_query({"q": text})
        rows = [row for row in page(me(request), narrowing, size=SHOWN + 1)[0] if row.id != customer_id]
    context = {"customer_id": customer_id, "rows": rows[:SHOWN], "text": text}
    return render(request, "customers/_candidates.html", context)


def _panel(request: HttpRequest, customer_id: int, refused: Refused | None = None) -> HttpResponse:
    said = {"merge_error": words.of(refused)} if refused else {}
    context = {"customer": shown(request, customer_id), **said}
    return render(request, "customers/_panel.html", context, status=422 if refused else 200)
