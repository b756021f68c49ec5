"""What a visitor is told of when somebody answers: the truth, once, and nothing where nobody knows."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from majlis.channels.chat.promising import promise
from majlis.channels.models import Delivery
from majlis.conversations.models import Entry
from majlis.coverage.models import Period, Schedule
from tests import cast
from tests.channels.chat import shop

pytestmark = pytest.mark.django_db

RIYADH = ZoneInfo("Asia/Riyadh")
FRIDAY = datetime(2026, 11, 20, 22, 0, tzinfo=RIYADH)


def sundays_only(opens: int, closes: int) -> None:
    """The company is there on Sundays, between two hours of the clock."""
    cast.company()
    schedule = Schedule.objects.create(is_on=True, time_zone="Asia/Riyadh", country="")
    Period.objects.create(schedule=schedule, weekday=6, opens=opens * 60, closes=closes * 60)


def never_now() -> None:
    """The company is there for an hour that is not now, whenever this runs."""
    hour = (timezone.now().astimezone(RIYADH).hour + 12) % 23
    schedule = Schedule.objects.create(is_on=True, time_zone="Asia/Riyadh", country="")
    for weekday in range(7):
        Period.objects.create(schedule=schedule, weekday=weekday, opens=hour * 60, closes=hour * 60 + 30)


def test_outside_the_hours_the_next_opening_is_told_on_the_visitors_clock():
    sundays_only(9, 17)
    widget = shop.widget()
    told = promise(widget, language="ar", time_zone="Asia/Riyadh", now=FRIDAY)
    assert (told.is_open, told.sentence) == (False, "نعود يوم الأحد الساعة ٩\u00a0ص.")
    in_dubai = promise(widget, language="en", time_zone="Asia/Dubai", now=FRIDAY)
    assert "on Sunday at 10" in in_dubai.sentence


def test_without_hours_nothing_is_promised():
    told = promise(shop.widget(), language="ar")
    assert (told.is_open, told.sentence) == (True, "")
    visitor = shop.Visitor(shop.widget())
    visitor.say("أهلًا")
    assert Entry.objects.count() == 1


def test_who_writes_when_nobody_is_there_reads_so_in_the_chat_and_once():
    never_now()
    visitor = shop.Visitor(shop.widget())
    number = visitor.say("هل من أحد؟")["conversation"]["id"]
    visitor.say("أهلًا؟", conversation=number)
    told = visitor.ask("since", conversation=number, since=0)
    assert [one["who"] for one in told["entries"]] == ["me", "auto", "me"]
    assert "وصلتنا رسالتك. نعود" in str(told["entries"][1]["body"])
    assert Delivery.objects.count() == 0, "it is said where it is read"
    assert visitor.ask("open")["is_open"] is False
