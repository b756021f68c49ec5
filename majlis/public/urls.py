"""The addresses of customers' pages."""

from __future__ import annotations

from django.urls import include, path

from . import files

urlpatterns = [
    path("chat/", include("majlis.public.chat.urls")),
    path("f/<slug:token>", files.page, name="shared_file"),
    path("f/<slug:token>/file", files.download, name="shared_file_download"),
]
