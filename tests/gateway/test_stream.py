"""A slow client costs a bounded queue; an ended stream says nothing more."""

from __future__ import annotations

import asyncio
from typing import Any

from majlis.gateway.queries import Grant
from majlis.gateway.stream import QUEUE_EVENTS, RELOAD, SIGNED_OUT, Stream, encode

NUDGE = encode("nudge", {"c": 1, "s": 1, "k": "entry", "m": 1})


class SlowClient:
    """Takes nothing until it is let go."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.go = asyncio.Event()

    async def send(self, message: Any) -> None:
        self.sent.append(message)
        await self.go.wait()


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_an_overflowing_queue_is_dropped_and_the_client_told_to_reload() -> None:
    async def story() -> None:
        client = SlowClient()
        stream = Stream("badr", Grant(1, frozenset({1})), client.send)
        stream.offer(NUDGE)
        await settle()
        for _ in range(QUEUE_EVENTS + 1):
            stream.offer(NUDGE)
        stream.offer(NUDGE)
        client.go.set()
        await settle()
        assert [message["body"] for message in client.sent] == [NUDGE, RELOAD + NUDGE]

    asyncio.run(story())


def test_events_that_wait_together_leave_together_in_order() -> None:
    async def story() -> None:
        client = SlowClient()
        client.go.set()
        stream = Stream("badr", Grant(1, frozenset({1})), client.send)
        events = [encode("nudge", {"s": seq}) for seq in range(10)]
        for event in events:
            stream.offer(event)
        await settle()
        assert [message["body"] for message in client.sent] == [b"".join(events)]

    asyncio.run(story())


def test_an_ended_stream_says_good_bye_and_drops_what_waited() -> None:
    async def story() -> None:
        client = SlowClient()
        stream = Stream("badr", Grant(1, frozenset({1})), client.send)
        stream.offer(NUDGE)
        await settle()
        stream.offer(NUDGE)
        stream.end(SIGNED_OUT)
        stream.offer(NUDGE)
        client.go.set()
        await settle()
        assert [(message["body"], message["more_body"]) for message in client.sent] == [
            (NUDGE, True),
            (SIGNED_OUT, False),
        ]

    asyncio.run(story())
