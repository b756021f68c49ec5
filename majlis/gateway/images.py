"""`GET /images/…`: a remote image of a mail, fetched for a signed-in reader on threads of its own.

A slow host elsewhere must not hold up the desk, so these requests never enter the pool that serves pages.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from majlis.gateway import live
from majlis.gateway.nudges import Hub, Unavailable
from majlis.gateway.protocol import Scope, Send, answer
from majlis.lib import remote

FETCHERS = 6
WAITING = 60


class Images:
    """Fetches at most `FETCHERS` at once; past `WAITING` more the answer is 503."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._pool: ThreadPoolExecutor | None = None
        self._busy = 0

    async def serve(self, hub: Hub, scope: Scope, send: Send, *, session_cookie: str) -> None:
        """The image, or 401 for the unknown, 404 for what is not signed or is no image, 503 when too many wait."""
        if scope["method"] not in ("GET", "HEAD"):
            return await answer(send, 405, "Only GET.", headers=[(b"allow", b"GET, HEAD")])
        session_key = live.session_key(scope, session_cookie)
        try:
            if not session_key or session_key not in await hub.grants([session_key]):
                return await answer(send, 401, "Signed out.")
        except Unavailable:
            return await answer(send, 503, "Busy. Try again in a moment.", headers=[(b"retry-after", b"2")])
        if self._busy >= FETCHERS + WAITING:
            return await answer(send, 503, "Busy. Try again in a moment.", headers=[(b"retry-after", b"2")])
        self._busy += 1
        try:
            image = await self._fetch(scope["path"])
        except remote.NoImageError:
            return await answer(send, 404, "No image.")
        finally:
            self._busy -= 1
        headers = [
            (b"content-type", image.content_type.encode()),
            (b"content-length", str(len(image.content)).encode()),
            (b"cache-control", b"private, max-age=86400"),
            (b"content-security-policy", b"default-src 'none'; sandbox"),
            (b"x-content-type-options", b"nosniff"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": image.content if scope["method"] == "GET" else b""})
        return None

    async def _fetch(self, path: str) -> remote.Image:
        address = remote.unpacked(path, self._key)
        if self._pool is None:
            self._pool = ThreadPoolExecutor(FETCHERS, thread_name_prefix="image")
        return await asyncio.get_running_loop().run_in_executor(self._pool, remote.fetch, address)
