"""The first run: from the printed link to a desk with an owner and a mailbox, nothing typed twice."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from majlis.channels.models import MailConnection
from majlis.channels.secrets import decrypt
from majlis.people.actions import installation, links
from majlis.people.models import Installation, Mailbox, Role, Team, Teammate
from tests import cast
from tests.mailhost import MailHost

pytestmark = pytest.mark.django_db
COMPANY = {"company": "متجر سدرة", "team": "خدمة العملاء", "region": "EG", "time_zone": "Africa/Cairo"}
OWNER = {"name": "سلمى", "email": "salma@majlis.test", "password": cast.PASSWORD}
MAILBOX = {
    "name": "الدعم",
    "address": cast.SUPPORT,
    "in_port": "993",
    "in_security": "tls",
    "in_folder": "INBOX",
    "scope": "new",
    "smtp_port": "587",
    "smtp_security": "starttls",
}


def link() -> str:
    token = installation.first_run_token()
    assert token is not None
    return f"/setup/{token}/"


def owner_signed_in(client: Client) -> Client:
    cast.salma()
    client.force_login(cast.salma(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def servers(host: MailHost) -> dict[str, str]:
    """The form's fields for a real mail host."""
    return {
        **MAILBOX,
        "in_host": "localhost",
        "in_port": str(host.imaps_port),
        "in_user": cast.SUPPORT,
        "in_password": "hidden-spring-9",
        "smtp_host": "localhost",
        "smtp_port": str(host.smtps_port),
        "smtp_security": "tls",
        "smtp_user": cast.SUPPORT,
        "smtp_password": "hidden-spring-9",
    }


def fields(page: str) -> dict[str, str]:
    """The values of a page's text and hidden fields."""
    tags = re.findall(r"<input[^>]*>", page)
    named = [(re.search(r' name="(\w+)"', tag), re.search(r' value="([^"]*)"', tag)) for tag in tags]
    return {name[1]: value[1] if value else "" for name, value in named if name}


@pytest.fixture
def real_host(mail_host: MailHost, monkeypatch: pytest.MonkeyPatch) -> MailHost:
    monkeypatch.setenv("SSL_CERT_FILE", str(mail_host.ca_file))
    mail_host.add_user(cast.SUPPORT, "hidden-spring-9")
    return mail_host


def test_the_steps_lead_to_a_desk_with_an_owner(client: Client):
    start = link()

    assert client.get(start).status_code == 200
    answer = client.post(start, {"language": "ar"})
    assert answer["Location"] == f"{start}company/"
    answer = client.post(f"{start}company/", COMPANY)
    assert answer["Location"] == f"{start}called/"
    answer = client.post(f"{start}called/", {"called": "service"})
    assert answer["Location"] == f"{start}owner/"
    answer = client.post(f"{start}owner/", OWNER)
    assert answer["Location"] == "/setup/channels/"

    found = Installation.objects.get()
    assert (found.company, found.region, found.language) == ("متجر سدرة", "EG", "ar")
    assert found.ready_at is not None
    assert found.called == "service"
    assert Team.objects.get().name == "خدمة العملاء"
    salma = Teammate.objects.get()
    assert (salma.role, salma.time_zone, salma.language) == (Role.OWNER, "Africa/Cairo", "ar")
    assert client.get("/setup/mailbox/").status_code == 200  # signed in already
    assert client.get("/setup/done/")["Location"] == "/"


def test_used_up_the_link_says_so_and_makes_nobody_else_an_owner(client: Client):
    start = link()
    client.post(start, {"language": "ar"})
    client.post(f"{start}company/", COMPANY)
    client.post(f"{start}owner/", OWNER)

    for page in (start, f"{start}company/", f"{start}called/", f"{start}owner/"):
        assert Client().get(page).status_code == 410
        assert Client().post(page, OWNER | {"email": "x@majlis.test"}).status_code == 410
    assert Teammate.objects.count() == 1


def test_a_link_nobody_made_opens_nothing(client: Client):
    link()

    page = client.get("/setup/guessed/")

    assert page.status_code == 410
    assert client.post("/setup/guessed/owner/", OWNER).status_code == 410
    assert not Teammate.objects.exists()


