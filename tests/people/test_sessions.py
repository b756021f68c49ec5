"""A browser's session tells since when, from where and with what, and is ended one by one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from majlis.journal.models import Event
from majlis.lib.errors import Refused
from majlis.people.actions import sessions
from majlis.people.models import Session, Teammate
from majlis.people.queries import session_tag
from majlis.people.sessions import SessionStore
from tests import cast

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.fixture(autouse=True)
def _open_desk() -> None:
    cache.clear()
    cast.salma()


def signed_in(teammate: Teammate, agent: str = FIREFOX, address: str = "198.51.100.7") -> Client:
    client = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    client.post("/accounts/login/", {"login": teammate.email, "password": cast.PASSWORD})
    return client


def key(client: Client) -> str:
    return client.cookies["majlis_session"].value


def is_in(client: Client) -> bool:
    return client.get("/settings/profile/").status_code == 200


def test_signing_in_writes_down_when_from_where_and_with_what():
    badr, before = cast.badr(), timezone.now()
    client = signed_in(badr)

    row = Session.objects.get(session_key=key(client))

    assert row.created_at is not None
    assert row.seen_at is not None
    assert before <= row.created_at <= timezone.now()
    assert (row.teammate_id, row.address, row.agent) == (badr.pk, "198.51.100.7", FIREFOX)


def test_a_row_whose_words_were_changed_by_hand_signs_nobody_in():
    client = signed_in(cast.badr())
    assert is_in(client)
    row = Session.objects.get(session_key=key(client))
    payload, _, signature = row.session_data.rpartition(":")
    Session.objects.update(session_data=f"{payload}:{signature.swapcase()}")
    assert not is_in(client)


def test_what_one_request_does_to_the_words_of_a_session_no_other_finds_in_them():
    row = Session.objects.get(session_key=key(signed_in(cast.badr())))
    words = [SessionStore().decode(row.session_data) for _ in range(2)]
    assert words[0] == words[1]
    assert words[0]["account_authentication_methods"]
    words[0]["account_authentication_methods"].clear()
    assert SessionStore().decode(row.session_data) == words[1]


def test_a_session_in_use_is_written_to_once_in_five_minutes_only():
    client = signed_in(cast.badr())
    client.get("/settings/profile/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/settings/profile/")
    assert not [one for one in asked if "people_session" in one["sql"] and one["sql"].startswith("UPDATE")]

    long_ago = timezone.now() - timedelta(minutes=6)
    Session.objects.update(seen_at=long_ago)
    client.get("/settings/profile/", REMOTE_ADDR="203.0.113.9")

    row = Session.objects.get()
    assert row.seen_at is not None
    assert row.seen_at > long_ago + timedelta(minutes=5)
    assert row.address == "203.0.113.9"


def test_what_a_session_tells_survives_its_being_saved():
    client = signed_in(cast.badr())
    before = Session.objects.get()

    session = client.session
    session["something"] = 1
    session.save()

    after = Session.objects.get()
    assert (after.created_at, after.address, after.agent) == (before.created_at, before.address, before.agent)


def test_one_of_ones_own_sessions_is_ended_and_open_pages_are_told(monkeypatch: pytest.MonkeyPatch):
    told: list[object] = []
    monkeypatch.setattr("majlis.people.actions.sessions.nudge", told.append)
    badr = cast.badr()
    desk, phone = signed_in(badr), signed_in(badr, IPHONE)

    assert sessions.end(badr, badr, tag=session_tag(key(phone))) == 1

    assert is_in(desk)
    assert not is_in(phone)
    assert told == [{"k": "access", "t": badr.pk}]
    with pytest.raises(Refused, match="no_such_session"):
        sessions.end(badr, badr, tag=session_tag(key(phone)))


def test_all_others_end_and_this_one_stays():
    badr, salma = cast.badr(), cast.salma()
    desk, phone, other = signed_in(badr), signed_in(badr, IPHONE), signed_in(salma)

    assert sessions.end(badr, badr, keep=key(desk)) == 1

    assert (is_in(desk), is_in(phone), is_in(other)) == (True, False, True)
    event = Event.objects.get(kind="sessions.ended")
    assert (event.actor_id, event.data) == (badr.pk, {"teammate": badr.pk, "number": 1})


def test_only_admins_end_somebody_elses_and_only_owners_an_owners():
    salma, badr, noura = cast.salma(), cast.badr(), cast.noura()
    admin = cast.teammate("admin@majlis.test", name="مدير", role="admin")
    hers, his = signed_in(salma), signed_in(badr)

    for by, whom in ((noura, badr), (badr, salma), (admin, salma)):
        with pytest.raises(Refused, match="not_allowed"):
            sessions.end(by, whom)
    assert sessions.end(admin, badr) == 1

    assert (is_in(hers), is_in(his)) == (True, False)


def test_the_profile_lists_this_browser_first_and_names_the_others_in_plain_words():
    badr = cast.badr()
    Teammate.objects.filter(pk=badr.pk).update(language="en")
    desk, phone = signed_in(badr), signed_in(badr, IPHONE, "203.0.113.5")

    page = desk.get("/settings/profile/").text

    assert page.index("This browser") < page.index("Safari on")
    assert "Firefox on \u2068Linux\u2069" in page
    assert "203.0.113.5" in page
    assert key(phone) not in page
    desk.post("/settings/sessions/", {"session": session_tag(key(phone))})
    assert not is_in(phone)
    assert "One session has ended." in desk.get("/settings/profile/").text


def test_an_admin_sees_and_ends_a_teammates_sessions_and_noura_does_not():
    salma, badr, noura = cast.salma(), cast.badr(), cast.noura()
    owner, his, hers = signed_in(salma), signed_in(badr, IPHONE), signed_in(noura)
    address = f"/settings/team/{badr.pk}/sessions"

    assert session_tag(key(his)) in owner.get(f"/settings/team/{badr.pk}/").text
    assert hers.post(address).status_code == 403
    assert is_in(his)
    owner.post(address)
    assert not is_in(his)
    assert is_in(owner)


def test_a_stranger_who_knows_a_tag_ends_nothing_of_others():
    badr, noura = cast.badr(), cast.noura()
    his, hers = signed_in(badr), signed_in(noura)

    hers.post("/settings/sessions/", {"session": session_tag(key(his))})

    assert is_in(his)
