"""A shop's page on an origin of its own, with a policy that lets in the desk's script and questions and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tests.browser.office import Office

_PAGE = """<!doctype html>
<html lang="{language}" dir="{way}"><head><meta charset="utf-8"><title>سِدرة</title>
<meta name="viewport" content="width=device-width,initial-scale=1">
<style nonce="shop">*{{font-family:serif;line-height:3;letter-spacing:2px}} div{{margin:13px}} html{{font-size:62.5%}}</style>
</head><body><h1>{title}</h1><p>٣٤٩ ر.س</p>
<script async src="{desk}/chat/{key}.js"{identity}></script>
</body></html>"""


class Shop:
    """The shop, once it is open; `url` is its origin."""

    def __init__(self, url: str) -> None:
        self.url = url

    def page(self, key: str, *, path: str = "/dallah", language: str = "ar", identity: str = "") -> str:
        """The address of a page with the widget `key`, with an identity if the shop knows who looks."""
        known = f"&identity={identity}" if identity else ""
        return f"{self.url}{path}?key={key}&language={language}{known}"


@contextmanager
def opened(office: Office) -> Iterator[Shop]:
    """A shop beside this desk."""
    desk = office.desk.url
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'nonce-shop';"
        f" script-src {desk}; connect-src {desk}; require-trusted-types-for 'script'"
    )

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            if "key" not in asked:
                self.send_response(204)
                self.end_headers()
                return
            language = asked.get("language", "ar")
            identity = f' data-identity="{asked["identity"]}"' if "identity" in asked else ""
            body = _PAGE.format(
                language=language,
                way="rtl" if language == "ar" else "ltr",
                title="طقم قهوة نحاسي" if language == "ar" else "Copper coffee set",
                desk=desk,
                key=asked["key"],
                identity=identity,
            ).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield Shop(f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
