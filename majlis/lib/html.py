"""HTML written by strangers: made harmless, without remote loads, or read as plain text; and text made HTML."""

from __future__ import annotations

import html as stdlib_html
import re
from collections.abc import Callable
from html.parser import HTMLParser

import nh3

from majlis.lib import css, loads
from majlis.lib.plain import from_text, to_text, without_deep_nesting

__all__ = ["from_text", "rewrite_remote", "sanitise", "to_text"]

TAGS = frozenset(
    "a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details"
    " dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p"
    " pre q s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul"
    " var wbr".split()
)
DROPPED_WITH_CONTENT = frozenset(
    "script style title template noscript noembed noframes iframe frame frameset object embed applet svg math xml"
    " select option textarea plaintext xmp audio video canvas".split()
)
_EVERYWHERE = set(
    "dir lang style class id title align valign bgcolor background color width height border".split()
)
ATTRIBUTES: dict[str, set[str]] = {
    "*": _EVERYWHERE,
    "a": {"href", "name"},
    "img": {"src", "srcset", "alt", "hspace", "vspace"},
    "table": {"cellpadding", "cellspacing", "summary", "rules", "frame"},
    "td": {"colspan", "rowspan", "nowrap", "headers", "scope"},
    "th": {"colspan", "rowspan", "nowrap", "headers", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
    "font": {"face", "size"},
    "ol": {"start", "type", "reversed"},
    "ul": {"type"},
    "li": {"value", "type"},
    "time": {"datetime"},
    "hr": {"size", "noshade"},
    "blockquote": {"cite", "type"},
}
# The ids by which mail programs mark a quotation or a signature; any other goes.
_KEPT_IDS = re.compile(
    r"(?:x_)*(?:divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION|mail-editor-reference-message-container|reply-intro|replySplit"
    r"|ms-outlook-mobile-(?:signature|body-separator-line|reference-message)|AppleMailSignature|Signature|composer_signature"
    r"|yahoo_quoted_\d{1,20}|Zm-_Id_-Sgn\d{0,3})",
    re.IGNORECASE,
)
_STYLE_ELEMENT = re.compile(r"<style\b[^>]*>(.*?)(?:</style|\Z)", re.IGNORECASE | re.DOTALL)
_OUTER_TAG = re.compile(r"<(?:html|body)\b([^<>]{0,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""(dir|lang|style|bgcolor|align)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)


def sanitise(html: str) -> str:
    """Return `html` with the formatting of real mail and nothing that runs, submits, frames or lies over the page.

    The `dir`, `lang`, style and colour of <html> and <body> move to a <div> around the content; <style> elements
    come first, filtered rule by rule. Links open elsewhere and tell nothing of where they were. cid:, remote and
    relative image addresses are left for `rewrite_remote`.
    """
    html = without_deep_nesting(html)
    sheets = [css.safe_sheet(found) for found in _STYLE_ELEMENT.findall(html)[:40]]
    styles = "".join(f"<style>{sheet}</style>" for sheet in sheets if sheet)
    return styles + _CLEANER.clean(_outer_as_div(html))


def _outer_as_div(html: str) -> str:
    found: dict[str, str] = {}
    for attributes in _OUTER_TAG.findall(html[:200_000])[:2]:
        for name, *values in _ATTRIBUTE.findall(attributes):
            value = stdlib_html.unescape("".join(values))
            if name.lower() in ("style", "bgcolor"):
                style = value if name.lower() == "style" else f"background-color: {value}"
                found["style"] = f"{style}; {found['style']}" if "style" in found else style
            else:
                found[name.lower()] = value
    if not found:
        return html
    written = "".join(f' {name}="{stdlib_html.escape(value)}"' for name, value in found.items())
    return f"<div{written}>{html}</div>"


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "style":
        return css.safe_declarations(value) or None
    if name == "href":
        return None if loads.scheme(value) not in ("http", "https", "mailto", "tel", "") else value
    if name in ("src", "background", "cite"):
        return value if loads.may_load(value) else None
    if name == "srcset":
        return ", ".join(" ".join(part) for part in _srcset(value) if loads.may_load(part[0])) or None
    if name == "id":
        return value if _KEPT_IDS.fullmatch(value) else None
    if name == "dir":
        return value.lower() if value.lower() in ("rtl", "ltr", "auto") else None
    return value


def _srcset(value: str) -> list[list[str]]:
    parts = [part.split() for part in re.split(r",\s+|\s+,", value.strip(" ,\t\n"))]
    return [[part[0].rstrip(","), *part[1:2]] for part in parts if part]


_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags=set(DROPPED_WITH_CONTENT),
    attributes=ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
    link_rel="noopener noreferrer",
    set_tag_attribute_values={"a": {"target": "_blank"}},
)


def rewrite_remote(
    html: str, *, cid: Callable[[str], str | None], remote: Callable[[str], str | None]
) -> tuple[str, int]:
    """Return (html, how many references to other servers there were), every loaded address rewritten.

    html: the output of `sanitise`. cid: content id (unquoted, without brackets) -> the address of that part;
    remote: an absolute http(s) address -> the address to load instead. None takes the reference away. Looks at
    src, srcset, background, poster, style attributes and <style> elements. A relative address (it would be asked
    of our own server) and any other scheme go, except pictures held in a data: address.
    """
    rewriter = _Rewriter(cid, remote)
    rewriter.feed(html)
    rewriter.close()
    return "".join(rewriter.out), rewriter.count


class _Rewriter(HTMLParser):
    def __init__(self, cid: Callable[[str], str | None], remote: Callable[[str], str | None]) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self.count = 0
        self._cid, self._remote = cid, remote
        self._is_style = False

    def _address(self, url: str) -> str | None:
        seen = (
            loads.UNSEEN.sub("", url).replace("\\", "/")
            if not loads.HELD_IMAGE.match(url.strip())
            else url.strip()
        )
        scheme = loads.scheme(seen)
        if scheme == "cid":
            return self._cid(_unquoted(seen[4:]).strip("<>"))
        if scheme in ("http", "https") or seen.startswith("//"):
            self.count += 1
            rest = seen.removeprefix(f"{scheme}:").lstrip("/")
            return self._remote(f"{scheme or 'https'}://{rest}")
        return seen if loads.HELD_IMAGE.match(seen) else None

    def _value(self, name: str, value: str) -> str | None:
        if name == "style":
            if "(" not in value and "\\" not in value:
                return value
            return css.rewrite_urls(value, self._address, is_sheet=False)
        if name in ("srcset", "imagesrcset"):
            pairs = [(self._address(part[0]), part[1:]) for part in _srcset(value)]
            return ", ".join(" ".join([address, *rest]) for address, rest in pairs if address) or None
        return self._address(value)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_style = tag == "style"
        loading = {"src", "srcset", "imagesrcset", "background", "poster", "lowsrc", "dynsrc", "style"}
        if not loading.intersection(name for name, _ in attrs):
            self.out.append(self.get_starttag_text() or "")
            return
        written = [f"<{tag}"]
        for name, value in attrs:
            kept = self._value(name, value or "") if name in loading else value
            if kept is None and (name in loading or value is not None):
                continue
            written.append(f" {name}" if kept is None else f' {name}="{stdlib_html.escape(kept)}"')
        self.out.append("".join(written) + ">")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._is_style = False
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._is_style:
            data = css.rewrite_urls(data, self._address, is_sheet=True)
        self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.out.append(f"&#{name};")


def _unquoted(text: str) -> str:
    return re.sub(r"%([0-9a-fA-F]{2})", lambda found: chr(int(found.group(1), 16)), text)
