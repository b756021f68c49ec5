"""Starts and stops the web process: uvicorn over the gateway's application."""

from __future__ import annotations

import gc
import logging
import os
import resource
import signal
import socket
import sys
import threading
from collections.abc import Iterable
from importlib.util import find_spec

import uvicorn
from psycopg.conninfo import make_conninfo

from majlis.config import Config
from majlis.gateway.asgi import application
from majlis.gateway.bridge import Bridge
from majlis.gateway.images import Images
from majlis.gateway.nudges import Hub
from majlis.gateway.protocol import App

GRACE_SECONDS = 10
BACKLOG = 2048
OPEN_FILES = 65_536
COLLECT_AFTER = 20_000  # objects made and not yet gone; Python's own habit is 700
logger = logging.getLogger("majlis.gateway")


class Server(uvicorn.Server):
    """A uvicorn that ends the live streams first: one open stream would keep it from stopping."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self._hub = hub

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._hub.close()
        await super().shutdown(sockets)


def main(config: Config, *, reuse_port: bool = False) -> int:
    """Serve Majlis on `config.bind`:`config.port` until SIGTERM or SIGINT; return the exit status.

    0 after a clean stop, 1 when the port cannot be taken. `reuse_port` lets several web processes share it.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "majlis.settings")
    from django.core.wsgi import get_wsgi_application

    handler = get_wsgi_application()
    from django.conf import settings
    from django.db import connections

    # A request makes thousands of objects, and hardly one of them is part of a cycle: the collector looks for those
    # less often, and not among what stays.
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 20)
    try:
        listener = listen(config.bind, config.port, reuse_port=reuse_port)
    except OSError as error:
        logger.error("Cannot listen on %s port %d: %s", config.bind, config.port, error.strerror or error)
        return 1
    logger.info("Listening on %s port %d", config.bind, config.port)
    hub = Hub(make_conninfo(**config.database.parameters()))
    bridge = Bridge(handler, rest=connections.close_all)
    images = Images(config.derived_key("signing"))
    app = application(bridge, hub, session_cookie=settings.SESSION_COOKIE_NAME, images=images)
    try:
        run(app, hub, listener, trusted_proxies=config.trusted_proxies)
    finally:
        bridge.close()
    return 0


def run(app: App, hub: Hub, listener: socket.socket, *, trusted_proxies: Iterable[object] = ()) -> None:
    """Serve `app` on `listener` until a signal; returns when what is in progress is out, or after 10 s."""
    raise_open_files()
    trusted = [str(network) for network in trusted_proxies]
    options = uvicorn.Config(
        app,
        loop="uvloop" if find_spec("uvloop") else "asyncio",
        http="httptools" if find_spec("httptools") else "h11",
        ws="none",
        lifespan="on",
        proxy_headers=bool(trusted),
        forwarded_allow_ips=trusted,
        server_header=False,
        access_log=False,
        log_config=None,
        log_level="warning",
        backlog=BACKLOG,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = Server(options, hub)
    # uvicorn raises the signal again once it has stopped: this takes it, so that a clean stop ends with
    # status 0. It also takes one that comes before uvicorn listens for signals.
    is_main = threading.current_thread() is threading.main_thread()
    before = {
        number: signal.signal(number, lambda *_: setattr(server, "should_exit", True))
        for number in (signal.SIGTERM, signal.SIGINT)
        if is_main
    }
    try:
        server.run(sockets=[listener])
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)


def listen(bind: str, port: int, *, reuse_port: bool = False) -> socket.socket:
    """Return a listening socket on address `bind`; raises OSError when the port is taken."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    return socket.create_server((bind, port), family=family, backlog=BACKLOG, reuse_port=reuse_port)


def raise_open_files() -> None:
    """Allow this process as many open files as it may have, up to 65,536: a stream is one each."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    # macOS reports no limit but refuses high ones; the process then keeps what it had.
    if soft < wanted and sys.platform != "darwin":
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
