"""Mail that names no sender: each with a customer of its own, shown in words, and with nobody to answer."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client

from majlis.channels.models import Delivery, RawMessage
from majlis.conversations.customers import conversations_of_customer
from majlis.conversations.models import Conversation, Entry
from majlis.people.models import Customer, CustomerAddress, Teammate
from tests import cast

pytestmark = pytest.mark.django_db


def nameless(body: str, **headers: str) -> bytes:
    """A mail without From, Sender and Reply-To."""
    mail = cast.letter(body, headers={name.replace("_", "-"): value for name, value in headers.items()})
    lines = mail.split(b"\n")
    return b"\n".join(line for line in lines if not line.startswith(b"From:"))


def signed_in(teammate: Teammate, *, language: str = "ar") -> Client:
    Teammate.objects.filter(pk=teammate.pk).update(language=language)
    client = Client()
    client.force_login(Teammate.objects.get(pk=teammate.pk))
    return client


def test_two_mails_without_a_sender_are_of_two_customers_without_an_address() -> None:
    cast.arrive(nameless("the scan of Monday"))
    cast.arrive(nameless("a fax from elsewhere"))

    first, second = Conversation.objects.order_by("pk")
    assert first.customer != second.customer
    assert not CustomerAddress.objects.exists()
    for conversation in (first, second):
        others = conversations_of_customer(cast.salma(), conversation.customer_id, besides=conversation.pk)
        assert not others.exists()


def test_one_that_refers_to_another_is_only_linked_to_it() -> None:
    cast.arrive(nameless("first", Message_ID="<n1@x.test>"))
    cast.arrive(nameless("second", Message_ID="<n2@x.test>", In_Reply_To="<n1@x.test>"))

    first, second = Conversation.objects.order_by("pk")
    assert second.maybe_same_as == first
    assert second.customer != first.customer


def test_the_same_one_twice_is_one_entry_of_one_customer() -> None:
    mail = nameless("once", Message_ID="<n1@x.test>")
    cast.arrive(mail)
    cast.arrive(b"Received: from elsewhere by here; Mon, 2 Nov 2026 10:00:00 +0000\r\n" + mail)

    assert RawMessage.objects.filter(entry=Entry.objects.get()).count() == 2
    assert Customer.objects.count() == 1


def test_the_same_id_with_other_content_is_another_entry_of_another_customer() -> None:
    cast.arrive(nameless("scan one", Message_ID="<scanner@x.test>"))
    cast.arrive(nameless("scan two", Message_ID="<scanner@x.test>"))

    first, second = Entry.objects.order_by("pk")
    assert [first.is_same_id, second.is_same_id] == [False, True]
    assert first.customer != second.customer


@pytest.mark.parametrize(("language", "words"), [("ar", "مرسل غير معروف"), ("en", "Unknown sender")])
def test_the_list_says_that_nobody_is_known(language: str, words: str) -> None:
    cast.arrive(nameless("the scan of Monday"))

    page = signed_in(cast.badr(), language=language).get("/inbox/all/list").text

    assert f">{words}</span>" in page


@pytest.mark.parametrize(("language", "words"), [("ar", "مرسل غير معروف"), ("en", "Unknown sender")])
def test_the_thread_and_the_pane_say_so_too(language: str, words: str) -> None:
    cast.arrive(nameless("the scan of Monday"))
    number = Conversation.objects.get().pk

    page = signed_in(cast.badr(), language=language).get(f"/conversations/{number}").text

    assert f"<bdi>{words}</bdi></b>" in page
    assert re.search(rf'<b class="[^"]*" dir="auto">{words}</b>', page)
    assert '<bdi class="ltr"></bdi>' not in page


@pytest.mark.parametrize(
    ("language", "words"),
    [("ar", "لا عنوان للعميل نكتب إليه."), ("en", "The customer has no address to write to.")],
)
def test_an_answer_is_refused_in_words(language: str, words: str) -> None:
    cast.arrive(nameless("the scan of Monday", Cc="omar@customers.test"))
    number = Conversation.objects.get().pk

    answer = signed_in(cast.badr(), language=language).post(
        f"/conversations/{number}/replies", {"text": "Thank you.", "seen": "1", "key": uuid4().hex}
    )

    assert answer.status_code == 422
    assert answer["X-Majlis-Refused"] == "no_recipient"
    assert words in answer.text
    assert not Delivery.objects.exists()
