"""A shop's page on one origin and, on another, what a visitor's browser sees of a desk; each answers from memory."""

from __future__ import annotations

import gettext
import gzip
import hashlib
import io
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import orjson
import rjsmin
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from majlis.channels.chat import words as said
from majlis.channels.chat.loading import LOADER, loader

WIDGET = LOADER.parent
CATALOGUE = LOADER.parents[3] / "locale" / "ar" / "LC_MESSAGES" / "django.po"
KEY = "k3y"
AT = "2026-11-05T07:22:00Z"
Said = dict[str, Any]


def _catalogue() -> gettext.NullTranslations:
    compiled = io.BytesIO()
    with CATALOGUE.open("rb") as file:
        write_mo(compiled, read_po(file, locale="ar"))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


CATALOGUES = {"ar": _catalogue(), "en": gettext.NullTranslations()}


def in_language(language: str, *, first: bool = False) -> dict[str, str]:
    """The widget's words as the desk says them."""
    known = CATALOGUES[language]
    with patch.multiple(said, gettext=known.gettext, pgettext=known.pgettext):
        return said.first_words() if first else said.words()


@dataclass(slots=True)
class Talk:
    """One conversation."""

    id: str
    entries: list[Said] = field(default_factory=list)
    is_closed: bool = False
    read: Said | None = None
    seen: int = 0

    @property
    def seq(self) -> int:
        return len(self.entries)

    def row(self) -> Said:
        last = self.entries[-1] if self.entries else None
        text = last["body"][0][2] if last and last["body"] else ""
        return {
            "id": self.id,
            "snippet": text,
            "at": last["at"] if last else AT,
            "unread": self.unread,
            "is_closed": self.is_closed,
        }

    @property
    def unread(self) -> int:
        return sum(one["who"] != "me" and one["seq"] > self.seen for one in self.entries)

    def thread(self, since: int = 0) -> Said:
        entries = [one for one in self.entries if one["seq"] > since]
        return {
            "id": self.id,
            "seq": self.seq,
            "is_closed": self.is_closed,
            "read": self.read,
            "entries": entries,
        }


class Desk:
    """One visitor's desk. `config` and `told` are what the loader and `open` say; the test changes them as it likes."""

    def __init__(self) -> None:
        self.talks: dict[str, Talk] = {}
        self.asked: list[tuple[str, Said]] = []
        self.streams: set[Queue[tuple[str, Said]]] = set()
        self.opened_streams = 0
        self.refusals: dict[str, tuple[int, Said]] = {}
        self.is_down = False
        self.is_mute = False
        self.swallowed: set[str] = set()
        self.broken_off: set[str] = set()
        self.files: dict[str, tuple[str, bytes]] = {}
        self.names: dict[str, str] = {}
        self.secrets: dict[str, object] = {}
        self.token = "t0ken"
        self.lock = threading.RLock()
        self.config: Said = {}
        self.told: Said = {
            "digits": "arab",
            "name": "متجر سِدرة",
            "logo": None,
            "people": [{"name": "ريم", "picture": None}, {"name": "سالم", "picture": None}],
            "is_open": True,
            "answer": "نرد عادةً خلال ١٢ دقيقة",
            "visitor": {"name": "", "has_address": False},
            "limits": {"text": 5000, "file_bytes": 20_000_000, "files": 5},
        }

    def count(self, what: str) -> int:
        """How often something was asked for."""
        with self.lock:
            return sum(name == what for name, _ in self.asked)

    def say(self, event: str, **data: Any) -> None:
        """Tell every open stream."""
        with self.lock:
            for stream in self.streams:
                stream.put((event, data))

    def write(self, talk: str, text: str | list[Any], **further: Any) -> Said:
        """A message of the team's, or whoever `further` says."""
        with self.lock:
            found = self.talks.setdefault(talk, Talk(talk))
            body = [["p", None, text]] if isinstance(text, str) else text
            entry: Said = {
                "seq": found.seq + 1,
                "who": "team",
                "name": "ريم",
                "picture": None,
                "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                "body": body,
                "files": [],
                "via": "chat",
                **further,
            }
            found.entries.append(entry)
            self.say("nudge", c=talk, s=found.seq, k="entry")
            return entry

    def answer(self, what: str, body: Said) -> tuple[int, Said]:
        """The desk's answer to one question."""
        with self.lock:
            self.asked.append((what, body))
            if what in self.refusals:
                return self.refusals[what]
            if body.get("token") not in (None, self.token):
                return 401, {"error": "token", "say": "?"}
            if (signed := body.get("identity")) and not body.get("token"):
                secret = body.get("secret")
                if self.secrets.setdefault(signed, secret) != secret or not secret:
                    return 403, {"error": "identity_replayed", "say": "?"}
            return 200, getattr(self, f"_{what}")(body)

    def _here(self, body: Said) -> Said:
        told: Said = {"shown": True, "unread": sum(one.unread for one in self.talks.values())}
        return {**told, "token": self.token} if body.get("identity") else told

    def _open(self, body: Said) -> Said:
        mine = list(self.talks.values()) if body.get("token") or body.get("identity") else []
        current = next((one for one in mine if not one.is_closed), None)
        return {
            **self.told,
            **({"token": self.token} if body.get("identity") else {}),
            "words": in_language(body["language"]),
            "conversations": [one.row() for one in mine],
            "conversation": current.thread() if current else None,
        }

    def _say(self, body: Said) -> Said:
        known = [
            (talk, one)
            for talk in self.talks.values()
            for one in talk.entries
            if one.get("key") == body["key"]
        ]
        if known:
            talk, entry = known[0]
        else:
            name = body.get("conversation") or f"c{len(self.talks) + 1}"
            text = [["p", None, part] for part in body["text"].split("\n\n") if part]
            files = [
                {
                    "name": self.names[one],
                    "size": len(self.files[one][1]),
                    "type": self.files[one][0],
                    "url": f"/chat/file/{one}",
                }
                for one in body["files"]
            ]
            entry = self.write(name, text, who="me", name="", key=body["key"], files=files)
            talk = self.talks[name]
            talk.is_closed = False
        return {
            "token": self.token,
            "conversation": {"id": talk.id, "seq": talk.seq},
            "entry": entry,
        }

    def _since(self, body: Said) -> Said:
        return self.talks[body["conversation"]].thread(body["since"])

    def _read(self, body: Said) -> Said:
        self.talks[body["conversation"]].seen = body["seq"]
        return {}

    def _typing(self, body: Said) -> Said:
        return {}

    def _address(self, body: Said) -> Said:
        self.told["visitor"] = {**self.told["visitor"], "has_address": True}
        return {"ok": True}

    def _end(self, body: Said) -> Said:
        self.talks[body["conversation"]].is_closed = True
        return {}


