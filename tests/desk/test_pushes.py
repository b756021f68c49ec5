"""Browsers turn pushes on and off for their own session; the desk can be installed and has a page without a network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from pytest_django import Settings

from majlis.channels import push_identity
from majlis.people.actions import sessions
from majlis.people.actions.push_subscriptions import MOST
from majlis.people.models import Installation, PushSubscription, Teammate
from tests import cast
from tests.push_service import Browser, PushService

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(settings: Settings) -> Iterator[PushService]:
    with PushService() as running:
        settings.CONFIG = replace(settings.CONFIG, push_allow=(running.url,))
        yield running


def at_desk(teammate: Teammate) -> Client:
    client = Client()
    client.force_login(teammate)
    return client


def turn_on(client: Client, browser: Browser, **other: str) -> int:
    told = json.dumps({**browser.handed_in(), **other})
    return client.post("/push/subscription", told, content_type="application/json").status_code


def test_a_browser_subscribes_once_and_again_brings_it_up_to_date(service: PushService) -> None:
    badr, salma = cast.badr(), cast.salma()
    client, phone = at_desk(badr), service.browser("phone")
    assert client.get("/push/subscription").json() == {"key": push_identity.public_key()}
    assert turn_on(client, phone) == 204
    PushSubscription.objects.update(failures=7)
    assert turn_on(client, phone) == 204
    found = PushSubscription.objects.get()
    assert (found.teammate_id, found.session_id, found.failures) == (badr.pk, client.session.session_key, 0)

    assert turn_on(at_desk(salma), phone) == 204  # she uses this browser now
    assert PushSubscription.objects.get().teammate_id == salma.pk


def test_turning_off_forgets_the_browser_and_nobody_can_turn_off_another(service: PushService) -> None:
    badr, noura = at_desk(cast.badr()), at_desk(cast.noura())
    phone = service.browser("phone")
    turn_on(badr, phone)
    body = json.dumps({"endpoint": phone.endpoint})
    noura.delete("/push/subscription", body, content_type="application/json")
    assert PushSubscription.objects.exists()
    assert noura.post("/push/tests", body, content_type="application/json").status_code == 422
    assert badr.delete("/push/subscription", body, content_type="application/json").status_code == 204
    assert not PushSubscription.objects.exists()


def test_strangers_and_forged_requests_turn_nothing_on(service: PushService) -> None:
    cast.salma()
    phone = service.browser("phone")
    assert turn_on(Client(), phone) == 302
    assert Client().get("/push/subscription").status_code == 302
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(cast.badr())
    assert turn_on(forged, phone) == 403
    assert not PushSubscription.objects.exists()


def test_what_cannot_be_pushed_to_is_refused_in_a_sentence(service: PushService) -> None:
    client, phone = at_desk(cast.badr()), service.browser("phone")
    for other in ({"endpoint": "https://192.168.1.1/x"}, {"key": "AAAA"}, {"auth": ""}):
        assert turn_on(client, phone, **other) == 422
    assert not PushSubscription.objects.exists()


def test_of_more_than_ten_browsers_the_oldest_go(service: PushService) -> None:
    client = at_desk(cast.badr())
    for number in range(MOST + 2):
        turn_on(client, service.browser(f"b{number}"))
    kept = PushSubscription.objects.order_by("pk").values_list("endpoint", flat=True)
    assert [one.rpartition("/b")[2] for one in kept] == [str(number) for number in range(2, MOST + 2)]


def test_signing_out_and_revoking_a_session_end_its_subscriptions_alone(service: PushService) -> None:
    badr = cast.badr()
    here, there, phone = at_desk(badr), at_desk(badr), at_desk(badr)
    for client, name in ((here, "here"), (there, "there"), (phone, "phone")):
        turn_on(client, service.browser(name))

    def standing() -> list[str]:
        found = PushSubscription.objects.order_by("pk").values_list("endpoint", flat=True)
        return [one.rpartition("/")[2] for one in found]

    phone.post("/accounts/logout/")
    assert standing() == ["here", "there"]
    sessions.end(badr, badr, keep=here.session.session_key)
    assert standing() == ["here"]
    turn_on(phone, service.browser("phone"))
    assert standing() == ["here"]


@pytest.mark.parametrize(("answer", "status", "left"), [(201, 204, 1), (410, 422, 0), (500, 422, 1)])
def test_a_test_says_how_it_went(service: PushService, answer: int, status: int, left: int) -> None:
    client, phone = at_desk(cast.badr()), service.browser("phone")
    turn_on(client, phone)
    service.answers["phone"] = [(answer, {})]
    body = json.dumps({"endpoint": phone.endpoint})
    response = client.post("/push/tests", body, content_type="application/json")
    assert response.status_code == status
    assert phone.pushed()[0]["test"] is True
    assert ("X-Majlis-Told" in response) == (status == 204)
    assert PushSubscription.objects.count() == left


def test_the_manifest_names_the_company_and_its_team_in_the_language_of_the_installation() -> None:
    cast.company()
    Installation.objects.update(called="service")
    response = Client().get("/manifest.webmanifest", headers={"Accept-Language": "en"})
    told = response.json()
    assert response["Content-Type"] == "application/manifest+json"
    assert (told["name"], told["short_name"]) == ("متجر سدرة · خدمة العملاء", "متجر سدرة")
    assert (told["lang"], told["dir"], told["display"], told["scope"]) == ("ar", "rtl", "standalone", "/")
    Installation.objects.update(language="en", company="Sidra and Daughters of Riyadh")
    told = Client().get("/manifest.webmanifest").json()
    assert (told["name"], told["short_name"], told["dir"]) == (
        "Sidra and Daughters of Riyadh · Customer service",
        "Majlis",
        "ltr",
    )
    for icon in told["icons"]:
        found = finders.find(icon["src"].removeprefix("/static/"))
        assert found, icon


def test_the_worker_and_the_page_without_a_network_are_of_nobody() -> None:
    client = at_desk(cast.badr())
    script = client.get("/sw.js")
    assert (script["Content-Type"], script["Cache-Control"]) == ("text/javascript; charset=utf-8", "no-cache")
    assert "worker-src 'self'" in client.get("/settings/profile/")["Content-Security-Policy"]
    told = json.loads(script.text.partition("const DESK = ")[2].partition(";\n")[0])
    assert client.get("/offline").content == Client().get("/offline").content
    page = client.get(told["page"]).text
    for file in told["files"]:
        assert file in page
        assert finders.find(file.removeprefix("/static/").partition("?")[0]), file
    assert Client().get("/sw.js").content == script.content
