"""Fails on anything that knows left from right, and on inline styles and handlers, in our CSS and templates."""

from __future__ import annotations

import re
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "majlis"
# The frame that shows somebody else's mail brings its own small style sheet.
STYLED = frozenset({"mail_frame.html"})
RULES = {
    "physical property": re.compile(
        r"(?<![\w-])(?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)\b"
        r"|border-(?:top|bottom)-(?:left|right)-radius\b|(?:left|right|top|bottom)\s*:"
        r"|(?:min-|max-)?(?:width|height)\s*:)"
    ),
    "physical value": re.compile(r"(?:text-align|float|clear|caption-side)\s*:\s*(?:left|right)\b"),
}
MEDIA = re.compile(r"@(?:media|container)[^{]*\{")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
MARKUP = {
    "inline style": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "inline handler": re.compile(r"<[^>]*\son\w+\s*=", re.IGNORECASE),
    "inline script": re.compile(r"<script(?![^>]*(?:\bsrc=|application/json))", re.IGNORECASE),
}


def in_css(text: str) -> list[str]:
    """What in a style sheet knows left from right. Widths in media queries may: a screen has them."""
    bare = MEDIA.sub("@media{", COMMENT.sub("", text))
    return [f"{name}: {found[0]}" for name, rule in RULES.items() for found in rule.finditer(bare)]


def in_markup(text: str) -> list[str]:
    """What in a template our content policy would block."""
    return [f"{name}: {found[0][:60]}" for name, rule in MARKUP.items() for found in rule.finditer(text)]


def problems(package: Path = PACKAGE) -> list[str]:
    """One line for every finding in the package's style sheets and templates."""
    lines = []
    static = package / "static"
    # The widget's style sheets are texts in its scripts.
    for sheet in sorted([*static.rglob("*.css"), *static.rglob("widget/*.js")]):
        lines += [
            f"{sheet.relative_to(package)}: {found}" for found in in_css(sheet.read_text(encoding="utf-8"))
        ]
    for folder in ("jinja", "templates"):
        for page in sorted((package / folder).rglob("*.html")):
            if page.name not in STYLED:
                text = page.read_text(encoding="utf-8")
                lines += [f"{page.relative_to(package)}: {found}" for found in in_markup(text)]
    return lines


def main() -> int:
    """0 when nothing was found, 1 and the findings otherwise."""
    found = problems()
    print("\n".join(found) if found else "style sheets are logical, templates carry no inline code")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
