"""What a browser fetches, compressed as it comes over the wire: the desk at first, then the next conversation."""

from __future__ import annotations

import gzip
import http.client
import re
from urllib.parse import urljoin

from majlis.cli.benches.figures import Figure
from majlis.cli.benches.measuring import Run
from majlis.cli.benches.place import BenchError, place
from majlis.cli.benches.post import serve

_STYLES = re.compile(r'<link rel="stylesheet" href="([^"]+)"')
_SCRIPTS = re.compile(r'<script[^>]*\bsrc="([^"]+)"')
_WORKER = re.compile(r'<meta name="majlis-live-worker" content="([^"]+)"')
# What a module imports, and what it fetches by itself once the page is there; not what waits until somebody asks for it.
_IMPORTS = (
    re.compile(r'(?:^|[;\n])\s*(?:import|export)\b[^"\'();]*["\']([^"\']+\.js)["\']'),
    re.compile(r'addEventListener\("load",[^;]*?\bimport\("([^"]+\.js)"\)'),
)
_CONVERSATIONS = 60


def run(measured: Run) -> list[Figure]:
    """weight.first_kb and weight.turn_kb (kB of 1,000 bytes, gzip)."""
    with place(measured.folder, "weight") as at:
        at.start_database()
        mailbox = at.stage("company")["mailbox"]
        signed_in = at.stage("sessions", number=1)
        ids = at.stage("conversations", number=_CONVERSATIONS, mailbox=mailbox)["ids"]
        serve(at)
        cookie = f"{signed_in['cookie']}={signed_in['keys'][0]}"
        first = _first(measured, at.config.port, cookie, f"/conversations/{ids[-1]}")
        turn = _fetch(at.config.port, f"/conversations/{ids[-2]}", cookie=cookie, is_fragment=True)[0]
    return [
        Figure(
            "weight.first_kb",
            round(first / 1000, 1),
            "kB",
            90,
            "lower",
            "Libredesk 598; Chatwoot 3,744",
            False,
        ),
        Figure("weight.turn_kb", round(turn / 1000, 1), "kB", 15, "lower", "–", False),
    ]


def _first(measured: Run, port: int, cookie: str, path: str) -> int:
    """The page with a conversation open, its style sheets, and every script it loads by itself."""
    size, html = _fetch(port, path, cookie=cookie)
    sizes = {"page": size}
    waiting = [
        urljoin(path, found) for pattern in (_STYLES, _SCRIPTS, _WORKER) for found in pattern.findall(html)
    ]
    while waiting:
        url = waiting.pop()
        if url in sizes:
            continue
        sizes[url], text = _fetch(port, url)
        if url.endswith(".js"):
            waiting += [urljoin(url, found) for pattern in _IMPORTS for found in pattern.findall(text)]
    kinds = {"page": size, "css": 0, "js": 0}
    for url, taken in sizes.items():
        kinds[url.rpartition(".")[2]] = kinds.get(url.rpartition(".")[2], 0) + (taken if url != "page" else 0)
    told = ", ".join(f"{name} {taken / 1000:.1f}" for name, taken in kinds.items())
    measured.say(f"weight: kB at first: {told}; {len(sizes)} requests")
    return sum(sizes.values())


def _fetch(port: int, path: str, *, cookie: str = "", is_fragment: bool = False) -> tuple[int, str]:
    """The bytes of the body as they came, and the text in them. Raises BenchError unless it answers 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "Host": f"localhost:{port}",
        "Accept-Encoding": "gzip",
        "Accept-Language": "ar",
        "Cookie": cookie,
    }
    if is_fragment:
        headers["HX-Request"] = "true"
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise BenchError(f"{path} answered {answer.status}")
    is_packed = answer.headers.get("Content-Encoding") == "gzip"
    return len(body), (gzip.decompress(body) if is_packed else body).decode()
