"""What was done, said to whoever did it, with the way to undo it."""

from __future__ import annotations

import json

from django.http import HttpResponse

HEADER = "X-Majlis-Told"


def tell(
    response: HttpResponse, text: str, *, undo: tuple[str, str] | None = None, is_away: bool = False
) -> HttpResponse:
    """Have the page show `text` in a toast, with a button that sends `undo` (method, address).

    `is_away`: the conversation has left its folder, so the page goes on to the next one.
    """
    told: dict[str, object] = {"text": text}
    if undo is not None:
        told |= {"method": undo[0], "url": undo[1]}
    if is_away:
        told["away"] = True
    response[HEADER] = json.dumps(told)
    return response
