"""Which address leads to which surface."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("majlis.desk.account_urls")),
    path("", include("majlis.desk.urls")),
]
