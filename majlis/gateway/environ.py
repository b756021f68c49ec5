"""An ASGI request as the environment a WSGI application reads (PEP 3333). Pure."""

from __future__ import annotations

import sys
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from majlis.gateway.protocol import Scope

# `proxy` would become HTTP_PROXY, which libraries obey; the body is collected, so its framing is ours; what a
# proxy forwarded has been read by uvicorn when the proxy is trusted, and must not be believed otherwise.
DROPPED = frozenset({"proxy", "transfer-encoding", "content-length", "expect", "forwarded", "x-real-ip"})
DROPPED_PREFIX = "x-forwarded-"


def build(scope: Scope, body: IO[bytes], *, length: int) -> dict[str, Any]:
    """Return the WSGI environment of an ASGI http `scope`.

    `body` is the whole request body, positioned at its start, `length` its size in bytes: that becomes
    CONTENT_LENGTH, so an upload sent in chunks is read too. Headers with an underscore in their name are
    dropped, since `a_b` and `a-b` would meet in one key.
    """
    host, port = scope.get("server") or ("localhost", 80)
    client = scope.get("client") or ("", 0)
    raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(raw_path).decode("latin-1"),
        "QUERY_STRING": scope.get("query_string", b"").decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "SERVER_NAME": str(host),
        "SERVER_PORT": str(port or 0),
        "REMOTE_ADDR": str(client[0]),
        "CONTENT_LENGTH": str(length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        if "_" in name or name in DROPPED or name.startswith(DROPPED_PREFIX):
            continue
        key = "CONTENT_TYPE" if name == "content-type" else "HTTP_" + name.upper().replace("-", "_")
        if key in environ:
            value = environ[key] + ("; " if name == "cookie" else ",") + value
        environ[key] = value
    return environ
