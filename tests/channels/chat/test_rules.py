"""A widget's rule is kept by the server: it says who sees the button, and takes nothing from anybody else."""

from __future__ import annotations

from typing import Any

import pytest

from majlis.channels.actions.rules import Said, set_rule
from majlis.channels.chat.models import Visitor, Widget
from majlis.channels.rule_models import ChannelRule
from majlis.channels.showing import Ask, Condition
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.close import close
from majlis.conversations.actions.tag import tag
from majlis.conversations.models import Conversation
from majlis.coverage.models import Schedule
from majlis.journal.models import Event
from majlis.lib.errors import Refused
from tests import cast
from tests.channels.chat import shop

pytestmark = pytest.mark.django_db

VIP = Condition(Ask.ATTRIBUTE_IS, ("yes",), "vip")


def ruled(*conditions: Condition, **more: Any) -> Widget:
    """A widget with a rule."""
    widget = shop.widget()
    set_rule(cast.salma(), widget, Said(conditions=conditions, **more))
    return widget


def never_open() -> None:
    """Hours in which nobody is ever there."""
    Schedule.objects.create(team=None, time_zone="Asia/Riyadh", is_on=True)


def test_a_vip_by_signed_identity_sees_it_and_nobody_else_does():
    widget = ruled(VIP)
    stranger, omar, layla = (shop.Visitor(widget, address=f"203.0.113.{n}") for n in (1, 2, 3))
    assert stranger.ask("here")["shown"] is False
    assert omar.ask("here", identity=shop.signed(widget, "c-2", vip="no"))["shown"] is False
    assert layla.ask("here", identity=shop.signed(widget, "c-1", vip="Yes"))["shown"] is True
    assert layla.say("أهلًا")["conversation"]


@pytest.mark.parametrize("what", ["open", "say"])
def test_who_it_is_not_shown_to_is_refused_and_nothing_is_kept(what):
    visitor = shop.Visitor(ruled(VIP))
    told = visitor.say("أهلًا") if what == "say" else visitor.ask(what)
    assert (visitor.status, told["error"]) == (403, "not_shown")
    assert told["say"]
    assert (Visitor.objects.count(), Conversation.objects.count()) == (0, 0)


def test_a_file_of_who_it_is_not_shown_to_is_refused():
    widget = ruled(VIP)
    visitor = shop.Visitor(widget)
    assert visitor.upload("a.txt", b"x")["error"] == "not_shown"
    visitor.ask("here", identity=shop.signed(widget, "c-2"))
    assert visitor.upload("a.txt", b"x")["error"] == "not_shown"


def test_what_a_visitor_says_of_themselves_unsigned_counts_for_nothing():
    visitor = shop.Visitor(ruled(VIP))
    assert visitor.ask("here", vip="yes", attributes={"vip": "yes"})["shown"] is False
    assert visitor.ask("here", identity="eyJhbGciOiJub25lIn0.e30.")["error"] == "identity_forged"


def test_a_plan_that_is_lost_loses_the_chat_and_a_tag_of_the_team_gives_it():
    widget = ruled(Condition(Ask.PLAN_IS, ("gold",)), Condition(Ask.TAGGED, ("VIP",)), joined="any")
    visitor = shop.Visitor(widget)
    assert visitor.ask("here", identity=shop.signed(widget, plan="Gold"))["shown"] is True
    number = visitor.say("أهلًا")["conversation"]["id"]
    with changing(number) as change:
        close(change, teammate=cast.badr())
    visitor.ask("read", conversation=number, seq=99)
    assert visitor.ask("here", identity=shop.signed(widget, plan="free"))["shown"] is False
    with changing(number) as change:
        tag(change, "vip", teammate=cast.badr())
    assert visitor.ask("here")["shown"] is True


def test_pages_decide_by_where_the_visitor_is():
    widget = ruled(shown_on=["/coffee/*"], never_on=["shop.example/coffee/checkout*"])
    visitor = shop.Visitor(widget)
    at = f"{shop.SITE}/coffee"
    assert visitor.ask("here", page=f"{at}/dallah?x=1")["shown"] is True
    assert visitor.ask("here", page=f"{at}/CHECKOUT/pay")["shown"] is False
    assert visitor.ask("here", page=shop.SITE)["shown"] is False
    assert visitor.ask("here", page="")["shown"] is False
    assert visitor.say("أهلًا", page=shop.SITE)["error"] == "not_shown"


