"""Forms in the settings: made from a starting point, changed field by field, switched, copied, removed, brought back."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from majlis.channels.forms.fields import Condition, Field, Kind, When, read
from majlis.channels.forms.making import forget_removed
from majlis.channels.forms.models import Form
from majlis.channels.rule_models import ChannelRule
from majlis.journal.models import Event
from majlis.people.models import Teammate
from tests import cast
from tests.public.filling import brand, form, options, text

pytestmark = pytest.mark.django_db
LIST = "/settings/forms/"


def at_desk(who: Teammate) -> Client:
    client = Client()
    client.force_login(who)
    client.post("/accounts/language/", {"language": "en"})
    return client


def typed(page: str) -> dict[str, Any]:
    """What the editor's page would send as it stands."""
    body = page.split('id="settings-form"')[1].split("</form>", maxsplit=1)[0]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", body):
        given = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if given.get("type") not in ("checkbox", "radio") or " checked" in tag:
            found[given["name"]] = given.get("value", "on")
    for name, value in re.findall(r'<textarea[^>]*name="(\w[\w-]*)"[^>]*>(.*?)</textarea>', body, re.DOTALL):
        found[name] = value
    for name, inner in re.findall(r'<select[^>]*name="(\w[\w-]*)"[^>]*>(.*?)</select>', body, re.DOTALL):
        values = re.findall(r'value="([^"]*)"( selected)?', inner)
        found[name] = next((value for value, chosen in values if chosen), values[0][0])
    return found


@pytest.fixture
def salma() -> Client:
    brand()
    cast.support()
    return at_desk(cast.salma())


def test_a_form_is_made_from_a_starting_point_in_two_presses(salma: Client) -> None:
    assert "No form yet" in text(salma.get(LIST))
    page = text(salma.get(f"{LIST}new/?start=return"))
    assert "A return or an exchange" in page
    made = salma.post(f"{LIST}new/?start=return", {**typed(page), "act": "save"})
    assert made.status_code == 302, text(made)
    found = Form.objects.get()
    assert (found.name, found.mailbox, found.is_on) == ("Returns", cast.support(), True)
    fields = {field.key: field for field in read(found.fields)}
    assert fields["instead"].condition == Condition("wish", When.IS, "1")
    assert Client().get(f"/form/{found.key}").status_code == 200
    assert Event.objects.get(kind="form.made").data["name"] == "Returns"
    assert "made the form" in text(salma.get("/settings/audit/"))


def test_without_a_mailbox_it_leads_to_one() -> None:
    brand()
    salma = at_desk(cast.salma())
    for page in (LIST, f"{LIST}new/"):
        read = salma.get(page).content.decode()
        assert "It needs a mailbox, where its messages arrive." in read
        assert 'href="/settings/mailboxes/new/"' in read
        assert f"{LIST}new/?start=" not in read
    cast.support()
    for page in (LIST, f"{LIST}new/"):
        assert "It needs a mailbox" not in text(salma.get(page))
    assert f"{LIST}new/?start=" in salma.get(LIST).content.decode()


def test_fields_are_added_moved_and_removed_without_scripts_and_nothing_typed_is_lost(salma: Client) -> None:
    start = typed(text(salma.get(f"{LIST}new/?start=contact")))
    start |= {"name": "ما كتبته", "new_kind": "date"}
    page = text(salma.post(f"{LIST}new/", {**start, "act": "add"}))
    assert 'value="ما كتبته"' in page
    assert re.findall(r'name="f\d-was" value="(\w+)"', page) == ["date", "message", "files"]
    page = text(salma.post(f"{LIST}new/", {**typed(page), "act": "down:0"}))
    assert re.findall(r'name="f\d-was" value="(\w+)"', page) == ["message", "date", "files"]
    page = text(salma.post(f"{LIST}new/", {**typed(page), "act": "remove:2"}))
    assert re.findall(r'name="f\d-was" value="(\w+)"', page) == ["message", "date"]
    assert not Form.objects.exists(), "nothing is kept before somebody saves"
    page = text(salma.post(f"{LIST}new/", {**typed(page), "act": "remove:0"}))
    assert "message" in re.findall(r'name="f\d-was" value="(\w+)"', page), "the message stays"


