"""The settings, with static files under their plain names: packing them takes longer than most commands under test."""

from __future__ import annotations

from majlis.settings import *  # noqa: F403
from majlis.settings import STORAGES as _NOW

STORAGES = {**_NOW, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
