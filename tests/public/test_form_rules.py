"""A form is offered where and when its rule says; whoever began to fill it in may send it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from majlis.channels.actions.rules import Said, set_rule
from majlis.channels.forms.models import Form
from majlis.conversations.models import Conversation
from majlis.coverage.models import Period, Schedule
from tests import cast
from tests.public import filling

pytestmark = pytest.mark.django_db
CLOSED = "This form is not offered here now"


def looked_at(form: Form, query: str = "") -> tuple[int, bool]:
    """How the form's page answers, and whether there is anything to fill in."""
    answer = Client().get(f"/form/{form.key}?language=en&{query}")
    assert (answer.status_code == 403) is (CLOSED in filling.text(answer))
    return answer.status_code, 'name="stamp"' in filling.text(answer)


def test_it_is_offered_on_its_pages_alone():
    form = filling.form()
    set_rule(cast.salma(), form, Said(shown_on=["shop.example/help/*"], never_on=["*/help/jobs"]))
    assert looked_at(form) == (403, False)
    assert looked_at(form, "page=https://shop.example/help/returns") == (200, True)
    assert looked_at(form, "page=https://shop.example/Help/Jobs") == (403, False)
    set_rule(cast.salma(), form, Said(shown_on=["/form/*"]))
    assert looked_at(form) == (200, True)


def test_what_is_sent_where_it_is_not_offered_is_not_taken():
    form = filling.form()
    set_rule(cast.salma(), form, Said(never_on=["/form/*"]))
    answer = filling.send(form, language="en")
    assert (answer.status_code, CLOSED in filling.text(answer)) == (403, True)
    assert Conversation.objects.count() == 0


def test_who_began_within_the_hours_may_send_it_after_them():
    form = filling.form()
    set_rule(cast.salma(), form, Said(hours="open"))
    assert looked_at(form) == (200, True)  # no hours are kept
    schedule = Schedule.objects.create(team=None, time_zone="UTC", is_on=True)
    began = timezone.now() - timedelta(hours=3)
    opens = began.hour * 60 + began.minute
    for weekday in range(7):
        Period.objects.create(schedule=schedule, weekday=weekday, opens=opens, closes=opens + 2 * 60)
    assert looked_at(form) == (403, False)
    assert filling.send(form).status_code == 403
    assert filling.send(form, seconds=2 * 3600).status_code == 200
    assert Conversation.objects.count() == 1
