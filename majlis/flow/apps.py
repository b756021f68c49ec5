"""The room's registration with Django."""

from __future__ import annotations

from django.apps import AppConfig


class FlowConfig(AppConfig):
    name = "majlis.flow"
    label = "flow"
