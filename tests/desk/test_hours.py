"""The page of the hours: begun in one click, kept, refused in plain words, tried, and closed to everybody but admins."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from majlis.coverage import actions, queries
from majlis.coverage.holidays import HIJRI, ONCE, YEARLY, Own, public
from majlis.coverage.hours import Span
from majlis.coverage.models import Holiday, Schedule
from majlis.people.models import Installation, Team, Teammate
from tests import cast

pytestmark = pytest.mark.django_db
PAGE = "/settings/hours/"


@pytest.fixture
def client() -> Client:
    salma = cast.salma()
    Teammate.objects.update(language="en")
    Installation.objects.update(region="SA", time_zone="Asia/Riyadh")
    found = Client()
    found.force_login(salma)
    return found


@pytest.fixture
def schedule(client: Client) -> Schedule:
    return actions.start(cast.salma(), None, country="SA")


def form(**fields: Any) -> dict[str, Any]:
    """The page's form: Sunday from nine to five and what `fields` says, in names like opens_6."""
    usual = {
        "is_on": "on",
        "time_zone": "Asia/Riyadh",
        "country": "SA",
        "opens-6": ["09:00"],
        "closes-6": ["17:00"],
    }
    named = {name.replace("s_", "s-"): value for name, value in fields.items() if name != "is_on"}
    return {name: value for name, value in {**usual, **fields, **named}.items() if value is not None}


def spans(weekday: int) -> list[tuple[int, int]]:
    kept = queries.kept(None)
    assert kept is not None
    return [(span.opens, span.closes) for span in queries.week_of(kept)[weekday]]


def test_an_empty_page_offers_the_countrys_usual_hours_and_one_click_takes_them(client: Client) -> None:
    empty = client.get(PAGE).content.decode()
    assert "No hours yet" in empty
    assert "Begin with the usual hours of Saudi Arabia" in empty
    client.post(f"{PAGE}beginning")
    kept = queries.kept(None)
    assert kept is not None
    assert (kept.is_on, kept.time_zone, kept.country) == (True, "Asia/Riyadh", "SA")
    assert (spans(6), spans(4)) == ([(540, 1020)], [])
    page = client.get(PAGE).content.decode()
    assert page.index("Sunday") < page.index("Monday") < page.index("Saturday"), "the country's own order"
    assert "National Day Holiday" in page


