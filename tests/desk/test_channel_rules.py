"""The pages of rules: whom a chat and a mailbox are for, typed and refused in plain words, and what is shown to whom."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from majlis.channels.actions.rules import Said, set_rule
from majlis.channels.chat.models import Widget
from majlis.channels.rule_models import ChannelRule
from majlis.channels.showing import Ask, Condition
from majlis.conversations.models import Conversation
from majlis.coverage.models import Schedule
from majlis.people.models import Company, Customer, CustomerAddress, Installation, Teammate
from tests import cast
from tests.channels.chat import shop
from tests.public import filling

pytestmark = pytest.mark.django_db
CHECK = "/settings/channels/check/"


@pytest.fixture
def client() -> Client:
    salma = cast.salma()
    Teammate.objects.update(language="en")
    Installation.objects.update(region="SA", time_zone="Asia/Riyadh")
    found = Client()
    found.force_login(salma)
    return found


def form(*rows: tuple[str, str, str], **fields: str) -> dict[str, Any]:
    """The page's form: rows of choice, attribute and values."""
    columns = zip(*rows, strict=True) if rows else ((), (), ())
    return {**dict(zip(("ask", "name", "values"), map(list, columns), strict=True)), **fields}


def text(page: Any) -> str:
    """What somebody reads on a page."""
    said = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub("[\u2066\u2068\u2069]", "", said))


def rules_of(widget: Widget) -> str:
    return f"/settings/widgets/{widget.pk}/rules/"


def layla(**more: Any) -> Customer:
    made = Customer.objects.create(name="Layla", name_key="layla", created_at=timezone.now(), **more)
    CustomerAddress.objects.create(customer=made, address=cast.LAYLA, created_at=timezone.now())
    return made


@pytest.mark.parametrize("which", ["widget", "mailbox", "check"])
def test_only_admins_come_in(which: str) -> None:
    widget, mailbox = shop.widget(), cast.support()
    badr = Client()
    badr.force_login(cast.badr())
    pages = {
        "widget": rules_of(widget),
        "mailbox": f"/settings/mailboxes/{mailbox.pk}/for/",
        "check": CHECK,
    }
    assert badr.get(pages[which]).status_code == 403
    if which != "check":
        assert badr.post(pages[which], form(("pays", "", ""))).status_code == 403
    assert ChannelRule.objects.count() == 0


def test_a_rule_is_typed_kept_and_stands_there_again(client: Client) -> None:
    widget = shop.widget()
    typed = form(
        ("attribute_is", "VIP", "yes، نعم"),
        ("", "left", "out"),
        ("language_is:ar", "", ""),
        joined="any",
        shown_on="/products/*\r\n\r\nhttps://shop.example/help",
        never_on="/checkout/*",
        hours="open",
    )
    assert client.post(rules_of(widget), typed).status_code == 302
    rule = ChannelRule.objects.get(widget=widget)
    assert rule.conditions == [
        {"ask": "attribute_is", "name": "VIP", "values": ["yes", "نعم"]},
        {"ask": "language_is", "name": "", "values": ["ar"]},
    ]
    assert (rule.joined, rule.shown_on, rule.never_on, rule.hours) == (
        "any",
        ["/products/*", "shop.example/help"],
        ["/checkout/*"],
        "open",
    )
    page = client.get(rules_of(widget)).content.decode()
    assert '<option value="language_is:ar" data-needs="" selected>' in page
    assert "/products/*\nshop.example/help</textarea>" in page
    assert "No hours are set yet" in page
    client.post(rules_of(widget), form(("", "", "")))
    assert not ChannelRule.objects.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (form(("pays", "", ""), ("plan_is", "", " ,")), "Write what it is compared with."),
        (form(("attribute_at_least", "orders", "many")), "Write one number, for example 10."),
        (form(("attribute_is", "", "yes")), "Write the name of the attribute."),
        (form(("made_up", "", "yes")), "There is no such choice."),
        (form(never_on="checkout"), "checkout is no page. Write it like /checkout/*"),
        (form(hours="sometimes"), "There is no such choice."),
    ],
)
def test_what_makes_no_rule_is_refused_beside_it_and_stays_as_it_was_typed(
    client: Client, typed: dict[str, Any], words: str
) -> None:
    page = client.post(rules_of(shop.widget()), {**typed, "shown_on": "/kept"})
    assert page.status_code == 422
    assert words in text(page)
    assert "/kept</textarea>" in page.content.decode()
    assert ChannelRule.objects.count() == 0


def test_one_more_row_comes_without_a_script_and_nothing_is_kept(client: Client) -> None:
    page = client.post(rules_of(shop.widget()), {**form(("plan_is", "", "gold")), "more": "1"})
    assert page.content.decode().count("data-row") == 3
    assert 'value="gold"' in page.content.decode()
    assert ChannelRule.objects.count() == 0


def test_a_rule_can_begin_with_vip_customers(client: Client) -> None:
    page = client.get(f"{rules_of(shop.widget())}?start=vip").content.decode()
    assert '<option value="attribute_is" data-needs="name values" selected>' in page
    assert 'value="vip"' in page
    assert ChannelRule.objects.count() == 0


def test_a_mailbox_says_whom_it_is_for_and_what_the_others_are_told(client: Client) -> None:
    page = f"/settings/mailboxes/{cast.support().pk}/for/"
    assert 'value="known"' not in client.get(page).content.decode()
    wrong = client.post(page, form(("plan_is", "", "gold"), text_ar="{surname}", text_en="Hi {name}"))
    assert wrong.status_code == 422
    assert "Hi {name}</textarea>" in wrong.content.decode()
    client.post(page, form(("plan_is", "", "gold"), text_ar="مرحبًا", text_en="Hi {name}"))
    rule = ChannelRule.objects.get()
    assert (rule.mailbox_id, rule.text_ar, rule.text_en) == (cast.support().pk, "مرحبًا", "Hi {name}")
    assert "whom it is for, and when" in text(client.get("/settings/audit/"))


