"""The addresses of customers' pages."""

from __future__ import annotations

from django.urls import path

from . import files

urlpatterns = [
    path("f/<slug:token>", files.page, name="shared_file"),
    path("f/<slug:token>/file", files.download, name="shared_file_download"),
]
