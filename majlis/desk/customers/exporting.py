"""The customers that were found, as a table for other programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from majlis.conversations.customers import Narrowing, found_by
from majlis.desk.asking import me
from majlis.people.models import Customer, Role

COLUMNS = ("name", "email", "job", "company", "plan", "pays", "customer_since", "language", "time_zone")
AT_ONCE = 500
# What a spreadsheet would take for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@never_cache
@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """/customers/export: for managers and above. UTF-8 with a byte order mark, which spreadsheets ask for."""
    teammate = me(request)
    if teammate.role == Role.AGENT:
        raise PermissionDenied
    found = list(
        found_by(teammate, Narrowing.from_query(request.GET)).order_by("pk").values_list("pk", flat=True)
    )
    response = StreamingHttpResponse(_lines(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="customers-{timezone.localdate():%Y-%m-%d}.csv"'
    return response


def _lines(ids: list[int]) -> Iterator[bytes]:
    names = sorted(_attribute_names(ids))
    yield b"\xef\xbb\xbf" + _line([*COLUMNS, *names])
    for start in range(0, len(ids), AT_ONCE):
        part = Customer.objects.filter(pk__in=ids[start : start + AT_ONCE]).order_by("pk")
        for one in part.select_related("company").prefetch_related("addresses"):
            addresses = sorted(one.addresses.all(), key=lambda found: found.pk)
            yield _line(
                [
                    one.name,
                    addresses[0].address if addresses else "",
                    one.job,
                    one.company.name if one.company else "",
                    one.plan,
                    one.pays,
                    one.customer_since_on.isoformat() if one.customer_since_on else "",
                    one.language,
                    one.time_zone,
                    *(str(one.attributes.get(name, "")) for name in names),
                ]
            )


def _attribute_names(ids: list[int]) -> set[str]:
    names: set[str] = set()
    for start in range(0, len(ids), AT_ONCE):
        kept = Customer.objects.filter(pk__in=ids[start : start + AT_ONCE]).exclude(attributes={})
        for attributes in kept.values_list("attributes", flat=True):
            names |= attributes.keys()
    return names


def _line(cells: list[str]) -> bytes:
    kept = io.StringIO()
    csv.writer(kept).writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return kept.getvalue().encode()
