"""The bell: a person's own notices, counted alike everywhere, each leading to its entry; and the settings of it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import orjson
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from majlis.conversations.actions.assign import assign
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.mention import mention
from majlis.conversations.actions.note import add_note
from majlis.conversations.models import Conversation, Entry
from majlis.flow.reactions import react_pending
from majlis.people.actions.notifying import choose
from majlis.people.models import MailboxAccess, Notification, QuietHours, Teammate
from majlis.people.notifying import DEFAULTS, Choice, choices_of
from tests import cast

pytestmark = pytest.mark.django_db


def client(teammate: Teammate) -> Client:
    found = Client(HTTP_HX_REQUEST="true")
    found.force_login(teammate)
    return found


@pytest.fixture
def number() -> int:
    """A conversation of Badr's, that Salma may see too and Noura may not."""
    cast.salma(), cast.badr(), cast.noura()
    cast.arrive(cast.letter("أين طلبي؟"))
    found = Conversation.objects.get()
    with changing(found.pk) as change:
        assign(change, cast.badr(), by=cast.badr())
    react_pending()
    Notification.objects.all().delete()
    return found.pk


def name_badr(number: int, text: str = "انظر يا بدر") -> Entry:
    with changing(number) as change:
        entry = add_note(change, teammate=cast.salma(), text=text, submission_key=uuid4())
        mention(change, entry, [cast.badr().pk])
    react_pending()
    return entry


def news(of: Client, since: int | str = "") -> Any:
    return of.get("/notices/news", {"since": str(since)} if since != "" else {}).json()


def test_a_notice_stands_in_the_panel_and_leads_to_its_entry(number: int):
    badr = client(cast.badr())
    assert "لا شيء بعد" in badr.get("/notices").content.decode()
    entry = name_badr(number)
    page = badr.get("/notices").content.decode()
    assert f'href="/conversations/{number}#entry-{entry.pk}"' in page
    assert "notice--new" in page
    assert "انظر يا بدر" in page
    assert "notice--new" not in client(cast.salma()).get("/notices").content.decode()


def test_what_came_since_is_told_once_with_the_count(number: int):
    badr = client(cast.badr())
    before = news(badr)
    assert before == {"newest": 0, "news": [], "count": 0}
    entry = name_badr(number)
    told = news(badr, before["newest"])
    assert (told["count"], told["quiet"]) == (1, False)
    (one,) = told["news"]
    assert (one["number"], one["path"]) == (number, f"/conversations/{number}#entry-{entry.pk}")
    assert news(badr, told["newest"])["news"] == []
    assert news(badr)["news"] == []  # a page that has just come asks how many, and is told of none


def test_opening_a_conversation_reads_its_notices_and_catching_up_does_not(
    number: int, monkeypatch: pytest.MonkeyPatch
):
    from majlis.journal import actions

    name_badr(number)
    badr = client(cast.badr())
    client(cast.salma()).get(f"/conversations/{number}")
    badr.get(f"/conversations/{number}/entries", {"since": 1})
    assert news(badr)["count"] == 1
    nudges: list[Any] = []
    monkeypatch.setattr(actions, "_notify", lambda _, payload: nudges.append(orjson.loads(payload)))
    badr.get(f"/conversations/{number}")
    assert news(badr)["count"] == 0
    assert nudges == [{"k": "notice", "t": cast.badr().pk, "m": cast.support().pk}]
    with CaptureQueriesContext(connection) as asked:
        badr.get(f"/conversations/{number}")
    assert not [query for query in asked if 'update "people_notification"' in query["sql"].lower()]


def test_one_those_of_a_conversation_or_all_are_read(number: int):
    badr, salma = client(cast.badr()), client(cast.salma())
    for _ in range(3):
        name_badr(number)
    first = Notification.objects.order_by("pk")[0].pk
    assert salma.post("/notices/readings", {"notice": str(first)}).json() == {"count": 0}
    assert news(badr)["count"] == 3  # nobody reads for somebody else
    assert badr.post("/notices/readings", {"notice": str(first)}).json() == {"count": 2}
    assert badr.post("/notices/readings", {"conversation": str(number + 1)}).json() == {"count": 2}
    assert badr.post("/notices/readings", {"conversation": str(number)}).json() == {"count": 0}
    name_badr(number)
    assert badr.post("/notices/readings").json() == {"count": 0}
    assert badr.post("/notices/readings", {"notice": "x"}).status_code == 422


