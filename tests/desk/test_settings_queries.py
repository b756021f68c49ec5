"""A settings page asks the same number of questions whatever the number of rows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from majlis.channels.chat import widgets
from majlis.channels.models import MailConnection, RawMessage
from majlis.files.actions import store
from majlis.people.models import Brand, Mailbox, Role
from tests import cast

pytestmark = pytest.mark.django_db


def grow(first: int, last: int) -> None:
    """Mailboxes with connections, brands and chats, teammates who see one, and mail in quarantine, numbered."""
    now = timezone.now()
    for n in range(first, last):
        mailbox = cast.mailbox(f"box{n}@majlis.test", name=f"box {n}")
        MailConnection.objects.create(mailbox=mailbox, in_host="localhost", checked_at=now)
        cast.give(cast.teammate(f"mate{n}@majlis.test", name=f"mate {n}", role=Role.AGENT), mailbox)
        brand = Brand.objects.create(name=f"brand {n}", logo=store(f"logo {n}".encode()), created_at=now)
        Mailbox.objects.filter(pk=mailbox.pk).update(brand=brand)
        widgets.create(cast.salma(), brand=brand, mailbox=mailbox, name=f"chat {n}", sites=["shop.example"])
        RawMessage.objects.create(
            mailbox=mailbox,
            file=store(f"raw {n}".encode()),
            route="lmtp",
            received_at=now,
            quarantined_at=now,
            error="broken",
        )


def asked(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as questions:
        assert client.get(address).status_code == 200, address
    return len(questions)


@pytest.mark.parametrize(
    "address",
    [
        "/settings/mailboxes/",
        "/settings/mailboxes/services/",
        "/settings/channels/",
        "/settings/channels/check/",
        "/settings/team/",
        "/settings/problems/",
        "/settings/team/new/",
        "/settings/profile/",
        "/settings/brands/",
        "/settings/brands/new/",
        "/settings/widgets/",
        "/settings/widgets/new/",
    ],
)
def test_settings_ask_the_same_at_few_and_at_many_rows(address: str) -> None:
    client = Client()
    client.force_login(cast.salma())
    grow(0, 3)
    few = asked(client, address)
    grow(3, 60)
    assert Mailbox.objects.count() == 60
    assert asked(client, address) == few
