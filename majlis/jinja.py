"""The Jinja2 environment of the pages: translation, icons, and numbers, dates and names as their reader expects."""

from __future__ import annotations

import re
from binascii import crc32
from datetime import timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from babel.core import Locale, UnknownLocaleError
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi, gettext, ngettext, npgettext, pgettext
from django_htmx.jinja import htmx_script
from jinja2 import Environment, pass_context
from jinja2.utils import urlize
from markupsafe import Markup, escape

from majlis.channels.email.threading import normalise_subject
from majlis.lib import dates, hijri, numbers

if TYPE_CHECKING:
    from datetime import datetime

    from jinja2.runtime import Context

HUES = 6
# Telephone and order numbers, whose groups would change places inside Arabic; not the code of an entity.
LEFT_TO_RIGHT = re.compile(r"(?<![\w&#/])(?:\+\d[\d ()\u2010\u2011-]{5,}\d|#\d+)(?![\w;])")
# What every address that is made a link has: a scheme, an at sign, or a dot before a letter.
MAY_BE_LINK = re.compile(r"[@:]|\.\w")
TAGS = re.compile(r"(<[^>]*>)")
LONG_WAIT = timedelta(minutes=30)


def language() -> str:
    """The page's two-letter language."""
    return (get_language() or "ar")[:2]


def digits(context: Context) -> str:
    """The numbering system of the page's reader: their own setting, else the installation's region's habit."""
    numerals = getattr(context.get("me"), "numerals", "") or "auto"
    return numbers.system(language(), numerals, _region(context))


def _region(context: Context) -> str:
    return getattr(context.get("installation"), "region", "") or ""


@pass_context
def num(context: Context, value: float | None, places: int = 1) -> str:
    """A number in the reader's digits; nothing for nothing."""
    return "" if value is None else numbers.number(value, digits(context), places=places)


@pass_context
def shaped(context: Context, text: str) -> str:
    """Text with its digits written as the reader expects."""
    return numbers.shaped(text, digits(context))


@pass_context
def when(context: Context, value: datetime | None, short: bool = False) -> Markup:
    """A `<time>` element: the clock today, else the day; `short` (for lists) leaves the clock out of other days."""
    if value is None:
        return Markup("")
    shape = {"language": language(), "digits": digits(context), "region": _region(context)}
    zone = timezone.get_current_timezone()
    text = dates.moment(
        value, now=timezone.now(), zone=zone, yesterday=gettext("Yesterday"), short=short, **shape
    )
    title = dates.full(value, zone=zone, **shape)
    if hijri_too := _hijri(context, value):
        title = f"{title} · {hijri_too}"
        is_today = timezone.localdate(value) == timezone.localdate()
        text = text if short or is_today else f"{text} · {hijri_too}"
    html = f'<time datetime="{value.isoformat()}" title="{escape(title)}">{escape(text)}</time>'
    return Markup(html)  # noqa: S704 - escaped


@pass_context
def clock(context: Context, value: datetime) -> str:
    """The time of day where `value` hangs its clock."""
    shape = {"language": language(), "digits": digits(context), "region": _region(context)}
    return dates.clock(value, zone=value.tzinfo or timezone.get_current_timezone(), **shape)


@pass_context
def localclock(context: Context, value: datetime) -> str:
    """The time of day in the reader's zone."""
    return clock(context, timezone.localtime(value))


@pass_context
def moment(context: Context, value: datetime) -> Markup:
    """A `<time>` element of a moment to come: the day and the clock."""
    shape = {"language": language(), "digits": digits(context), "region": _region(context)}
    zone = timezone.get_current_timezone()
    text = dates.ahead(
        value,
        now=timezone.now(),
        zone=zone,
        today=gettext("Today"),
        tomorrow=gettext("Tomorrow"),
        **shape,
    )
    title = dates.full(value, zone=zone, **shape)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(value.isoformat(), title, text)


@pass_context
def day(context: Context, value: datetime | None) -> Markup:
    """A `<time>` element with the calendar day alone."""
    if value is None:
        return Markup("")
    zone = timezone.get_current_timezone()
    text = dates.day(
        value,
        now=timezone.now(),
        zone=zone,
        language=language(),
        digits=digits(context),
        region=_region(context),
    )
    if hijri_too := _hijri(context, value):
        text = f"{text} · {hijri_too}"
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), text)


@pass_context
def longday(context: Context, value: datetime) -> Markup:
    """A `<time>` element with the whole calendar day: weekday, date and year."""
    shape = {"language": language(), "digits": digits(context), "region": _region(context)}
    text = dates.whole_day(value, zone=timezone.get_current_timezone(), **shape)
    if hijri_too := _hijri(context, value):
        text = f"{text} · {hijri_too}"
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), text)


def _hijri(context: Context, value: datetime) -> str:
    """The Hijri day for a reader who wants it beside the Gregorian one; else nothing."""
    if getattr(context.get("me"), "calendar", "") != "hijri":
        return ""
    return numbers.shaped(hijri.written(timezone.localdate(value), language=language()), digits(context))


@pass_context
def span(context: Context, since: datetime) -> str:
    """The time from `since` until now, short: `42 mins`."""
    return dates.span(timezone.now() - since, language=language(), digits=digits(context))


def is_long_wait(since: datetime) -> bool:
    """Claims that somebody has waited since then long enough to be pointed out."""
    return timezone.now() - since >= LONG_WAIT


def without_scheme(address: str) -> str:
    """An address as people say it: without https:// before it, and the slash of an empty path."""
    return address.partition("://")[2].rstrip("/") or address


