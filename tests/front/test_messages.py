"""Every word has its Arabic, in the right plural, and a missing one is found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from django.conf import settings
from django.template.loader import render_to_string
from django.test import override_settings
from django.utils import translation
from django.utils.translation import trans_real

from scripts import messages

SHOWN = "%(shown)s conversation", "%(shown)s conversations"


def forget_catalogues() -> None:
    kept: Any = trans_real
    kept._translations.clear()
    kept._default = None


@pytest.fixture(scope="module")
def locale(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogue as it stands now, compiled afresh."""
    folder = tmp_path_factory.mktemp("locale")
    messages.compiled(messages.read(), folder / "ar")
    return folder


@pytest.fixture
def arabic(locale: Path) -> Iterator[None]:
    """Words come from there."""
    forget_catalogues()
    with override_settings(LOCALE_PATHS=[str(locale)]), translation.override("ar"):
        yield
    forget_catalogues()


def test_no_message_lacks_its_arabic():
    assert messages.wrong(messages.collected(), messages.read()) == []


def test_messages_are_found_in_every_way_of_writing_them(tmp_path):
    (tmp_path / "jinja").mkdir()
    (tmp_path / "jinja" / "page.html").write_text(
        "{% trans %}tagged{% endtrans %}{{ _('called') }}{{ pgettext('door', 'close') }}"
        "{% trans count=n, shown=n %}{{ shown }} cup{% pluralize count %}{{ shown }} cups{% endtrans %}"
    )
    (tmp_path / "code.py").write_text(
        "a = _('plain')\nb = ngettext('one', 'many', 2)\nc = gettext_lazy('lazy')\n"
    )
    found = {(message.id, message.context) for message in messages.collected(tmp_path) if message.id}
    assert found == {
        ("tagged", None),
        ("called", None),
        ("close", "door"),
        (("%(shown)s cup", "%(shown)s cups"), None),
        ("plain", None),
        (("one", "many"), None),
        ("lazy", None),
    }


def one(message: Any, string: Any, **flags: Any) -> list[str]:
    asked, known = Catalog(), Catalog(locale="ar")
    asked.add(message)
    if string is not None:
        known.add(message, string, **flags)
    return messages.wrong(asked, known)


def test_what_is_wrong_with_a_translation_is_told():
    assert one("Close", None) == ["not translated: Close"]
    assert one("Close", "") == ["not translated: Close"]
    assert one("Close", "إغلاق", flags=["fuzzy"]) == ["fuzzy: Close"]
    assert one("To %(name)s", "إلى") == ["placeholders differ: To %(name)s → إلى"]
    assert one(SHOWN, ("لا", "واحدة", "اثنتان", "%(shown)s", "", "%(shown)s"))[0].startswith(
        "not every plural form"
    )
    assert one(SHOWN, ("لا", "واحدة", "اثنتان", "%(shown)s", "%(shown)s", "%(shown)s")) == []


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        (0, "لا محادثات"),
        (1, "محادثة واحدة"),
        (2, "محادثتان"),
        (3, "٣ محادثات"),
        (11, "١١ محادثةً"),
        (99, "٩٩ محادثةً"),
        (100, "١٠٠ محادثة"),
        (102, "١٠٢ محادثة"),
        (103, "١٠٣ محادثات"),
        (1_011, "١٬٠١١ محادثةً"),
    ],
)
@pytest.mark.usefixtures("arabic")
def test_a_page_counts_in_six_arabic_plurals(total, expected):
    shown = render_to_string(
        "desk/_list.html",
        {"folders": [], "mailboxes": [], "rows": [], "total": total, "request": SimpleNamespace(htmx=False)},
        using="jinja2",
    )
    assert f">{expected}</span>" in shown


@pytest.mark.usefixtures("arabic")
def test_the_scripts_get_every_plural_form():
    words = render_to_string("desk/_words.html", {}, using="jinja2")
    forms = [
        '"one": "محادثة جديدة واحدة"',
        '"two": "محادثتان جديدتان"',
        '"few": "{n} محادثات جديدة"',
        '"many": "{n} محادثةً جديدة"',
        '"other": "{n} محادثة جديدة"',
    ]
    decoded = words.encode().decode("unicode_escape") if "\\u0645" in words else words
    for form in forms:
        assert form in decoded


def test_the_bracketing_locale_leaves_no_word_of_ours_outside(tmp_path):
    messages.pseudo(tmp_path)
    forget_catalogues()
    with override_settings(LOCALE_PATHS=[str(tmp_path)]), translation.override("xx"):
        shown = render_to_string("desk/_empty.html", {}, using="jinja2")
    forget_catalogues()
    assert "<h2>[Choose a conversation]</h2>" in shown
    assert settings.LANGUAGE_CODE == "ar"


def test_english_needs_no_catalogue():
    with translation.override("en"):
        assert "Choose a conversation" in render_to_string("desk/_empty.html", {}, using="jinja2")
