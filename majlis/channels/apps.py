"""The room's registration with Django."""

from __future__ import annotations

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "majlis.channels"
    label = "channels"
