"""Whoever must ask for everything anew does not do so in the same moment as thousands of others."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from majlis.gateway import nudges
from majlis.gateway.nudges import Hub
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


def a_hub(clients: list[Client], *, are_visitors: bool) -> Hub:
    hub = Hub("")
    for number, client in enumerate(clients):
        stream = Stream(str(number), NOTHING, client.send)
        if are_visitors:
            hub.visitors.add(stream, Visit(number, (), ()), since=hub.visitors.mark())
        else:
            hub.add(stream)
    return hub


def reloading(hub: Hub, waiting: list[Client]) -> None:
    """All of `waiting` come to hear of it."""

    async def story() -> None:
        hub.reload_all()
        for client in waiting:
            await asyncio.wait_for(client.heard.wait(), 10)

    asyncio.run(story())


def test_of_many_visitors_only_some_reload_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nudges, "RELOAD_SECONDS", 3600)
    visitors = [Client() for _ in range(2 * nudges.RELOADS_AT_ONCE)]

    reloading(a_hub(visitors, are_visitors=True), visitors[: nudges.RELOADS_AT_ONCE])

    assert not any(client.heard.is_set() for client in visitors[nudges.RELOADS_AT_ONCE :])


def test_every_visitor_reloads_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nudges, "RELOAD_SECONDS", 0.01)
    visitors = [Client() for _ in range(3 * nudges.RELOADS_AT_ONCE)]

    reloading(a_hub(visitors, are_visitors=True), visitors)


def test_all_teammates_reload_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nudges, "RELOAD_SECONDS", 3600)
    teammates = [Client() for _ in range(2 * nudges.RELOADS_AT_ONCE)]

    reloading(a_hub(teammates, are_visitors=False), teammates)
