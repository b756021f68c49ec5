"""Remote images come through us, signed, and never from the network the desk stands in."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest

from majlis.lib import remote

KEY = b"k" * 32
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


class Host(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/picture")
            self.end_headers()
            return
        content = PNG if self.path == "/picture" else b"<html>not a picture</html>"
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args: object) -> None:
        """Says nothing."""


@pytest.fixture
def host() -> Iterator[str]:
    server = http.server.HTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_an_address_of_ours_leads_back_to_the_remote_one() -> None:
    ours = remote.proxied("//pictures.test/a.png?x=1&y=ب", KEY)
    assert ours is not None
    assert ours.startswith("/images/")
    assert remote.unpacked(ours, KEY) == "https://pictures.test/a.png?x=1&y=ب"


def test_an_address_nobody_signed_is_refused() -> None:
    ours = remote.proxied("https://pictures.test/a.png", KEY) or ""
    with pytest.raises(remote.NoImageError):
        remote.unpacked(ours, b"another key")
    with pytest.raises(remote.NoImageError):
        remote.unpacked("/images/short", KEY)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "data:image/png;base64,xx"])
def test_only_web_addresses_are_proxied(address: str) -> None:
    assert remote.proxied(address, KEY) is None


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/x.png", "http://localhost/x.png", "http://10.0.0.1/x", "http://[::1]/x"]
)
def test_the_desks_own_network_is_never_asked(address: str) -> None:
    with pytest.raises(remote.NoImageError):
        remote.fetch(address)


def test_an_image_is_known_by_its_bytes(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # The one guard is lifted for this host alone; everything else is the real way.
    monkeypatch.setattr(remote, "public_address", lambda _host, _port: "127.0.0.1")
    assert remote.fetch(f"{host}/moved") == remote.Image("image/png", PNG)
    with pytest.raises(remote.NoImageError):
        remote.fetch(f"{host}/page")
