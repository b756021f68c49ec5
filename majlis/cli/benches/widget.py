"""What a shop's page fetches for its chat, compressed as it comes over the wire: the button, then the rest after a click."""

from __future__ import annotations

import gzip
import http.client
import json
import re
from urllib.parse import urljoin

from majlis.cli.benches.figures import Figure
from majlis.cli.benches.measuring import Run
from majlis.cli.benches.place import BenchError, place
from majlis.cli.benches.post import serve

_PANEL = re.compile(r'"panel":"([^"]+)"')
_IMPORT = re.compile(
    r'(?:^|[;\n}])\s*(?:import|export)\b[^"\'();]*["\']([^"\']+\.js)["\']|\bimport\(["\']([^"\']+\.js)["\']\)'
)


def run(measured: Run) -> list[Figure]:
    """widget.loader_kb and widget.rest_kb (kB of 1,000 bytes, gzip)."""
    with place(measured.folder, "widget") as at:
        at.start_database()
        widget = at.stage("shop", visitors=0)["site"]
        serve(at)
        port, site = at.config.port, widget["site"]
        loader, script = _fetch(port, f"/chat/{widget['key']}.js", origin=site)
        panel = _PANEL.search(script)
        if panel is None:
            raise BenchError("the loader names no panel")
        modules = _modules(port, panel[1], origin=site)
        opened = max(
            _fetch(
                port, f"/chat/{widget['key']}/open", origin=site, said={"language": language, "page": site}
            )[0]
            for language in ("ar", "en")
        )
    measured.say(
        f"widget: kB after the click: {len(modules)} modules {sum(modules.values()) / 1000:.1f}, words {opened / 1000:.1f}"
    )
    rest = sum(modules.values()) + opened
    against = "Chatwoot 374, Libredesk 227, before any click"
    return [
        Figure("widget.loader_kb", round(loader / 1000, 2), "kB", 4, "lower", against, noisy=False),
        Figure("widget.rest_kb", round(rest / 1000, 2), "kB", 20, "lower", against, noisy=False),
    ]


def _modules(port: int, path: str, *, origin: str) -> dict[str, int]:
    """Every module that the panel is made of, by its address: its bytes."""
    sizes: dict[str, int] = {}
    waiting = [path]
    while waiting:
        url = waiting.pop()
        if url not in sizes:
            sizes[url], text = _fetch(port, url, origin=origin)
            waiting += [urljoin(url, one or other) for one, other in _IMPORT.findall(text)]
    return sizes


def _fetch(port: int, path: str, *, origin: str, said: dict[str, str] | None = None) -> tuple[int, str]:
    """The bytes of the body as they came, and the text in them. Raises BenchError unless it answers 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "Host": f"localhost:{port}",
        "Accept-Encoding": "gzip",
        "Accept-Language": "ar",
        "Origin": origin,
    }
    if said is None:
        connection.request("GET", path, headers=headers)
    else:
        headers["Content-Type"] = "text/plain;charset=UTF-8"
        connection.request("POST", path, json.dumps(said).encode(), headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise BenchError(f"{path} answered {answer.status}")
    is_packed = answer.headers.get("Content-Encoding") == "gzip"
    return len(body), (gzip.decompress(body) if is_packed else body).decode()
