"""docs/settings.md names every setting, and nothing that is none."""

from __future__ import annotations

import re

from majlis import config

from .conftest import ROOT

NAME = re.compile(r"MAJLIS_[A-Z][A-Z_]*[A-Z]")


def test_every_setting_is_described_and_nothing_else() -> None:
    page = (ROOT / "docs" / "settings.md").read_text()

    described = set(re.findall(r"^\| `(MAJLIS_[A-Z_]+)`", page, flags=re.MULTILINE))
    assert described == set(config.KNOWN)
    assert {name for name in NAME.findall(page) if not name.startswith("MAJLIS_TEST")} <= described


def test_the_code_reads_no_setting_that_is_not_described() -> None:
    used = {name for path in (ROOT / "majlis").rglob("*.py") for name in NAME.findall(path.read_text())}

    assert {name for name in used if not name.startswith("MAJLIS_TEST")} <= set(config.KNOWN)
