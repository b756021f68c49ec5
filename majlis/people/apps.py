"""The room's registration with Django."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "majlis.people"
    label = "people"
