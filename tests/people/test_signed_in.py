"""A session knows its teammate, costs one query, and ends when it must."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from majlis.people.actions import teammates
from majlis.people.models import Session, Teammate
from majlis.people.sessions import (
    AuthenticationMiddleware,
    SessionMiddleware,
    revoke,
    teammate_of,
)
from tests import cast

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(teammate: Teammate) -> Client:
    client = Client()
    client.force_login(teammate, backend=BACKEND)
    return client


def asked(client: Client) -> HttpRequest:
    """A request of this browser after the session's middleware ran."""
    request = RequestFactory().get("/")
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    answer = HttpResponse()
    SessionMiddleware(lambda _: answer).process_request(request)
    AuthenticationMiddleware(lambda _: answer).process_request(request)
    return request


def test_session_and_teammate_come_by_one_query():
    badr = cast.badr()
    client = signed_in(badr)

    with CaptureQueriesContext(connection) as asked_of_database:
        request = asked(client)
        assert request.user == badr
        assert request.user.name == "بدر"
        assert teammate_of(request) == badr

    assert len(asked_of_database) == 1


def test_the_row_names_the_teammate_so_that_sessions_can_be_found():
    badr = cast.badr()
    signed_in(badr)

    assert list(Session.objects.values_list("teammate_id", flat=True)) == [badr.pk]


def test_a_visitor_without_a_session_is_nobody():
    request = asked(Client())

    assert request.user == AnonymousUser()
    assert teammate_of(request) is None


def test_an_inactive_teammate_is_nobody():
    badr = cast.badr()
    client = signed_in(badr)
    Teammate.objects.filter(pk=badr.pk).update(is_active=False)

    assert teammate_of(asked(client)) is None


def test_a_changed_password_ends_the_sessions_of_before():
    badr = cast.badr()
    client = signed_in(badr)
    assert teammate_of(asked(client)) == badr
    badr.set_password("another-lantern-43")
    badr.save()

    assert teammate_of(asked(client)) is None
    assert not Session.objects.exists()


def test_a_session_that_has_expired_is_nobody():
    client = signed_in(cast.badr())
    Session.objects.update(expire_date="2020-01-01T00:00:00Z")

    assert teammate_of(asked(client)) is None


def test_revoking_ends_every_session_of_one_and_nobody_elses():
    badr, salma = cast.badr(), cast.salma()
    phone, desk, other = signed_in(badr), signed_in(badr), signed_in(salma)

    assert revoke(badr) == 2

    assert teammate_of(asked(phone)) is None
    assert teammate_of(asked(desk)) is None
    assert teammate_of(asked(other)) == salma


def test_deactivating_signs_out_at_once():
    badr, salma = cast.badr(), cast.salma()
    client = signed_in(badr)

    teammates.deactivate(salma, badr)

    assert teammate_of(asked(client)) is None
