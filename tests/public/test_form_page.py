"""A form's page and its frame: what they show, to whom, and what they let others do with them."""

from __future__ import annotations

import pytest
from django.test import Client

from majlis.channels.forms.fields import Condition, Field, Kind, When
from majlis.conversations.models import Entry
from majlis.people.actions import brands
from tests import cast
from tests.public.filling import form, options, send, stamp, text

pytestmark = pytest.mark.django_db
WHY = Field("why", Kind.CHOICE, "السبب", "Reason", options=(("تأخير", "Delay"), ("إرجاع", "Return")))
MORE = Field("more", Kind.TEXT, "التفاصيل", is_required=True, condition=Condition("why", When.IS, "1"))


def test_every_kind_of_field_has_its_label_and_what_was_typed() -> None:
    many = options(f"خيار {n}" for n in range(9))
    asked = form(
        *(Field(f"k_{kind}", kind, f"سؤال {kind}", options=many) for kind in Kind if kind != Kind.FILE)
    )
    page = text(
        Client().get(f"/form/{asked.key}?k_text=مرحبًا&k_choice=3&k_choice=x&k_number=٧&email=a@b.test")
    )
    assert 'value="مرحبًا"' in page
    assert '<option value="3" selected>' in page
    assert 'value="7"' in page
    assert 'value="a@b.test"' in page
    for field in asked.fields:
        assert field["label_ar"] in page


def test_a_condition_is_said_and_nothing_is_required_that_is_not_asked() -> None:
    asked = form(WHY, MORE)
    page = text(Client().get(f"/form/{asked.key}?language=ar"))
    assert "فقط إن اخترت «\u2068إرجاع\u2069» في «\u2068السبب\u2069»." in page
    assert send(asked, why="0").status_code == 200
    missing = send(asked, why="1", email="b@customers.test")
    assert missing.status_code == 422
    assert 'href="#f-more"' in text(missing)
    assert "aria-invalid" in text(missing)


def test_what_is_wrong_stands_beside_its_field_with_everything_that_was_typed() -> None:
    asked = form(WHY, Field("list", Kind.SEVERAL, "القائمة", options=options("أبج")))
    answer = send(asked, email="layla@", name="ليلى", why="1", list=["0", "2"], message="")
    page = text(answer)
    assert answer.status_code == 422
    assert 'aria-describedby="f-email-problem f-email-help" aria-invalid="true"' in page
    assert 'value="layla@"' in page
    assert page.count(" checked>") == 3
    once = page.count('role="alert"')
    assert once == 1
    given = page.split('name="stamp" value="')[1].split('"')[0]
    assert send(asked, _stamp=given).status_code == 200, "mending an answer is never too fast"


def test_the_language_is_turned_without_losing_anything() -> None:
    asked = form(WHY)
    turned = text(send(asked, _turn="en", message="نصف رسالة", email="x"))
    assert 'lang="en" dir="ltr"' in turned
    assert "Reason" in turned
    assert "نصف رسالة" in turned
    assert "aria-invalid" not in turned
    assert not Entry.objects.exists()


def test_the_language_follows_the_form_then_the_reader_then_the_brand() -> None:
    english, either = form(language="en"), form()
    assert 'lang="en"' in text(Client().get(f"/form/{english.key}?language=ar"))
    assert 'name="turn"' not in text(Client().get(f"/form/{english.key}"))
    assert 'lang="en"' in text(Client(headers={"accept-language": "en-GB,en"}).get(f"/form/{either.key}"))
    assert 'lang="ar"' in text(Client().get(f"/form/{either.key}"))
    assert 'lang="en"' in text(
        Client(headers={"accept-language": "ar"}).get(f"/form/{either.key}?language=en")
    )


def test_a_teammates_own_settings_change_nothing() -> None:
    asked = form()
    badr = Client()
    badr.force_login(cast.badr())
    page = text(badr.get(f"/form/{asked.key}?language=en"))
    assert 'lang="en"' in page
    assert "csrfmiddlewaretoken" not in page


