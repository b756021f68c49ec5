"""Whether the desk answers, for supervisors and proxies."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from .middleware import public


@public
def health(_request: HttpRequest) -> HttpResponse:
    """200 when the database answers; 500 by Django's own handling otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    response = HttpResponse("ok\n", content_type="text/plain")
    add_never_cache_headers(response)
    return response
