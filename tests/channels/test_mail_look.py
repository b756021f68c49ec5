"""Mail as it looks in Gmail, Outlook and Apple Mail, and as plain text that runs from right to left."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from majlis.channels.email import looks
from majlis.channels.email.building import Forwarded, Outgoing, Part, Quoted
from majlis.channels.email.linked import Linked
from majlis.channels.email.picture_width import width_of
from tests.channels.mail_programs import HARMLESS, as_gmail, as_word
from tests.channels.mailing import body
from tests.channels.test_building import AT, LAYLA, REPLY, as_read

RLM = "\u200f"
RICH = (
    "<p>أهلًا <strong>ليلى</strong>،</p><p>Shopify متجركم عندنا جاهز الآن</p><p>Order #48213 is on its way.</p>"
    "<ul><li><p>الأول</p></li><li><p>The second</p></li></ul><ol><li>واحد</li></ol>"
    '<p>انظر <a href="https://sidra.test/o/48213" target="_blank" rel="noopener">صفحة الطلب</a></p>'
    "<blockquote><p>أين طلبي؟</p><p>Where is it?</p></blockquote><pre><code>id = 7</code></pre>"
    '<p><img src="cid:pic" alt="صورة الطلب"></p>'
)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (900).to_bytes(4, "big") + (20).to_bytes(4, "big")
FULL = replace(
    REPLY,
    text="أهلًا ليلى",
    html=RICH,
    signature="<p>{name}<br>متجر سدرة</p>",
    parts=[Part("a.png", "image/png", PNG, "pic")],
    linked=[Linked("فيلم التركيب.mp4", 41 * 1024 * 1024, "https://desk.test/f/abc", date(2026, 12, 11))],
)
FORWARD = replace(
    REPLY,
    quoted=None,
    forwarded=Forwarded(
        LAYLA, ["support@majlis.test"], "سؤال", AT, "أين طلبي؟\nOrder 7", "ar", ZoneInfo("UTC")
    ),
)
LETTER = replace(
    REPLY,
    quoted=None,
    is_automatic=True,
    html='<div dir="rtl" style="margin:1em 0;border-inline-start:2px solid #ccc;padding-inline-start:1em"><p>نص</p></div>',
)


@pytest.mark.parametrize(
    "mail", [REPLY, FULL, FORWARD, LETTER, replace(FULL, text="Hello", html="<p>Hello</p>")]
)
def test_nothing_leaves_that_gmail_or_outlook_would_drop(mail: Outgoing):
    html = body(as_read(mail), "html")
    for kept, dropped in (as_gmail(html), as_word(html)):
        assert dropped <= HARMLESS
        assert "style" in kept
    assert "inline-start" not in html
    assert "auto" not in re.findall(r'dir="(\w+)"', html)
    blocks = re.findall(r"<(?:p|li|ul|ol|blockquote|pre|div)\b[^>]*>", html)
    assert all(" dir=" in one for one in blocks if "gmail_quote" not in one or "blockquote" in one)


def test_a_picture_has_a_width_for_outlook_and_never_more_than_the_column():
    html = body(as_read(FULL), "html")
    assert 'alt="صورة الطلب" width="600"' in html
    assert width_of(PNG) == 900
    assert width_of(b"GIF89a\x40\x01\x00\x00") == 320
    jpeg = (
        b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08" + (5).to_bytes(2, "big") + (640).to_bytes(2, "big")
    )
    assert width_of(jpeg) == 640
    assert width_of(b"\xff\xd8\xff") == width_of(b"") == 0


def test_the_sides_of_lists_and_quotations_follow_their_own_direction():
    html = body(as_read(FULL), "html")
    assert "padding:0;padding-right:2em" in html
    assert '<li dir="rtl" style="margin:0 0 .3em;text-align:right"><p dir="ltr"' in html, (
        "its mark has its room"
    )
    assert "border-right:2px solid" in html
    english = body(
        as_read(replace(REPLY, text="Hi", quoted=Quoted(LAYLA, AT, "Hi", "en", ZoneInfo("UTC")))), "html"
    )
    assert "border-left:2px solid" in english


def test_other_programs_fold_what_is_quoted():
    html = body(as_read(REPLY), "html")
    assert re.search(r'<div class="gmail_quote">\s*<div class="gmail_attr"', html)
    assert '<blockquote class="gmail_quote" type="cite"' in html


def test_a_dark_screen_may_turn_the_colours():
    html = body(as_read(REPLY), "html")
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "background" not in html
    assert '<meta charset="utf-8">' in html


def test_a_mail_says_its_language():
    assert as_read(REPLY)["Content-Language"] == "ar"
    assert as_read(replace(REPLY, text="Hello"))["Content-Language"] == "en"


def test_plain_text_in_arabic_reads_as_it_was_meant():
    assert body(as_read(replace(FULL, quoted=None)), "plain") == (
        "أهلًا ليلى،\n\n"
        f"{RLM}Shopify متجركم عندنا جاهز الآن\n\n"
        "Order #48213 is on its way.\n\n"
        "• الأول\n• The second\n\n1. واحد\n\n"
        "انظر صفحة الطلب (https://sidra.test/o/48213)\n\n"
        "> أين طلبي؟\n>\n> Where is it?\n\n"
        "id = 7\n\n"
        "صورة الطلب\n\n"
        "ملفات للتنزيل، حتى 11 ديسمبر 2026:\n• فيلم التركيب.mp4 (41.0 ميغابايت)\nhttps://desk.test/f/abc\n\n"
        "-- \n{name}\nمتجر سدرة\n"
    )


@pytest.mark.parametrize(
    ("line", "way", "expected"),
    [
        ("Apple Pay لا يعمل عندي منذ أمس", "rtl", "rtl"),
        ("Order #48213 is on its way.", "rtl", "ltr"),
        ("12 ألف", "rtl", "rtl"),
        ("«مرحبا» is a greeting in Arabic, they said", "ltr", "ltr"),
        ("مرحبا بكم في متجر سدرة", "ltr", "rtl"),
        ("48213", "rtl", "rtl"),
        ("", "rtl", "rtl"),
    ],
)
def test_a_line_runs_as_most_of_it_does(line: str, way: str, expected: str):
    assert looks.block_direction(line, way) == expected  # type: ignore[arg-type]


def test_marks_stand_only_where_a_line_would_turn():
    text = "أهلًا\n> Apple Pay لا يعمل عندي\nOrder 7\nنعم"
    assert looks.marked_lines(text, "rtl") == f"أهلًا\n> {RLM}Apple Pay لا يعمل عندي\nOrder 7\nنعم"
