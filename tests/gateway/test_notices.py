"""What somebody is told is told to their own pages, and only while they may see the mailbox it comes from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.gateway.client import Listening
from tests.gateway.conftest import BADR, NOURA, SALMA, SUPPORT

Listen = Callable[[str], Listening]
Notify = Callable[[dict[str, Any]], None]


def test_a_notice_goes_to_the_streams_of_that_teammate_alone_and_only_with_the_mailbox(
    listen: Listen, notify: Notify
) -> None:
    salma, phone, badr, noura = (listen(key) for key in ("salma", "salma's phone", "badr", "noura"))
    for_salma = {"k": "notice", "m": SUPPORT, "t": SALMA}
    last = {"k": "counts", "m": SUPPORT}

    notify(for_salma)
    notify({"k": "notice", "m": SUPPORT, "t": NOURA})  # she cannot see that mailbox
    notify({"k": "notice", "m": SUPPORT})  # nobody's
    notify({"k": "notice", "t": BADR})  # of no mailbox
    notify(last)
    notify({"k": "counts", "m": 12})

    assert [salma.next(), phone.next()] == [("nudge", for_salma)] * 2
    assert [salma.next(), phone.next(), badr.next()] == [("nudge", last)] * 3
    assert noura.next() == ("nudge", {"k": "counts", "m": 12})
