"""One's own profile: names, picture, signature, calendar."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from majlis.jinja import environment
from majlis.people.models import Signature, Teammate
from tests import cast

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
PROFILE = {
    "name": "سلمى",
    "language": "en",
    "numerals": "latn",
    "theme": "auto",
    "time_zone": "Asia/Riyadh",
    "calendar": "gregorian",
}


def at_desk(teammate: Teammate) -> Client:
    client = Client()
    client.force_login(teammate)
    client.post("/accounts/language/", {"language": "en"})
    return client


def upload(client: Client, content: bytes, name: str = "me.png") -> str:
    file = SimpleUploadedFile(name, content, content_type="image/png")
    return client.post("/settings/profile/picture", {"picture": file}, follow=True).text


def test_both_names_are_kept_and_the_reader_decides_which_is_shown():
    salma = cast.salma()
    at_desk(salma).post("/settings/profile/", PROFILE | {"name_latin": "Salma"})

    salma.refresh_from_db()
    assert (salma.name_for("ar"), salma.name_for("en")) == ("سلمى", "Salma")
    assert cast.badr().name_for("en") == "بدر"


def test_a_signature_is_written_as_lines_kept_as_harmless_html_and_comes_back_as_lines():
    salma = cast.salma()
    client = at_desk(salma)
    written = "سلمى\nمتجر سدرة\n\n<script>x</script>"

    client.post("/settings/profile/", PROFILE | {"signature": written})

    html = Signature.objects.get(teammate=salma).html
    assert html.count("<p") == 2
    assert "<script" not in html
    assert "سلمى\nمتجر سدرة\n\n&lt;script&gt;" in client.get("/settings/profile/").text
    client.post("/settings/profile/", PROFILE | {"signature": ""})
    assert not Signature.objects.exists()


def test_a_picture_is_shown_at_an_address_of_its_own_to_whoever_is_signed_in():
    salma, badr = cast.salma(), cast.badr()
    page = upload(at_desk(salma), PNG)

    salma.refresh_from_db()
    address = f"/teammates/{salma.pk}/picture/{salma.picture_id}"
    assert address in page
    shown = at_desk(badr).get(address)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/png")
    assert b"".join(shown.streaming_content) == PNG  # type: ignore[attr-defined]
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in shown["Content-Security-Policy"]
    assert "private" in shown["Cache-Control"]
    assert Client().get(address).status_code == 302
    assert at_desk(badr).get(f"/teammates/{badr.pk}/picture/{salma.picture_id}").status_code == 404


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This file is no picture"),
        (b"GIF89a" + b"\0" * 20, "This file is no picture"),
        (PNG + b"\0" * (1024 * 1024), "The picture is too large"),
        (b"", "This file is no picture"),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused_in_words(content: bytes, said: str):
    salma = cast.salma()
    assert said in upload(at_desk(salma), content)
    salma.refresh_from_db()
    assert salma.picture_id is None


def test_a_picture_is_taken_away_again():
    salma = cast.salma()
    client = at_desk(salma)
    upload(client, PNG)
    client.post("/settings/profile/picture", {"remove": "1"})
    salma.refresh_from_db()
    assert salma.picture_id is None
    assert "Choose a picture first" in client.post("/settings/profile/picture", follow=True).text


def test_hijri_days_stand_beside_gregorian_ones_for_whoever_wants_them():
    salma = cast.salma()
    client = at_desk(salma)
    client.post("/settings/profile/", PROFILE | {"calendar": "hijri"})
    salma.refresh_from_db()
    assert salma.calendar == "hijri"

    template = environment().from_string("{{ at|day }}|{{ at|when }}|{{ at|when(short=True) }}")
    at = datetime(2020, 4, 24, 9, 0, tzinfo=UTC)
    from django.utils import translation

    with translation.override("en"):
        wanted = template.render(me=salma, at=at)
        plain = template.render(me=cast.badr(), at=at)
    assert wanted.count("1 Ramadan 1441 AH") == 4  # two texts, two tooltips
    assert ">24 April 2020</time>" in wanted.split("|")[2]
    assert "Ramadan" not in plain
    with translation.override("ar"):
        assert "١ رمضان ١٤٤١ هـ" in template.render(me=Teammate(calendar="hijri", numerals="arab"), at=at)
