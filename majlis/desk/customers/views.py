"""Kept searches for customers: one's own, and everybody's."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from majlis.conversations.customers import Narrowing
from majlis.desk.asking import me
from majlis.people.actions.customer_views import keep_view, remove_view
from majlis.people.models import CustomerView, Role


@require_POST
def kept(request: HttpRequest) -> HttpResponse:
    """Keep the search in `query` under a name; `shared` for everybody, which managers and above may."""
    teammate = me(request)
    query = Narrowing.from_query(dict(parse_qsl(request.POST.get("query", "")))).query()
    is_shared = bool(request.POST.get("shared")) and teammate.role != Role.AGENT
    name = request.POST.get("name", "").replace("\x00", "")
    if name.strip() and query:
        keep_view(name, query, by=teammate, is_shared=is_shared)
        messages.success(request, _("View kept"))
    else:
        messages.error(request, _("Write a name for the view."))
    return redirect(f"{reverse('customers')}?{query}")


@require_POST
def removal(request: HttpRequest, view_id: int) -> HttpResponse:
    """Remove one's own view; everybody's by managers and above."""
    teammate = me(request)
    may = Q(owner=teammate) if teammate.role == Role.AGENT else Q(owner=teammate) | Q(owner=None)
    found = CustomerView.objects.filter(may, pk=view_id).first()
    if found is None:
        raise Http404
    remove_view(found)
    messages.success(request, _("View removed"))
    return redirect("customers")
