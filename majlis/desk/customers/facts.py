"""A customer's addresses, the facts the team keeps, and its notes: added and removed in the panel."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from majlis.conversations.customers import customers_visible_to
from majlis.desk import names
from majlis.desk.asking import me
from majlis.desk.telling import tell
from majlis.lib.errors import Refused
from majlis.people.actions import customers
from majlis.people.actions.customer_addresses import add_address, remove_address
from majlis.people.actions.customer_notes import add_customer_note, set_note_removed

from .panel import customer_of, part


def _sent(request: HttpRequest, name: str) -> str:
    """A field of the form, or of the address when something is undone."""
    return (request.POST.get(name) or request.GET.get(name, "")).replace("\x00", "")


@require_POST
def addresses(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Know the customer by one more address; when it is another's, merging with them is offered."""
    customer_of(request, customer_id)
    typed = _sent(request, "address")
    try:
        added = add_address(customer_id, typed)
    except Refused as refused:
        other = None
        if refused.code == "address_of_another":
            other = customers_visible_to(me(request)).filter(pk=str(refused.data["customer"])).first()
        offered = {"id": other.pk, "name": names.of_customer(other.name, typed)} if other else None
        return part(request, customer_id, "addresses", refused=refused, typed=typed, offered=offered)
    undo = ("DELETE", reverse("customer_address", args=[customer_id, added.pk]))
    return tell(part(request, customer_id, "addresses"), _("Address added"), undo=undo)


@require_http_methods(["DELETE"])
def address(request: HttpRequest, customer_id: int, address_id: int) -> HttpResponse:
    """Forget an address."""
    customer_of(request, customer_id)
    try:
        removed = remove_address(customer_id, address_id)
    except Refused as refused:
        return part(request, customer_id, "addresses", refused=refused)
    again = f"{reverse('customer_addresses', args=[customer_id])}?{urlencode({'address': removed})}"
    return tell(part(request, customer_id, "addresses"), _("Address removed"), undo=("POST", again))


@require_http_methods(["POST", "DELETE"])
def attributes(request: HttpRequest, customer_id: int) -> HttpResponse:
    """POST keeps a fact (name, value), DELETE forgets it (name)."""
    customer_of(request, customer_id)
    name, value = " ".join(_sent(request, "name").split()), _sent(request, "value")
    here = reverse("customer_attributes", args=[customer_id])
    forget = ("DELETE", f"{here}?{urlencode({'name': name})}")
    try:
        if request.method == "POST":
            before = customers.put_attribute(customer_id, name, value)
            text = _("Saved.")
        else:
            before = customers.remove_attribute(customer_id, name)
            text = _("Attribute removed")
    except Refused as refused:
        return part(request, customer_id, "attributes", refused=refused, typed={"name": name, "value": value})
    back = ("POST", f"{here}?{urlencode({'name': name, 'value': before})}") if before is not None else None
    undo = back or (forget if request.method == "POST" else None)
    return tell(part(request, customer_id, "attributes"), text, undo=undo)


@require_POST
def notes(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Remember something."""
    customer_of(request, customer_id)
    typed = _sent(request, "text")
    try:
        added = add_customer_note(customer_id, typed, by=me(request))
    except Refused as refused:
        return part(request, customer_id, "notes", refused=refused, typed=typed)
    undo = ("DELETE", reverse("customer_note", args=[customer_id, added.pk]))
    return tell(part(request, customer_id, "notes"), _("Note added"), undo=undo)


@require_http_methods(["POST", "DELETE"])
def note(request: HttpRequest, customer_id: int, note_id: int) -> HttpResponse:
    """DELETE takes one's own note away, POST puts it back."""
    customer_of(request, customer_id)
    is_removed = request.method == "DELETE"
    try:
        set_note_removed(customer_id, note_id, by=me(request), is_removed=is_removed)
    except Refused as refused:
        return part(request, customer_id, "notes", refused=refused)
    if not is_removed:
        return tell(part(request, customer_id, "notes"), _("The note is back"))
    undo = ("POST", reverse("customer_note", args=[customer_id, note_id]))
    return tell(part(request, customer_id, "notes"), _("Note removed"), undo=undo)