def topic(subject: str | None) -> str:
    """A subject as it is shown: without «Re:» and its kin, which would also turn an Arabic one left to right."""
    return normalise_subject(subject or "") or gettext("No subject")


@pass_context
def size(context: Context, count: int) -> str:
    """A file's size, from bytes."""
    return numbers.size(count, language(), digits(context))


def seconds_left(value: datetime) -> int:
    """Whole seconds from now until `value`, rounded up, never below zero."""
    return max(0, -int((timezone.now() - value).total_seconds() // 1))


def initial(name: str | None) -> str:
    """The letter on somebody's avatar: the first letter or digit of their name."""
    return next((char for char in name or "" if char.isalnum()), "؟" if language() == "ar" else "?").upper()


def language_name(code: str) -> str:
    """A language's own code as its name in the page's language; the code itself when it is unknown."""
    try:
        return Locale.parse(code, sep="-").get_display_name(language()) or code
    except (UnknownLocaleError, ValueError):
        return code


def hue(key: object) -> int:
    """One of six avatar colours, always the same for the same person's id."""
    return crc32(str(key).encode()) % HUES + 1


def paragraphs(text: str | None) -> Markup:
    """Plain text as paragraphs with their own direction each; web addresses become links, numbers stay in order."""
    blocks = [block.strip("\n") for block in (text or "").replace("\r\n", "\n").split("\n\n")]
    parts = []
    for block in blocks:
        if not block.strip():
            continue
        linked = _linked(block) if MAY_BE_LINK.search(block) else str(escape(block))
        parts.append(f'<p dir="auto">{_with_numbers(linked).replace(chr(10), "<br>")}</p>')
    return Markup("".join(parts))  # noqa: S704 - urlize escapes the text


def _linked(text: str) -> str:
    return urlize(text, rel="noopener noreferrer nofollow", target="_blank")


def _with_numbers(html: str) -> str:
    """Escaped text with its telephone and order numbers isolated, tags and what stands in them left alone."""
    pieces = TAGS.split(html)
    pieces[::2] = [LEFT_TO_RIGHT.sub(r'<bdi class="ltr">\g<0></bdi>', text) for text in pieces[::2]]
    return "".join(pieces)


@lru_cache(maxsize=512)
def icon(name: str, cls: str = "", dir: bool = False) -> Markup:  # noqa: A002 - the template's word
    """An icon of the sprite; `dir` mirrors it where text runs right to left."""
    classes = " ".join(part for part in ("ic", "ic--dir" if dir else "", cls) if part)
    href = f"{static('majlis/icons.svg')}#i-{name}"
    return Markup('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>').format(classes, href)


def url(name: str, *args: object, **kwargs: object) -> str:
    """The address of a named page."""
    if len(args) == 1 and type(args[0]) is int and not kwargs:
        before, after = _around(name)
        return f"{before}{args[0]}{after}"
    if kwargs:
        return reverse(name, args=args or None, kwargs=kwargs)
    return _reversed(name, *args)


@lru_cache(maxsize=1024)
def _reversed(name: str, *args: object) -> str:
    return reverse(name, args=args or None)


@cache
def _around(name: str) -> tuple[str, str]:
    """What stands before and after the one number in a page's address: a thread has hundreds of them."""
    sample = 9_876_543_210
    before, _, after = reverse(name, args=(sample,)).partition(str(sample))
    return before, after


def bdi(text: object) -> Markup:
    """Somebody's words inside one of our sentences, isolated from its direction."""
    return Markup("<bdi>{}</bdi>").format(escape(text))


def ltr(text: object) -> Markup:
    """An address, a host or a number inside a sentence: always left to right."""
    return Markup('<bdi class="ltr">{}</bdi>').format(escape(text))


def avatar(key: object, name: str | None, picture_id: int | None = None, cls: str = "") -> Markup:
    """Somebody's picture, else the first letter of their name on their colour; never read out, the name stands beside.

    `key` is the id that the colour comes from; a teammate's, where there is a picture.
    """
    shown = escape(initial(name))
    if picture_id and isinstance(key, int):
        shown = Markup('<img class="av__img" src="{}" alt="">').format(
            _reversed("teammate_picture", key, picture_id)
        )
    classes = f"av {cls}" if cls else "av"
    return Markup('<span class="{}" data-h="{}" aria-hidden="true">{}</span>').format(
        classes, hue(key), shown
    )


def environment(**options: Any) -> Environment:
    """The environment Django's Jinja2 engine asks for, with `options` from the settings."""
    extensions = [*options.pop("extensions", ()), "jinja2.ext.i18n", "jinja2.ext.do"]
    options.setdefault("autoescape", True)
    env = Environment(trim_blocks=True, lstrip_blocks=True, extensions=extensions, **options)  # noqa: S701
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.globals |= {
        "avatar": avatar,
        "bdi": bdi,
        "ltr": ltr,
        "digits": pass_context(digits),
        "get_language": get_language,
        "get_language_bidi": get_language_bidi,
        "htmx_script": htmx_script,
        "icon": icon,
        "static": static,
        "url": url,
    }
    env.filters |= {
        "clock": clock,
        "day": day,
        "hue": hue,
        "initial": initial,
        "is_long_wait": is_long_wait,
        "language_name": language_name,
        "localclock": localclock,
        "longday": longday,
        "num": num,
        "paragraphs": paragraphs,
        "seconds_left": seconds_left,
        "shaped": shaped,
        "size": size,
        "span": span,
        "topic": topic,
        "without_scheme": without_scheme,
        "when": when,
        "moment": moment,
    }
    return env
