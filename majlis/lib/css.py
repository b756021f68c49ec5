"""Style sheets of strangers: keep what dresses a letter, drop what reaches outside it, rewrite what it loads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import tinycss2

from majlis.lib.loads import may_load

# url -> the address to use instead, or None to load nothing
Rewrite = Callable[[str], str | None]

_FAMILIES = r"background|border|font|margin|padding|text|list-style|outline|column|flex|grid|word|table|white-space|mso"
_PROPERTIES = re.compile(
    rf"(?:{_FAMILIES})(?:-[a-z-]+)?|color|display|width|height|(?:min|max)-(?:width|height)|direction|unicode-bidi"
    r"|line-height|letter-spacing|vertical-align|float|clear|overflow(?:-[xy]|-wrap)?|visibility|opacity|position"
    r"|align-(?:items|content|self)|justify-(?:items|content|self)|gap|row-gap|order|box-sizing|box-shadow|quotes"
    r"|caption-side|empty-cells|hyphens|tab-size|object-fit|aspect-ratio|page-break-[a-z]+|break-[a-z]+"
    r"|(?:inline|block)-size|inset|-webkit-text-size-adjust|-ms-text-size-adjust|writing-mode|orphans|widows"
)
_FUNCTIONS = frozenset(
    "rgb rgba hsl hsla calc min max clamp url linear-gradient radial-gradient repeating-linear-gradient"
    " repeating-radial-gradient format repeat minmax fit-content cubic-bezier".split()
)
_MEDIA_PRELUDE = re.compile(r"[\w\s():,.\-/]{1,300}")


@lru_cache(maxsize=4096)
def safe_declarations(css: str) -> str:
    """Return the harmless declarations of a style attribute: known properties, no scripts, nothing laid over a page."""
    return _declarations(
        tinycss2.parse_blocks_contents(css[:20_000], skip_comments=True, skip_whitespace=True)
    )


def safe_sheet(css: str) -> str:
    """Return a style sheet with only plain rules and @media, safe to stand inside a <style> element."""
    return _rules(tinycss2.parse_stylesheet(css[:500_000], skip_comments=True, skip_whitespace=True), depth=0)


def _rules(nodes: Iterable[Any], *, depth: int) -> str:
    out: list[str] = []
    for node in nodes:
        if node.type == "qualified-rule":
            selector = _text(node.prelude).strip()
            body = _declarations(
                tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
            )
            if body and selector and not re.search(r"[{};]|\\", selector):
                out.append(f"{selector} {{ {body} }}")
        elif node.type == "at-rule" and node.lower_at_keyword == "media" and node.content and depth < 3:
            prelude = tinycss2.serialize(node.prelude).strip()
            inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            if _MEDIA_PRELUDE.fullmatch(prelude) and (body := _rules(inner, depth=depth + 1)):
                out.append(f"@media {prelude} {{\n{body}\n}}")
    return "\n".join(out)


def _declarations(nodes: Iterable[Any]) -> str:
    kept = []
    for node in nodes:
        if node.type != "declaration" or not _PROPERTIES.fullmatch(node.lower_name):
            continue
        value = _text(node.value).strip()
        if not value or not _is_harmless(node.value):
            continue
        if node.lower_name == "position" and value.lower() not in ("static", "relative"):
            continue
        kept.append(f"{node.lower_name}: {value}{' !important' if node.important else ''}")
    return "; ".join(kept)


def _is_harmless(tokens: Iterable[Any]) -> bool:
    return all(_is_harmless_token(token) for token in tokens)


def _is_harmless_token(token: Any) -> bool:
    if token.type == "url":
        return may_load(token.value)
    if token.type == "function" and token.lower_name == "url":
        return all(may_load(part.value) for part in token.arguments if part.type == "string")
    if token.type == "function":
        return token.lower_name in _FUNCTIONS and _is_harmless(token.arguments)
    if token.type in ("() block", "[] block"):
        return _is_harmless(token.content)
    return token.type not in ("error", "{} block", "at-keyword")


def _text(tokens: Iterable[Any]) -> str:
    # «<» never leaves as itself, so nothing here can close the element it stands in.
    return str(tinycss2.serialize(tokens)).replace("<", "\\3c ")


def rewrite_urls(css: str, rewrite: Rewrite, *, is_sheet: bool) -> str:
    """Return `css` with every url(), image string and @import address passed through `rewrite`; None takes it out.

    css: the content of a style attribute, or of a <style> element when `is_sheet`.
    """
    if is_sheet:
        tokens = _rewrite_imports(tinycss2.parse_component_value_list(css), rewrite)
    else:
        tokens = tinycss2.parse_component_value_list(css)
    return _text(_rewrite(tokens, rewrite, strings=False))


def _rewrite_imports(tokens: list[Any], rewrite: Rewrite) -> list[Any]:
    out: list[Any] = []
    is_inside = False
    for token in tokens:
        if token.type == "at-keyword" and token.lower_value == "import":
            is_inside = True
        elif is_inside and token.type in ("string", "url"):
            rewrite(
                token.value
            )  # told about it, so that it is counted; never kept: it would style past the filter
        elif is_inside and token.type == "function" and token.lower_name == "url":
            _rewrite(token.arguments, rewrite, strings=True)
        if not is_inside:
            out.append(token)
        elif (token.type == "literal" and token.value == ";") or token.type == "{} block":
            is_inside = False
    return out


def _rewrite(tokens: Iterable[Any], rewrite: Rewrite, *, strings: bool) -> list[Any]:
    out: list[Any] = []
    for token in tokens:
        if token.type == "url" or (strings and token.type == "string"):
            address = rewrite(token.value)
            out += tinycss2.parse_component_value_list(f'url("{_quoted(address)}")' if address else "none")
        elif token.type == "function":
            loads = token.lower_name in (
                "url",
                "src",
                "image",
                "image-set",
                "-webkit-image-set",
                "cross-fade",
            )
            if token.lower_name in ("url", "src"):
                found = [part.value for part in token.arguments if part.type == "string"]
                address = rewrite(found[0]) if found else None
                out += tinycss2.parse_component_value_list(
                    f'url("{_quoted(address)}")' if address else "none"
                )
                continue
            token.arguments = _rewrite(token.arguments, rewrite, strings=loads)
            out.append(token)
        elif token.type in ("() block", "[] block", "{} block"):
            token.content = _rewrite(token.content, rewrite, strings=False)
            out.append(token)
        elif token.type != "error":
            out.append(token)
    return out


def _quoted(address: str) -> str:
    return re.sub(r"[\"\\\n\r\f<>]", lambda found: f"\\{ord(found.group()):x} ", address)
