"""Signing in to a mailbox in the settings: begun by an admin, brought back once, by the same browser, as the right account."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone, translation

from majlis.channels.actions import sign_in
from majlis.channels.models import MailConnection
from majlis.channels.oauth import providers, refusals
from majlis.channels.oauth.models import OAuthAttempt, OAuthClient, OAuthGrant
from majlis.channels.oauth.tokens import Tokens
from majlis.channels.problems import ConnectionProblem, unpack, words
from majlis.channels.secrets import decrypt, encrypt
from majlis.journal.models import Event
from majlis.people.models import Role, Teammate
from tests import cast
from tests.oauth_host import SECRET, OAuthHost

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CALLBACK = "/settings/mailboxes/oauth/callback"
FORM = {
    "name": "الدعم",
    "address": cast.SUPPORT,
    "in_host": "localhost",
    "in_port": "993",
    "in_security": "tls",
    "in_user": cast.SUPPORT,
    "in_folder": "INBOX",
    "scope": "new",
    "smtp_host": "localhost",
    "smtp_port": "587",
    "smtp_security": "starttls",
    "smtp_user": cast.SUPPORT,
}


def at_desk(teammate: Teammate) -> Client:
    Teammate.objects.filter(pk=teammate.pk).update(language="en")
    client = Client()
    client.force_login(teammate, backend=BACKEND)
    return client


@pytest.fixture
def waiting(client_row: OAuthClient) -> OAuthGrant:
    """The support mailbox is to be signed in to by token; nobody has yet."""
    connection = MailConnection.objects.create(
        mailbox=cast.support(),
        in_host="imap.sidra.test",
        in_user=cast.SUPPORT,
        smtp_host="smtp.sidra.test",
        smtp_user=cast.SUPPORT,
    )
    return OAuthGrant.objects.create(connection=connection, provider="other", asked_by=cast.salma())


def page_of(grant: OAuthGrant) -> str:
    return f"/settings/mailboxes/{grant.connection.mailbox_id}/sign-in/"


def begun(client: Client, grant: OAuthGrant, **more: str) -> str:
    """The issuer's address that a press of the button leads to."""
    answer = client.post(f"{page_of(grant)}begin", more, headers={"HX-Request": "true"})
    return answer["HX-Redirect"]


def back(client: Client, address: str) -> str:
    """The page after the browser came back to the desk."""
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}", follow=True).text


