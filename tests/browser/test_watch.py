"""The watch over the browser sees what it is for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.browser.conftest import NARROW, ContextFactory
from tests.polling import until

PAGE = b"""<!doctype html><html lang="ar" dir="rtl"><title>t</title>
<p id="p" style="color: red">x</p><script src="/there.js"></script><script>window.inline = 1</script>"""


class Strict(BaseHTTPRequestHandler):
    def do_GET(self):
        is_script = self.path == "/there.js"
        status = {"/broken": 503, "/favicon.ico": 204}.get(self.path, 200)
        self.send_response(status)
        self.send_header("Content-Type", "text/javascript" if is_script else "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", "default-src 'none'; script-src 'self'")
        self.end_headers()
        if status != 204:
            self.wfile.write(b"setTimeout(() => { throw new Error('thrown') })" if is_script else PAGE)

    def log_message(self, *_):
        pass


@pytest.fixture
def strict_site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Strict)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_blocked_styles_and_scripts_uncaught_errors_and_failed_answers_are_complaints(
    context_factory: ContextFactory,
    strict_site: str,
    complaints: list[str],
    expected_complaints: list[str],
):
    expected_complaints.append("")  # this test is made of them
    page = context_factory().new_page()
    page.goto(strict_site)
    page.goto(f"{strict_site}/broken")

    wanted = ("CSP: style-src-attr", "CSP: script-src-elem", "uncaught: ", "status of 503")
    until(lambda: page.title() and all(any(w in c for c in complaints) for w in wanted), str(complaints))


def test_a_context_is_the_person_who_was_asked_for(context_factory: ContextFactory):
    page = context_factory(locale="en", viewport=NARROW, colour="dark").new_page()
    is_dark = "matchMedia('(prefers-color-scheme: dark)').matches"
    assert page.evaluate(f"[navigator.language, innerWidth, {is_dark}]") == ["en", 390, True]
