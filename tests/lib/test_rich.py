"""What the composer makes is kept simple and harmless, and reads well as plain text."""

from __future__ import annotations

import pytest

from majlis.lib import rich


def test_simple_formatting_and_directions_stay():
    html = '<p dir="rtl" lang="ar">أهلا <strong>ليلى</strong></p><ul><li dir="auto">واحد</li></ul>'
    assert rich.clean(html) == html


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        '<p onclick="x()" style="position:fixed" class="toast">نص</p>',
        '<a href="javascript:alert(1)">نص</a>',
        '<img src="https://elsewhere.test/pixel.gif">',
        '<img src="x" onerror="alert(1)">',
        '<iframe src="/"></iframe>',
        '<p dir="evil">نص</p>',
        '<svg><a href="data:text/html,x">نص</a></svg>',
    ],
)
def test_nothing_runs_loads_or_lies_over_the_page(html: str):
    cleaned = rich.clean(html)
    for word in (
        "script",
        "onclick",
        "style",
        "class",
        "elsewhere",
        "onerror",
        "iframe",
        "evil",
        "data:",
        "<img",
    ):
        assert word not in cleaned


def test_a_picture_of_ours_becomes_a_content_id_and_an_address_again():
    html = rich.clean('<p><img src="/drafts/files/7?inline=1" alt="صورة"></p>', lambda _: "cid:seven@m")
    assert 'src="cid:seven@m"' in html
    assert rich.pictures(html) == {"seven@m"}
    assert 'src="/attachments/9"' in rich.with_pictures(html, lambda _: "/attachments/9")
    assert "<img" not in rich.with_pictures(html, lambda _: None)


def test_plain_paragraphs_are_no_formatting():
    assert not rich.is_formatted('<p dir="auto">سطر</p><p>آخر<br>وآخر</p>')
    assert rich.is_formatted('<p dir="rtl">سطر</p>')
    assert rich.is_formatted("<p><strong>سطر</strong></p>")


def test_lists_and_links_are_readable_as_text():
    html = '<p>الخطوات:</p><ol><li><p>أولا</p></li><li><p>ثانيا</p></li></ol><p><a href="https://a.test/x">هنا</a></p>'
    assert rich.text_of(html) == "الخطوات:\n\n1. أولا\n2. ثانيا\n\nهنا (https://a.test/x)"
