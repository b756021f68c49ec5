"""The settings of the chat on a site: what is copied into the site, what is changed, and who sees the secret when."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from majlis.channels.chat import identity, widgets
from majlis.channels.chat.models import Visitor, Widget
from majlis.conversations.models import Conversation
from majlis.desk.settings_pages.widget_identity import snippet
from majlis.people.actions import brands
from majlis.people.models import Brand, Role
from tests import cast

pytestmark = pytest.mark.django_db
WIDGETS = "/settings/widgets/"


def at_desk(teammate=None) -> Client:
    """A browser the owner, or `teammate`, is signed in with; pages in English."""
    teammate = teammate or cast.salma()
    teammate.language = "en"
    teammate.save(update_fields=["language"])
    client = Client()
    client.force_login(teammate)
    return client


def house() -> Brand:
    return Brand.objects.first() or brands.create(cast.salma(), name="سدرة", name_latin="Sidra")


def made(*sites: str) -> Widget:
    return widgets.create(
        cast.salma(), brand=house(), mailbox=cast.support(), name="المتجر", sites=sites or ("shop.example",)
    )


def said(widget: Widget, **changes: object) -> dict[str, object]:
    """The form of `widget` as it stands, with changes; None leaves a field out."""
    form = {
        "name": widget.name,
        "brand": widget.brand_id,
        "mailbox": widget.mailbox_id,
        "is_on": "on",
        "sites": "\n".join(widget.sites),
        "position": "end",
        "offset_px": "20",
        "theme": "auto",
        "language": "auto",
        "greeting_ar": "",
        "greeting_en": "",
        **changes,
    }
    return {name: value for name, value in form.items() if value is not None}


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANAGER])
def test_only_owners_and_admins_come_in(role):
    widget = made()
    client = at_desk(cast.teammate("someone@majlis.test", name="أحد", role=role))
    here = f"{widget.pk}/"
    for path in (
        "",
        "new/",
        here,
        f"{here}removal",
        f"{here}preview",
        f"{here}identity/",
        f"{here}identity/renewal",
    ):
        codes = {client.get(f"{WIDGETS}{path}").status_code, client.post(f"{WIDGETS}{path}").status_code}
        assert codes <= {403, 405}, path
        assert 403 in codes, path
    assert Widget.objects.get().secret == widget.secret


def test_a_desk_without_a_chat_is_led_to_its_first_one_and_without_a_mailbox_to_that():
    client = at_desk()
    assert "/settings/mailboxes/new/" in client.get(WIDGETS).text.split("Put a chat on your site")[1]
    cast.support()
    assert f'href="{WIDGETS}new/"' in client.get(WIDGETS).text.split("Put a chat on your site")[1]


def test_a_chat_is_made_and_leads_to_the_tag_for_the_site():
    mailbox, brand, client = cast.support(), house(), at_desk()
    answer = client.post(
        f"{WIDGETS}new/",
        {"name": "Shop", "brand": brand.pk, "mailbox": mailbox.pk, "sites": "Shop.Example/cart"},
        follow=True,
    )
    widget = Widget.objects.get()
    assert widget.sites == ["https://shop.example"]
    assert answer.redirect_chain == [(f"{WIDGETS}{widget.pk}/", 302)]
    page = html.unescape(answer.text)
    assert f'<script async src="{settings.CONFIG.url}/chat/{widget.key}.js"></script>' in page
    assert f"script-src {settings.CONFIG.url};\nconnect-src {settings.CONFIG.url};" in page
    assert "https://shop.example" in client.get(WIDGETS).text


def test_a_chat_for_any_site_says_so():
    widget = made()
    client = at_desk()
    client.post(f"{WIDGETS}{widget.pk}/", said(widget, sites=" \n"))
    assert Widget.objects.get().sites == []
    assert "Any site that has its tag" in client.get(WIDGETS).text
    assert "another site may show your chat as its own" in client.get(f"{WIDGETS}{widget.pk}/").text


def test_everything_can_be_changed():
    widget = made()
    other, sales = brands.create(cast.salma(), name="واحة"), cast.sales()
    changes = {
        "name": "واحتنا",
        "brand": other.pk,
        "mailbox": sales.pk,
        "is_for_known": "on",
        "is_on": None,
        "sites": "a.example\r\nhttp://localhost:8080",
        "position": "start",
        "offset_px": "٨٠",
        "theme": "dark",
        "language": "en",
        "greeting_ar": "مرحبا",
        "greeting_en": "Hi there",
    }
    client = at_desk()
    assert client.post(f"{WIDGETS}{widget.pk}/", said(widget, **changes)).status_code == 302
    widget.refresh_from_db()
    assert (widget.name, widget.brand, widget.mailbox) == ("واحتنا", other, sales)
    assert widget.sites == ["https://a.example", "http://localhost:8080"]
    assert (widget.position, widget.offset_px, widget.theme, widget.language) == ("start", 80, "dark", "en")
    assert (widget.greeting_ar, widget.greeting_en) == ("مرحبا", "Hi there")
    assert (widget.is_on, widget.is_for_known) == (False, True)
    assert "changed the chat" in client.get("/settings/audit/").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sites": "shop.example\nnot a site"}, "\u2068not a site\u2069 is no address of a site"),
        ({"sites": "https://user@shop.example"}, "is no address of a site"),
        ({"sites": "\n".join(f"s{n}.example" for n in range(21))}, "20 sites at most"),
        ({"name": ""}, "This field is required"),
        ({"offset_px": "201"}, "less than or equal to 200"),
        ({"theme": "pink"}, "Select a valid choice"),
        ({"mailbox": "0"}, "Select a valid choice"),
        ({"greeting_ar": "س" * 201}, "at most 200"),
    ],
)
def test_what_is_refused_says_so_at_its_field_and_keeps_what_was_typed(changes, words):
    widget = made()
    page = at_desk().post(f"{WIDGETS}{widget.pk}/", said(widget, **{"greeting_en": "Still here", **changes}))
    assert page.status_code == 200
    assert page.text.count('class="field__err"') == 1
    assert words in page.text
    assert "Still here" in page.text
    widget.refresh_from_db()
    assert (widget.greeting_en, widget.sites) == ("", ["https://shop.example"])


def test_a_removed_chat_serves_no_script_any_more():
    widget = made()
    client = at_desk()
    assert Client().get(f"/chat/{widget.key}.js").status_code == 200
    assert "The chat is removed" in client.post(f"{WIDGETS}{widget.pk}/removal", follow=True).text
    assert Client().get(f"/chat/{widget.key}.js").status_code == 404


def test_the_preview_may_be_framed_by_us_alone_and_makes_nobody():
    widget = made()
    client = at_desk()
    page = client.get(f"{WIDGETS}{widget.pk}/preview")
    policy = page["Content-Security-Policy"]
    assert "frame-ancestors 'self';" in f"{policy};"
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    beside = client.get(f"{WIDGETS}{widget.pk}/")
    assert "frame-ancestors 'none'" in beside["Content-Security-Policy"]
    assert beside["X-Frame-Options"] == "DENY"

    sample = json.loads(re.findall(r'id="sample">(.*?)</script>', page.text)[0])
    assert set(sample["by_language"]) == {"ar", "en"}
    assert sample["by_language"]["ar"]["words"]["send"] != sample["by_language"]["en"]["words"]["send"]
    told = json.loads(re.findall(r'id="preview-brands">(.*?)</script>', beside.text)[0])
    assert told[str(widget.brand_id)]["name"] == {"ar": "سدرة", "en": "Sidra"}
    assert not Visitor.objects.exists()
    assert not Conversation.objects.exists()


def test_the_secret_is_shown_only_where_it_was_asked_for():
    widget = made()
    secret = widgets.secret_of(widget)
    client = at_desk()
    address = f"{WIDGETS}{widget.pk}/identity/"
    hidden = client.get(address)
    assert secret not in hidden.text
    assert secret not in client.get(f"{WIDGETS}{widget.pk}/").text
    shown = client.post(address)
    assert secret in shown.text
    assert "no-store" in shown["Cache-Control"]


def test_a_new_secret_leaves_the_one_before_a_week_and_says_until_when():
    widget = made()
    old = widgets.secret_of(widget)
    client = at_desk()
    address = f"{WIDGETS}{widget.pk}/identity/"
    assert "The secret before this one" not in client.get(address).text
    page = client.post(f"{address}renewal", follow=True).text
    assert "There is a new secret" in page
    assert "The secret before this one still works until" in page
    widget.refresh_from_db()
    assert widgets.secret_of(widget) != old
    assert widget.before_until is not None
    assert timedelta(days=6) < widget.before_until - timezone.now() <= timedelta(days=7)
    assert old not in client.post(address).text

    Widget.objects.update(before_until=timezone.now() - timedelta(seconds=1))
    assert "The secret before this one" not in client.get(address).text


def test_a_secret_of_another_key_is_told_of_plainly_and_a_new_one_works_at_once():
    widget = made()
    Widget.objects.update(secret="left out")
    client = at_desk()
    address = f"{WIDGETS}{widget.pk}/identity/"
    page = client.get(address).text
    assert "cannot read the secret" in page
    assert "Show the secret" not in page
    page = client.post(f"{address}renewal", follow=True).text
    assert "cannot read the secret" not in page
    assert "The secret before this one" not in page
    widget.refresh_from_db()
    assert (widget.secret_before, widget.before_until) == ("", None)


def test_what_is_copied_for_the_site_holds_no_secret():
    widget = made()
    page = html.unescape(at_desk().post(f"{WIDGETS}{widget.pk}/identity/").text)
    for name in ("python", "php", "node"):
        assert snippet(name) in page
        assert "MAJLIS_CHAT_SECRET" in snippet(name)
    assert f'/chat/{widget.key}.js" data-identity="TOKEN"></script>' in page
    assert "Majlis('identify', TOKEN)" in page
    assert "Never put it into a page" in page


def test_the_python_for_the_site_makes_a_token_that_is_believed():
    secret = widgets.secret_of(made())
    call = "print(majlis_identity(17, 'ليلى', 'Layla@customers.test', plan='pro', seats=3))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"{snippet('python')}\n{call}"],
        env={"MAJLIS_CHAT_SECRET": secret, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=True,
    )
    _believed(done.stdout.decode().strip(), secret)


@pytest.mark.parametrize(
    ("name", "program", "call"),
    [
        (
            "node",
            ["node", "-e"],
            "console.log(majlisIdentity(17, 'ليلى', 'Layla@customers.test', {plan: 'pro', seats: 3}))",
        ),
        (
            "php",
            ["php", "-r"],
            "echo majlis_identity(17, 'ليلى', 'Layla@customers.test', ['plan' => 'pro', 'seats' => 3]);",
        ),
    ],
)
def test_the_other_languages_name_the_same_claims_and_make_the_same_where_they_are_spoken(
    name, program, call
):
    text = snippet(name)
    claims = ("sub", "exp", "jti", "name", "email", "attributes")
    assert [claim for claim in claims if not re.search(rf"['\s]{claim}'?\s*(?:=>|[:,])", text)] == []
    assert "HS256" in text
    assert "sha256" in text
    assert "600" in text
    found = shutil.which(program[0])
    if found:
        secret = widgets.secret_of(made())
        code = f"{text.removeprefix('<?php')}\n{call}"
        done = subprocess.run(
            [found, program[1], code], env={"MAJLIS_CHAT_SECRET": secret}, capture_output=True, check=True
        )
        _believed(done.stdout.decode().strip(), secret)


def _believed(token: str, secret: str) -> None:
    now = timezone.now()
    told = identity.read(token, [secret], now=now)
    assert (told.value, told.name, told.email) == ("17", "ليلى", "layla@customers.test")
    assert told.attributes == {"plan": "pro", "seats": 3}
    assert timedelta(minutes=9) < told.expires_at - now < timedelta(minutes=11)
