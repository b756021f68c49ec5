"""Signing in: nobody signs up, everything else is behind the door, and the page speaks the reader's language."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client, override_settings
from django.urls import get_resolver

from majlis.people.models import Session, Teammate
from tests import cast

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _no_limits_left_over() -> None:
    from django.core.cache import cache

    cache.clear()


def sign_in(client: Client, teammate: Teammate, password: str = cast.PASSWORD) -> bool:
    client.post(LOGIN, {"login": teammate.email, "password": password})
    return "_auth_user_id" in client.session


def test_a_teammate_signs_in_with_address_and_password(client: Client):
    badr = cast.badr()
    cast.salma()

    answer = client.post(
        LOGIN, {"login": "Badr@Majlis.test", "password": cast.PASSWORD, "next": "/settings/profile/"}
    )

    assert answer.status_code == 302
    assert answer["Location"] == "/settings/profile/"
    assert Session.objects.get().teammate_id == badr.pk
    assert client.get("/settings/profile/").status_code == 200


def test_a_wrong_password_says_so_and_keeps_the_address(client: Client):
    salma = cast.salma()

    page = client.post(LOGIN, {"login": salma.email, "password": "wrong"})

    assert page.status_code == 200
    assert 'role="alert"' in page.text
    assert f'value="{salma.email}"' in page.text
    assert "_auth_user_id" not in client.session


def test_a_closed_account_does_not_get_in(client: Client):
    cast.salma()
    badr = cast.badr()
    Teammate.objects.filter(pk=badr.pk).update(is_active=False)

    assert not sign_in(client, badr)
    answer = client.post(LOGIN, {"login": badr.email, "password": cast.PASSWORD}, follow=True)
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_signing_out_ends_the_session(client: Client):
    salma = cast.salma()
    assert sign_in(client, salma)

    client.post("/accounts/logout/")

    assert not Session.objects.filter(teammate=salma).exists()
    assert client.get("/settings/profile/").status_code == 302


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "social/login/", "password/set/", "reauthenticate/", "3rdparty/"]
)
def test_what_is_not_needed_is_not_there(client: Client, path: str):
    cast.salma()
    before = Teammate.objects.count()

    for url in (f"/accounts/{path}", f"/{path}"):
        assert client.get(url).status_code == 404
        new = {"email": "x@majlis.test", "password1": cast.PASSWORD, "password2": cast.PASSWORD}
        assert client.post(url, new).status_code == 404
    assert Teammate.objects.count() == before


def test_the_adapter_is_closed_for_signing_up_even_if_a_page_came_back(rf):
    from allauth.account.adapter import get_adapter

    assert get_adapter().is_open_for_signup(rf.get("/")) is False


def test_every_page_asks_to_sign_in_unless_it_says_otherwise(client: Client):
    cast.salma()
    open_pages = {"account_", "choose_language", "health", "setup_language", "setup_company", "setup_called"}
    open_pages |= {"setup_owner", "manifest", "service_worker", "offline", "intake_mail"}
    open_pages |= {"setup_invitation", "setup_password", "shared_file", "chat_", "form"}
    asked = 0
    for name, url in every_url():
        if any(name.startswith(start) for start in open_pages) and name != "account_change_password":
            continue
        for answer in (client.get(url), client.post(url)):
            assert answer.status_code == 302, (name, url, answer.status_code)
            assert answer["Location"].startswith(f"{LOGIN}?next="), (name, url)
        asked += 1
    assert asked > 15


def test_a_fragment_sends_the_whole_page_to_sign_in(client: Client):
    cast.salma()

    answer = client.get("/settings/profile/", headers={"HX-Request": "true"})

    assert answer.status_code == 401
    assert answer["HX-Redirect"] == LOGIN


def test_before_the_first_run_every_page_says_to_open_the_printed_link(client: Client):
    for url in ("/", LOGIN, "/settings/"):
        page = client.get(url)
        assert page.status_code == 200
        assert "majlis manage first_run_link" in page.text


def test_the_sign_in_page_leads_to_a_forgotten_password_and_to_the_other_language(client: Client):
    cast.salma()

    page = client.get(LOGIN)

    assert 'href="/accounts/password/reset/"' in page.text
    assert 'lang="ar" dir="rtl"' in page.text
    assert page["Content-Language"] == "ar"
    english = client.get(f"{LOGIN}?language=en")
    assert 'lang="en" dir="ltr"' in english.text
    assert 'lang="en" dir="ltr"' in client.get(LOGIN).text  # remembered


def test_the_language_is_chosen_by_post_and_kept_in_the_browser(client: Client):
    cast.salma()

    answer = client.post("/accounts/language/", {"language": "en", "next": LOGIN})

    assert answer["Location"] == LOGIN
    assert client.cookies["majlis_language"].value == "en"
    assert 'lang="en"' in client.get(LOGIN).text
    client.post("/accounts/language/", {"language": "xx"})
    assert client.cookies["majlis_language"].value == "en"


def test_choosing_a_language_leads_nowhere_else(client: Client):
    cast.salma()

    answer = client.post("/accounts/language/", {"language": "en", "next": "https://elsewhere.test/"})

    assert answer["Location"] == "/"


def test_a_teammates_own_language_wins_over_the_browsers(client: Client):
    salma = cast.salma()
    client.post("/accounts/language/", {"language": "en"})
    sign_in(client, salma)

    assert 'lang="ar"' in client.get("/settings/profile/").text

    client.post("/accounts/language/", {"language": "en"})
    salma.refresh_from_db()
    assert salma.language == "en"
    assert 'lang="en"' in client.get("/settings/profile/").text


def test_without_a_way_out_for_mail_the_reset_page_says_who_can_help(client: Client):
    cast.salma()

    page = client.get("/accounts/password/reset/?language=en")

    assert "can make a link" in page.text
    assert "<form" not in page.text.replace('<form method="post" action="/accounts/language/"', "")


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def test_a_forgotten_password_is_chosen_anew_by_a_mailed_link(client: Client):
    salma = cast.salma()
    Teammate.objects.filter(pk=salma.pk).update(language="en")
    desk = Client()
    sign_in(desk, salma)

    client.post("/accounts/password/reset/", {"email": salma.email})

    (letter,) = mail.outbox
    assert letter.to == [salma.email]
    assert letter.subject == "Choose a new password"
    found = re.search(r"https?://[^/\s]+(/accounts/password/reset/key/\S+)", str(letter.body))
    assert found
    page = client.get(found[1], follow=True)
    at = page.redirect_chain[-1][0]
    done = client.post(at, {"password1": "a-new-lantern-77", "password2": "a-new-lantern-77"}, follow=True)
    assert done.status_code == 200
    assert sign_in(Client(), salma, "a-new-lantern-77")
    assert desk.get("/settings/profile/").status_code == 302  # the session of before has ended
    assert client.get(found[1], follow=True).status_code == 200
    assert not sign_in(Client(), salma)


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def test_an_unknown_address_gets_the_same_answer_and_no_mail(client: Client):
    salma = cast.salma()

    known = client.post("/accounts/password/reset/", {"email": salma.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@majlis.test"})

    assert known.status_code == unknown.status_code == 302
    assert known["Location"] == unknown["Location"]
    assert len(mail.outbox) == 1


def test_changing_the_password_keeps_this_browser_and_ends_the_others(client: Client):
    salma, phone = cast.salma(), Client()
    assert sign_in(client, salma)
    assert sign_in(phone, salma)

    new = "a-new-lantern-77"
    answer = client.post(
        "/accounts/password/change/", {"oldpassword": cast.PASSWORD, "password1": new, "password2": new}
    )

    assert answer.status_code == 302
    assert client.get("/settings/profile/").status_code == 200
    assert phone.get("/settings/profile/").status_code == 302


def test_a_password_that_is_easy_to_guess_is_refused(client: Client):
    salma = cast.salma()
    sign_in(client, salma)

    page = client.post(
        "/accounts/password/change/",
        {"oldpassword": cast.PASSWORD, "password1": "password12", "password2": "password12"},
    )

    assert page.status_code == 200
    assert 'aria-invalid="true"' in page.text


def every_url() -> list[tuple[str, str]]:
    """Every named page with something plausible in the place of its arguments."""
    plausible = {"IntConverter": "1", "UUIDConverter": "0c6d1f0e-7b1a-4d8e-9a55-3f2d6c0e1a77"}
    found = []
    for name, patterns in get_resolver().reverse_dict.lists():
        if not isinstance(name, str):
            continue
        for possibilities, _pattern, _defaults, converters in patterns:
            for path, names in possibilities:
                kinds = {one: type(converters.get(one)).__name__ for one in names}
                values = {one: plausible.get(kind, "inbox") for one, kind in kinds.items()}
                found.append((name, "/" + path % values))
    return found
