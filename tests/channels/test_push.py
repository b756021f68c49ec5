"""A push is sealed for one browser, signed by this desk, and goes to no place inside the network."""

from __future__ import annotations

import hashlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from pytest_django import Settings

from majlis.channels import push, push_identity
from majlis.channels.push_sealing import packed, point_of, public_key, seal, unpacked
from majlis.lib.errors import Refused
from tests.push_service import Browser, PushService


@pytest.fixture
def service(settings: Settings) -> Iterator[PushService]:
    """A push service that MAJLIS_PUSH_ALLOW names."""
    with PushService() as running:
        settings.CONFIG = replace(settings.CONFIG, push_allow=(running.url,))
        yield running


def target_of(browser: Browser) -> push.Target:
    return push.checked(**browser.handed_in())


def test_a_message_is_sealed_as_in_the_example_of_rfc_8291() -> None:
    own = ec.derive_private_key(
        int.from_bytes(unpacked("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), ec.SECP256R1()
    )
    sealed = seal(
        b"When I grow up, I want to be a watermelon",
        key=unpacked(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
        ),
        auth=unpacked("BTBZMqHH6r4Tts7J_aSIgg"),
        own=own,
        salt=unpacked("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert packed(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
        "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@pytest.mark.parametrize("length", [0, 1, 300, push.MOST_BYTES])
def test_what_is_sealed_here_opens_elsewhere_and_is_never_the_same_twice(length: int) -> None:
    browser, secret, text = ec.generate_private_key(ec.SECP256R1()), bytes(range(16)), b"x" * length
    sealed = [seal(text, key=point_of(browser), auth=secret) for _ in range(2)]

    assert sealed[0] != sealed[1]
    assert [http_ece.decrypt(one, private_key=browser, auth_secret=secret) for one in sealed] == [text, text]


def test_the_key_of_an_installation_follows_from_its_secret(settings: Settings) -> None:
    before = push_identity.public_key()
    assert push_identity.public_key() == before
    settings.CONFIG = replace(settings.CONFIG, secret="another secret key, long enough for one")
    assert push_identity.public_key() != before


def claims(header: str) -> dict[str, Any]:
    """What the header claims, its signature checked with the key it names."""
    scheme, _, rest = header.partition(" ")
    assert scheme == "vapid"
    given = dict(part.strip().split("=", 1) for part in rest.split(","))
    head, body, signature = given["t"].split(".")
    raw = unpacked(signature)
    assert len(raw) == 64
    public_key(unpacked(given["k"])).verify(
        encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")),
        f"{head}.{body}".encode(),
        ec.ECDSA(hashes.SHA256()),
    )
    assert json.loads(unpacked(head)) == {"typ": "JWT", "alg": "ES256"}
    assert given["k"] == push_identity.public_key()
    found: dict[str, Any] = json.loads(unpacked(body))
    return found


def test_the_service_learns_who_pushes_and_the_browser_alone_reads_it(service: PushService) -> None:
    phone = service.browser("phone")
    answer = push.send(target_of(phone), b'{"title": "\xd8\xa3"}', topic="c12", urgency="high")

    assert (answer.status, answer.is_taken) == (201, True)
    assert phone.pushed() == [{"title": "أ"}]
    headers = phone.requests()[0].headers
    assert headers["TTL"] == "43200"
    assert (headers["Topic"], headers["Urgency"]) == ("c12", "high")
    assert headers["Content-Encoding"] == "aes128gcm"
    said = claims(headers["Authorization"])
    assert said["aud"] == service.url.rstrip("/")
    assert said["sub"].startswith("mailto:majlis@")
    assert 0 < said["exp"] - time.time() < 24 * 3600


def test_under_https_the_service_is_told_the_address_of_the_desk(settings: Settings) -> None:
    settings.CONFIG = replace(settings.CONFIG, url="https://desk.example.com")
    assert (
        claims(push_identity.authorization("https://push.example.com:8443/x"))["sub"]
        == "https://desk.example.com"
    )
    assert (
        claims(push_identity.authorization("https://push.example.com:8443/x"))["aud"]
        == "https://push.example.com:8443"
    )


@pytest.mark.parametrize(
    ("status", "headers", "verdict"),
    [
        (200, {}, "taken"),
        (201, {"Retry-After": "5"}, "taken"),
        (404, {}, "gone"),
        (410, {}, "gone"),
        (429, {"Retry-After": "5"}, "later"),
        (
            503,
            {"Retry-After": format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)},
            "later",
        ),
        (429, {}, "failed"),
        (500, {"Retry-After": "soon"}, "failed"),
        (400, {"Retry-After": "5"}, "failed"),
        (301, {"Location": "http://127.0.0.1/elsewhere"}, "failed"),
    ],
)
def test_what_the_service_says_is_understood(
    service: PushService, status: int, headers: dict[str, str], verdict: str
) -> None:
    phone = service.browser("phone")
    service.answers["phone"] = [(status, headers)]
    answer = push.send(target_of(phone), b"{}")

    said = {"taken": answer.is_taken, "gone": answer.is_gone, "later": answer.is_for_later}
    assert [name for name, holds in said.items() if holds] == ([verdict] if verdict != "failed" else [])
    assert answer.status == status
    assert len(service.received) == 1


def test_a_service_that_hangs_or_drips_is_left_after_the_time_that_was_given(service: PushService) -> None:
    service.answers["phone"] = [None]
    began = time.monotonic()
    assert push.send(target_of(service.browser("phone")), b"{}", timeout=0.1).status == 0
    assert time.monotonic() - began < 2


def test_every_byte_in_time_is_not_an_answer_in_time(service: PushService, settings: Settings) -> None:
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        settings.CONFIG = replace(settings.CONFIG, push_allow=(url,))

        def drip() -> None:
            peer = listening.accept()[0]
            with peer:
                try:
                    for _ in range(100):
                        peer.sendall(b"H")
                        if over.wait(0.02):
                            return
                except OSError:
                    return

        dripping = threading.Thread(target=drip, daemon=True)
        dripping.start()
        browser = service.browser("phone")
        target = push.checked(**{**browser.handed_in(), "endpoint": f"{url}phone"})
        began = time.monotonic()
        assert push.send(target, b"{}", timeout=0.2).status == 0
        assert time.monotonic() - began < 1.5
        over.set()
        dripping.join(5)


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "https://",
        "http://push.example.com/x",
        "ftp://push.example.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://10.1.2.3/x",
        "https://169.254.169.254/latest",
        "https://localhost/x",
        "https://user:word@push.example.com/x",
        "https://push.example.com/a b",
        "https://push.example.com/\r\nHost: inside",
        "https://push.example.com:99999/x",
        "https://push.example.com/" + "x" * 3000,
        "http://127.0.0.1:1/x",
    ],
)
def test_an_address_that_leads_inside_is_refused_at_once(service: PushService, endpoint: str) -> None:
    with pytest.raises(Refused, match="no_push_address"):
        push.checked(**{**service.browser("phone").handed_in(), "endpoint": endpoint})


def test_a_name_that_leads_inside_is_not_connected_to(
    service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(service.url.rstrip("/").rpartition(":")[2])
    real = socket.getaddrinfo

    def lead_inside(host: Any, *rest: Any, **named: Any) -> Any:
        return real("127.0.0.1" if host == "push.example.com" else host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", lead_inside)
    browser = service.browser("phone")
    target = push.checked(**{**browser.handed_in(), "endpoint": f"https://push.example.com:{port}/phone"})
    assert push.send(target, b"{}") == push.Answer(0, why="NotPublicError: not a public address")


def test_only_what_lies_under_the_allowed_beginning_is_allowed(
    service: PushService, settings: Settings
) -> None:
    settings.CONFIG = replace(settings.CONFIG, push_allow=("http://push.inside:8080/up/",))
    browser = service.browser("phone")
    inside = "http://push.inside:8080/up/x"
    assert push.checked(**{**browser.handed_in(), "endpoint": inside}).endpoint == inside
    for other in ("http://push.inside:8080/x", "http://push.inside:80801/up/x", "http://push.inside/up/x"):
        with pytest.raises(Refused, match="no_push_address"):
            push.checked(**{**browser.handed_in(), "endpoint": other})


def test_keys_that_are_none_are_refused_and_good_ones_are_written_plainly(service: PushService) -> None:
    good = service.browser("phone").handed_in()
    off_curve = packed(b"\x04" + hashlib.sha512(b"no point").digest())
    for bad in (
        {"key": ""},
        {"key": "ا"},
        {"key": good["key"] + "\x00"},
        {"key": off_curve},
        {"auth": "AAAA"},
        {"auth": ""},
    ):
        with pytest.raises(Refused, match="no_push_keys"):
            push.checked(**{**good, **bad})
    padded = {**good, "auth": good["auth"] + "==", "key": good["key"] + "="}
    assert push.checked(**padded) == push.checked(**good)
