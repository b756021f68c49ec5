"""What came back from an address, as the panel and the composer say it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from majlis.channels.bounced import returned
from majlis.channels.models import ReturnedAddress
from majlis.channels.verdict_words import Said, said


def told(addresses: Sequence[str]) -> dict[str, dict[str, Any]]:
    """By address in lower case: when mail last came back, how often in a row, in which words; one question."""
    return {one.address: _one(one) for one in returned(addresses)} if addresses else {}


def _one(found: ReturnedAddress) -> dict[str, Any]:
    why: Said = said(found.words)
    at: datetime = found.last_at
    return {
        "address": found.address,
        "at": at,
        "count": found.count,
        "is_permanent": found.is_permanent,
        "sentence": why.sentence,
        "words": found.words,
    }
