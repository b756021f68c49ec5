"""A stranger's HTML keeps its looks and loses its teeth."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from majlis.lib.html import from_text, rewrite_remote, sanitise, to_text
from tests.letters import LETTERS

KEPT = [
    '<p dir="rtl" lang="ar">مرحبا</p>',
    '<table width="600" bgcolor="#eeeeee"><tbody><tr><td colspan="2" align="right">نص</td></tr></tbody></table>',
    '<p style="color: red; text-align: right">a</p>',
    '<img src="cid:logo@x" alt="شعار" width="20">',
    '<blockquote type="cite">q</blockquote>',
    '<img src="data:image/png;base64,AAAA">',
]
TEETH = [
    '<p style="background: url(cid:a) expression(alert(1))">x</p>',
    '<p style="background: url(cid:a), url(javascript:1)">x</p>',
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '<a href="javascript:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>', '<a href="data:text/html,<script>1</script>">x</a>',
    "<svg onload=alert(1)><script>1</script></svg>", "<iframe src=//evil.example></iframe>",
    "<form action=//evil.example><input name=a><button>go</button></form>", "<meta http-equiv=refresh content=0>",
    "<base href=//evil.example>", "<object data=x></object>", "<embed src=x>", "<link rel=stylesheet href=//e>",
    '<p style="position:fixed;top:0">x</p>', '<p style="width:expression(alert(1))">x</p>',
    '<p style="-moz-binding:url(x)">x</p>', '<p style="behavior:url(x)">x</p>', "<style>@import url(//evil.example);</style>",
    "<style>p{position:fixed}</style>", '<style>a[b="</style><script>alert(1)</script>"]{color:red}</style>',
    "<style>p{x:</style ><script>alert(1)</script>}", "<math><mtext></p><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", '<img src="data:image/svg+xml,<svg onload=1>">',
    "<textarea><script>alert(1)</script></textarea>", "<xmp><script>alert(1)</script></xmp>", "<!--><script>1</script>-->",
    "<body onload=alert(1) style='background:url(javascript:1)'>", "<html dir='rtl\" onclick=\"x'><p>y",
    "<style>\\3c/style>\\3cscript>alert(1)</style>", "<style>p{color:red}</sty", "<style>@media x{p{position:sticky}}</style>",
]  # fmt: skip
BITING = re.compile(
    r"<\s*/?\s*(?:script|svg|iframe|form|input|button|meta|base|object|embed|link|math|textarea|noscript|html|body)\b"
    r"|<[^>]*\son\w+\s*=|javascript:\S|expression\(|@import|-moz-binding|behavior\s*:|position\s*:\s*(?:fixed|sticky)"
    r"|data:text|image/svg",
    re.IGNORECASE,
)


def _tags(html: str) -> str:
    """Leave out text, which may say anything: only tags and style sheets can bite."""
    sheets = "".join(re.findall(r"<style>(.*?)</style>", html, re.DOTALL))
    return sheets + "".join(re.findall(r"<(?:\"[^\"]*\"|[^\">])*>", html))


@pytest.mark.parametrize("html", KEPT)
def test_the_looks_of_real_mail_stay(html: str) -> None:
    assert sanitise(html) == html


@pytest.mark.parametrize("html", TEETH)
def test_nothing_that_bites_stays(html: str) -> None:
    assert not BITING.search(_tags(sanitise(f"<p>before</p>{html}<p>after</p>")))


@settings(deadline=None, max_examples=200, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.sampled_from([*TEETH, *KEPT, "<style>", "</style>", "<p>", '"', "'", ">", "<!--"])
        | st.text(LETTERS, max_size=6)
    )
)
def test_no_mixture_bites(pieces: list[str]) -> None:
    clean = sanitise("".join(pieces))
    assert not BITING.search(_tags(clean))
    rewritten, _ = rewrite_remote(clean, cid=lambda _: None, remote=lambda _: None)
    assert not BITING.search(_tags(rewritten))
    assert "evil.example" not in _tags(re.sub(r'<a href="[^"]*"', "<a", rewritten))


def test_links_open_elsewhere_and_tell_nothing() -> None:
    assert sanitise('<a href="https://shop.example/">x</a>') == (
        '<a href="https://shop.example/" target="_blank" rel="noopener noreferrer">x</a>'
    )


def test_the_direction_of_the_page_stays_with_the_content() -> None:
    clean = sanitise(
        '<html lang="ar"><body dir="rtl" bgcolor="#ffffff" style="margin:0"><p>نعم</p></body></html>'
    )
    assert clean == '<div lang="ar" dir="rtl" style="margin: 0; background-color: #ffffff"><p>نعم</p></div>'


def test_a_style_sheet_stays_rule_by_rule() -> None:
    clean = sanitise(
        "<style>@import 'x'; .a{color:red;behavior:url(x)} @media (max-width:600px){.b{width:100%}}</style><p>x</p>"
    )
    assert clean == (
        "<style>.a { color: red }\n@media (max-width:600px) {\n.b { width: 100% }\n}</style><p>x</p>"
    )


def _rewritten(html: str) -> tuple[str, int]:
    return rewrite_remote(html, cid=lambda cid: f"/part/{cid}", remote=lambda url: f"/proxy?u={url}")


@pytest.mark.parametrize(
    ("html", "rewritten", "count"),
    [
        ('<img src="https://t.example/p.gif">', '<img src="/proxy?u=https://t.example/p.gif">', 1),
        ('<img src="//t.example/p.gif">', '<img src="/proxy?u=https://t.example/p.gif">', 1),
        ('<img src="/\\t.example/p">', '<img src="/proxy?u=https://t.example/p">', 1),
        ('<img src=" ht\ntp://t.example/p">', '<img src="/proxy?u=http://t.example/p">', 1),
        ('<img src="cid:logo%40x">', '<img src="/part/logo@x">', 0),
        ('<img src="/logout">', "<img>", 0),
        ('<img src="file:///etc/passwd">', "<img>", 0),
        ('<img src="data:image/png;base64,AA">', '<img src="data:image/png;base64,AA">', 0),
        (
            '<img srcset="https://a.example/1 1x, //b.example/2 2x">',
            '<img srcset="/proxy?u=https://a.example/1 1x, /proxy?u=https://b.example/2 2x">',
            2,
        ),
        (
            '<td background="http://t.example/b">x</td>',
            '<td background="/proxy?u=http://t.example/b">x</td>',
            1,
        ),
        (
            '<p style="background: url(http://t.example/c)">x</p>',
            '<p style="background: url(&quot;/proxy?u=http://t.example/c&quot;)">x</p>',
            1,
        ),
        (
            '<p style="background: u\\72l(http://t.example/c)">x</p>',
            '<p style="background: url(&quot;/proxy?u=http://t.example/c&quot;)">x</p>',
            1,
        ),
        (
            "<style>p { background: url(http://t.example/d) }</style>",
            '<style>p { background: url("/proxy?u=http://t.example/d") }</style>',
            1,
        ),
        (
            "<style>@import 'http://t.example/e';p { color: red }</style>",
            "<style>p { color: red }</style>",
            1,
        ),
        (
            '<a href="https://shop.example/">x</a> &amp; &#1593;',
            '<a href="https://shop.example/">x</a> &amp; &#1593;',
            0,
        ),
    ],
)
def test_every_load_goes_another_way(html: str, rewritten: str, count: int) -> None:
    assert _rewritten(html) == (rewritten, count)


def test_a_refused_load_is_gone_but_counted() -> None:
    html = '<img src="https://t.example/p"><p style="background: url(//t.example/q); color: red">x</p>'
    assert rewrite_remote(html, cid=lambda _: None, remote=lambda _: None) == (
        '<img><p style="background: none; color: red">x</p>',
        2,
    )


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two<br>lines</p>", "one\n\ntwo\nlines"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("<ul><li>a<li>b</ul><ol><li>c<li>d</ol>", "• a\n• b\n\n1. c\n2. d"),
        ('<a href="https://shop.example/x">هنا</a>', "هنا (https://shop.example/x)"),
        ('<a href="https://shop.example">shop.example</a>', "shop.example"),
        ('<a href="mailto:a@b.example">write</a>', "write"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<p>a &amp; b &lt;c&gt;&nbsp;d</p>", "a & b <c> d"),
        ("<style>p{}</style><script>x</script><title>t</title><p>seen</p><!-- not -->", "seen"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ('<img alt="شعار" src=x> نص', "شعار نص"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_html_is_read_as_text(html: str, text: str) -> None:
    assert to_text(html) == text


@given(st.text("<>/abp \"'=&#;!-\x00\ud800x", max_size=60))
def test_no_html_makes_reading_fail(html: str) -> None:
    clean = html.encode("utf-8", "replace").decode()
    to_text(clean)
    rewrite_remote(sanitise(clean), cid=lambda _: None, remote=lambda _: None)


def test_plain_text_becomes_paragraphs_that_find_their_own_direction() -> None:
    assert from_text("مرحبا <Salma>\nسطر\n\nSecond & last") == (
        '<p dir="auto">مرحبا &lt;Salma&gt;<br>سطر</p>\n<p dir="auto">Second &amp; last</p>'
    )


def test_links_and_addresses_in_plain_text_are_clickable_without_their_punctuation() -> None:
    html = from_text("انظر https://shop.example/a?b=1&c=2، أو www.shop.example. أو layla@customer.example")
    assert re.findall('href="([^"]*)"', html) == [
        "https://shop.example/a?b=1&amp;c=2",
        "https://www.shop.example",
        "mailto:layla@customer.example",
    ]
    assert sanitise(html).count('target="_blank"') == 3


def test_html_made_to_keep_a_processor_busy_is_read_in_seconds() -> None:
    began = time.perf_counter()
    for html in (
        "<div>" * 100_000,
        "<b><i>" * 40_000,
        '<div x="<">' * 40_000,
        "<style>" * 20_000,
        "<" * 200_000,
        "<a" * 100_000,
    ):
        sanitise(html)
        to_text(html)
    assert time.perf_counter() - began < 10
