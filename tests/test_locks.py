"""Advisory locks: whoever holds one for its own end must not stand in the way of another."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import majlis

_NUMBER = re.compile(r"^_?[A-Z_]*LOCK(?:: Final)? = (\d+)", re.MULTILINE)


def test_every_lock_has_a_number_of_its_own() -> None:
    root = Path(majlis.__file__).parent
    numbers = Counter(number for file in root.rglob("*.py") for number in _NUMBER.findall(file.read_text()))
    assert len(numbers) > 8
    assert [number for number, times in numbers.items() if times > 1] == []