def test_what_is_typed_is_kept_several_periods_nights_and_whole_days(
    client: Client, schedule: Schedule
) -> None:
    typed = form(
        opens_6=["16:00", "٠٩:٠٠", ""],
        closes_6=["21:00", "13:00", ""],
        opens_0=["22:00"],
        closes_0=["02:00"],
        opens_2=["00:00"],
        closes_2=["00:00"],
        opens_3=["18:00"],
        closes_3=["00:00"],
    )
    assert client.post(PAGE, typed).status_code == 302
    assert spans(6) == [(540, 780), (960, 1260)]
    assert (spans(0), spans(2), spans(3), spans(1)) == ([(1320, 1560)], [(0, 1440)], [(1080, 1440)], [])
    page = client.get(PAGE).content.decode()
    assert 'name="opens-0" value="22:00"' in page
    assert 'name="closes-0" value="02:00"' in page
    audit = client.get("/settings/audit/").content.decode()
    assert "changed the hours of the company: days and times" in audit


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"opens_6": ["09:00", "12:00"], "closes_6": ["13:00", "17:00"]},
            "Sunday: this period begins before",
        ),
        ({"opens_6": ["09:00"], "closes_6": ["09:00"]}, "Sunday: a period cannot end when it begins"),
        ({"opens_6": ["09:00"], "closes_6": [""]}, "Sunday: a period needs a beginning and an end"),
        ({"opens_6": ["nine"], "closes_6": ["17:00"]}, "Sunday: write times of day like"),
        ({"opens_6": ["24:00"], "closes_6": ["17:00"]}, "Sunday: write times of day like"),
        ({"opens_6": ["09:00"], "closes_6": ["17:60"]}, "Sunday: write times of day like"),
        ({"opens_6": [""], "closes_6": [""]}, "on one day at least"),
        ({"time_zone": "Asia/Atlantis"}, "no such time zone"),
        ({"country": "Sparta"}, "no such country"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_stays_as_typed(
    client: Client, schedule: Schedule, fields: dict[str, Any], words: str
) -> None:
    other = {} if "one day" in words else {"opens_0": ["07:07"], "closes_0": ["08:08"]}
    answer = client.post(PAGE, form(**fields, **other))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert ('value="07:07"' in page) is bool(other)
    assert ('aria-invalid="true"' in page) is words.startswith("Sunday")
    assert spans(6) == [(540, 1020)]


def test_a_public_holiday_is_worked_on_and_taken_back(client: Client, schedule: Schedule) -> None:
    day = next(day for day in public("SA", timezone.localdate().year + 1))
    client.post(PAGE, form(worked=[day.isoformat(), "no day"]))
    assert [one.on for one in schedule.worked.all()] == [day]
    assert f'value="{day}" checked' in client.get(PAGE).content.decode()
    client.post(PAGE, form())
    assert not schedule.worked.exists()


@pytest.mark.parametrize(
    ("typed", "own"),
    [
        ({"kind": "once", "on": "2026-12-31", "days": "٢"}, Own("X", ONCE, 12, 31, year=2026, days=2)),
        ({"kind": "yearly", "on": "2026-03-01"}, Own("X", YEARLY, 3, 1)),
        (
            {"kind": "hijri", "hijri_month": "10", "hijri_day": "1", "opens": "10:00", "closes": "14:00"},
            Own("X", HIJRI, 10, 1, spans=(Span(600, 840),)),
        ),
    ],
)
def test_a_holiday_of_ones_own_is_added_and_removed(
    client: Client, schedule: Schedule, typed: dict[str, str], own: Own
) -> None:
    assert client.post(f"{PAGE}{schedule.pk}/holidays", {"name": "X", **typed}).status_code == 302
    holiday = Holiday.objects.get()
    assert queries.own_of(holiday) == own
    assert client.get(PAGE).status_code == 200
    client.post(f"{PAGE}holidays/{holiday.pk}/removal")
    assert not Holiday.objects.exists()
    assert client.post(f"{PAGE}holidays/{holiday.pk}/removal").status_code == 302


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": "", "kind": "yearly", "on": "2026-03-01"}, "Write what the holiday is called."),
        ({"name": "يوم", "kind": "once", "on": ""}, "There is no such day."),
        ({"name": "يوم", "kind": "hijri", "hijri_month": "x", "hijri_day": "1"}, "There is no such day."),
        ({"name": "يوم", "kind": "yearly", "on": "2026-03-01", "days": "99"}, "There is no such day."),
        ({"name": "يوم", "kind": "yearly", "on": "2026-03-01", "opens": "10:00"}, "a beginning and an end"),
    ],
)
def test_a_holiday_that_cannot_be_is_refused_and_stays_as_typed(
    client: Client, schedule: Schedule, typed: dict[str, str], words: str
) -> None:
    answer = client.post(f"{PAGE}{schedule.pk}/holidays", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert f'value="{typed["kind"]}" checked' in page
    assert f'dir="auto" maxlength="80" autocomplete="off" value="{typed["name"]}"' in page
    assert not Holiday.objects.exists()


def test_a_moment_is_tried_in_both_languages_by_what_is_typed_and_not_yet_kept(
    client: Client, schedule: Schedule
) -> None:
    typed = form(opens_6=["10:00"], closes_6=["12:00"], country="")
    said = client.post(f"{PAGE}{schedule.pk}/trial", {**typed, "at": "2026-11-22T09:00"})
    page = said.content.decode().replace("\u00a0", " ")
    assert "We are back today at 10 am." in page
    assert "نعود اليوم الساعة ١٠ ص." in page
    assert "Closed: outside the hours" in page
    assert spans(6) == [(540, 1020)], "nothing is kept by that"
    wrong = client.post(f"{PAGE}{schedule.pk}/trial", form(closes_6=["x"])).content.decode()
    assert "Sunday: write times of day like" in wrong
    off = client.post(f"{PAGE}{schedule.pk}/trial", form(is_on=None)).content.decode()
    assert "switched off" in off
    for far in ("0001-01-01T00:00", "9999-12-31T23:59", "soon"):
        assert client.get(f"{PAGE}?at={far}").status_code == 200
    # without a script: by the address
    shown = client.get(f"{PAGE}?at=2026-09-23T10:00").content.decode().replace("\u00a0", " ")
    assert "National Day Holiday" in shown
    assert "We are back tomorrow at 9 am." in shown


def test_a_zone_that_is_in_no_list_is_not_changed_unseen(client: Client, schedule: Schedule) -> None:
    Schedule.objects.update(time_zone="Etc/GMT+3")
    assert '<option value="Etc/GMT+3" selected>' in client.get(PAGE).content.decode()


def test_a_team_begins_with_the_companys_and_goes_back_to_them(client: Client, schedule: Schedule) -> None:
    team = cast.support().team
    assert team is not None
    page = f"{PAGE}teams/{team.pk}/"
    assert "This team keeps the company's hours" in client.get(page).content.decode()
    client.post(f"{page}beginning")
    client.post(page, form(time_zone="Africa/Cairo"))
    found = queries.of_team(team.pk)
    assert found is not None
    assert str(found.hours.zone) == "Africa/Cairo"
    client.post(f"{page}removal")
    assert Schedule.objects.get().team is None
    assert "let the team" in client.get("/settings/audit/").content.decode()


def test_it_is_closed_to_everybody_but_admins(client: Client, schedule: Schedule) -> None:
    team = Team.objects.get_or_create(name="الفريق")[0]
    posts = ["", "beginning", f"{schedule.pk}/trial", f"{schedule.pk}/holidays", "holidays/1/removal"]
    posts += [f"teams/{team.pk}/{name}" for name in ("", "beginning", "removal")]
    for who in (cast.badr(), cast.noura()):
        other = Client()
        other.force_login(who)
        assert other.get(PAGE).status_code == 403
        for path in posts:
            assert other.post(f"{PAGE}{path}").status_code == 403, path
    assert Client().get(PAGE).status_code == 302


def test_it_asks_as_much_for_many_holidays_as_for_few(client: Client, schedule: Schedule) -> None:
    def asked(number: int) -> int:
        for n in range(number):
            actions.add_holiday(cast.salma(), schedule, Own(f"day {n}", YEARLY, 3, 1, spans=(Span(60, 120),)))
        client.get(PAGE)
        with CaptureQueriesContext(connection) as questions:
            assert client.get(PAGE).status_code == 200
        return len(questions)

    few = asked(2)
    assert few == asked(20)
    assert few < 25


def test_a_mailbox_is_told_when_to_acknowledge_and_previews_the_answer(
    client: Client, schedule: Schedule
) -> None:
    page = f"/settings/mailboxes/{cast.support().pk}/automatic/"
    assert "data-answer=" in client.get(page).content.decode()
    client.post(page, {"is_on": "on", "only": "outside", "text_ar": "{answer}", "text_en": "{answer}"})
    shown = client.get(page).content.decode()
    assert 'value="outside" checked' in shown
    Schedule.objects.update(is_on=False)
    assert "No hours are set yet" in client.get(page).content.decode()
