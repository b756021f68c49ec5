"""Who is where: told to those who may see it when it changes, one person however many tabs, gone when silent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from majlis.conversations.actions.presence import sweep
from majlis.conversations.models import Attention, Conversation
from majlis.people.models import Teammate
from tests import cast

pytestmark = pytest.mark.django_db
Told = list[dict[str, Any]]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """What the browsers' gateways are told of presence."""
    from majlis.journal import actions

    found: Told = []
    send = actions._notify

    def notify(channel: str, payload: str) -> None:
        if channel == actions.BROWSERS and (nudge := orjson.loads(payload))["k"] == "presence":
            found.append(nudge)
        send(channel, payload)

    monkeypatch.setattr(actions, "_notify", notify)
    return found


class Tab:
    """A page of somebody's browser, as its script speaks."""

    def __init__(self, teammate: Teammate) -> None:
        self.client, self.key, self.beat = Client(), str(uuid4()), 0
        self.client.force_login(teammate)

    def say(self, place: int, doing: str = "read", **more: Any) -> Any:
        self.beat += 1
        fields = {"tab": self.key, "beat": str(self.beat), "number": str(place), "doing": doing, **more}
        return self.client.post("/presence", orjson.dumps(fields), content_type="application/json")

    def sees(self) -> list[tuple[int, str, str]]:
        return [(one["c"], one["n"], one["d"]) for one in self.client.get("/presence").json()["others"]]


@pytest.fixture
def number(db: None) -> int:
    """A conversation that Badr and Salma may see."""
    cast.badr()
    cast.salma()
    cast.arrive(cast.letter("لم يصلني الطلب."))
    return Conversation.objects.get().pk


def test_a_colleague_is_told_where_somebody_is_and_what_they_do(number: int, told: Told) -> None:
    badr, salma = Tab(cast.badr()), Tab(cast.salma())
    assert badr.say(number).json()["others"] == []
    badr.say(number, "reply")
    badr.say(0)
    assert [(one["c"], one["d"]) for one in told] == [(number, "read"), (number, "reply"), (number, "")]
    assert {one["m"] for one in told} == {cast.support().pk}
    assert told[0]["n"] == "بدر"
    assert told[0]["v"] <= told[1]["v"] <= told[2]["v"]
    badr.say(number, "note")
    assert salma.sees() == [(number, "بدر", "note")]
    assert badr.sees() == []


def test_what_is_said_again_is_told_to_nobody_and_costs_one_statement_beside_the_session(
    number: int, told: Told
) -> None:
    badr = Tab(cast.badr())
    badr.say(number)
    del told[:]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert badr.say(number, bye="1").status_code == 204
    assert told == []
    assert len(asked) == 2
    with CaptureQueriesContext(connection) as asked:
        assert badr.say(number).status_code == 200
    assert len(asked) == 3


def test_several_tabs_of_one_person_are_one_person(number: int, told: Told) -> None:
    first, second, salma = Tab(cast.badr()), Tab(cast.badr()), Tab(cast.salma())
    first.say(number, "reply")
    second.say(number)
    second.say(0)
    assert [one["d"] for one in told] == ["reply"]
    second.say(number)
    first.say(0)
    assert [one["d"] for one in told] == ["reply", "read"]
    assert salma.sees() == [(number, "بدر", "read")]


def test_going_to_another_conversation_leaves_the_first(number: int, told: Told) -> None:
    cast.arrive(cast.letter("سؤال آخر", sender=cast.OMAR, subject="سؤال"))
    other = Conversation.objects.exclude(pk=number).get().pk
    badr = Tab(cast.badr())
    badr.say(number)
    badr.say(other)
    assert {(one["c"], one["d"]) for one in told[1:]} == {(number, ""), (other, "read")}


def test_who_falls_silent_is_gone_at_the_sweep(number: int, told: Told) -> None:
    badr, salma = Tab(cast.badr()), Tab(cast.salma())
    badr.say(number)
    assert sweep() == 0
    with connection.cursor() as cursor:
        cursor.execute("update conversations_presence set seen_at = now() - interval '39 s'")
    assert salma.sees() == []
    assert sweep() == 1
    assert [one["d"] for one in told] == ["read", ""]
    badr.say(number)
    assert salma.sees() == [(number, "بدر", "read")]


def test_one_who_was_silent_too_long_is_told_again_without_a_sweep(number: int, told: Told) -> None:
    badr = Tab(cast.badr())
    badr.say(number)
    for place, expected in ((number, ["read"]), (0, [""])):
        with connection.cursor() as cursor:
            cursor.execute("update conversations_presence set seen_at = now() - interval '39 s'")
        del told[:]
        badr.say(place)
        assert [one["d"] for one in told] == expected


