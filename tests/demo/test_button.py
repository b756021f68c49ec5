"""The button for the made-up shop: who may press it, what it says, and that it outlives a restart."""

from __future__ import annotations

import pytest
from django.test import Client

from majlis.people.actions import demo as asking
from majlis.people.models import Demo, Teammate
from tests import cast

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(client: Client, who: Teammate) -> Client:
    client.force_login(who, backend=BACKEND)
    return client


def test_asked_for_it_waits_for_the_worker_and_tells_how_far_it_is(client: Client) -> None:
    signed_in(client, cast.salma())

    assert client.post("/settings/demo/")["Location"] == "/settings/demo/"

    assert (Demo.objects.get().asked, Demo.objects.get().asked_by) == ("make", cast.salma())
    asking.progress(30, 120)
    page = client.get("/settings/demo/").text
    assert '<progress class="demo__bar" max="100" value="25"' in page
    assert 'hx-get="/settings/demo/progress"' in page
    assert "HX-Refresh" not in client.get("/settings/demo/progress")
    again = client.post("/settings/demo/", follow=True)
    assert "المتجر التجريبي قيد الإنشاء أو الإزالة الآن" in again.text


def test_what_came_to_nothing_says_so_and_can_be_asked_for_again(client: Client) -> None:
    signed_in(client, cast.salma())
    client.post("/settings/demo/")
    asking.fail("MemoryError")

    page = client.get("/settings/demo/").text

    assert "تعذّر ذلك" in page
    client.post("/settings/demo/")
    assert (Demo.objects.get().asked, Demo.objects.get().problem) == ("make", "")


def test_only_those_who_keep_the_settings_may(client: Client) -> None:
    cast.salma()
    signed_in(client, cast.badr())

    for answer in (
        client.get("/settings/demo/"),
        client.get("/settings/demo/progress"),
        client.post("/settings/demo/"),
        client.post("/settings/demo/removal"),
    ):
        assert answer.status_code == 403
    assert not Demo.objects.exists()
    assert Client().post("/settings/demo/").status_code == 302


def test_the_first_run_offers_it_beside_the_first_mailbox(client: Client) -> None:
    page = signed_in(client, cast.salma()).get("/setup/mailbox/").text

    assert 'action="/settings/demo/"' in page
    assert "التجربة بمتجر تجريبي" in page


def test_removing_what_is_not_there_is_refused_in_words(client: Client) -> None:
    page = signed_in(client, cast.salma()).post("/settings/demo/removal", follow=True)

    assert "لا يوجد متجر تجريبي هنا" in page.text