def test_what_hangs_on_a_field_follows_its_new_name(salma: Client) -> None:
    found = form(
        Field("why", Kind.CHOICE, "السبب", "Reason", options=options(["a", "b"])),
        Field("more", Kind.TEXT, "المزيد", "More", condition=Condition("why", When.IS, "1")),
    )
    given = typed(text(salma.get(f"{LIST}{found.pk}/")))
    assert given["f1-when"] == "why|is|1"
    salma.post(f"{LIST}{found.pk}/", {**given, "f0-key": "reason", "act": "save"})
    found.refresh_from_db()
    assert read(found.fields)[1].condition == Condition("reason", When.IS, "1")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "  "}, "Write a name"),
        ({"sites": "shop"}, "is not the address of a site"),
        ({"sites": "https://shop.test;x"}, "is not the address of a site"),
        ({"mailbox": "999"}, "Choose the mailbox"),
        ({"f0-options": "one"}, "two options at least"),
        ({"f0-key": "Shop Order"}, "a short name has small Latin letters"),
        ({"f0-key": "proof"}, "a short name has small Latin letters"),
        ({"f1-key": "why"}, "the same short name"),
        ({"f0-when": "more|filled|"}, "stands below it or is gone"),
        ({"title_en": "x" * 121}, "too long"),
        ({"name": "x" * 61}, "60 letters"),
    ],
)
def test_what_cannot_be_saved_is_said_and_stays(salma: Client, changes: dict[str, str], said: str) -> None:
    found = form(
        Field("why", Kind.CHOICE, "السبب", "Reason", options=options(["a", "b"])),
        Field("more", Kind.TEXT, "المزيد", "More"),
    )
    given = {**typed(text(salma.get(f"{LIST}{found.pk}/"))), "intro_en": "Typed and kept", **changes}
    answer = salma.post(f"{LIST}{found.pk}/", {**given, "act": "save"})
    assert answer.status_code == 422
    assert said in text(answer)
    assert "Typed and kept" in text(answer)
    found.refresh_from_db()
    assert found.intro_en == ""


def test_sites_are_kept_as_origins(salma: Client) -> None:
    found = form()
    given = typed(text(salma.get(f"{LIST}{found.pk}/")))
    sites = "Shop.Example/contact\r\nhttp://localhost:8080/x\r\nhttps://shop.example"
    salma.post(f"{LIST}{found.pk}/", {**given, "sites": sites, "act": "save"})
    found.refresh_from_db()
    assert found.sites == ["https://shop.example", "http://localhost:8080"]


def test_it_is_switched_off_copied_removed_and_brought_back(salma: Client) -> None:
    found = form()
    salma.post(f"{LIST}{found.pk}/switch", {"on": "0"})
    assert Client().get(f"/form/{found.key}").status_code == 410
    salma.post(f"{LIST}{found.pk}/copies")
    copy = Form.objects.latest("pk")
    assert (copy.name, copy.is_on, copy.fields) == ("تواصل, copy", False, found.fields)
    assert copy.key != found.key
    gone = salma.post(f"{LIST}{found.pk}/removal", follow=True)
    assert "is removed" in text(gone)
    assert Client().get(f"/form/{found.key}").status_code == 404
    assert salma.get(f"{LIST}{found.pk}/").status_code == 404
    salma.post(f"{LIST}{found.pk}/return")
    assert salma.get(f"{LIST}{found.pk}/").status_code == 200
    assert list(
        Event.objects.filter(kind__startswith="form.").order_by("pk").values_list("kind", flat=True)
    ) == [*("form.changed", "form.made", "form.changed", "form.removed", "form.changed")]


