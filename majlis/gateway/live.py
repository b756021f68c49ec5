"""`GET /live`: the browser's stream of nudges, opened with the session cookie (Server-Sent Events)."""

from __future__ import annotations

import time

from django.http.cookie import parse_cookie

from majlis.gateway.nudges import Hub, Unavailable
from majlis.gateway.protocol import Receive, Scope, Send, answer, header
from majlis.gateway.stream import HEADERS, Stream, encode

STREAMS_PER_SESSION = 20
RETRY = b"retry: 2000\n\n"


async def serve(hub: Hub, scope: Scope, receive: Receive, send: Send, *, session_cookie: str) -> None:
    """Hold one stream open until the client goes, its session falls or the server stops.

    401 without a standing session, 403 from another site's page, 405, 429 past 20 streams of one session,
    503 while the database cannot be asked. HEAD tells the same without opening a stream: an EventSource never
    learns why it was refused, so the page asks this way.
    """
    if scope["method"] not in ("GET", "HEAD"):
        return await answer(send, 405, "Only GET.", headers=[(b"allow", b"GET, HEAD")])
    if header(scope, b"sec-fetch-site") not in (b"", b"same-origin"):
        return await answer(send, 403, "Not from another site.")
    key = session_key(scope, session_cookie)
    if not key:
        return await answer(send, 401, "Signed out.")
    try:
        grant = (await hub.grants([key])).get(key)
    except Unavailable:
        return await answer(send, 503, "Busy. Try again in a moment.", headers=[(b"retry-after", b"2")])
    if grant is None:
        return await answer(send, 401, "Signed out.")
    if hub.count(key) >= STREAMS_PER_SESSION:
        return await answer(send, 429, "Too many streams.", headers=[(b"retry-after", b"10")])

    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    if scope["method"] == "HEAD":
        return await send({"type": "http.response.body", "body": b""})
    stream = Stream(key, grant, send)
    # Not a step between these two lines may wait: what is said after the greeting must reach this stream.
    hub.add(stream)
    stream.offer(RETRY + encode("hello", {"now": round(time.time(), 3)}))
    try:
        while (await receive())["type"] != "http.disconnect":
            pass
    finally:
        hub.remove(stream)
    return None


def session_key(scope: Scope, session_cookie: str) -> str:
    """The session key the request carries, empty without one."""
    cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
    return parse_cookie(cookies.decode("latin-1")).get(session_cookie, "")
