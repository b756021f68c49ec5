"""Formatted answers reach a visitor's page as a tree of a few tags, and nothing of it is read as HTML there."""

from __future__ import annotations

import pytest

from majlis.channels.chat.tree import TAGS, Node, tree_of
from majlis.lib.rich import clean


@pytest.mark.parametrize(
    ("html", "tree"),
    [
        ("<p>مرحبا</p>", [["p", None, "مرحبا"]]),
        ('<p dir="rtl">نص <strong>مهم</strong></p>', [["p", {"dir": "rtl"}, "نص ", ["b", None, "مهم"]]]),
        ("سطر بلا فقرة", [["p", {"dir": "auto"}, "سطر بلا فقرة"]]),
        (
            "<ul><li><p>أ</p></li><li>ب</li></ul>",
            [["ul", None, ["li", None, ["p", None, "أ"]], ["li", None, "ب"]]],
        ),
        (
            '<p><a href="https://x.example/?a=1&amp;b=2">هنا</a></p>',
            [["p", None, ["a", {"href": "https://x.example/?a=1&b=2"}, "هنا"]]],
        ),
        ('<p><a href="javascript:alert(1)">لا</a></p>', [["p", None, ["a", None, "لا"]]]),
        ("<p>سطر<br>آخر</p>", [["p", None, "سطر", ["br", None], "آخر"]]),
        ('<p><img src="cid:two"></p>', [["p", None, ["img", {"file": 1}]]]),
        ('<p><img src="cid:gone">ص</p>', [["p", None, "ص"]]),
        ("<p>غير مغلق <b>أبدًا", [["p", None, "غير مغلق ", ["b", None, "أبدًا"]]]),
        ("</p></b>زائد", [["p", None], ["p", {"dir": "auto"}, "زائد"]]),
        ("<script>alert(1)</script><p onclick=x>ب</p>", [["p", None, "ب"]]),
        ("", []),
    ],
)
def test_what_was_written_becomes_these_nodes(html: str, tree: list[Node]) -> None:
    assert tree_of(clean(html), ["one", "two"]) == tree


def test_nesting_without_end_ends() -> None:
    nodes = tree_of("<blockquote>" * 500 + "x")
    deep = 0
    while nodes and isinstance(nodes[-1], list):
        assert nodes[-1][0] in TAGS
        deep, nodes = deep + 1, nodes[-1][2:]
    assert 0 < deep <= 20
