"""Majlis's own settings with one catalogue before its own: English in which every message of ours stands in brackets.

The folder with that catalogue is named by MAJLIS_TEST_LOCALE; the desk is started with this module as its settings.
"""

from __future__ import annotations

import os
from pathlib import Path

from majlis.settings import *  # noqa: F403
from majlis.settings import LOCALE_PATHS as OWN_PATHS

LOCALE_PATHS = [Path(os.environ["MAJLIS_TEST_LOCALE"]), *OWN_PATHS]
