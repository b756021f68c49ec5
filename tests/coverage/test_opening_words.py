"""The next opening in words: short, in both languages, on the right clock, and never a promise that is not kept."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from majlis.coverage.holidays import Holidays, usual
from majlis.coverage.hours import CLOSED, Span, Week
from majlis.coverage.opening_words import answer, phrase, reader, sentence
from majlis.coverage.schedule import plan

RIYADH = ZoneInfo("Asia/Riyadh")
SAUDI = plan(RIYADH, usual("SA"), Holidays("SA"))


def at(text: str, zone: str = "Asia/Riyadh") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("now", "opens", "english", "arabic"),
    [
        ("2026-11-22 12:00", "2026-11-22 12:00", "now", "الآن"),
        ("2026-11-22 12:00", "2026-11-22 14:00", "today at 2 pm", "اليوم الساعة ٢ م"),
        ("2026-11-22 08:00", "2026-11-22 09:30", "today at 9:30 am", "اليوم الساعة ٩:٣٠ ص"),
        ("2026-11-22 20:00", "2026-11-23 09:00", "tomorrow at 9 am", "غدًا الساعة ٩ ص"),
        ("2026-11-22 23:59", "2026-11-23 00:00", "tomorrow at 12 am", "غدًا الساعة ١٢ ص"),
        ("2026-11-22 20:00", "2026-11-23 12:00", "tomorrow at 12 noon", "غدًا الساعة ١٢ ظهرًا"),
        ("2026-11-26 18:00", "2026-11-29 09:00", "on Sunday at 9 am", "يوم الأحد الساعة ٩ ص"),
        ("2026-11-22 18:00", "2026-11-28 09:00", "on Saturday at 9 am", "يوم السبت الساعة ٩ ص"),
        ("2026-04-26 18:00", "2026-05-03 09:00", "on Sunday 3 May at 9 am", "يوم الأحد ٣ مايو الساعة ٩ ص"),
        (
            "2026-12-20 18:00",
            "2027-01-03 09:00",
            "on Sunday 3 January 2027 at 9 am",
            "يوم الأحد ٣ يناير ٢٠٢٧ الساعة ٩ ص",
        ),
    ],
)
def test_the_next_opening_inside_a_sentence(now: str, opens: str, english: str, arabic: str) -> None:
    for language, words in (("en", english), ("ar", arabic)):
        to = reader(language, region="SA")
        assert plain(phrase(at(opens), now=at(now), zone=RIYADH, to=to)) == words


@pytest.mark.parametrize(
    ("region", "words"),
    [
        ("SA", "يوم الأحد ٣ مايو الساعة ١٢ ظهرًا"),
        ("LB", "يوم الأحد ٣ أيار الساعة ١٢ ظهرًا"),
        ("MA", "يوم الأحد 3 ماي الساعة 12 ظهرًا"),
    ],
)
def test_months_and_digits_are_the_regions(region: str, words: str) -> None:
    opens, now = at("2026-05-03 12:00"), at("2026-04-20 09:00")
    assert plain(phrase(opens, now=now, zone=RIYADH, to=reader("ar", region=region))) == words


@pytest.mark.parametrize(
    ("zone", "now", "english", "arabic"),
    [
        # the same clock by another name is not named
        ("Asia/Kuwait", "2026-11-22 20:00", "tomorrow at 9 am", "غدًا الساعة ٩ ص"),
        ("Africa/Cairo", "2026-11-22 20:00", "tomorrow at 8 am Cairo time", "غدًا الساعة ٨ ص بتوقيت القاهرة"),
        # in summer Cairo's clock is Riyadh's
        ("Africa/Cairo", "2026-07-05 20:00", "tomorrow at 9 am", "غدًا الساعة ٩ ص"),
        # there it is still yesterday, so that tomorrow is tomorrow for them
        (
            "America/New_York",
            "2026-11-23 03:00",
            "tomorrow at 1 am New York time",
            "غدًا الساعة ١ ص بتوقيت نيويورك",
        ),
        ("Asia/Tokyo", "2026-11-22 20:00", "today at 3 pm Tokyo time", "اليوم الساعة ٣ م بتوقيت طوكيو"),
        (
            "America/Argentina/Buenos_Aires",
            "2026-11-22 20:00",
            "tomorrow at 3 am Buenos Aires time",
            "غدًا الساعة ٣ ص بتوقيت Buenos Aires",
        ),
    ],
)
def test_it_is_said_on_the_customers_clock_and_names_it_where_it_differs(
    zone: str, now: str, english: str, arabic: str
) -> None:
    moment = at(now)
    opens = SAUDI.hours.next_opening(moment)
    assert opens is not None
    for language, words in (("en", english), ("ar", arabic)):
        to = reader(language, region="SA", zone=ZoneInfo(zone))
        assert plain(phrase(opens, now=moment, zone=RIYADH, to=to)) == words


def test_as_a_sentence() -> None:
    now, opens = at("2026-11-22 20:00"), at("2026-11-23 09:00")
    assert plain(sentence(opens, now=now, zone=RIYADH, to=reader("en"))) == "We are back tomorrow at 9 am."
    assert plain(sentence(opens, now=now, zone=RIYADH, to=reader("ar"))) == "نعود غدًا الساعة ٩ ص."
    assert sentence(now, now=now, zone=RIYADH, to=reader("en")) == "We are here now."


ALWAYS: Week = ((Span(0, 1440),),) * 7
NIGHTS: Week = ((Span(22 * 60, 26 * 60),),) * 7
LATE: Week = ((Span(22 * 60, 24 * 60 + 15),),) * 7
SPLIT: Week = ((Span(9 * 60, 12 * 60), Span(16 * 60, 21 * 60)),) * 7


@pytest.mark.parametrize(
    ("week", "now", "english", "arabic"),
    [
        (
            usual("SA"),
            "2026-11-22 10:00",
            "We are here now, and one of us will read your message today.",
            "نحن هنا الآن، وسيقرأ أحدنا رسالتك اليوم.",
        ),
        # ten minutes are not enough to promise today
        (
            usual("SA"),
            "2026-11-26 16:50",
            "We are here until 5 pm, and again on Sunday at 9 am.",
            "نحن هنا حتى الساعة ٥ م، ثم نعود يوم الأحد الساعة ٩ ص.",
        ),
        # … unless there is an evening to come
        (
            SPLIT,
            "2026-11-22 11:50",
            "We are here now, and one of us will read your message today.",
            "نحن هنا الآن، وسيقرأ أحدنا رسالتك اليوم.",
        ),
        # a night that goes on into the next day promises nothing of this one
        (
            NIGHTS,
            "2026-11-22 23:30",
            "We are here now, and one of us will read your message soon.",
            "نحن هنا الآن، وسيقرأ أحدنا رسالتك قريبًا.",
        ),
        (
            LATE,
            "2026-11-22 23:30",
            "We are here until 12:15 am, and again tomorrow at 10 pm.",
            "نحن هنا حتى الساعة ١٢:١٥ ص، ثم نعود غدًا الساعة ١٠ م.",
        ),
        (
            ALWAYS,
            "2026-11-22 23:50",
            "We are here now, and one of us will read your message soon.",
            "نحن هنا الآن، وسيقرأ أحدنا رسالتك قريبًا.",
        ),
        # the eve of Eid, at the end of Ramadan: the weekend and the days in place of it are counted in
        (
            usual("SA"),
            "2027-03-08 18:00",
            "We are back on Monday 15 March at 9 am.",
            "نعود يوم الاثنين ١٥ مارس الساعة ٩ ص.",
        ),
        (CLOSED, "2026-11-22 10:00", "", ""),
    ],
)
def test_what_a_customer_is_told(week: Week, now: str, english: str, arabic: str) -> None:
    kept = plan(RIYADH, week, Holidays("SA"))
    assert plain(answer(kept, now=at(now), to=reader("en", region="SA"))) == english
    assert plain(answer(kept, now=at(now), to=reader("ar", region="SA"))) == arabic


def test_without_hours_nothing_is_promised() -> None:
    assert answer(None, now=at("2026-11-22 10:00"), to=reader("en")) == ""
