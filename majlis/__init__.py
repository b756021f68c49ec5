"""Majlis: an Arabic-first, self-hosted desk for a company's conversations with its customers."""

from __future__ import annotations

__version__ = "0.4.0"
