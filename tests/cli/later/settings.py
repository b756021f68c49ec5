"""The settings, with the app of a later version."""

from __future__ import annotations

from majlis.settings import INSTALLED_APPS as _NOW
from tests.plain import *  # noqa: F403

INSTALLED_APPS = [*_NOW, "tests.cli.later"]
