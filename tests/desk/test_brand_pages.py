"""The settings of brands: who may open them, what they change, and that a refusal keeps what was typed."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from majlis.channels.chat import widgets
from majlis.people.actions import brands
from majlis.people.models import Brand, Role
from tests import cast

pytestmark = pytest.mark.django_db
BRANDS = "/settings/brands/"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
SAID = {"name": "سدرة", "name_latin": "Sidra", "language": "ar", "colour": "#0f6b74"}


def at_desk(teammate=None) -> Client:
    """A browser the owner, or `teammate`, is signed in with; pages in English."""
    teammate = teammate or cast.salma()
    teammate.language = "en"
    teammate.save(update_fields=["language"])
    client = Client()
    client.force_login(teammate)
    return client


def house() -> Brand:
    return brands.create(cast.salma(), name="سدرة")


def second() -> Brand:
    return brands.create(cast.salma(), name="واحة", colour="#ffee00")


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANAGER])
def test_only_owners_and_admins_come_in(role):
    first = house()
    client = at_desk(cast.teammate("someone@majlis.test", name="أحد", role=role))
    for path in ("", "new/", f"{first.pk}/", f"{first.pk}/logo", f"{first.pk}/removal"):
        codes = {client.get(f"{BRANDS}{path}").status_code, client.post(f"{BRANDS}{path}", SAID).status_code}
        assert codes <= {403, 405}, path
        assert 403 in codes, path
    assert BRANDS not in client.get("/settings/profile/").text
    assert Brand.objects.count() == 1


def test_the_list_marks_the_house_and_says_what_belongs_to_each():
    first, other = house(), second()
    sales, support = cast.sales(), cast.support()
    brands.give_mailboxes(cast.salma(), other, {sales.pk})
    widgets.create(cast.salma(), brand=other, mailbox=sales, name="متجر الواحة")

    page = at_desk().get(BRANDS).text
    rows = {
        brand.pk: page.split(f'id="brand-row-{brand.pk}"')[1].split("</section>")[0]
        for brand in (first, other)
    }
    assert "The house" in rows[first.pk]
    assert "The house" not in rows[other.pk]
    assert support.name in rows[first.pk]
    assert sales.name not in rows[first.pk]
    assert sales.name in rows[other.pk]
    assert "متجر الواحة" in rows[other.pk]
    assert 'fill="#ffee00"' in rows[other.pk]


def test_the_list_of_a_desk_without_any_says_what_a_brand_is():
    assert "No brand yet" in at_desk().get(BRANDS).text


def test_a_brand_is_made_with_its_mailboxes_and_leads_to_its_logo():
    house()
    support = cast.support()
    answer = at_desk().post(
        f"{BRANDS}new/", {"name": " واحة ", "language": "en", "colour": "ABC", "mailboxes": [support.pk]}
    )
    made = Brand.objects.get(name="واحة")
    assert answer["Location"] == f"{BRANDS}{made.pk}/"
    assert (made.colour, made.language, made.name_latin) == ("#aabbcc", "en", "")
    support.refresh_from_db()
    assert support.brand == made


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"colour": "blue-ish"}, "That is no colour. Write it like #0f6b74."),
        ({"colour": "#12345"}, "That is no colour."),
        ({"name": "  "}, "This field is required."),
        ({"name": "سدرة", "name_latin": "Elsewhere"}, "There is one called"),
        ({"language": "fr"}, "Select a valid choice"),
    ],
)
def test_what_is_refused_says_so_at_its_field_and_keeps_the_rest(said, words):
    house()
    page = at_desk().post(f"{BRANDS}new/", {**SAID, "name": "واحة", "name_latin": "Waha & Co", **said})
    assert page.status_code == 200
    assert page.text.count('class="field__err"') == 1
    assert words in page.text
    assert 'aria-invalid="true"' in page.text
    assert (said.get("name_latin") or "Waha &amp; Co") in page.text
    assert Brand.objects.count() == 1


def test_a_name_that_is_taken_stays_in_the_field_and_out_of_the_title():
    house()
    other = second()
    page = at_desk().post(f"{BRANDS}{other.pk}/", {**SAID, "name": "سدرة"}).text
    assert 'value="سدرة"' in page
    assert 'id="page-title">واحة<' in page


def test_mailboxes_move_to_a_brand_and_back_to_the_house():
    house()
    other = second()
    support, sales = cast.support(), cast.sales()
    client = at_desk()
    said = {"name": "واحة", "language": "ar", "colour": "#ffee00"}
    client.post(f"{BRANDS}{other.pk}/", {**said, "mailboxes": [support.pk, sales.pk]})
    assert set(other.mailboxes.all()) == {support, sales}
    client.post(f"{BRANDS}{other.pk}/", {**said, "mailboxes": [sales.pk]})
    support.refresh_from_db()
    assert (support.brand, set(other.mailboxes.all())) == (None, {sales})
    acts = client.get("/settings/audit/").text
    assert acts.count("changed the brand <bdi>واحة</bdi>: mailboxes") == 2
    client.post(f"{BRANDS}{other.pk}/", {**said, "mailboxes": [sales.pk]})
    assert client.get("/settings/audit/").text.count("changed the brand") == acts.count("changed the brand")


def test_the_house_has_no_list_of_mailboxes_to_lose_them_by():
    first, support = house(), cast.support()
    brands.give_mailboxes(cast.salma(), first, {support.pk})
    client = at_desk()
    assert 'name="mailboxes"' not in client.get(f"{BRANDS}{first.pk}/").text
    client.post(f"{BRANDS}{first.pk}/", {**SAID, "colour": "#112233"})
    support.refresh_from_db()
    first.refresh_from_db()
    assert (support.brand, first.colour) == (first, "#112233")


def test_how_text_reads_on_a_colour_is_said():
    client = at_desk()
    first, other = house(), second()
    assert "easy to read: contrast 6.2 to 1" in client.get(f"{BRANDS}{first.pk}/").text
    brands.change(cast.salma(), other, name="واحة", name_latin="", colour="#e4002b", language="ar")
    page = client.get(f"{BRANDS}{other.pk}/").text
    assert "easy to read: contrast 4.8 to 1" in page
    brands.change(cast.salma(), other, name="واحة", name_latin="", colour="#757c70", language="ar")
    assert "hard to read: contrast 4.3 to 1" in client.get(f"{BRANDS}{other.pk}/").text


def test_a_logo_is_shown_taken_away_and_nothing_but_a_small_picture():
    first, client = house(), at_desk()
    address = f"{BRANDS}{first.pk}/logo"

    def send(content: bytes) -> str:
        return client.post(address, {"logo": SimpleUploadedFile("logo.png", content)}, follow=True).text

    assert "no picture" in send(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert "512 KB at most" in send(PNG + b"\0" * 512 * 1024)
    assert "Choose a picture first" in client.post(address, follow=True).text
    page = send(PNG)
    assert "The logo is saved" in page
    shown = page.split('class="brandrow__logo" src="')[1].split('"')[0]
    assert client.get(shown).getvalue() == PNG
    assert 'class="brandrow__logo"' in client.get(BRANDS).text
    assert "brandrow__logo" not in client.post(address, {"remove": "1"}, follow=True).text
    assert "changed the brand" in client.get("/settings/audit/").text


def test_a_brand_goes_only_when_nothing_stands_under_it():
    first, other = house(), second()
    brands.give_mailboxes(cast.salma(), other, {cast.sales().pk})
    widget = widgets.create(cast.salma(), brand=other, mailbox=cast.sales(), name="متجر")
    client = at_desk()
    assert "own brand stays" in client.post(f"{BRANDS}{first.pk}/removal", follow=True).text
    assert "belongs to this brand" in client.post(f"{BRANDS}{other.pk}/removal", follow=True).text
    assert Brand.objects.count() == 2
    widgets.remove(cast.salma(), widget)
    assert "The brand is removed" in client.post(f"{BRANDS}{other.pk}/removal", follow=True).text
    sales = cast.sales()
    assert sales.brand is None
