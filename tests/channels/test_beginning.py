"""Writing first: each gets a conversation of their own, and nobody who should be left alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from majlis.channels import outbox
from majlis.channels import queries as leaving
from majlis.channels.models import Delivery
from majlis.conversations import queries
from majlis.conversations.actions.begin import MOST_A_DAY
from majlis.conversations.models import Beginning, Conversation, Entry
from majlis.people.models import Customer, CustomerAddress
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> Client:
    client = Client()
    client.force_login(cast.badr())
    return client


def write(page: Client, *to: str, **changed: object) -> object:
    sent = {
        "mailbox": cast.support().pk,
        "to": "، ".join(to),
        "subject": "موعد التسليم",
        "text": "أهلًا، تأخر طلبك يومًا.",
        "reason": "تأخير معروف",
        **changed,
    }
    return page.post("/beginnings", sent)


def test_it_leaves_like_a_reply_and_the_answer_comes_home(page: Client) -> None:
    answer = write(page, cast.LAYLA)
    conversation, entry = Conversation.objects.get(), Entry.objects.get()
    assert (conversation.status, conversation.assignee, conversation.begun_by) == (
        "waiting",
        cast.badr(),
        cast.badr(),
    )
    assert conversation.begun_reason == "تأخير معروف"
    delivery = Delivery.objects.get()
    assert delivery.due_at > timezone.now()
    mail = leaving.outgoing(delivery, ("", cast.SUPPORT))
    assert (mail.subject, mail.to, mail.quoted) == ("موعد التسليم", [("", cast.LAYLA)], None)
    assert f"/replies/{entry.pk}" in answer["X-Majlis-Told"]  # type: ignore[index]
    headers = {"Message-ID": "<r1@x.test>", "In-Reply-To": entry.message_id}
    cast.arrive(cast.letter("شكرًا", headers=headers))
    assert Entry.objects.filter(conversation=conversation).count() == 2
    assert "تأخير معروف" in page.get(f"/conversations/{conversation.pk}").content.decode()
    assert queries.counters_off() == []


def test_it_can_be_taken_back(page: Client) -> None:
    write(page, cast.LAYLA)
    outbox.undo(cast.badr(), Entry.objects.get().pk)
    assert Delivery.objects.get().state == "cancelled"
    assert write(page, cast.LAYLA).status_code == 204  # type: ignore[attr-defined]


def test_a_chosen_few_get_one_each_and_those_left_out_are_named(page: Client) -> None:
    now = timezone.now()
    unwilling = Customer.objects.create(name="هند", is_unwilling=True, created_at=now)
    CustomerAddress.objects.create(customer=unwilling, address="hind@customers.test", created_at=now)
    write(page, cast.LAYLA)
    everybody = (cast.LAYLA, cast.OMAR, "hind@customers.test", cast.SALES)
    cast.sales()
    refused = write(page, *everybody)
    assert refused["X-Majlis-Refused"] == "left_out"  # type: ignore[index]
    words = refused.content.decode()  # type: ignore[attr-defined]
    assert "هند" in words
    assert cast.LAYLA in words
    assert cast.SALES in words
    assert cast.OMAR not in words
    assert Conversation.objects.count() == 1
    assert write(page, *everybody, go_on="1").status_code == 204  # type: ignore[attr-defined]
    assert Conversation.objects.count() == 2
    assert Entry.objects.order_by("pk").last().to == [cast.OMAR]  # type: ignore[union-attr]


def test_nobody_twice_in_thirty_days_whoever_writes(page: Client) -> None:
    write(page, cast.LAYLA)
    page.force_login(cast.salma())
    assert write(page, cast.LAYLA)["X-Majlis-Refused"] == "left_out"  # type: ignore[index]
    Conversation.objects.update(created_at=timezone.now() - timedelta(days=31))
    assert write(page, cast.LAYLA).status_code == 204  # type: ignore[attr-defined]


def test_fifty_a_day(page: Client) -> None:
    write(page, *(f"c{number}@customers.test" for number in range(MOST_A_DAY)))
    assert Conversation.objects.count() == MOST_A_DAY
    assert write(page, cast.LAYLA)["X-Majlis-Refused"] == "day_is_full"  # type: ignore[index]
    assert Conversation.objects.count() == MOST_A_DAY
    page.force_login(cast.salma())
    assert write(page, cast.LAYLA).status_code == 204  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"to": ""}, "no_recipient_chosen"),
        ({"to": "layla"}, "bad_address"),
        ({"subject": " "}, "no_subject"),
        ({"text": " "}, "empty"),
        ({"reason": ""}, "no_reason"),
        ({"mailbox": ""}, "no_mailbox"),
    ],
)
def test_what_is_missing_is_said(page: Client, changed: dict[str, str], code: str) -> None:
    assert write(page, cast.LAYLA, **changed)["X-Majlis-Refused"] == code  # type: ignore[index]
    assert not Conversation.objects.exists()


def test_nobody_writes_from_a_mailbox_they_do_not_see(page: Client) -> None:
    cast.salma()
    page.force_login(cast.noura())
    assert write(page, cast.LAYLA)["X-Majlis-Refused"] == "no_mailbox"  # type: ignore[index]
    page.logout()
    assert page.get("/beginnings").status_code == 302


def test_customers_are_found_by_name_and_address_of_those_one_may_see(page: Client) -> None:
    cast.arrive(cast.letter("hello"))
    cast.arrive(
        cast.letter("x", sender="sami@customers.test", name="سامي", to=cast.SALES), mailbox=cast.sales()
    )
    for asked, found in (("ليلى", True), ("layla@", True), ("سامي", False), ("zz", False)):
        words = page.get("/beginnings/customers", {"q": asked}).content.decode()
        assert ("data-adds" in words) is found


KEY = "0c6d1f0e-7b1a-4d8e-9a55-3f2d6c0e1a77"


def test_what_is_typed_is_kept_and_stands_among_the_drafts_until_it_is_sent(page: Client) -> None:
    typed = {
        "mailbox": cast.support().pk,
        "to": "layla@",
        "subject": "موعد <التسليم>",
        "text": "أهلًا\nسنصل غدًا",
    }
    for closed in ("", "yes"):
        answer = page.post(f"/beginnings/drafts/{KEY}", {**typed, "closed": closed})
        assert answer.status_code == 200
        assert ("X-Majlis-Told" in answer) is bool(closed)
    listed = page.get("/inbox/drafts").content.decode()
    assert "موعد &lt;التسليم&gt;" in listed
    assert f"/beginnings/drafts/{KEY}" in listed
    assert '<div class="empty" hidden>' in listed
    form = page.get(f"/beginnings/drafts/{KEY}").content.decode()
    assert "layla@" in form
    assert "أهلًا\nسنصل غدًا</textarea>" in form
    assert "موعد &lt;التسليم&gt;" in form

    write(page, cast.LAYLA, draft=KEY)
    assert Conversation.objects.count() == 1
    assert not Beginning.objects.exists()
    assert page.get(f"/beginnings/drafts/{KEY}").status_code == 404


def test_a_refused_one_is_kept(page: Client) -> None:
    page.post(f"/beginnings/drafts/{KEY}", {"to": "layla@", "text": "أهلًا"})
    assert write(page, "layla@", draft=KEY).status_code == 422  # type: ignore[attr-defined]
    assert Beginning.objects.get().text == "أهلًا"


def test_it_is_thrown_away_and_brought_back_and_nothing_is_kept_of_empty_fields(page: Client) -> None:
    page.post(f"/beginnings/drafts/{KEY}", {"text": "أهلًا"})
    assert page.delete(f"/beginnings/drafts/{KEY}").status_code == 204
    assert KEY not in page.get("/inbox/drafts").content.decode()
    assert page.post(f"/beginnings/drafts/{KEY}/back").status_code == 204
    assert KEY in page.get("/inbox/drafts").content.decode()

    page.delete(f"/beginnings/drafts/{KEY}")
    Beginning.objects.update(thrown_at=timezone.now() - timedelta(hours=2))
    page.post("/beginnings/drafts/5f0f6c5e-3e43-4d51-8b5f-0a1c6a4ed2b1", {"text": "أخرى"})
    assert list(Beginning.objects.values_list("text", flat=True)) == ["أخرى"]
    answer = page.post("/beginnings/drafts/5f0f6c5e-3e43-4d51-8b5f-0a1c6a4ed2b1", {"text": " ", "to": ""})
    assert "X-Majlis-Told" not in answer
    assert not Beginning.objects.exists()


def test_somebody_elses_is_not_found(page: Client) -> None:
    page.post(f"/beginnings/drafts/{KEY}", {"text": "سر"})
    other = Client()
    other.force_login(cast.salma())
    assert other.get(f"/beginnings/drafts/{KEY}").status_code == 404
    for refused in (
        other.post(f"/beginnings/drafts/{KEY}", {"text": "غيره"}),
        other.delete(f"/beginnings/drafts/{KEY}"),
        other.post(f"/beginnings/drafts/{KEY}/back"),
    ):
        assert refused.status_code == 404
    assert "سر" not in other.get("/inbox/drafts").content.decode()
    write(other, cast.LAYLA, draft=KEY)
    assert Beginning.objects.get().text == "سر"


def test_drafts_are_counted_with_those_that_begin(page: Client) -> None:
    cast.arrive(cast.letter("أين طلبي؟"))
    number = Conversation.objects.get().pk
    page.post(f"/conversations/{number}/drafts/reply", {"text": "سأنظر", "version": "0"})
    page.post(f"/beginnings/drafts/{KEY}", {"text": "أهلًا"})
    listed = page.get("/inbox/drafts").content.decode()
    assert 'data-total="2"' in listed
    assert f'id="row-{number}"' in listed