def test_news_that_were_overtaken_do_not_count(number: int, told: Told) -> None:
    badr, salma = Tab(cast.badr()), Tab(cast.salma())
    badr.beat = 7
    badr.say(0)
    badr.beat = 3
    badr.say(number)
    assert told == []
    assert salma.sees() == []


def test_nothing_is_written_where_nobody_else_works(told: Told) -> None:
    salma = cast.salma()
    cast.arrive(cast.letter("أهلًا"))
    Tab(salma).say(Conversation.objects.get().pk)
    assert told == []
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from conversations_presence")
        assert cursor.fetchone() == (0,)


def test_who_may_not_see_the_mailbox_sees_nobody_there_and_is_not_there(number: int, told: Told) -> None:
    badr, noura = Tab(cast.badr()), Tab(cast.noura())
    badr.say(number, "reply")
    assert noura.sees() == []
    del told[:]
    stretch = [str(uuid4()), number, 5000, 0]
    assert noura.say(number, attention=orjson.dumps([stretch]).decode()).status_code == 404
    assert told == []
    assert Attention.objects.count() == 0
    for answer in (Client().get("/presence"), Client().post("/presence")):
        assert "others" not in answer.content.decode()


def test_a_tab_of_somebody_else_cannot_be_moved(number: int, told: Told) -> None:
    badr, salma = Tab(cast.badr()), Tab(cast.salma())
    badr.say(number)
    salma.key, salma.beat = badr.key, 100
    salma.say(0)
    salma.key = str(uuid4())
    assert salma.sees() == [(number, "بدر", "read")]


@pytest.mark.parametrize(
    "fields",
    [{"tab": "x"}, {"number": "x"}, {"beat": "1e9"}]
    + [{"attention": text} for text in ("x", "{}", "[1]", '[["x",1,2,3]]', "[[5,1,2,3]]", '[["",1,"2",3]]')],
)
def test_what_cannot_be_is_refused(number: int, fields: dict[str, str]) -> None:
    assert Tab(cast.badr()).say(number, **fields).status_code == 422
    assert Tab(cast.badr()).say(number, "sleep").status_code == 422


class TestAttention:
    def said(self, tab: Tab, *stretches: tuple[str, int, float, float]) -> None:
        told = [
            [key, number, int(since * 1000), int(until * 1000)] for key, number, since, until in stretches
        ]
        assert tab.say(0, attention=orjson.dumps(told).decode()).status_code == 200

    def test_the_same_stretch_said_again_grows_and_is_one(self, number: int) -> None:
        badr, key = Tab(cast.badr()), str(uuid4())
        self.said(badr, (key, number, 30, 20))
        first = Attention.objects.get()
        assert timedelta(seconds=9) < first.ended_at - first.started_at < timedelta(seconds=11)
        self.said(badr, (key, number, 31, 0))
        self.said(badr, (key, number, 31, 10))  # late: it said less
        grown = Attention.objects.get()
        assert (grown.key, grown.conversation_id, grown.teammate) == (UUID(key), number, cast.badr())
        assert grown.started_at == first.started_at
        assert timedelta(seconds=29) < grown.ended_at - grown.started_at < timedelta(seconds=31)
        assert grown.ended_at <= timezone.now()

    def test_no_end_before_the_start_and_none_in_the_future(self, number: int) -> None:
        badr = Tab(cast.badr())
        self.said(badr, (str(uuid4()), number, 5, 9), (str(uuid4()), number, -5, -9))
        assert Attention.objects.count() == 0
        self.said(badr, (str(uuid4()), number, 5, -60))
        assert Attention.objects.get().ended_at <= timezone.now()

    def test_stretches_of_one_person_never_overlap(self, number: int) -> None:
        badr, first, second = Tab(cast.badr()), str(uuid4()), str(uuid4())
        self.said(badr, (first, number, 60, 40))
        self.said(Tab(cast.badr()), (second, number, 50, 20))
        self.said(badr, (first, number, 60, 10))
        self.said(Tab(cast.salma()), (str(uuid4()), number, 60, 0))
        mine = list(Attention.objects.filter(teammate=cast.badr()).order_by("started_at"))
        assert [str(one.key) for one in mine] == [first, second]
        assert mine[0].ended_at <= mine[1].started_at
        assert timedelta(seconds=19) < mine[1].ended_at - mine[1].started_at < timedelta(seconds=21)

    def test_the_end_of_one_that_comes_late_reaches_to_the_next(self, number: int) -> None:
        badr, first = Tab(cast.badr()), str(uuid4())
        self.said(badr, (first, number, 60, 50))
        self.said(badr, (str(uuid4()), number, 30, 10))
        self.said(badr, (first, number, 60, 35))
        lengths = [one.ended_at - one.started_at for one in Attention.objects.order_by("started_at")]
        assert [round(length.total_seconds()) for length in lengths] == [25, 20]
