"""One made-up conversation as it is planned: who writes, and what happens when. Pure values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from majlis.demo.cast import Colleague, Person


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to be written: `shows` what is put beside it ("picture", "receipt", …), `inline` in the text itself."""

    name: str
    address: str
    subject: str
    text: str
    is_answer: bool = False
    has_html: bool = False
    shows: str = ""
    inline: str = ""
    forwards: bool = False
    copies: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What happens at a moment: `act` names one of `playing.ACTS`, `said` is what it takes."""

    at: datetime
    act: str
    by: Colleague | None = None
    said: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Story:
    """A conversation in the box of that key; `fate` is how it shall end."""

    number: int
    person: Person
    box: str
    fate: str
    topic: str = ""
    steps: list[Step] = field(default_factory=list)
