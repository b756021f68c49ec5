"""What a signature says of its writer and of the team."""

from __future__ import annotations

import pytest
from django.utils import timezone

from majlis.channels import queries
from majlis.conversations.models import Conversation
from majlis.people.actions.signatures import of_mailbox
from majlis.people.called import Called
from majlis.people.models import Customer, Installation
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ar", "<p>بدر، خدمة العملاء</p>"),
        ("en", "<p>Badr &amp; Sons، Customer service</p>"),
        ("", "<p>بدر، خدمة العملاء</p>"),
    ],
)
def test_name_and_team_stand_in_the_customers_language(language: str, expected: str) -> None:
    badr = cast.badr()
    badr.name_latin = "Badr & Sons"
    Installation.objects.update(called=Called.SERVICE)
    of_mailbox(cast.support(), "<p>{name}، {team}</p>")
    now = timezone.now()
    customer = Customer.objects.create(name="ليلى", language=language, created_at=now)
    conversation = Conversation(mailbox=cast.support(), customer=customer)

    assert queries.signed(conversation, badr) == expected
