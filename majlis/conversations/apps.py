"""The room's registration with Django."""

from __future__ import annotations

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "majlis.conversations"
    label = "conversations"