def test_the_page_sets_no_cookie_and_is_kept_by_nobody() -> None:
    answer = Client().get(f"/form/{form().key}")
    assert not answer.cookies
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_a_frame_stands_on_its_sites_alone() -> None:
    asked = form(sites=["https://shop.test"])
    address = f"/form/{asked.key}/embed"
    answer = Client().get(address, headers={"referer": "https://shop.test/"})
    assert answer.status_code == 200
    assert "frame-ancestors https://shop.test;" in answer["Content-Security-Policy"] + ";"
    assert "X-Frame-Options" not in answer
    other = Client().get(address, headers={"referer": "https://evil.test/"})
    assert other.status_code == 403
    assert "ليس لهذا الموقع" in text(other)
    anywhere = Client().get(f"/form/{form(key='any').key}/embed", headers={"referer": "https://evil.test/"})
    assert "frame-ancestors *" in anywhere["Content-Security-Policy"]


def test_the_frames_page_is_kept_only_if_it_is_a_site_of_its_own() -> None:
    asked = form(sites=["https://shop.test"])
    send(asked, where="/embed", _page="https://evil.test/x")
    send(
        asked, where="/embed", _page="https://shop.test/x?y=1", _stamp=stamp(asked), email="b@customers.test"
    )
    pages = [(entry.details or {})["form"]["page"] for entry in Entry.objects.order_by("pk")]
    assert pages == ["", "https://shop.test/x"]


def test_the_script_names_the_frame_and_any_site_may_load_it() -> None:
    asked = form(title_ar="</script>\"'")
    answer = Client().get(f"/form/{asked.key}.js")
    script = text(answer)
    assert f"/form/{asked.key}/embed" in script
    assert "__FORM__" not in script
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "public, max-age=300"
    assert Client().get("/form/none.js").status_code == 404


def test_it_wears_the_brands_colour_and_logo() -> None:
    asked = form()
    brand = asked.brand
    brands.change(cast.salma(), brand, name=brand.name, name_latin="Sidra", colour="#7a1f3d", language="ar")
    brands.set_logo(cast.salma(), brand, b"\x89PNG\r\n\x1a\n" + b"0" * 30)
    assert "--accent-solid:light-dark(#7a1f3d,#7a1f3d)" in text(Client().get(f"/form/{asked.key}.css"))
    page = text(Client().get(f"/form/{asked.key}?language=en"))
    assert "Sidra</span>" in page
    address = page.split('contact__logo" src="')[1].split('"')[0]
    logo = Client().get(address)
    assert logo["Content-Type"] == "image/png"
    assert b"".join(logo.streaming_content).startswith(b"\x89PNG")  # type: ignore[attr-defined]
    assert Client().get(f"/form/{asked.key}/logo/999").status_code == 404


def test_a_form_that_is_off_or_gone_takes_nothing() -> None:
    off = form(is_on=False)
    assert send(off).status_code == 410
    assert "مغلق" in text(Client().get(f"/form/{off.key}?language=ar"))
    assert Client().get("/form/never").status_code == 404
    assert Client().post("/form/never").status_code == 404
    assert Client().put(f"/form/{off.key}").status_code == 405
    assert not Entry.objects.exists()


def test_the_thread_shows_the_fields_and_the_page_apart_from_the_message() -> None:
    asked = form(WHY)
    send(asked, why="1", _page="https://shop.test/تواصل")
    badr = Client()
    badr.force_login(cast.badr())
    page = text(badr.get(f"/conversations/{Entry.objects.get().conversation_id}"))
    assert '<dt dir="auto">السبب</dt><dd dir="auto">إرجاع</dd>' in page
    assert "بالنموذج «<bdi>تواصل</bdi>»" in page
    assert '<bdi class="ltr">shop.test/تواصل</bdi>' in page
    assert '<p dir="auto">أين طلبي؟</p>' in page
    assert "السبب: إرجاع</p>" not in page