def test_an_admin_signs_in_and_everything_is_kept_secret(
    waiting: OAuthGrant, issuer: OAuthHost, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    client = at_desk(cast.salma())
    assert "Not signed in" in client.get(page_of(waiting)).text

    shown = back(client, issuer.sign_in(begun(client, waiting)))

    assert "Signed in. Mail comes and goes from where it stopped." in shown
    waiting.refresh_from_db()
    assert waiting.refresh_token
    assert decrypt(waiting.refresh_token).startswith("refresh-")
    assert decrypt(waiting.refresh_token) not in (waiting.refresh_token, "")
    assert waiting.connection.__class__.objects.get().version == 2
    (event,) = Event.objects.filter(kind="mailbox.authorised")
    assert event.data == {"name": "الدعم", "provider": "other", "account": cast.SUPPORT}
    pages = "".join(
        client.get(url).text
        for url in (
            page_of(waiting),
            "/settings/mailboxes/services/",
            "/settings/audit/",
            "/settings/mailboxes/",
        )
    )
    tokens = [decrypt(waiting.refresh_token), decrypt(waiting.access_token), SECRET]
    for secret in tokens:
        assert secret not in pages + shown + caplog.text + repr([one.data for one in Event.objects.all()])
    assert "signed in to the mailbox" in pages


def test_the_address_asks_for_a_lasting_code_with_proof(waiting: OAuthGrant, client_row: OAuthClient):
    client = at_desk(cast.salma())
    asked = parse_qs(urlsplit(begun(client, waiting)).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["login_hint"] == [cast.SUPPORT]
    assert asked["redirect_uri"][0].endswith(CALLBACK)
    assert asked["redirect_uri"][0] in client.get("/settings/mailboxes/services/").text
    attempt = OAuthAttempt.objects.get()
    assert asked["state"][0] not in (attempt.state, attempt.verifier)
    OAuthClient.objects.create(provider="google", client_id="g", changed_at=timezone.now())
    OAuthGrant.objects.update(provider="google")
    asked = parse_qs(urlsplit(begun(client, waiting)).query)
    assert (asked["access_type"], asked["prompt"]) == (["offline"], ["consent"])
    assert "https://mail.google.com/" in asked["scope"][0].split()


def test_without_script_a_page_leads_there(waiting: OAuthGrant, issuer: OAuthHost):
    client = at_desk(cast.salma())
    found = re.search(
        r'href="(http://127[^"]+/authorize[^"]+)"', client.post(f"{page_of(waiting)}begin").text
    )
    assert found
    assert "Signed in." in back(client, issuer.sign_in(found[1].replace("&amp;", "&")))


def test_a_state_works_once(waiting: OAuthGrant, issuer: OAuthHost):
    client = at_desk(cast.salma())
    address = issuer.sign_in(begun(client, waiting))
    back(client, address)
    asked = len(issuer.asked)
    assert "was used already" in back(client, address)
    assert len(issuer.asked) == asked


@pytest.mark.parametrize("state", ["", "forged", "x" * 4000])
def test_a_forged_state_is_refused_and_nothing_is_asked(waiting: OAuthGrant, issuer: OAuthHost, state: str):
    client = at_desk(cast.salma())
    begun(client, waiting)
    assert "not begun in this browser" in back(client, f"{CALLBACK}?code=abc&state={state}")
    assert issuer.asked == []
    assert not OAuthGrant.objects.exclude(refresh_token="").exists()


def test_another_admin_and_another_browser_are_refused(waiting: OAuthGrant, issuer: OAuthHost):
    client = at_desk(cast.salma())
    address = issuer.sign_in(begun(client, waiting))
    huda = at_desk(cast.teammate("huda@majlis.test", name="هدى", role=Role.ADMIN))
    assert "not begun in this browser" in back(huda, address)
    assert "not begun in this browser" in back(at_desk(cast.salma()), address)
    assert issuer.asked == []
    assert "Signed in." in back(client, address)


def test_a_state_is_too_old_after_a_while(waiting: OAuthGrant, issuer: OAuthHost):
    client = at_desk(cast.salma())
    address = issuer.sign_in(begun(client, waiting))
    OAuthAttempt.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "not begun in this browser" in back(client, address)


def test_the_wrong_account_is_refused_by_name(waiting: OAuthGrant, issuer: OAuthHost):
    client = at_desk(cast.salma())
    issuer.account = "noura@majlis.test"
    shown = back(client, issuer.sign_in(begun(client, waiting)))
    assert "You signed in as noura@majlis.test, but this mailbox expects support@majlis.test" in shown
    assert not OAuthGrant.objects.exclude(refresh_token="").exists()
    OAuthGrant.objects.update(account="noura@majlis.test")  # a shared mailbox that she may open
    assert "Signed in." in back(client, issuer.sign_in(begun(client, waiting)))


def test_a_service_that_gives_no_lasting_permission_is_not_enough(waiting: OAuthGrant, issuer: OAuthHost):
    client = at_desk(cast.salma())
    issuer.gives_refresh = False
    assert "no refresh token" in back(client, issuer.sign_in(begun(client, waiting)))


def test_permission_for_mail_must_have_been_ticked(waiting: OAuthGrant):
    waiting.provider = "google"
    waiting.save()
    attempt = OAuthAttempt(grant=waiting, teammate=cast.salma(), expires_at=timezone.now())
    with pytest.raises(ConnectionProblem) as caught:
        sign_in.settle(attempt, Tokens("access", "refresh", 3600, "openid email", cast.SUPPORT))
    assert caught.value.code == "oauth_mail"
    sign_in.settle(attempt, Tokens("access", "refresh", 3600, "openid https://mail.google.com/", ""))
    waiting.refresh_from_db()
    assert waiting.refresh_token


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"error": "access_denied"}, "oauth_denied"),
        ({"error": "redirect_uri_mismatch"}, "oauth_redirect"),
        ({"error": "invalid_client"}, "oauth_client"),
        ({"error": "invalid_grant", "error_description": "AADSTS65001: no consent"}, "oauth_admin"),
        ({"error": "invalid_client", "error_description": "AADSTS7000222: secret ended"}, "oauth_client"),
        ({"error": "invalid_request", "error_description": "AADSTS50011: address"}, "oauth_redirect"),
        ({"error": "interaction_required"}, "sign_in_again"),
        ({"error": "invalid_grant"}, "sign_in_again"),
        ({"error": "admin_policy_enforced"}, "oauth_admin"),
        ({"error": "never heard of"}, "oauth_other"),
    ],
)
def test_what_a_service_says_is_put_in_plain_words(said: dict[str, str], code: str):
    assert refusals.code(said) == code
    for language in ("ar", "en"):
        with translation.override(language):
            assert len(words(code, detail=refusals.detail(said))) > 20


