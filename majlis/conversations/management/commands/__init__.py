"""One command, one module."""

from __future__ import annotations
