"""The one ASGI application: live paths are answered here, everything else crosses the bridge to Django."""

from __future__ import annotations

from majlis.gateway import live, visitors
from majlis.gateway.bridge import Bridge
from majlis.gateway.images import Images
from majlis.gateway.nudges import Hub
from majlis.gateway.protocol import App, Receive, Scope, Send
from majlis.lib import remote

LIVE_PATH = "/live"


def application(bridge: Bridge, hub: Hub, *, session_cookie: str, images: Images | None = None) -> App:
    """Return the ASGI application over `bridge` and `hub`; `session_cookie` is the cookie's name.

    With `images`, remote images of mail are served too.
    """

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(hub, receive, send)
        elif scope["type"] != "http":
            raise ValueError(f"{scope['type']} is not spoken here")
        elif scope["path"] == LIVE_PATH:
            await live.serve(hub, scope, receive, send, session_cookie=session_cookie)
        elif scope["path"].startswith(visitors.PREFIX) and scope["path"].endswith(visitors.SUFFIX):
            await visitors.serve(hub, scope, receive, send)
        elif images is not None and scope["path"].startswith(remote.PREFIX):
            await images.serve(hub, scope, send, session_cookie=session_cookie)
        else:
            await bridge(scope, receive, send)

    return app


async def _lifespan(hub: Hub, receive: Receive, send: Send) -> None:
    await receive()
    async with hub.running():
        await send({"type": "lifespan.startup.complete"})
        await receive()
    await send({"type": "lifespan.shutdown.complete"})