def test_a_refusal_is_told_on_the_page_of_the_mailbox(waiting: OAuthGrant, issuer: OAuthHost):
    client = at_desk(cast.salma())
    state = parse_qs(urlsplit(begun(client, waiting)).query)["state"][0]
    shown = back(client, f"{CALLBACK}?error=access_denied&state={state}")
    assert "Permission was not given" in shown
    assert "Not signed in" in shown


def test_an_address_can_be_pasted_where_no_redirect_reaches(waiting: OAuthGrant, issuer: OAuthHost):
    client = at_desk(cast.salma())
    text = client.post(f"{page_of(waiting)}begin", {"paste": "1"}).text
    found = re.search(r'href="(http://127[^"]+/authorize[^"]+)"', text)
    assert found
    address = issuer.sign_in(found[1].replace("&amp;", "&"))
    assert address.startswith("http://localhost?")
    wrong = client.post("/settings/mailboxes/oauth/pasted", {"address": "http://[nothing"}, follow=True)
    assert "not begun in this browser" in wrong.text
    pasted = client.post("/settings/mailboxes/oauth/pasted", {"address": f" {address} "}, follow=True)
    assert "Signed in." in pasted.text


@pytest.mark.parametrize(
    ("provider", "url", "may"),
    [
        ("google", "https://desk.sidra.test/x", True),
        ("google", "http://desk.sidra.test/x", False),
        ("google", "http://localhost:8000/x", True),
        ("google", "https://192.168.1.4/x", False),
        ("microsoft", "https://desk/x", False),
        ("other", "http://desk/x", True),
    ],
)
def test_which_desks_a_service_sends_browsers_back_to(provider: str, url: str, may: bool):
    assert providers.may_redirect_to(provider, url) is may


def test_tokens_go_to_servers_of_their_issuer_alone():
    assert providers.takes_tokens("google", "IMAP.gmail.com.")
    assert not providers.takes_tokens("google", "gmail.com.evil.test")
    assert not providers.takes_tokens("google", "notgmail.com")
    assert providers.takes_tokens("microsoft", "outlook.office365.com")
    assert not providers.takes_tokens("microsoft", "imap.gmail.com")
    assert providers.takes_tokens("other", "Mail.test", known=["mail.test"])
    assert not providers.takes_tokens("other", "mail.test")


def test_the_form_of_a_mailbox_offers_it_and_leads_on(client_row: OAuthClient):
    client = at_desk(cast.salma())
    guessed = client.post("/settings/mailboxes/new/", {"guess": "1", "address": "sidra@gmail.com"}).text
    assert '<option value="google" selected>' in guessed
    assert "This needs a client ID of your own once" in guessed
    answer = client.post("/settings/mailboxes/new/", {**FORM, "sign_in": "other"})
    grant = OAuthGrant.objects.get()
    assert answer["Location"] == page_of(grant)
    assert (grant.connection.in_password, grant.connection.smtp_password) == ("", "")
    assert "Somebody has to sign in" not in client.get(page_of(grant)).text


def test_going_back_to_a_password_forgets_the_tokens(waiting: OAuthGrant):
    client = at_desk(cast.salma())
    url = f"/settings/mailboxes/{waiting.connection.mailbox_id}/"
    assert '<option value="other" selected>' in client.get(url).text
    refused = client.post(url, {**FORM, "sign_in": "password"})
    assert "Write the password." in refused.text
    assert OAuthGrant.objects.exists()
    client.post(url, {**FORM, "sign_in": "password", "in_password": "word-1", "smtp_password": "word-1"})
    assert not OAuthGrant.objects.exists()


def test_choosing_a_service_forgets_the_password(waiting: OAuthGrant):
    waiting.delete()
    MailConnection.objects.update(in_password=encrypt("word"), smtp_password=encrypt("word"))
    client = at_desk(cast.salma())
    client.post(f"/settings/mailboxes/{cast.support().pk}/", {**FORM, "sign_in": "other"})
    connection = MailConnection.objects.get()
    assert (connection.in_password, connection.smtp_password) == ("", "")