def _packed(name: str) -> bytes:
    """A module as the desk serves it: shortened, and its imports by names with digests, which weigh something too."""
    text = (WIDGET / re.sub(r"\.[0-9a-f]{12}\.", ".", name)).read_text(encoding="utf-8")

    def digested(found: re.Match[str]) -> str:
        return f'"./{found[1]}.{hashlib.sha256(found[1].encode()).hexdigest()[:12]}.js"'

    return re.sub(r'"\./([a-z]+)\.js"', digested, rjsmin.jsmin(text)).encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def log_message(self, *_: object) -> None:
        """Nothing: the test says what went wrong."""

    def _give(self, status: int, content: bytes, kind: str, *, length: int = 0, **headers: str) -> None:
        if not length and "gzip" in self.headers.get("Accept-Encoding", "") and status == 200:
            content = gzip.compress(content, 6)
            headers["Content-Encoding"] = "gzip"
            with self.server.desk.lock:
                self.server.weights[self.path] = len(content)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length or len(content)))
        self.send_header("Access-Control-Allow-Origin", "*")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if self.server.desk.is_down:
            self.close_connection = True
            return
        if path == "/favicon.ico":
            self._give(204, b"", "image/x-icon")
        elif self.server.shop:
            page, policy = self.server.shop.page(parse_qs(urlsplit(self.path).query))
            self._give(200, page.encode(), "text/html; charset=utf-8", Content_Security_Policy=policy)
        elif path == f"/chat/{KEY}.js":
            self._give(200, loader(self.server.config()), "text/javascript; charset=utf-8")
        elif path.startswith("/static/"):
            self._give(200, _packed(path.rpartition("/")[2]), "text/javascript; charset=utf-8")
        else:
            kind, content = self.server.desk.files[path.rpartition("/")[2]]
            self._give(200, content, kind)

    def do_POST(self) -> None:
        desk = self.server.desk
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        what = self.path.rpartition("/")[2]
        if desk.is_down:
            self.close_connection = True
            return
        if what == "live":
            if json.loads(raw).get("token") == desk.token:
                self._stream()
            else:
                self._json(401, {"error": "token"})
        elif what == "upload":
            self._upload(raw)
        else:
            answer = desk.answer(what, json.loads(raw))
            if what in desk.swallowed:  # done, and the answer is lost on its way
                desk.swallowed.discard(what)
                self.close_connection = True
                return
            if (
                what in desk.broken_off
            ):  # the answer ends in its middle, which no browser asks for again by itself
                desk.broken_off.discard(what)
                self._give(answer[0], b"{", "application/json", length=9)
                self.close_connection = True
                return
            self._json(*answer)

    def _json(self, status: int, told: Said) -> None:
        self._give(status, orjson.dumps(told), "application/json")

    def _upload(self, raw: bytes) -> None:
        desk = self.server.desk
        found = re.search(
            rb'name="file"; filename="(.*?)"\r\nContent-Type: (.*?)\r\n\r\n(.*?)\r\n--', raw, re.DOTALL
        )
        assert found
        name, kind, content = found[1].decode(), found[2].decode(), found[3]
        with desk.lock:
            desk.asked.append(("upload", {"name": name}))
            if "upload" in desk.refusals:
                self._json(*desk.refusals["upload"])
                return
            number = f"f{len(desk.files)}"
            desk.files[number] = (kind, content)
            desk.names[number] = name
        self._json(200, {"id": number, "name": name, "size": len(content), "type": kind})

    def _stream(self) -> None:
        desk = self.server.desk
        mine: Queue[tuple[str, Said]] = Queue()
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Connection", "close")
        self.end_headers()
        mine.put(("hello", {}))
        with desk.lock:
            desk.streams.add(mine)
            desk.opened_streams += 1
        try:
            while not desk.is_down:
                try:
                    event, data = mine.get(timeout=0.05)
                except Empty:
                    event, data = "", {}  # a comment: hears whether somebody is still there
                text = f"event: {event}\ndata: {json.dumps(data)}\n\n" if event else ":\n\n"
                if not desk.is_mute or event == "hello":
                    self.wfile.write(text.encode())
                    self.wfile.flush()
                if event == "bye":
                    return
        except OSError:
            pass
        finally:
            with desk.lock:
                desk.streams.discard(mine)


