"""What a made-up customer may write about, and what is said to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# Ways of speaking: Gulf, Egyptian, Levantine, Moroccan, standard Arabic, English, Arabic in Latin letters.
SPOKEN = ("sa", "eg", "lv", "ma", "fs", "en", "az")


@dataclass(frozen=True, slots=True)
class Matter:
    """One reason to write.

    `asks` are first messages by way of speaking, `subjects` and `answers` by language; `shows` is what a customer
    puts beside it ("picture", "receipt"), `sends` what the shop does. Braces stand for what `plan` fills in.
    """

    key: str
    topic: str
    box: str
    subjects: Mapping[str, tuple[str, ...]]
    asks: Mapping[str, tuple[str, ...]]
    answers: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    shows: str = ""
    sends: str = ""
    priority: int = 0
    is_angry: bool = field(default=False)
