"""A raw message by HTTP: kept when it is signed by the mailbox's own secret, refused plainly otherwise."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings

from majlis.channels.actions import options
from majlis.channels.models import RawMessage
from majlis.conversations.models import Entry
from majlis.flow.arrival import take_in_pending
from majlis.intake import http
from majlis.people.models import MailboxAlias
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret() -> str:
    cache.clear()
    return options.open_endpoint(cast.salma(), cast.support())


def post(
    content: bytes,
    secret: str,
    *,
    mailbox: str = cast.SUPPORT,
    envelope: str | None = None,
    at: int | None = None,
    signature: str | None = None,
) -> tuple[int, dict[str, object]]:
    moment = int(time.time()) if at is None else at
    headers = {
        "Majlis-Mailbox": mailbox,
        "Majlis-Signature": signature or http.sign(secret, moment, mailbox, envelope, content),
    }
    if envelope is not None:
        headers["Majlis-Envelope-From"] = f"<{envelope}>"
    answer = Client(enforce_csrf_checks=True).post(
        "/intake/mail", content, content_type="message/rfc822", headers=headers
    )
    return answer.status_code, answer.json()


def test_a_signed_message_arrives_once_however_often_it_is_sent(secret: str) -> None:
    content = cast.letter("أين طلبي؟")
    status, said = post(content, secret, envelope=cast.LAYLA)
    assert status == 200
    raw = RawMessage.objects.get()
    assert (said, raw.route, raw.envelope_from) == ({"kept": raw.pk}, "http", cast.LAYLA)
    assert post(content, secret, envelope=cast.LAYLA)[0] == 200
    take_in_pending(raw.mailbox_id)
    assert Entry.objects.count() == 1


def test_the_null_return_path_is_told_from_none(secret: str) -> None:
    post(cast.letter("x"), secret, envelope="")
    assert RawMessage.objects.get().envelope_from == ""


def test_a_further_address_leads_to_its_mailbox(secret: str) -> None:
    MailboxAlias.objects.create(mailbox=cast.support(), address="help@majlis.test")
    assert post(cast.letter("x"), secret, mailbox="Help+web@majlis.test")[0] == 200


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"signature": "t=1"}, 401, "unsigned"),
        ({"at": 1_700_000_000}, 401, "clock"),
        ({"mailbox": "nobody@majlis.test"}, 401, "refused"),
        ({"mailbox": cast.SALES}, 401, "refused"),
        ({"secret": "another"}, 401, "refused"),
        ({"content": b"\r\n"}, 400, "empty"),
    ],
)
def test_what_is_refused_is_not_kept_and_says_why(
    secret: str, change: dict[str, object], status: int, code: str
) -> None:
    cast.sales()
    asked = {"content": cast.letter("x"), "secret": secret, **change}
    answered, said = post(**asked)  # type: ignore[arg-type]
    assert (answered, said["error"]) == (status, code)
    assert str(said["message"]).endswith(".")
    assert not RawMessage.objects.exists()


def test_a_message_changed_on_the_way_is_refused(secret: str) -> None:
    content = cast.letter("x")
    now = int(time.time())
    for signature in (
        http.sign(secret, now, cast.SUPPORT, None, content + b"!"),
        http.sign(secret, now, cast.SUPPORT, "a@b.test", content),
        http.sign(secret, now - 1, cast.SUPPORT, None, content).replace(f"t={now - 1}", f"t={now}"),
    ):
        assert post(content, secret, signature=signature)[0] == 401


def test_too_large_a_message_is_refused(secret: str) -> None:
    content = cast.letter("x" * 1000)
    config = replace(settings.CONFIG, mail_max_bytes=len(content) - 1)
    with override_settings(CONFIG=config):
        assert post(content, secret) == (413, {"error": "too_large", "message": http._WORDS["too_large"][1]})
    assert post(content, secret)[0] == 200


def test_who_guesses_is_turned_away_unread(secret: str) -> None:
    content = cast.letter("x")
    for _ in range(http.REFUSED_A_MINUTE):
        assert post(content, "wrong")[0] == 401
    assert post(content, secret)[0] == 429


def test_a_closed_or_renewed_endpoint_knows_the_old_secret_no_more(secret: str) -> None:
    salma, support = cast.salma(), cast.support()
    newer = options.open_endpoint(salma, support)
    assert post(cast.letter("x"), secret)[0] == 401
    assert post(cast.letter("x"), newer)[0] == 200
    options.close_endpoint(salma, support)
    assert post(cast.letter("x"), newer)[0] == 401


def test_only_post() -> None:
    answer = Client().get("/intake/mail")
    assert (answer.status_code, answer.json()["error"]) == (405, "method")