@dataclass(slots=True)
class Shop:
    """The page of a shop, with a content policy that lets in our address by script-src and connect-src alone."""

    desk: str

    def page(self, query: dict[str, list[str]]) -> tuple[str, str]:
        """(markup, policy). `lang`, `css` (rules of the page), `js` and `tag` (attributes) as the address says."""
        ask = {name: values[0] for name, values in query.items()}
        lang = ask.get("lang", "ar")
        policy = (
            f"default-src 'none'; script-src {self.desk} 'nonce-n0nce'; connect-src {self.desk};"
            " style-src 'nonce-n0nce'; require-trusted-types-for 'script'"
        )
        markup = f"""<!doctype html><html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Shop</title>
<style nonce="n0nce">body{{font-family:system-ui}}{ask.get("css", "")}</style>
<script nonce="n0nce">window.Majlis=window.Majlis||function(){{(Majlis.q=Majlis.q||[]).push(arguments)}};{ask.get("js", "")}</script>
<script async src="{self.desk}/chat/{KEY}.js" {ask.get("tag", "")}></script></head>
<body><a href="#before" id="before">القهوة</a><h1>طقم قهوة نحاسي</h1><main><p>{"دلّة منقوشة يدويًا.<br>" * 60}</p></main></body></html>"""
        return markup, policy


class Server(ThreadingHTTPServer):
    """One of the two origins."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, host: str, desk: Desk, shop: Shop | None = None) -> None:
        self.desk = desk
        self.shop = shop
        self.weights: dict[str, int] = {}
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://{host}:{self.server_address[1]}"

    def config(self) -> Said:
        return {
            "key": KEY,
            "base": self.url,
            "panel": "/static/majlis/widget/panel.js",
            "name": {"ar": "الدعم · متجر سِدرة", "en": "Support · Sidra"},
            "brand_colour": "#00636c",
            "on_colour": "#fafefe",
            "language": "auto",
            "otherwise": "ar",
            "position": "end",
            "offset": 24,
            "theme": "auto",
            "greeting": {"ar": "كيف نساعدك؟", "en": "How can we help?"},
            "ask": False,
            "version": "0.4.0",
            "words": {language: in_language(language, first=True) for language in ("ar", "en")},
            **self.desk.config,
        }

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that hangs up is none."""


@dataclass(slots=True)
class Visited:
    """A shop and the desk behind its widget."""

    desk: Desk
    shop: str
    server: Server

    @property
    def first_bytes(self) -> int:
        """What the tag brings, packed."""
        return self.server.weights[f"/chat/{KEY}.js"]

    @property
    def later_bytes(self) -> int:
        """What was fetched after that, packed."""
        return sum(
            weight
            for path, weight in self.server.weights.items()
            if not re.search(r"\.js$", path) or "/static/" in path
        )


@contextmanager
def visited() -> Iterator[Visited]:
    """Both, started; stopped in the end."""
    desk = Desk()
    behind = Server("localhost", desk)
    before = Server("127.0.0.1", desk, Shop(behind.url))
    for server in (behind, before):
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield Visited(desk, before.url, behind)
    finally:
        with suppress(OSError):
            for server in (behind, before):
                server.shutdown()
                server.server_close()
