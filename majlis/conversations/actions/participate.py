"""Others who take part because a message was written to them too."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from django.db import connection

from majlis.conversations.models import Conversation

MOST = 20


class Named(Protocol):
    """An address with the name it was written with."""

    @property
    def name(self) -> str: ...

    @property
    def address(self) -> str: ...


def participate(conversation: Conversation, people: Sequence[Named], *, own: Collection[str]) -> None:
    """Whoever a message was also addressed to takes part, our own addresses left out."""
    others = {
        person.address.lower(): person.name
        for person in people
        if person.address and person.address.lower() not in own
    }
    if not others or len(others) > MOST:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into conversations_participant (conversation_id, address, name, is_customer)"
            " select %s::bigint, address, name, false from unnest(%s::text[], %s::text[]) as t(address, name)"
            " on conflict do nothing",
            [conversation.pk, list(others), list(others.values())],
        )
