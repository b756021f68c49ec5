"""Who a visitor is: what the site signed is believed, everything else is not."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from majlis.channels.chat import widgets
from majlis.channels.chat.models import Visitor
from majlis.flow import clock
from majlis.people.models import Customer, CustomerAddress
from tests import cast
from tests.channels import mailing
from tests.channels.chat import shop

pytestmark = pytest.mark.django_db
SECRET = "2811771,90123,3318822,771231"


def test_a_signed_identity_is_a_customer_with_what_the_site_tells_of_them():
    widget = shop.widget()
    visitor = shop.Visitor(widget)
    told = visitor.ask(
        "open",
        identity=shop.signed(
            widget, name="ليلى", email="Layla@Customers.test", plan="ذهبي", attributes={"الطلبات": 7}
        ),
    )
    assert told["visitor"]["name"] == "ليلى"
    customer = Customer.objects.get()
    assert (customer.plan, customer.attributes) == ("ذهبي", {"الطلبات": "7"})
    assert CustomerAddress.objects.get().address == "layla@customers.test"


def test_whom_we_know_by_mail_is_the_same_person_when_the_site_says_so():
    known = mailing.customer()
    widget = shop.widget()
    visitor = shop.Visitor(widget)
    visitor.ask("open", identity=shop.signed(widget, email=cast.LAYLA))
    visitor.say("أهلًا")
    assert shop.newest().customer_id == known.pk


def test_the_same_person_at_another_browser_reads_the_same_chats():
    widget = shop.widget()
    phone, desktop = shop.Visitor(widget), shop.Visitor(widget, address="203.0.113.8")
    phone.ask("open", identity=shop.signed(widget, "c-17"))
    number = phone.say("من الهاتف")["conversation"]["id"]
    told = desktop.ask("open", identity=shop.signed(widget, "c-17"))
    assert [one["id"] for one in told["conversations"]] == [number]
    assert shop.Visitor(widget).ask("open", identity=shop.signed(widget, "c-18"))["conversations"] == []


def test_what_somebody_wrote_before_they_were_known_stays_theirs():
    widget = shop.widget()
    visitor = shop.Visitor(widget)
    number = visitor.say("قبل الدخول")["conversation"]["id"]
    told = visitor.ask("open", identity=shop.signed(widget, "c-17", name="ليلى"))
    assert [one["id"] for one in told["conversations"]] == [number]
    assert Customer.objects.get().name == "ليلى"


def test_another_person_at_the_same_browser_reads_nothing_of_the_first():
    widget = shop.widget()
    visitor = shop.Visitor(widget)
    visitor.ask("open", identity=shop.signed(widget, "c-17"))
    visitor.say("سرّي")
    before = visitor.token
    told = visitor.ask("open", identity=shop.signed(widget, "c-18"))
    assert told["conversations"] == []
    assert visitor.token != before


def _forged(widget):
    return shop.signed(widget, secret="another secret that is long enough, really")


def _unsigned(widget):
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'none'})}.{part({'sub': 'c-17', 'exp': 4_000_000_000, 'jti': 'x'})}."


def _changed(widget):
    head, body, tail = shop.signed(widget).split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=="))
    other = base64.urlsafe_b64encode(json.dumps({**said, "sub": "c-1"}).encode()).decode().rstrip("=")
    return f"{head}.{other}.{tail}"


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (_forged, "identity_forged"),
        (_unsigned, "identity_forged"),
        (_changed, "identity_forged"),
        (lambda widget: "nonsense", "identity_forged"),
        (lambda widget: "x" * 9_000, "identity_forged"),
        (lambda widget: shop.signed(widget, minutes=-5), "identity_expired"),
        (lambda widget: shop.signed(widget, minutes=60 * 24 * 30), "identity_too_long_lived"),
        (lambda widget: shop.signed(widget, jti=None), "identity_incomplete"),
        (lambda widget: shop.signed(widget, " "), "identity_incomplete"),
    ],
)
def test_what_is_not_the_sites_word_is_refused_clearly(made, code):
    widget = shop.widget()
    visitor = shop.Visitor(widget)
    told = visitor.ask("open", identity=made(widget))
    assert (visitor.status, told["error"]) == (403, code)
    assert told["say"]
    assert Visitor.objects.count() == 0
    assert Customer.objects.count() == 0


def test_an_identity_that_somebody_else_came_with_is_refused():
    widget = shop.widget()
    signed = shop.signed(widget)
    first, thief = shop.Visitor(widget), shop.Visitor(widget, address="203.0.113.66")
    first.ask("open", identity=signed)
    assert first.ask("open", identity=signed)["visitor"]
    assert thief.ask("open", identity=signed)["error"] == "identity_replayed"
    assert not thief.token


def test_a_browser_whose_first_answer_was_lost_asks_again_and_is_the_same_visitor():
    widget = shop.widget()
    signed = shop.signed(widget)
    lost, again = shop.Visitor(widget), shop.Visitor(widget)
    lost.ask("here", identity=signed, secret=SECRET)
    again.ask("open", identity=signed, secret=SECRET)
    assert again.token == lost.token != ""
    assert Visitor.objects.count() == Customer.objects.count() == 1
    assert again.say("أهلًا")["conversation"]["id"]


def test_a_lost_answer_to_another_person_at_the_same_browser_is_asked_for_again():
    widget = shop.widget()
    visitor = shop.Visitor(widget)
    visitor.ask("open", identity=shop.signed(widget, "c-17"), secret=SECRET)
    before, signed = visitor.token, shop.signed(widget, "c-18")
    visitor.ask("open", identity=signed, secret=SECRET)
    after, visitor.token = visitor.token, before
    visitor.ask("open", identity=signed, secret=SECRET)
    assert visitor.token == after != before


@pytest.mark.parametrize("secret", ["", "short", "another browser's own secret", None, 17])
def test_who_has_not_the_secret_of_the_first_is_another(secret):
    widget = shop.widget()
    signed = shop.signed(widget)
    shop.Visitor(widget).ask("open", identity=signed, secret=SECRET)
    thief = shop.Visitor(widget)
    told = thief.ask("open", identity=signed, secret=secret)
    assert (thief.status, told["error"], thief.token) == (403, "identity_replayed", "")
    assert Visitor.objects.count() == 1


@pytest.mark.parametrize("secret", ["", "short"])
def test_a_secret_that_can_be_guessed_is_none(secret):
    widget = shop.widget()
    signed = shop.signed(widget)
    shop.Visitor(widget).ask("open", identity=signed, secret=secret)
    assert shop.Visitor(widget).ask("open", identity=signed, secret=secret)["error"] == "identity_replayed"


def test_a_secret_is_good_for_the_token_it_came_with():
    widget = shop.widget()
    first, second = shop.Visitor(widget), shop.Visitor(widget)
    first.ask("open", identity=shop.signed(widget, "c-17"), secret=SECRET)
    second.ask("open", identity=shop.signed(widget, "c-17"), secret=SECRET)
    assert first.token != second.token


def test_after_ten_minutes_nobody_comes_with_the_same_again():
    widget = shop.widget()
    signed = shop.signed(widget, minutes=60)
    shop.Visitor(widget).ask("open", identity=signed, secret=SECRET)
    Visitor.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    late = shop.Visitor(widget)
    assert late.ask("open", identity=signed, secret=SECRET)["error"] == "identity_replayed"
    assert not late.token


def test_who_is_known_stays_known_on_a_page_that_stood_open_for_long():
    widget = shop.widget()
    visitor = shop.Visitor(widget)
    visitor.ask("open", identity=shop.signed(widget, "c-17"))
    number = visitor.say("أهلًا")["conversation"]["id"]
    told = visitor.ask("open", identity=shop.signed(widget, "c-17", minutes=-30))
    assert [one["id"] for one in told["conversations"]] == [number]


def test_the_secret_before_the_newest_is_good_for_a_week():
    widget = shop.widget()
    before = widgets.secret_of(widget)
    widgets.renew_secret(cast.salma(), widget)
    visitor = shop.Visitor(widget)
    assert "error" not in visitor.ask("open", identity=shop.signed(widget, secret=before))
    widget.before_until = timezone.now() - timedelta(minutes=1)
    widget.save()
    assert visitor.ask("open", identity=shop.signed(widget, secret=before))["error"] == "identity_forged"


def test_a_widget_for_known_people_is_shown_to_nobody_else():
    widget = shop.widget()
    widgets.change(cast.salma(), widget, is_for_known=True)
    visitor = shop.Visitor(widget)
    assert visitor.ask("here")["shown"] is False
    assert visitor.say("أهلًا")["error"] == "not_shown"
    assert visitor.ask("here", identity=shop.signed(widget))["shown"] is True


def test_who_never_wrote_is_forgotten_and_who_did_is_not():
    widget = shop.widget()
    for name in ("c-1", "c-2"):
        visitor = shop.Visitor(widget)
        visitor.ask("open", identity=shop.signed(widget, name))
        if name == "c-2":
            visitor.say("أهلًا")
    Visitor.objects.update(seen_at=timezone.now() - timedelta(days=31))
    clock.tick()
    assert [visitor.identity for visitor in Visitor.objects.all()] == ["c-2"]
