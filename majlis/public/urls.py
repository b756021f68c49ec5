"""The addresses of customers' pages."""

from __future__ import annotations

from django.urls import include, path

from . import files
from .forms import pages, pieces

urlpatterns = [
    path("chat/", include("majlis.public.chat.urls")),
    path("f/<slug:token>", files.page, name="shared_file"),
    path("f/<slug:token>/file", files.download, name="shared_file_download"),
    path("form/<slug:key>", pages.page, name="form"),
    path("form/<slug:key>/embed", pages.embed, name="form_embed"),
    path("form/<slug:key>.js", pieces.loader, name="form_loader"),
    path("form/<slug:key>.css", pieces.colours, name="form_colours"),
    path("form/<slug:key>/logo/<int:logo_id>", pieces.logo, name="form_logo"),
]
