"""An invitation leaves by the desk's own outbox, once, in the invited person's language; the link can be copied."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from majlis.channels.actions.deliver import run_due
from majlis.channels.models import Delivery, MailConnection, State
from majlis.desk.settings_pages.invitations import standing
from majlis.flow.reactions import react_pending
from majlis.journal.models import Event
from majlis.lib.errors import Refused
from majlis.people.actions import invite, links, teammates
from majlis.people.models import OneTimeLink, Teammate
from tests import cast
from tests.channels import mailing
from tests.channels.mailing import body, read
from tests.mailhost import MailHost

pytestmark = pytest.mark.django_db(transaction=True)
OMAR = "omar@majlis.test"


@pytest.fixture
def way_out() -> None:
    """A server for outgoing mail that nobody asks here."""
    MailConnection.objects.create(mailbox=cast.support(), smtp_host="localhost", smtp_port=9)


def invited(language: str = "ar", email: str = OMAR) -> tuple[Teammate, str]:
    return invite.invite(
        cast.salma(), name="عمر", email=email, role="agent", mailbox_ids=[], language=language
    )


def letter() -> dict[str, str]:
    found = Delivery.objects.get().letter
    assert found is not None
    return dict(found)


def test_the_letter_arrives_with_the_link_and_says_that_it_is_automatic(
    mail_host: MailHost, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(mail_host.ca_file))
    mailing.connect(cast.support(), mail_host)
    mail_host.add_user(OMAR, mailing.PASSWORD)
    teammate, token = invited()

    react_pending()
    assert standing([teammate])[teammate.pk].state == "waiting"
    assert run_due() == 1

    arrived = read(mail_host.wait_for(OMAR, 1)[0])
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert "متجر سدرة" in str(arrived["Subject"])
    text = body(arrived, "plain")
    assert "سلمى" in text
    found = re.search(r"https?://[^/\s]+(/setup/invitation/\S+)", text)
    assert found
    assert found[1] == f"/setup/invitation/{token}/"
    assert Client().get(found[1]).status_code == 200
    assert standing([teammate])[teammate.pk].state == "sent"


@pytest.mark.usefixtures("way_out")
def test_it_is_written_in_the_language_that_was_chosen_for_them():
    Teammate.objects.filter(pk=cast.salma().pk).update(name_latin="Salma")
    invited("en")

    react_pending()

    assert letter()["subject"] == "Invitation to the desk of متجر سدرة"
    assert "Salma invites you" in letter()["text"]
    assert "(Support)" in letter()["text"]


@pytest.mark.usefixtures("way_out")
def test_reacting_twice_mails_once():
    invited()
    react_pending()
    Event.objects.update(reacted_at=None)

    react_pending()

    assert Delivery.objects.count() == 1


@pytest.mark.usefixtures("way_out")
def test_sent_again_it_is_another_letter_and_the_older_link_stops_working():
    teammate, first = invited()
    react_pending()

    second = invite.invite_again(cast.salma(), teammate)
    react_pending()

    assert second != first
    assert links.find(first, links.Purpose.INVITATION) is None
    assert links.find(second, links.Purpose.INVITATION) is not None
    assert Delivery.objects.count() == 2
    newest = Delivery.objects.order_by("pk").last()
    assert newest is not None
    assert newest.letter is not None
    assert second in newest.letter["text"]


def test_without_a_way_out_nothing_is_queued_and_the_link_stands_there_to_copy():
    teammate, token = invited()

    react_pending()

    assert not Delivery.objects.exists()
    found = standing([teammate])[teammate.pk]
    assert found.state == "unmailed"
    assert found.link.endswith(f"/setup/invitation/{token}/")


@pytest.mark.usefixtures("way_out")
def test_a_letter_that_failed_says_why_beside_the_teammate():
    cast.salma()
    teammate, _ = invited()
    react_pending()
    Delivery.objects.update(state=State.FAILED, why="550 no such user here")

    client = Client()
    client.force_login(cast.salma())
    client.post("/accounts/language/", {"language": "en"})
    for address in ("/settings/team/", f"/settings/team/{teammate.pk}/"):
        page = client.get(address).text
        assert "The invitation could not be sent" in page
        assert "550 no such user here" in page
    assert "Send the invitation again" in client.get(f"/settings/team/{teammate.pk}/").text


@pytest.mark.usefixtures("way_out")
def test_whoever_joined_or_left_meanwhile_gets_no_letter():
    teammate, token = invited()
    link = links.find(token, links.Purpose.INVITATION)
    assert link is not None
    invite.accept(link, name="عمر", password=cast.PASSWORD, language="ar")
    other, _ = invited(email="ziad@majlis.test")
    teammates.deactivate(cast.salma(), other)

    react_pending()

    assert not Delivery.objects.exists()
    with pytest.raises(Refused, match="already_joined"):
        invite.invite_again(cast.salma(), Teammate.objects.get(pk=teammate.pk))


@pytest.mark.usefixtures("way_out")
def test_a_link_for_a_new_password_is_handed_over_and_never_mailed():
    teammates.reset_link(cast.salma(), cast.badr())
    react_pending()
    assert not Delivery.objects.exists()


def test_an_invitation_lasts_a_week_and_its_secret_is_nowhere_in_the_table():
    teammate, token = invited()
    link = OneTimeLink.objects.get(teammate=teammate)

    assert (link.expires_at - link.created_at).days == 7
    assert token not in str(list(OneTimeLink.objects.values()))
    assert links.invitation_token(link) == token


def test_only_admins_invite_again():
    teammate, _ = invited()
    for by in (cast.badr(), cast.noura()):
        with pytest.raises(Refused, match="not_allowed"):
            invite.invite_again(by, teammate)


def test_the_team_list_asks_the_same_for_one_and_for_many_invitations(
    django_assert_num_queries: object,
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.force_login(cast.salma())

    def asked() -> int:
        client.get("/settings/team/")
        with CaptureQueriesContext(connection) as questions:
            client.get("/settings/team/")
        return len(questions)

    invited()
    few = asked()
    for n in range(20):
        invited(email=f"new-{n}@majlis.test")
    assert asked() == few
