"""Commands of the conversations room."""

from __future__ import annotations
