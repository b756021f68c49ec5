"""Who is where is told to those who may see the mailbox, and not to the person themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.gateway.client import Listening
from tests.gateway.conftest import BADR, SALES, SALMA, SUPPORT

Listen = Callable[[str], Listening]
Notify = Callable[[dict[str, Any]], None]


def test_somebodys_own_presence_is_told_to_others_who_may_see_the_mailbox(
    listen: Listen, notify: Notify
) -> None:
    salma, phone, badr, noura = (listen(key) for key in ("salma", "salma's phone", "badr", "noura"))
    there = {"k": "presence", "m": SUPPORT, "c": 7, "t": SALMA, "d": "read", "v": 1, "n": "سلمى"}
    answer = {**there, "t": BADR, "d": "reply", "n": "بدر"}
    elsewhere = {"c": 8, "s": 1, "k": "entry", "m": SALES}

    notify(there)
    notify(answer)
    notify(elsewhere)

    assert badr.next() == ("nudge", there)
    assert [salma.next(), phone.next()] == [("nudge", answer)] * 2
    assert noura.next() == ("nudge", elsewhere)