def test_a_copy_is_offered_on_the_same_pages_at_the_same_hours(salma: Client) -> None:
    found = form()
    ChannelRule.objects.create(form=found, shown_on=["/contact"], never_on=["/checkout/*"], hours="open")
    salma.post(f"{LIST}{found.pk}/copies")
    kept = ChannelRule.objects.values_list("form", "shown_on", "never_on", "hours").order_by("form")
    copy = Form.objects.latest("pk")
    assert list(kept) == [(one.pk, ["/contact"], ["/checkout/*"], "open") for one in (found, copy)]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"name": " "}, "form-name"),
        ({"sites": "shop"}, "form-sites"),
        ({"mailbox": "999"}, "form-mailbox"),
        ({"f0-options": "one"}, "card-why"),
    ],
)
def test_what_is_refused_is_pointed_at(salma: Client, changes: dict[str, str], where: str) -> None:
    found = form(Field("why", Kind.CHOICE, "السبب", "Reason", options=options(["a", "b"])))
    given = {**typed(text(salma.get(f"{LIST}{found.pk}/"))), **changes}
    page = text(salma.post(f"{LIST}{found.pk}/", {**given, "act": "save"}))
    assert f'href="#{where}"' in page
    (place,) = re.findall(rf'<[^>]* id="{where}"[^>]*>', page)
    assert ' aria-invalid="true" aria-describedby="form-problem' in place or "fieldcard--wrong" in place


def test_how_many_there_may_be_is_said_in_the_reader_s_digits(salma: Client) -> None:
    found = form(Field("why", Kind.CHOICE, "السبب", "Reason", options=options(["a", "b"])))
    given = {**typed(text(salma.get(f"{LIST}{found.pk}/"))), "f0-options": "one", "act": "save"}
    salma.post("/accounts/language/", {"language": "ar"})
    assert "٣٠ على الأكثر" in text(salma.post(f"{LIST}{found.pk}/", given))


def test_a_form_that_was_removed_a_month_ago_goes_for_good(salma: Client) -> None:
    old, new = form(), form(key="new")
    for one in (old, new):
        salma.post(f"{LIST}{one.pk}/removal")
    Form.objects.filter(pk=old.pk).update(removed_at=timezone.now() - timedelta(days=31))
    assert forget_removed(now=timezone.now()) == 1
    assert list(Form.objects.all()) == [new]


def test_the_preview_shows_what_stands_in_the_editor(salma: Client) -> None:
    given = typed(text(salma.get(f"{LIST}new/?start=order")))
    shown = text(salma.post(f"{LIST}preview", {**given, "title_ar": "<b>عنوان</b>", "preview": "ar"}))
    assert "&lt;b&gt;عنوان&lt;/b&gt;" in shown
    assert "أين طلبي؟" in shown
    assert "Where is my order?" not in shown
    assert not Form.objects.exists()


def test_the_tag_to_copy_and_the_page_stand_there(salma: Client) -> None:
    found = form(key="k3y")
    page = text(salma.get(f"{LIST}{found.pk}/"))
    assert "/form/k3y.js&#34;&gt;&lt;/script&gt;" in page
    assert "/form/k3y" in page


def test_the_list_asks_the_same_at_few_and_at_many_forms(salma: Client) -> None:
    def asked() -> int:
        salma.get(LIST)
        with CaptureQueriesContext(connection) as questions:
            salma.get(LIST)
        return len(questions)

    form()
    few = asked()
    for number in range(20):
        form(key=f"more{number}")
    assert asked() == few


def test_only_owners_and_admins_come_in() -> None:
    found = form()
    badr = at_desk(cast.badr())
    for address in (LIST, f"{LIST}new/", f"{LIST}{found.pk}/"):
        assert badr.get(address).status_code == 403
    for act in ("switch", "copies", "removal", "return"):
        assert badr.post(f"{LIST}{found.pk}/{act}", {"on": "0"}).status_code == 403
    assert badr.post(f"{LIST}preview").status_code == 403
    found.refresh_from_db()
    assert found.is_on
    assert found.removed_at is None