def test_another_server_needs_another_sign_in(waiting: OAuthGrant, issuer: OAuthHost):
    client = at_desk(cast.salma())
    back(client, issuer.sign_in(begun(client, waiting)))
    url = f"/settings/mailboxes/{waiting.connection.mailbox_id}/"
    client.post(url, {**FORM, "sign_in": "other"})
    waiting.refresh_from_db()
    assert unpack(waiting.problem)[0] == "sign_in_again"
    assert waiting.refresh_token == ""


def test_a_desk_says_on_every_page_to_its_admins_that_a_mailbox_stands_still(
    waiting: OAuthGrant, issuer: OAuthHost
):
    client = at_desk(cast.salma())
    back(client, issuer.sign_in(begun(client, waiting)))
    sentence = "somebody has to sign in to it again"
    assert sentence not in client.get("/inbox/all").text
    sign_in.let_lapse(OAuthGrant.objects.all())
    for url in ("/inbox/all", "/customers", "/settings/profile/"):
        assert sentence in client.get(url).text
        assert page_of(waiting) in client.get(url).text
    assert sentence not in at_desk(cast.badr()).get("/inbox/all").text
    back(client, issuer.sign_in(begun(client, waiting)))
    assert sentence not in client.get("/inbox/all").text


def test_a_service_is_entered_once_and_its_secret_is_never_shown(waiting: OAuthGrant, issuer: OAuthHost):
    client = at_desk(cast.salma())
    url = "/settings/mailboxes/services/google"
    refused = client.post(url, {"google-client_id": "abc"})
    assert refused.status_code == 422
    assert "say that the client has none" in refused.text
    saved = client.post(
        url, {"google-client_id": "abc", "google-client_secret": "hidden-spring-9"}, follow=True
    )
    assert "Saved." in saved.text
    assert "hidden-spring-9" not in saved.text
    row = OAuthClient.objects.get(provider="google")
    assert decrypt(row.client_secret) == "hidden-spring-9"
    assert "hidden-spring-9" not in client.get("/settings/mailboxes/services/").text
    client.post(url, {"google-client_id": "abc"})
    assert OAuthClient.objects.get(provider="google").client_secret == row.client_secret
    assert "Write the secret again" in client.post(url, {"google-client_id": "another"}).text
    client.post(f"{url}/removal")
    assert not OAuthClient.objects.filter(provider="google").exists()
    assert (
        "Mailboxes sign in with it"
        in client.post("/settings/mailboxes/services/other/removal", follow=True).text
    )
    kinds = Event.objects.filter(kind__startswith="service.").values_list("kind", flat=True)
    assert sorted(set(kinds)) == ["service.changed", "service.removed"]


def test_another_client_makes_its_mailboxes_sign_in_again(
    waiting: OAuthGrant, client_row: OAuthClient, issuer: OAuthHost
):
    client = at_desk(cast.salma())
    back(client, issuer.sign_in(begun(client, waiting)))
    said = {
        f"other-{name}": getattr(client_row, name)
        for name in ("authorize_url", "token_url", "device_url", "scopes")
    }
    url = "/settings/mailboxes/services/other"
    unsafe = {
        **said,
        "other-client_id": "x",
        "other-client_secret": "y",
        "other-token_url": "http://desk.test/t",
    }
    assert "begins with https" in client.post(url, unsafe).text
    client.post(url, {**said, "other-client_id": "another", "other-client_secret": "y"})
    waiting.refresh_from_db()
    assert unpack(waiting.problem)[0] == "sign_in_again"


def test_the_doors_are_closed_to_others(waiting: OAuthGrant):
    begin, code = f"{page_of(waiting)}begin", f"{page_of(waiting)}code"
    services = "/settings/mailboxes/services/"
    every = [page_of(waiting), begin, code, CALLBACK, "/settings/mailboxes/oauth/pasted", services]
    every += [f"{services}google", f"{services}google/removal"]
    for who in (cast.noura(), cast.badr()):
        client = at_desk(who)
        for url in every:
            refused = {client.get(url).status_code, client.post(url).status_code}
            assert refused <= {403, 405}, url
            assert 403 in refused, url
    for url in every:
        assert Client().post(url).status_code == 302, url
    assert not OAuthAttempt.objects.exists()
    missing = at_desk(cast.salma())
    assert missing.post(f"{services}nobody").status_code == 404
    assert missing.get("/settings/mailboxes/999/sign-in/").status_code == 404
