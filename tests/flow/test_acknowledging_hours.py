"""An acknowledgement says when somebody reads it, by the hours of the mailbox's team; some mailboxes only say it then."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from majlis.channels import acknowledging, greeting
from majlis.channels.models import AutomaticMail, MailConnection
from majlis.conversations.models import Entry, EntryKind
from majlis.coverage import actions
from majlis.coverage.holidays import usual
from majlis.people.models import Customer, Installation, Team
from tests import cast

pytestmark = pytest.mark.django_db
TEXTS = {"ar": "وصلت.\n{answer}\nنلقاك.", "en": "It arrived.\n{answer}\nBye."}


def riyadh(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Riyadh"))


OPEN, NIGHT = riyadh("2026-11-22 10:00"), riyadh("2026-11-22 20:00")


@pytest.fixture(autouse=True)
def switched_on() -> None:
    MailConnection.objects.create(mailbox=cast.support(), smtp_host="localhost", smtp_port=9)
    acknowledging.set_up(cast.salma(), cast.support(), is_on=True, texts=TEXTS)
    Installation.objects.update(region="SA")


def keep(team: Team | None = None, *, zone: str = "Asia/Riyadh") -> None:
    actions.keep(cast.salma(), team, is_on=True, time_zone=zone, country="SA", week=usual("SA"))


def told(now: datetime, *, sender: str = cast.OMAR, body: str = "Where is my order?") -> str:
    """What the acknowledgement of a new mail says, empty when there is none."""
    cast.arrive(cast.letter(body, sender=sender, subject="My order"))
    entry = Entry.objects.filter(kind=EntryKind.MESSAGE).latest("pk")
    with transaction.atomic():
        made = acknowledging.answer(entry, now=now)
    return made.text.replace("\u00a0", " ") if made else ""


def test_it_says_when_we_are_back_in_the_customers_language() -> None:
    keep()
    assert told(NIGHT) == "It arrived.\nWe are back tomorrow at 9 am.\nBye."
    arabic = told(NIGHT, sender=cast.LAYLA, body="أين طلبي؟ أنتظره منذ أيام")
    assert arabic == "وصلت.\nنعود غدًا الساعة ٩ ص.\nنلقاك."


def test_while_somebody_is_there_it_says_so() -> None:
    keep()
    assert "We are here now, and one of us will read your message today." in told(OPEN)


def test_without_hours_nothing_is_promised_and_no_line_is_left_empty() -> None:
    assert told(NIGHT) == "It arrived.\nBye."


def test_the_hours_are_those_of_the_mailboxs_team() -> None:
    keep()
    assert "tomorrow at 9 am" in told(NIGHT)
    # In Tokyo it is two in the night already, and nine comes today.
    keep(cast.support().team, zone="Asia/Tokyo")
    assert "We are back today at 9 am." in told(NIGHT, sender=cast.LAYLA)


def test_it_is_said_on_the_customers_own_clock() -> None:
    keep()
    cast.arrive(cast.letter("Hello", sender=cast.OMAR))
    Customer.objects.update(time_zone="Africa/Cairo", language="en")
    entry = Entry.objects.get(kind=EntryKind.MESSAGE)
    with transaction.atomic():
        made = acknowledging.answer(entry, now=NIGHT)
    assert made is not None
    assert "tomorrow at 8\u00a0am Cairo time." in made.text


def test_a_mailbox_may_acknowledge_only_while_nobody_is_there() -> None:
    keep()
    acknowledging.set_up(cast.salma(), cast.support(), is_on=True, texts=TEXTS, is_only_outside_hours=True)
    assert told(OPEN) == ""
    assert AutomaticMail.objects.get().refused == "in_hours"
    assert "tomorrow at 9 am" in told(NIGHT, sender=cast.LAYLA, body="Hello again")


def test_outside_hours_that_nobody_set_is_always() -> None:
    acknowledging.set_up(cast.salma(), cast.support(), is_on=True, texts=TEXTS, is_only_outside_hours=True)
    assert told(OPEN) == "It arrived.\nBye."


def test_our_own_words_hold_the_answer() -> None:
    found = acknowledging.of_mailbox(cast.sales())
    assert "{answer}" in found.text_ar
    assert "{answer}" in found.text_en
    assert greeting.unknown(found.text_ar) == greeting.unknown(found.text_en) == ""


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("a\n{answer}\nb", "a\nb"),
        ("a\n\n {answer} \n\nb", "a\n\nb"),
        ("{answer}\n\na", "a"),
        ("a\n\n{answer}", "a"),
        ("a. {answer} b", "a. b"),
        ("a\n\n\n\nb\n{answer}", "a\n\n\n\nb"),
    ],
)
def test_what_cannot_be_said_leaves_no_gap(text: str, without: str) -> None:
    shape = {"name": "", "team": "", "company": ""}
    assert greeting.filled(text, **shape) == without
    assert greeting.filled(text, **shape, answer="X.") == text.replace("{answer}", "X.").strip()


def test_a_customer_whose_name_is_a_placeholder_is_told_nothing_more() -> None:
    shape = {"team": "", "company": "", "answer": "Tomorrow."}
    assert greeting.filled("Hello {name}", name="{answer}", **shape) == "Hello {answer}"
