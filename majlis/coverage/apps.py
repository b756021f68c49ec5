"""The room's registration with Django."""

from __future__ import annotations

from django.apps import AppConfig


class CoverageConfig(AppConfig):
    name = "majlis.coverage"
    label = "coverage"
