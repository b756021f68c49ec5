"""Trying to sign in and asking for a link are limited, by address and by account, and nobody learns who is here."""

from __future__ import annotations

import time

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client, override_settings

from tests import cast

pytestmark = pytest.mark.django_db
LOGIN, RESET = "/accounts/login/?language=en", "/accounts/password/reset/?language=en"
TOO_OFTEN = "That was tried too often. Try again in"


@pytest.fixture(autouse=True)
def _no_limits_left_over() -> None:
    cache.clear()


def tried(email: str, typed: str = "", *, address: str = "198.51.100.1", host: str = "localhost") -> str:
    sent = {"login": email, "password": typed or "wrong"}
    return Client(REMOTE_ADDR=address, HTTP_HOST=host).post(LOGIN, sent).text


def test_an_account_is_closed_to_guessing_from_everywhere_and_says_when_to_try_again():
    salma = cast.salma()

    for n in range(5):
        assert TOO_OFTEN not in tried(salma.email, address=f"198.51.100.{n}")

    assert f"{TOO_OFTEN} 5 minutes" in tried(salma.email, address="198.51.100.99")
    assert TOO_OFTEN in tried(salma.email.upper(), host="127.0.0.1"), (
        "neither case nor host opens another count"
    )
    assert TOO_OFTEN in tried(salma.email, cast.PASSWORD), "the right password too"
    assert TOO_OFTEN not in tried(cast.badr().email)


def test_an_address_is_closed_to_guessing_at_many_accounts():
    cast.salma()
    for n in range(10):
        assert TOO_OFTEN not in tried(f"nobody-{n}@majlis.test")

    assert f"{TOO_OFTEN} a minute" in tried("nobody-10@majlis.test")
    assert TOO_OFTEN not in tried("nobody-10@majlis.test", address="198.51.100.2")


def test_the_door_opens_again_when_the_time_is_over(monkeypatch: pytest.MonkeyPatch):
    salma = cast.salma()
    for _ in range(5):
        tried(salma.email)
    assert TOO_OFTEN in tried(salma.email, cast.PASSWORD)

    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 301)

    client = Client()
    client.post(LOGIN, {"login": salma.email, "password": cast.PASSWORD})
    assert "_auth_user_id" in client.session


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def test_links_are_asked_for_three_times_and_the_answers_never_tell_who_is_here(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("majlis.desk.accounts.has_way_out", lambda: True)
    salma = cast.salma()

    def answers(email: str) -> list[tuple[int, str, bool]]:
        found = [Client(REMOTE_ADDR=f"203.0.113.{n}").post(RESET, {"email": email}) for n in range(4)]
        return [
            (one.status_code, one.get("Location", ""), f"{TOO_OFTEN} 10 minutes" in one.text) for one in found
        ]

    known = answers(salma.email)

    assert known == answers("nobody@majlis.test")
    assert [status for status, _, _ in known] == [302, 302, 302, 429]
    assert known[-1][2]
    assert len(mail.outbox) == 3


def test_an_address_may_ask_for_ten_links_a_minute():
    cast.salma()
    statuses = [
        Client(REMOTE_ADDR="203.0.113.7").post(RESET, {"email": f"nobody-{n}@majlis.test"}).status_code
        for n in range(11)
    ]
    assert statuses == [302] * 10 + [429]


def test_the_words_are_arabic_with_arabic_digits():
    salma = cast.salma()
    for _ in range(5):
        tried(salma.email)
    page = Client().post("/accounts/login/", {"login": salma.email, "password": "wrong"})
    assert "٥" in page.text[page.text.index('role="alert"') :][:400]
