"""What the templates' own filters write: people's words stay safe and keep their direction."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.template import engines
from django.utils import timezone, translation

from majlis import jinja


def shown(source: str, **context: object) -> str:
    with translation.override("ar"), timezone.override("Asia/Riyadh"):
        return str(engines["jinja2"].from_string(source).render(context))


def test_each_paragraph_takes_its_own_direction_and_nothing_becomes_markup():
    text = "أهلًا\nسطر ثانٍ\n\n<b>Hello</b> & bye"
    assert shown("{{ text|paragraphs }}", text=text) == (
        '<p dir="auto">أهلًا<br>سطر ثانٍ</p><p dir="auto">&lt;b&gt;Hello&lt;/b&gt; &amp; bye</p>'
    )


def test_web_addresses_become_links_that_tell_nobody_where_they_came_from():
    link = shown("{{ text|paragraphs }}", text='see https://example.com/?a=1&b="x')
    assert 'href="https://example.com/?a=1&amp;b=' in link
    assert 'rel="noopener noreferrer nofollow"' in link
    assert "<a" not in shown("{{ text|paragraphs }}", text="javascript:alert(1)")


def test_telephone_and_order_numbers_keep_their_order_inside_arabic():
    text = "الجوال +966 55 014 2210، الطلب #48213. It's 5 + 6 at https://x.test/+966550142210#12"
    html = shown("{{ text|paragraphs }}", text=text)
    assert html.count("<bdi") == 2
    assert '<bdi class="ltr">+966 55 014 2210</bdi>،' in html
    assert '<bdi class="ltr">#48213</bdi>.' in html


def test_a_subject_is_shown_without_the_marks_of_replying():
    assert shown("{{ s|topic }}", s="Re: Fwd: رد: أين طلبي؟") == "أين طلبي؟"
    assert shown("{{ s|topic }}", s="Re: ") == shown("{{ s|topic }}", s=None) != ""


def test_no_text_is_no_paragraph():
    assert shown("{{ text|paragraphs }}", text=None) == ""
    assert shown("{{ text|paragraphs }}", text="\n\n  \n") == ""


def test_numbers_follow_the_reader():
    salma = SimpleNamespace(numerals="latn")
    assert shown("{{ 1234|num }}") == "١٬٢٣٤"
    assert shown("{{ 1234|num }}", me=salma) == "1,234"
    assert shown("{{ 1234|num }}", installation=SimpleNamespace(region="MA")) == "1,234"
    assert shown("{{ none|num }}") == ""


def test_times_are_machine_readable_too():
    at = datetime(2020, 3, 4, 5, 6, tzinfo=UTC)
    assert shown("{{ at|when(short=True) }}", at=at) == (
        '<time datetime="2020-03-04T05:06:00+00:00" title="الأربعاء ٤ مارس ٢٠٢٠ ٨:٠٦\u00a0ص">٤ مارس ٢٠٢٠</time>'
    )
    assert shown("{{ at|when }}", at=None) == ""


@pytest.mark.parametrize(
    ("name", "letter"), [("نورة", "ن"), ("«daniel»", "D"), ("  ٥ نجوم", "٥"), ("", "؟"), ("…", "؟")]
)
def test_the_avatar_shows_the_first_letter_of_a_name(name, letter):
    assert shown("{{ name|initial }}", name=name) == letter


def test_a_person_keeps_their_colour():
    assert {jinja.hue(key) for key in range(100)} == {1, 2, 3, 4, 5, 6}
    assert jinja.hue(7) == jinja.hue("7")


def test_languages_are_called_as_the_page_speaks():
    assert shown("{{ 'en'|language_name }}") == "الإنجليزية"
    assert shown("{{ 'xx-nowhere'|language_name }}") == "xx-nowhere"


def test_seconds_left_never_run_below_none():
    assert jinja.seconds_left(timezone.now() + timedelta(seconds=9.5)) == 10
    assert jinja.seconds_left(timezone.now() - timedelta(seconds=3)) == 0


def test_an_icon_mirrors_only_when_asked():
    assert 'class="ic"' in shown("{{ icon('check') }}")
    assert 'class="ic ic--dir ic--sm"' in shown("{{ icon('reply', 'ic--sm', dir=True) }}")
    assert "#i-check" in shown("{{ icon('check') }}")


def test_the_page_for_a_broken_server_needs_neither_request_nor_database():
    with translation.override("ar"):
        page = engines["jinja2"].get_template("500.html").render({})
    assert 'dir="rtl"' in page
    assert "<h1" in page