def test_hours_decide_where_they_are_kept():
    widget = ruled(hours="open")
    assert shop.Visitor(widget).ask("here")["shown"] is True
    never_open()
    assert shop.Visitor(widget).ask("here")["shown"] is False
    set_rule(cast.salma(), widget, Said(hours="closed"))
    assert shop.Visitor(widget).ask("here")["shown"] is True


def test_somebody_in_the_middle_of_a_talk_is_never_locked_out():
    widget = shop.widget()
    visitor = shop.Visitor(widget)
    number = visitor.say("هل يصل غدًا؟")["conversation"]["id"]
    set_rule(cast.salma(), widget, Said(conditions=[VIP], never_on=["/*"], hours="open"))
    never_open()
    assert visitor.ask("here")["shown"] is True
    told = visitor.ask("open")
    assert (told["may_begin"], told["conversation"]["id"]) == (False, number)
    assert visitor.say("وإلى دبي؟", conversation=number)["conversation"]["id"] == number
    assert visitor.upload("a.txt", b"x")["id"]
    assert visitor.say("وشيء آخر")["error"] == "not_shown"


def test_when_the_talk_is_over_it_can_be_read_and_the_button_is_gone():
    widget = shop.widget()
    visitor = shop.Visitor(widget)
    number = visitor.say("شكرًا")["conversation"]["id"]
    with changing(number) as change:
        close(change, teammate=cast.badr())
    set_rule(cast.salma(), widget, Said(conditions=[VIP]))
    assert visitor.ask("here")["shown"] is False
    assert [one["id"] for one in visitor.ask("open")["conversations"]] == [number]


def test_what_was_found_last_is_kept_with_the_visitor_for_their_stream():
    widget = ruled(VIP)
    visitor = shop.Visitor(widget)
    for vip, is_shown in (("yes", True), ("no", False), ("yes", True)):
        visitor.ask("here", identity=shop.signed(widget, "c-1", vip=vip))
        assert Visitor.objects.get().is_shown is is_shown


def test_the_loader_asks_before_it_shows_the_button_once_anything_decides():
    widget = shop.widget()

    def loader() -> bytes:
        return b"".join(shop.Visitor(widget).fetch(f"/chat/{widget.key}.js"))

    assert b'"ask":false' in loader()
    set_rule(cast.salma(), widget, Said(hours="open"))
    assert b'"ask":true' in loader()
    set_rule(cast.salma(), widget, Said())
    assert b'"ask":false' in loader()
    assert ChannelRule.objects.count() == 0


def test_a_rule_is_set_by_admins_and_told_once():
    widget = shop.widget()
    with pytest.raises(Refused, match="not_allowed"):
        set_rule(cast.badr(), widget, Said(hours="open"))
    before = Event.objects.count()
    for _ in range(2):
        set_rule(cast.salma(), widget, Said(hours="open"))
    (event,) = Event.objects.order_by("pk")[before:]
    assert (event.kind, event.data["what"]) == ("widget.changed", ["rule"])


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Said(conditions=[Condition(Ask.PLAN_IS, (" ",))]), "no_value"),
        (Said(conditions=[Condition(Ask.ATTRIBUTE_IS, ("yes",), " ")]), "no_attribute_name"),
        (Said(conditions=[Condition(Ask.ATTRIBUTE_AT_LEAST, ("many",), "orders")]), "not_a_number"),
        (Said(conditions=[Condition(Ask.PLAN_IS, ("x" * 201,))]), "value_too_long"),
        (Said(conditions=[Condition(Ask.PLAN_IS, tuple(map(str, range(21))))]), "too_many_values"),
        (Said(conditions=[Condition(Ask.PAYS)] * 11), "too_many_conditions"),
        (Said(shown_on=["checkout"]), "not_a_page"),
        (Said(never_on=[f"/{n}" for n in range(51)]), "too_many_pages"),
        (Said(hours="sometimes"), "no_such_choice"),
        (Said(joined="none"), "no_such_choice"),
    ],
)
def test_what_makes_no_rule_is_refused(said, code):
    with pytest.raises(Refused, match=code):
        set_rule(cast.salma(), shop.widget(), said)
    assert ChannelRule.objects.count() == 0
