"""The room's registration with Django."""

from __future__ import annotations

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "majlis.journal"
    label = "journal"