def test_going_back_what_was_said_is_still_there(client: Client):
    start = link()
    client.post(start, {"language": "en"})
    client.post(f"{start}company/", COMPANY)

    assert 'href="' + start + 'called/"' in client.get(f"{start}owner/").text
    assert 'href="' + start + 'company/"' in client.get(f"{start}called/").text
    company = client.get(f"{start}company/").text
    assert 'value="متجر سدرة"' in company
    assert 'value="خدمة العملاء"' in company
    assert '<option value="EG" selected>' in company
    assert '<option value="Africa/Cairo" selected>' in company
    assert 'value="en"' in client.get(start).text
    client.post(f"{start}company/", COMPANY | {"team": "الدعم"})
    assert Team.objects.get().name == "الدعم"  # corrected, not a second one


def test_a_mistake_keeps_what_was_typed_and_makes_no_owner(client: Client):
    start = link()
    client.post(f"{start}company/", COMPANY)

    page = client.post(f"{start}owner/", OWNER | {"password": "short"})

    assert page.status_code == 200
    assert 'value="سلمى"' in page.text
    assert 'value="salma@majlis.test"' in page.text
    assert 'aria-invalid="true"' in page.text
    assert not Teammate.objects.exists()


def test_without_a_company_there_is_no_owner_yet(client: Client):
    start = link()

    answer = client.post(f"{start}owner/", OWNER)

    assert answer["Location"] == f"{start}company/"
    assert not Teammate.objects.exists()


def test_the_first_page_is_shown_in_the_language_chosen(client: Client):
    start = link()

    client.post(start, {"language": "en"})

    assert 'lang="en" dir="ltr"' in client.get(f"{start}company/").text


def test_an_address_brings_the_usual_servers_of_its_provider(client: Client):
    owner_signed_in(client)

    page = client.post(
        "/setup/mailbox/",
        MAILBOX | {"address": "sidra@gmail.com", "guess": "1", "in_host": "", "smtp_host": ""},
        headers={"HX-Request": "true"},
    )

    assert 'value="imap.gmail.com"' in page.text
    assert 'value="smtp.gmail.com"' in page.text
    assert 'value="sidra@gmail.com"' in page.text
    assert "<html" not in page.text
    assert 'aria-invalid="true"' not in page.text


def test_a_guess_replaces_an_earlier_guess_but_never_what_was_typed(client: Client):
    owner_signed_in(client)
    typed = {
        **MAILBOX,
        "address": "help@sidra.test",
        "guessed_for": "sidra@gmail.com",
        "in_host": "imap.gmail.com",
        "smtp_host": "relay.sidra.test",
        "in_password": "kept as typed",
        "guess": "1",
    }

    page = client.post("/setup/mailbox/", typed).text

    assert 'value="imap.sidra.test"' in page
    assert 'value="relay.sidra.test"' in page
    assert 'value="kept as typed"' in page
    assert 'value="الدعم"' in page


def test_fields_that_a_person_changed_are_left_alone_by_every_later_guess(client: Client):
    owner_signed_in(client)
    changed = {
        **MAILBOX,
        "address": "help@yahoo.com",
        "guessed_for": "sidra@gmail.com",
        "in_host": "",  # emptied: mail is handed over another way
        "in_port": "1993",
        "in_security": "tls",
        "in_user": "sidra@gmail.com",
        "smtp_host": "smtp.gmail.com",
        "smtp_port": "587",
        "smtp_security": "none",
        "smtp_user": "relay-user",
        "guess": "1",
    }

    first = fields(client.post("/setup/mailbox/", changed).text)

    assert first["typed"] == "in_host in_port smtp_security smtp_user"
    assert (first["in_host"], first["in_port"], first["in_user"]) == ("", "1993", "help@yahoo.com")
    assert (first["smtp_host"], first["smtp_port"]) == ("smtp.mail.yahoo.com", "465")
    assert first["smtp_user"] == "relay-user"

    # One that the guess happened to agree with is still the person's.
    again = changed | first | {"smtp_security": "none", "typed": f"{first['typed']} smtp_host"}
    second = fields(client.post("/setup/mailbox/", again | {"address": "help@sidra.test"}).text)

    assert second["smtp_host"] == "smtp.mail.yahoo.com"
    assert (second["in_port"], second["smtp_port"]) == ("1993", "587")
    assert (second["in_host"], second["in_user"]) == ("", "help@sidra.test")


def test_a_mistake_in_the_form_keeps_whose_each_field_is(client: Client):
    owner_signed_in(client)

    page = client.post("/setup/mailbox/", MAILBOX | {"in_port": "x", "typed": "smtp_host"})

    assert fields(page.text)["typed"] == "smtp_host"


