"""What `make` runs; importable, so that the tests can try it."""

from __future__ import annotations
