"""The room's registration with Django."""

from __future__ import annotations

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "majlis.files"
    label = "files"