def test_what_is_not_wanted_in_the_page_is_neither_listed_nor_counted(number: int):
    choose(cast.badr(), {"mentioned": Choice(in_page=False, by_push=True, by_mail=True)})
    name_badr(number)
    badr = client(cast.badr())
    assert Notification.objects.filter(teammate=cast.badr()).exists()
    assert news(badr, 0) | {"quiet": False} == {
        "newest": Notification.objects.get().pk,
        "news": [],
        "count": 0,
        "quiet": False,
    }
    assert "انظر يا بدر" not in badr.get("/notices").content.decode()


def test_who_lost_the_mailbox_and_strangers_see_nothing_of_it(number: int):
    name_badr(number)
    badr = client(cast.badr())
    assert news(badr, 0)["count"] == 1
    MailboxAccess.objects.filter(mailbox=cast.support()).update(mailbox=cast.sales())
    assert news(badr, 0)["count"] == 0
    assert news(badr, 0)["news"] == []
    assert "انظر يا بدر" not in badr.get("/notices").content.decode()
    for address in ("/notices", "/notices/news", "/settings/notifications/"):
        assert Client().get(address).status_code == 302
    assert Client().post("/notices/readings").status_code == 302


def test_the_panel_asks_as_often_for_many_as_for_one(number: int):
    badr = client(cast.badr())

    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert badr.get(address).status_code == 200
        return len(found)

    name_badr(number)
    few = asked("/notices"), asked("/notices/news?since=0"), asked("/notices/news")
    for index in range(12):
        name_badr(number, f"مرة {index}")
    assert (asked("/notices"), asked("/notices/news?since=0"), asked("/notices/news")) == few


# Settings


def test_choices_and_quiet_hours_are_shown_changed_and_kept():
    badr = Client()
    badr.force_login(cast.badr())
    page = badr.get("/settings/notifications/").content.decode()
    assert page.count('name="kinds"') == len(DEFAULTS)
    table = page.partition("<table")[2].partition("</table>")[0]
    assert table.count(" checked") == 3 * 4 + 2 + 1
    sent = {"kinds": ["new", "failed"], "new.by_push": "on", "quiet_begin": "22:00", "quiet_end": "٠٧:٣٠"}
    assert badr.post("/settings/notifications/", sent).status_code == 302
    nowhere = Choice(in_page=False, by_push=False, by_mail=False)
    assert choices_of(cast.badr()) == DEFAULTS | {
        "new": Choice(in_page=False, by_push=True, by_mail=False),
        "failed": nowhere,
    }
    page = badr.get("/settings/notifications/").content.decode()
    assert 'value="22:00"' in page
    assert 'value="07:30"' in page
    assert badr.post("/settings/notifications/", {"quiet_begin": "", "quiet_end": ""}).status_code == 302
    assert not QuietHours.objects.exists()


@pytest.mark.parametrize(
    ("begin", "end"),
    [("22:00", ""), ("", "07:00"), ("22:00", "22:00"), ("25:00", "07:00"), ("soon", "07:00")],
)
def test_quiet_hours_that_cannot_be_are_refused_and_what_was_typed_stays(begin: str, end: str):
    badr = Client()
    badr.force_login(cast.badr())
    sent = {"kinds": ["new"], "new.by_mail": "on", "quiet_begin": begin, "quiet_end": end}
    answer = badr.post("/settings/notifications/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'role="alert"' in page
    assert f'name="quiet_begin" value="{begin}"' in page
    assert 'name="new.by_mail" aria-labelledby="told-new told-by_mail" checked' in page
    assert choices_of(cast.badr()) == DEFAULTS
    assert not QuietHours.objects.exists()


def test_a_kind_that_does_not_exist_is_refused():
    badr = Client()
    badr.force_login(cast.badr())
    assert badr.post("/settings/notifications/", {"kinds": ["everything"]}).status_code == 422
    assert choices_of(cast.badr()) == DEFAULTS