def test_the_test_button_says_for_each_side_that_it_works(client: Client, real_host: MailHost):
    owner_signed_in(client)

    page = client.post(
        "/setup/mailbox/?language=en", servers(real_host) | {"test": "1"}, headers={"HX-Request": "true"}
    )

    assert page.text.count("#i-circle-check") == 2
    assert "#i-circle-alert" not in page.text
    assert not Mailbox.objects.exists()


def test_the_test_button_says_what_is_wrong_on_one_side_only(client: Client, real_host: MailHost):
    Teammate.objects.filter(pk=cast.salma().pk).update(language="en")
    owner_signed_in(client)

    wrong = servers(real_host) | {"in_password": "wrong", "test": "1"}
    page = client.post("/setup/mailbox/", wrong, headers={"HX-Request": "true"})

    assert page.text.count("#i-circle-check") == 1
    assert "did not accept the user name or the password" in page.text

    missing = servers(real_host) | {"in_folder": "Elsewhere", "test": "1"}
    page = client.post("/setup/mailbox/", missing, headers={"HX-Request": "true"})
    assert "no folder by this name" in page.text


def test_the_first_mailbox_is_saved_with_its_passwords_encrypted(client: Client, real_host: MailHost):
    owner_signed_in(client)

    answer = client.post("/setup/mailbox/", servers(real_host))

    assert answer["Location"] == "/setup/done/"
    saved = MailConnection.objects.select_related("mailbox").get()
    assert saved.mailbox.address == cast.SUPPORT
    assert "hidden-spring-9" not in saved.in_password + saved.smtp_password
    assert decrypt(saved.in_password) == decrypt(saved.smtp_password) == "hidden-spring-9"
    assert saved.older_since_on is None


def test_older_mail_is_fetched_since_the_day_that_was_chosen(client: Client):
    owner_signed_in(client)
    asked = MAILBOX | {
        "in_host": "imap.sidra.test",
        "in_user": cast.SUPPORT,
        "in_password": "hidden-spring-9",
        "scope": "older",
    }

    page = client.post("/setup/mailbox/", asked)
    assert page.status_code == 200
    assert not Mailbox.objects.exists()

    client.post("/setup/mailbox/", asked | {"older_since_on": "2026-01-15"})
    assert str(MailConnection.objects.get().older_since_on) == "2026-01-15"


def test_an_invited_teammate_joins_and_is_signed_in(client: Client):
    from majlis.people.actions import invite

    salma, support = cast.salma(), cast.support()
    badr, token = invite.invite(
        salma, name="بدر", email="badr@majlis.test", role=Role.AGENT, mailbox_ids=[support.pk]
    )
    url = f"/setup/invitation/{token}/"

    assert 'value="بدر"' in client.get(url).text
    weak = client.post(url, {"name": "بدر", "password": "badr@majlis.test", "language": "ar"})
    assert weak.status_code == 200
    answer = client.post(url, {"name": "بدر", "password": cast.PASSWORD, "language": "en"})

    assert answer["Location"] == "/"
    assert client.session["_auth_user_id"] == str(badr.pk)
    assert Client().get(url).status_code == 410
    assert Client().post(url, {"name": "x", "password": cast.PASSWORD, "language": "ar"}).status_code == 410


def test_a_reset_link_changes_the_password_signs_in_and_is_used_up(client: Client):
    from majlis.people.actions import teammates

    badr = cast.badr()
    url = f"/setup/password/{teammates.reset_link(cast.salma(), badr)}/"

    assert badr.email in client.get(url).text
    client.post(url, {"password": "a-new-lantern-77"})

    assert client.session["_auth_user_id"] == str(badr.pk)
    badr.refresh_from_db()
    assert badr.check_password("a-new-lantern-77")
    assert Client().get(url).status_code == 410
    assert links.find(url.split("/")[3], links.Purpose.RESET) is None


def test_the_wizards_mailbox_page_is_for_owners_and_admins(client: Client):
    client.force_login(cast.badr(), backend="allauth.account.auth_backends.AuthenticationBackend")

    assert client.get("/setup/mailbox/")["Location"] == "/"
    assert client.post("/setup/mailbox/", MAILBOX)["Location"] == "/"
    assert Mailbox.objects.filter(address=cast.SUPPORT).count() == 1  # the one of the cast