def test_who_it_is_not_for_is_marked_with_the_reason_at_the_head_of_the_thread(client: Client) -> None:
    cast.arrive(cast.letter("أين طلبي؟"))
    number = Conversation.objects.get().pk
    thread = f"/conversations/{number}"
    mark = "Support by mail is not for this customer."
    assert mark not in text(client.get(thread, follow=True))
    set_rule(cast.salma(), cast.support(), Said(conditions=[Condition(Ask.PLAN_IS, ("gold", "silver"))]))
    assert f"{mark} On the plan gold or silver (found: Nobody knows who it is.)" in text(
        client.get(thread, follow=True)
    )
    Customer.objects.update(plan="free")
    assert f"{mark} On the plan gold or silver (found: free)" in text(client.get(thread, follow=True))
    Customer.objects.update(plan="Silver")
    assert mark not in text(client.get(thread, follow=True))


def test_each_channel_says_whether_it_is_shown_and_why(client: Client) -> None:
    Schedule.objects.create(team=None, time_zone="Asia/Riyadh", is_on=True)  # nobody is ever there
    widget = shop.widget()
    conditions = [Condition(Ask.PLAN_IS, ("gold",)), Condition(Ask.ATTRIBUTE_AT_LEAST, ("5",), "orders")]
    set_rule(cast.salma(), widget, Said(conditions=conditions, never_on=["/checkout/*"], hours="closed"))
    set_rule(cast.salma(), cast.support(), Said(conditions=[Condition(Ask.COMPANY_IS, ("Sidra",))]))
    company = Company.objects.create(name="Sidra", created_at=timezone.now())
    customer = layla(plan="Gold", attributes={"orders": "7"}, company=company)

    nobody = text(client.get(CHECK))
    assert "What somebody unknown sees" in nobody
    assert "Not shown" in nobody
    assert "Does not hold: On the plan gold Found: Nobody knows who it is." in nobody
    assert "Support by mail is not for them" in nobody

    chosen = text(
        client.get(CHECK, {"customer": str(customer.pk), "page": "shop.example/tea", "at": "tomorrow"})
    )
    assert "What Layla sees" in chosen
    assert "Not shown" not in chosen
    assert "Holds: orders is at least 5 Found: 7" in chosen
    assert "Holds: Not on a page like /checkout/* Found: https://shop.example/tea" in chosen
    assert "Holds: Outside your hours Found: Nobody is there then." in chosen
    assert "Holds: Works at Sidra" in chosen

    at_checkout = text(client.get(CHECK, {"customer": str(customer.pk), "page": "/checkout/pay"}))
    assert "Not shown" in at_checkout
    assert "Does not hold: Not on a page like /checkout/*" in at_checkout


def test_a_channel_that_is_off_says_so(client: Client) -> None:
    Widget.objects.filter(pk=shop.widget().pk).update(is_on=False)
    assert "Does not hold: It is switched off" in text(client.get(CHECK))
    Widget.objects.update(is_on=True)
    assert "switched off" not in text(client.get(CHECK))


def test_pages_stand_from_left_to_right_whatever_letters_are_in_them(client: Client) -> None:
    Teammate.objects.update(language="ar")
    pages = Said(shown_on=["/قهوة/*", "متجر.example/شاي/*"], never_on=["/دفع/*"])
    set_rule(cast.salma(), shop.widget(), pages)
    read = client.get(CHECK, {"page": "https://shop.example/قهوة/دلة"}).content.decode()
    assert "\u2066https://shop.example/قهوة/دلة\u2069" in read
    for pattern in ("/قهوة/*", "متجر.example/شاي/*", "/دفع/*"):
        assert f"\u2066{pattern}\u2069" in read


def test_a_customer_is_looked_for_by_name_or_address(client: Client) -> None:
    first = layla()
    Customer.objects.create(name="Layla Omar", name_key="layla omar", created_at=timezone.now())
    several = text(client.get(CHECK, {"q": "layla"}))
    assert "Whom do you mean?" in several
    assert "Shown" not in several
    assert "What Layla sees" in text(client.get(CHECK, {"q": cast.LAYLA}))
    assert "Nobody is found for nasser" in text(client.get(CHECK, {"q": "nasser"}))
    for wrong in ("", "x", "9" * 30, str(first.pk + 1_000)):
        assert "What somebody unknown sees" in text(client.get(CHECK, {"customer": wrong}))


def test_a_moment_that_is_none_is_refused_in_words(client: Client) -> None:
    page = client.get(CHECK, {"at": "whenever"})
    assert page.status_code == 422
    assert "Not understood." in text(page)
    assert 'value="whenever"' in page.content.decode()


def test_a_form_is_offered_on_some_pages_and_within_hours(client: Client) -> None:
    form_of = filling.form()
    page = f"/settings/forms/{form_of.pk}/rules/"
    assert client.post(page, form(("pays", "", ""))).status_code == 422
    assert client.post(page, form(shown_on="/form/*\r\nshop.example/help", hours="closed")).status_code == 302
    assert "/form/*\nshop.example/help</textarea>" in client.get(page).content.decode()
    assert "Where and when it is offered" in text(client.get(f"/settings/forms/{form_of.pk}/"))
    assert "Not shown" in text(client.get(CHECK, {"page": "shop.example/"}))
    assert "Not shown" not in text(client.get(CHECK, {"page": "shop.example/help"}))
