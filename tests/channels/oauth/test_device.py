"""Signing in by a code entered elsewhere: asked for at the told pace, by the worker, until it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from majlis.channels.actions import device_sign_in
from majlis.channels.oauth.models import OAuthAttempt, OAuthClient, OAuthGrant
from majlis.channels.problems import unpack
from majlis.cli import drains
from majlis.people.models import Role, Teammate
from tests import cast
from tests.channels.oauth.test_signing_in import at_desk, page_of, waiting
from tests.oauth_host import OAuthHost

__all__ = ["waiting"]
pytestmark = pytest.mark.django_db


def let_time_pass() -> None:
    """The next question is due."""
    OAuthAttempt.objects.update(poll_at=timezone.now())
    drains.ask_sign_ins()


def test_a_code_is_shown_and_the_page_follows_until_somebody_has_signed_in(
    waiting: OAuthGrant, issuer: OAuthHost
):
    client = at_desk(cast.salma())
    issuer.account = cast.SUPPORT
    shown = client.post(f"{page_of(waiting)}code", follow=True).text
    attempt = OAuthAttempt.objects.get()
    assert attempt.user_code in shown
    assert f"{issuer.url}/enter" in shown
    assert f"device-{attempt.user_code}" not in shown + attempt.device_code
    assert attempt.poll_at is not None
    assert attempt.expires_at - attempt.poll_at == timedelta(seconds=599)  # of 600, asked for every second

    OAuthAttempt.objects.update(poll_at=timezone.now() + timedelta(minutes=1))
    assert 50 < (drains.until_sign_in() or 0) <= 60
    drains.ask_sign_ins()
    assert issuer.asked_for("device_code") == []  # not before its time
    let_time_pass()
    assert len(issuer.asked_for("device_code")) == 1
    followed = client.get(f"{page_of(waiting)}code")
    assert "Waiting for you" in followed.text
    assert "HX-Refresh" not in followed.headers

    issuer.enter(attempt.user_code)
    let_time_pass()
    assert client.get(f"{page_of(waiting)}code")["HX-Refresh"] == "true"
    after = client.get(page_of(waiting)).text
    assert "Signed in. Mail comes and goes" in after
    assert attempt.user_code not in after
    assert OAuthGrant.objects.exclude(refresh_token="").exists()
    assert drains.until_sign_in() is None


def test_who_is_asked_to_slow_down_does(waiting: OAuthGrant, issuer: OAuthHost):
    issuer.polls_slow = 1
    device_sign_in.begin(waiting.connection.mailbox, cast.salma(), session_key="s")
    let_time_pass()
    attempt = OAuthAttempt.objects.get()
    assert attempt.interval_seconds == 6
    assert attempt.poll_at is not None
    assert attempt.poll_at > timezone.now() + timedelta(seconds=5)


@pytest.mark.parametrize(("what", "code"), [("denied", "oauth_denied"), ("expired", "oauth_expired")])
def test_it_ends_when_somebody_says_no_or_nobody_comes(
    waiting: OAuthGrant, issuer: OAuthHost, what: str, code: str
):
    client = at_desk(cast.salma())
    client.post(f"{page_of(waiting)}code")
    attempt = OAuthAttempt.objects.get()
    if what == "denied":
        issuer.enter(attempt.user_code, agrees=False)
    else:
        OAuthAttempt.objects.update(expires_at=timezone.now())
    let_time_pass()
    attempt.refresh_from_db()
    assert unpack(attempt.problem)[0] == code
    assert attempt.ended_at is not None
    asked = len(issuer.asked)
    let_time_pass()
    assert len(issuer.asked) == asked
    assert "field__err" in client.get(page_of(waiting)).text


def test_the_wrong_account_ends_it_too(waiting: OAuthGrant, issuer: OAuthHost):
    issuer.account = "noura@majlis.test"
    attempt = device_sign_in.begin(waiting.connection.mailbox, cast.salma(), session_key="s")
    issuer.enter(attempt.user_code)
    let_time_pass()
    attempt.refresh_from_db()
    assert unpack(attempt.problem)[0] == "oauth_account"
    assert not OAuthGrant.objects.exclude(refresh_token="").exists()


def test_a_service_that_does_not_answer_is_asked_again(waiting: OAuthGrant, issuer: OAuthHost):
    attempt = device_sign_in.begin(waiting.connection.mailbox, cast.salma(), session_key="s")
    issuer.refuses, issuer.status = "server_error", 500
    let_time_pass()
    attempt.refresh_from_db()
    assert attempt.ended_at is None
    issuer.refuses = ""
    issuer.enter(attempt.user_code)
    let_time_pass()
    attempt.refresh_from_db()
    assert (attempt.ended_at is not None, attempt.problem) == (True, "")


def test_a_new_code_ends_the_one_before(waiting: OAuthGrant, issuer: OAuthHost):
    box = waiting.connection.mailbox
    first = device_sign_in.begin(box, cast.salma(), session_key="s")
    second = device_sign_in.begin(box, cast.salma(), session_key="s")
    first.refresh_from_db()
    assert first.ended_at is not None
    assert device_sign_in.standing(box, session_key="s") == second
    assert device_sign_in.standing(box, session_key="another") is None


def test_where_codes_give_no_mail_another_way_is_offered(waiting: OAuthGrant, client_row: OAuthClient):
    OAuthClient.objects.create(provider="google", client_id="g", changed_at=timezone.now())
    OAuthGrant.objects.update(provider="google")
    client = at_desk(cast.salma())
    shown = client.get(page_of(waiting)).text
    assert "Its sign-in by code does not include mail." in shown
    assert "Ask for a code" not in shown
    assert "offers no sign-in by code" in client.post(f"{page_of(waiting)}code", follow=True).text


def test_who_is_no_admin_any_more_lets_nobody_in(waiting: OAuthGrant, issuer: OAuthHost):
    attempt = device_sign_in.begin(waiting.connection.mailbox, cast.salma(), session_key="s")
    issuer.enter(attempt.user_code)
    Teammate.objects.update(role=Role.AGENT)
    let_time_pass()
    attempt.refresh_from_db()
    assert unpack(attempt.problem)[0] == "oauth_denied"
    assert not OAuthGrant.objects.exclude(refresh_token="").exists()


def test_a_page_that_waits_wakes_a_worker_that_did_not_hear(
    waiting: OAuthGrant, issuer: OAuthHost, monkeypatch: pytest.MonkeyPatch
):
    client = at_desk(cast.salma())
    woken: list[str] = []
    client.post(f"{page_of(waiting)}code")
    monkeypatch.setattr(device_sign_in, "wake", woken.append)
    client.get(f"{page_of(waiting)}code")
    assert woken == []
    OAuthAttempt.objects.update(poll_at=timezone.now() - timedelta(seconds=4))
    client.get(f"{page_of(waiting)}code")
    assert woken == ["signins"]
