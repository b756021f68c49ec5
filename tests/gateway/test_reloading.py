"""Whoever must ask for everything anew does not do so in the same moment as thousands of others."""

from __future__ import annotations

import asyncio
from typing import Any

from majlis.gateway.nudges import RELOADS_AT_ONCE, Hub
from majlis.gateway.queries import Grant
from majlis.gateway.stream import RELOAD, Stream
from majlis.gateway.visiting import Visit

NOTHING = Grant(0, frozenset())


class Client:
    def __init__(self) -> None:
        self.heard = asyncio.Event()

    async def send(self, message: Any) -> None:
        assert message["body"] == RELOAD
        self.heard.set()


def test_teammates_reload_at_once_and_visitors_some_after_the_others() -> None:
    async def story() -> None:
        hub = Hub("")
        teammates, visitors = [Client() for _ in range(3)], [Client() for _ in range(2 * RELOADS_AT_ONCE)]
        for number, client in enumerate(teammates):
            hub.add(Stream(f"teammate {number}", NOTHING, client.send))
        for number, client in enumerate(visitors):
            stream = Stream(f"visitor {number}", NOTHING, client.send)
            hub.visitors.add(stream, Visit(number, (), ()), since=hub.visitors.mark())

        hub.reload_all()
        await asyncio.wait_for(visitors[RELOADS_AT_ONCE - 1].heard.wait(), 10)

        assert all(client.heard.is_set() for client in [*teammates, *visitors[:RELOADS_AT_ONCE]])
        assert not any(client.heard.is_set() for client in visitors[RELOADS_AT_ONCE:])
        for client in visitors:
            await asyncio.wait_for(client.heard.wait(), 10)

    asyncio.run(story())
