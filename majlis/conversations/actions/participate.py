"""Others who take part because a message was written to them too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from majlis.conversations.models import Conversation, Participant

MOST = 20


class Named(Protocol):
    """An address with the name it was written with."""

    @property
    def name(self) -> str: ...

    @property
    def address(self) -> str: ...


def participate(conversation: Conversation, people: Sequence[Named], *, own: set[str]) -> None:
    """Whoever a message was also addressed to takes part, our own addresses left out."""
    others = {
        person.address.lower(): person.name
        for person in people
        if person.address and person.address.lower() not in own
    }
    if not others or len(others) > MOST:
        return
    Participant.objects.bulk_create(
        [
            Participant(conversation=conversation, address=address, name=name)
            for address, name in others.items()
        ],
        ignore_conflicts=True,
    )
