"""The settings: who may open them, what they change, and that a secret is shown once or never."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from majlis.channels.actions import cursor
from majlis.channels.models import MailConnection, MailFolder, RawMessage
from majlis.channels.problems import pack
from majlis.channels.secrets import decrypt, encrypt
from majlis.desk.settings_pages import problems
from majlis.files.actions import store
from majlis.journal.models import Event
from majlis.people.models import Mailbox, OneTimeLink, Role, Session, Teammate
from tests import cast

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PLAIN = {
    "in_port": "993",
    "in_security": "tls",
    "in_folder": "INBOX",
    "scope": "new",
    "smtp_port": "587",
    "smtp_security": "starttls",
}


def at_desk(teammate: Teammate) -> Client:
    """A browser that `teammate` is signed in with; pages in English."""
    Teammate.objects.filter(pk=teammate.pk).update(language="en")
    client = Client()
    client.force_login(teammate, backend=BACKEND)
    return client


def admin() -> Teammate:
    return cast.teammate("huda@majlis.test", name="هدى", role=Role.ADMIN)


def connected() -> MailConnection:
    made = MailConnection.objects.create(
        mailbox=cast.support(),
        in_host="imap.sidra.test",
        in_user=cast.SUPPORT,
        in_password=encrypt("hidden-spring-9"),
        smtp_host="smtp.sidra.test",
        smtp_user=cast.SUPPORT,
        smtp_password=encrypt("hidden-spring-9"),
    )
    MailFolder.objects.create(connection=made, name="INBOX", uidvalidity=7, last_uid=41)
    return made


def quarantined() -> RawMessage:
    return RawMessage.objects.create(
        mailbox=cast.support(),
        file=store(b"From: layla@customers.test\r\n\r\nbroken"),
        route="imap",
        received_at=timezone.now(),
        attempts=3,
        error="it cannot be read",
        quarantined_at=timezone.now(),
    )


def form_of(connection: MailConnection, **changes: str) -> dict[str, str]:
    return {
        **PLAIN,
        "name": connection.mailbox.name,
        "address": connection.mailbox.address,
        "in_host": connection.in_host,
        "in_user": connection.in_user,
        "smtp_host": connection.smtp_host,
        "smtp_user": connection.smtp_user,
        **changes,
    }


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANAGER])
def test_agents_and_managers_open_their_profile_only(role: str):
    cast.salma()
    raw = quarantined()
    someone = cast.teammate("someone@majlis.test", name="أحد", role=role)
    client = at_desk(someone)

    assert client.get("/settings/")["Location"] == "/settings/profile/"
    profile = client.get("/settings/profile/")
    assert profile.status_code == 200
    assert "/settings/team/" not in profile.text
    box = cast.support().pk
    for url in (
        "mailboxes/",
        "mailboxes/new/",
        f"mailboxes/{box}/",
        f"mailboxes/{box}/pause",
        "team/",
        "team/new/",
        f"team/{someone.pk}/",
        f"team/{someone.pk}/activity",
        f"team/{someone.pk}/link",
        "problems/",
        f"problems/{raw.pk}/retry",
        f"problems/{raw.pk}/original",
    ):
        refused = {client.get(f"/settings/{url}").status_code, client.post(f"/settings/{url}").status_code}
        assert refused <= {403, 405}, url
        assert 403 in refused, url
    assert not Event.objects.exists()
    assert not OneTimeLink.objects.exists()


def test_the_mailboxes_say_how_each_one_stands():
    client = at_desk(cast.salma())
    connection = connected()

    assert "Not checked yet" in client.get("/settings/mailboxes/").text

    now = timezone.now()
    MailConnection.objects.update(checked_at=now)
    MailFolder.objects.update(server_count=312, stored_count=310)
    page = client.get("/settings/mailboxes/").text
    assert "Receives mail" in page
    assert "On the server:" in page

    MailConnection.objects.update(problem=pack("login"), problem_since=now)
    page = client.get("/settings/mailboxes/").text
    assert "Cannot be reached" in page
    assert "did not accept the user name or the password" in page
    MailConnection.objects.update(problem="certificate")
    assert "certificate is not trusted" in client.get("/settings/mailboxes/").text

    client.post(f"/settings/mailboxes/{connection.mailbox_id}/pause", {"is_paused": "1"})
    assert "Paused" in client.get("/settings/mailboxes/").text
    assert Event.objects.get().kind == "mailbox.disabled"


def test_a_stored_password_never_comes_back_to_a_browser_and_stays_when_left_empty():
    client = at_desk(cast.salma())
    connection = connected()
    url = f"/settings/mailboxes/{connection.mailbox_id}/"

    page = client.get(url).text
    assert "hidden-spring-9" not in page
    assert connection.in_password not in page
    answer = client.post(url, form_of(connection, name="المساعدة"))

    assert answer.status_code == 302
    saved = MailConnection.objects.select_related("mailbox").get()
    assert saved.mailbox.name == "المساعدة"
    assert decrypt(saved.in_password) == "hidden-spring-9"
    assert saved.version == connection.version + 1
    assert saved.folders.values_list("uidvalidity", "last_uid").get() == (7, 41)


def test_a_stored_password_is_not_sent_to_another_server():
    client = at_desk(admin())
    cast.salma()
    connection = connected()
    url = f"/settings/mailboxes/{connection.mailbox_id}/"

    page = client.post(url, form_of(connection, in_host="imap.elsewhere.test"))

    assert page.status_code == 200
    assert "Write the password again" in page.text
    tested = client.post(url, form_of(connection, in_host="imap.elsewhere.test", test="1"))
    assert "Something is missing in the fields for incoming mail" in tested.text
    assert MailConnection.objects.get().in_host == "imap.sidra.test"


def test_the_cursor_does_not_hold_in_another_folder():
    client = at_desk(cast.salma())
    connection = connected()

    client.post(f"/settings/mailboxes/{connection.mailbox_id}/", form_of(connection, in_folder="Orders"))

    saved = MailConnection.objects.get()
    assert saved.in_folder == "Orders"
    places = saved.folders.values_list("name", "uidvalidity", "last_uid")
    assert list(places) == [("Orders", cursor.ELSEWHERE, None)]


def test_a_mailbox_is_fetched_by_pop3_and_the_usual_servers_follow():
    client = at_desk(cast.salma())
    guess = {**PLAIN, "address": "box@sidra.test", "protocol": "pop3", "guess": "1"}

    page = client.post("/settings/mailboxes/new/", guess).text
    assert 'value="pop.sidra.test"' in page
    assert 'value="995"' in page
    told = {"guessed_for": "box@sidra.test", "guessed_protocol": "pop3", "in_host": "pop.sidra.test"}
    back = {**guess, **told, "in_port": "995", "protocol": "imap"}
    assert 'value="imap.sidra.test"' in client.post("/settings/mailboxes/new/", back).text

    connection = connected()
    changed = form_of(connection, protocol="pop3", in_port="995", in_folder="Orders")
    client.post(f"/settings/mailboxes/{connection.mailbox_id}/", changed)

    saved = MailConnection.objects.get()
    assert (saved.protocol, saved.in_folder) == ("pop3", "INBOX")
    assert saved.folders.get().uidvalidity == cursor.ELSEWHERE


def test_a_mailbox_without_servers_can_be_added_and_given_to_people():
    badr, client = cast.badr(), at_desk(cast.salma())

    answer = client.post(
        "/settings/mailboxes/new/",
        {**PLAIN, "name": "الشحن", "address": "shipping@majlis.test", "teammates": [str(badr.pk)]},
    )

    assert answer["Location"] == "/settings/mailboxes/"
    box = Mailbox.objects.get(address="shipping@majlis.test")
    assert list(box.accesses.values_list("teammate_id", flat=True)) == [badr.pk]
    assert not MailConnection.objects.filter(mailbox=box).exists()
    again = client.post("/settings/mailboxes/new/", {**PLAIN, "name": "x", "address": "Shipping@majlis.test"})
    assert "a mailbox with this address already" in again.text


def test_ports_are_taken_in_arabic_digits():
    client = at_desk(cast.salma())
    connection = connected()

    client.post(f"/settings/mailboxes/{connection.mailbox_id}/", form_of(connection, in_port="١٤٣"))

    assert MailConnection.objects.get().in_port == 143


def test_an_invitation_link_is_shown_and_works():
    client = at_desk(cast.salma())
    support = cast.support()

    page = client.post(
        "/settings/team/new/",
        {"name": "عمر", "email": "omar@majlis.test", "role": "agent", "mailboxes": [str(support.pk)]},
    )

    found = re.search(r'value="https?://[^/"]+(/setup/invitation/[^"]+/)"', page.text)
    assert found
    assert "data-copy=" in page.text
    assert "no-store" in page["Cache-Control"]
    assert Client().get(found[1]).status_code == 200
    token = found[1].split("/")[3]
    assert token not in client.get("/settings/team/").text
    assert token in client.get(f"/settings/team/{Teammate.objects.get(name='عمر').pk}/").text
    assert "Invited" in client.get("/settings/team/").text
    twice = client.post("/settings/team/new/", {"name": "عمر", "email": "omar@majlis.test", "role": "agent"})
    assert "in the team already" in twice.text


def test_an_admin_is_offered_no_way_to_an_owner():
    salma, client = cast.salma(), at_desk(admin())

    assert 'value="owner"' not in client.get("/settings/team/new/").text
    made = client.post("/settings/team/new/", {"name": "x", "email": "x@majlis.test", "role": "owner"})
    assert made.status_code == 200
    assert not Teammate.objects.filter(email="x@majlis.test").exists()
    page = client.get(f"/settings/team/{salma.pk}/").text
    assert "Only an owner may change an owner" in page
    client.post(f"/settings/team/{salma.pk}/", {"role": "agent"})
    client.post(f"/settings/team/{salma.pk}/activity", {"is_active": "0"})
    assert "/setup/password/" not in client.post(f"/settings/team/{salma.pk}/link", follow=True).text
    salma.refresh_from_db()
    assert (salma.role, salma.is_active) == (Role.OWNER, True)


def test_the_last_owner_is_told_why_they_stay():
    salma = cast.salma()
    client = at_desk(salma)

    page = client.post(f"/settings/team/{salma.pk}/", {"role": "admin"})
    assert "the only owner" in page.text
    page = client.post(f"/settings/team/{salma.pk}/activity", {"is_active": "0"}, follow=True)
    assert "the only owner" in page.text
    salma.refresh_from_db()
    assert (salma.role, salma.is_active) == (Role.OWNER, True)


def test_a_closed_account_is_out_with_the_next_click():
    salma, badr = cast.salma(), cast.badr()
    client, phone = at_desk(salma), at_desk(badr)
    assert phone.get("/settings/profile/").status_code == 200

    client.post(f"/settings/team/{badr.pk}/activity", {"is_active": "0"})

    assert phone.get("/settings/profile/")["Location"].startswith("/accounts/login/")
    assert not Session.objects.filter(teammate=badr).exists()
    assert "Account closed" in client.get("/settings/team/").text
    client.post(f"/settings/team/{badr.pk}/activity", {"is_active": "1"})
    badr.refresh_from_db()
    assert badr.is_active


def test_role_and_mailboxes_change_on_the_teammates_page():
    badr, client, sales = cast.badr(), at_desk(cast.salma()), cast.sales()

    page = client.get(f"/settings/team/{badr.pk}/").text
    assert re.search(rf'value="{cast.support().pk}"[^>]*checked', page)
    client.post(f"/settings/team/{badr.pk}/", {"role": "manager", "mailboxes": [str(sales.pk)]})

    badr.refresh_from_db()
    assert badr.role == Role.MANAGER
    assert list(badr.accesses.values_list("mailbox_id", flat=True)) == [sales.pk]


def test_a_link_for_a_new_password_is_handed_over():
    badr, client = cast.badr(), at_desk(cast.salma())

    page = client.post(f"/settings/team/{badr.pk}/link")

    assert re.search(r'value="https?://[^/"]+/setup/password/[^"]+/"', page.text)
    assert "no-store" in page["Cache-Control"]


def test_the_profile_is_ones_own():
    badr = cast.badr()
    client = at_desk(badr)

    answer = client.post(
        "/settings/profile/",
        {
            "name": "بدر الدين",
            "language": "ar",
            "numerals": "latn",
            "theme": "dark",
            "time_zone": "Africa/Cairo",
        },
    )

    assert answer["Location"] == "/settings/profile/"
    badr.refresh_from_db()
    assert (badr.name, badr.language, badr.numerals, badr.theme, badr.time_zone) == (
        "بدر الدين",
        "ar",
        "latn",
        "dark",
        "Africa/Cairo",
    )
    page = client.get("/settings/profile/").text
    assert 'lang="ar" dir="rtl"' in page
    assert 'data-theme="dark"' in page
    wrong = client.post("/settings/profile/", {"name": "", "language": "xx", "time_zone": "Mars/Base"})
    assert wrong.status_code == 200
    badr.refresh_from_db()
    assert badr.name == "بدر الدين"


def test_mail_that_is_stuck_is_listed_downloaded_and_tried_again():
    client = at_desk(cast.salma())
    raw = quarantined()

    page = client.get("/settings/problems/").text
    assert "it cannot be read" in page
    assert "1 message could not be taken in" in page
    original = client.get(f"/settings/problems/{raw.pk}/original")
    assert original.getvalue() == b"From: layla@customers.test\r\n\r\nbroken"
    assert original["Content-Disposition"].startswith("attachment")
    client.post(f"/settings/problems/{raw.pk}/retry")

    raw.refresh_from_db()
    assert (raw.attempts, raw.quarantined_at) == (0, None)
    assert Event.objects.get().kind == "raw.retried"
    assert "Nothing is stuck" in client.get("/settings/problems/").text
    assert client.get(f"/settings/problems/{raw.pk}/original").status_code == 404
    assert "not held any more" in client.post(f"/settings/problems/{raw.pk}/retry", follow=True).text


def test_stuck_mail_is_narrowed_to_one_mailbox_and_stays_so_while_one_reads_on():
    client = at_desk(cast.salma())
    (one, *_) = (quarantined() for _ in range(problems.SHOWN + 2))
    file, sales = one.file, cast.sales()
    other = RawMessage.objects.create(
        mailbox=sales, file=file, received_at=one.received_at, quarantined_at=one.received_at, error="x"
    )
    every = client.get("/settings/problems/").text
    assert f'id="raw-{other.pk}"' in every
    assert f'<option value="{sales.pk}">' in every

    address = f"/settings/problems/?mailbox={one.mailbox_id}"
    first = client.get(address).text
    assert f'id="raw-{other.pk}"' not in first
    assert "52 messages could not be taken in" in first
    (older,) = re.findall(r'href="\?(mailbox=\d+&amp;before=\d+)"', first)
    last = client.get("/settings/problems/?" + older.replace("&amp;", "&")).text
    assert last.count('id="raw-') == 2
    assert f'id="raw-{one.pk}"' in last
    assert "before=" not in last

    again = client.post(f"/settings/problems/{other.pk}/retry", {"mailbox": str(sales.pk)})
    assert again["Location"] == f"/settings/problems/?mailbox={sales.pk}"
    assert "Nothing is stuck here" in client.get(again["Location"]).text
    assert client.get("/settings/problems/?mailbox=x&before=9").status_code == 200
    assert client.get(f"/settings/problems/?mailbox={10**17}").text.count('id="raw-') == 50


def test_every_page_is_whole_in_arabic():
    salma, badr = cast.salma(), cast.badr()
    connected(), quarantined()
    client = Client()
    client.force_login(salma, backend=BACKEND)

    for url in (
        "mailboxes/",
        f"mailboxes/{cast.support().pk}/",
        "mailboxes/new/",
        "team/",
        "team/new/",
        f"team/{badr.pk}/",
        "profile/",
        "problems/",
    ):
        page = client.get(f"/settings/{url}")
        assert page.status_code == 200, url
        assert 'lang="ar" dir="rtl"' in page.text
        assert page.text.count("<h1") == 1
        assert " style=" not in page.text
        assert " onclick=" not in page.text
