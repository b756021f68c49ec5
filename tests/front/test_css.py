"""The style sheets know start and end, not left and right; templates carry nothing the content policy blocks."""

from __future__ import annotations

import re

import pytest

from scripts import check_css

CSS = check_css.PACKAGE / "static" / "majlis" / "css"


def test_our_style_sheets_and_templates_are_clean():
    assert check_css.problems() == []


@pytest.mark.parametrize(
    "rule",
    [
        "a{margin-left:1px}",
        "a{padding-top:1px}",
        "a{left:0}",
        "a{width:3px}",
        "a{max-height:1px}",
        "a{border-top-left-radius:1px}",
        "a{text-align:right}",
    ],
)
def test_physical_directions_are_found(rule):
    assert check_css.in_css(rule)


@pytest.mark.parametrize(
    "rule",
    [
        "a{margin-inline-start:1px;inset-block-end:0;max-inline-size:1px}",
        "@media (width<720px){a{padding:0}}",
        "/* left: 0 */a{text-align:start}",
    ],
)
def test_logical_ones_are_let_through(rule):
    assert check_css.in_css(rule) == []


@pytest.mark.parametrize(
    "markup",
    ['<p style="color:red">', '<a onclick="x()">', "<script>1</script>", "<style>a{}</style>"],
)
def test_inline_code_in_templates_is_found(markup):
    assert check_css.in_markup(markup)


def test_a_script_file_and_a_block_of_data_are_let_through():
    assert check_css.in_markup('<script type="module" src="x.js"></script>') == []
    assert check_css.in_markup('<script type="application/json" id="w">{}</script>') == []


def test_every_variable_that_is_used_is_defined():
    text = "".join(sheet.read_text(encoding="utf-8") for sheet in CSS.glob("*.css"))
    text += (check_css.PACKAGE / "static" / "majlis" / "icons.svg").read_text(encoding="utf-8")
    used, defined = set(re.findall(r"var\((--[\w-]+)\)", text)), set(re.findall(r"(--[\w-]+)\s*:", text))
    assert used <= defined


def test_every_icon_a_template_asks_for_is_in_the_sprite():
    sprite = set(re.findall(r'id="i-([\w-]+)"', (check_css.PACKAGE / "static/majlis/icons.svg").read_text()))
    asked = set()
    for page in (check_css.PACKAGE / "jinja").rglob("*.html"):
        asked |= set(re.findall(r'icon\("([\w-]+)"', page.read_text(encoding="utf-8")))
    assert asked
    assert asked <= sprite
