"""Widgets: made, changed, given another secret, removed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from majlis.channels.chat import tokens
from majlis.channels.chat.models import Widget
from majlis.channels.secrets import SecretUnreadable, decrypt, encrypt, is_readable
from majlis.journal.actions import record
from majlis.lib.errors import Refused
from majlis.people.models import Brand, Mailbox, Teammate

LONGEST_NAME: Final = 60
LONGEST_GREETING: Final = 200
MOST_SITES: Final = 20
OVERLAP: Final = timedelta(days=7)  # how long the secret before the newest goes on being good
_CHANGEABLE: Final = frozenset(
    {"name", "brand", "mailbox", "sites", "position", "offset_px", "theme", "language"}
    | {"greeting_ar", "greeting_en", "is_on", "is_for_known"}
)


def create(by: Teammate, *, brand: Brand, mailbox: Mailbox, name: str, sites: Sequence[str] = ()) -> Widget:
    """A new widget with a key of its own and a secret for its site. Raises Refused as `change` does."""
    widget = Widget(
        brand=brand,
        mailbox=mailbox,
        key=tokens.new_key(),
        secret=encrypt(tokens.new()),
        created_at=timezone.now(),
    )
    with transaction.atomic():
        _set(by, widget, {"name": name, "sites": sites})
        widget.save()
        record("widget.made", mailbox_id=mailbox.pk, actor_id=by.pk, data=_told(widget))
    return widget


def change(by: Teammate, widget: Widget, **values: Any) -> Widget:
    """Change what `values` name: name, brand, mailbox, sites (origins), position, offset_px, theme, language, greeting_ar,
    greeting_en, is_on, is_for_known.

    Raises Refused: not_allowed, empty_name, name_too_long (data: longest), not_a_site (data: name), too_many_sites
    (data: most), greeting_too_long (data: longest), no_such_choice.
    """
    before = {name: getattr(widget, name) for name in values}
    with transaction.atomic():
        _set(by, widget, values)
        what = [name for name, value in before.items() if getattr(widget, name) != value]
        if what:
            widget.save()
            record(
                "widget.changed",
                mailbox_id=widget.mailbox_id,
                actor_id=by.pk,
                data={**_told(widget), "what": what},
            )
    return widget


def secret_of(widget: Widget) -> str:
    """What the site's back end signs with. Raises Refused("secret_unreadable") when this key does not read it."""
    try:
        return decrypt(widget.secret)
    except SecretUnreadable as error:
        raise Refused("secret_unreadable") from error


def renew_secret(by: Teammate, widget: Widget) -> str:
    """Another secret; the one before goes on being good for a week, so that the site can be changed. Raises Refused("not_allowed").

    One that cannot be read any more (the installation's key is another) signs nothing and is not kept.
    """
    _check(by)
    secret = tokens.new()
    goes_on = bool(widget.secret) and is_readable(widget.secret, settings.CONFIG)
    with transaction.atomic():
        widget.secret_before = widget.secret if goes_on else ""
        widget.before_until = timezone.now() + OVERLAP if goes_on else None
        widget.secret = encrypt(secret)
        widget.save(update_fields=["secret", "secret_before", "before_until"])
        record(
            "widget.changed",
            mailbox_id=widget.mailbox_id,
            actor_id=by.pk,
            data={**_told(widget), "what": ["secret"]},
        )
    return secret


def remove(by: Teammate, widget: Widget) -> None:
    """Remove a widget; what was said by it stays. Its visitors are known no more. Raises Refused("not_allowed")."""
    _check(by)
    with transaction.atomic():
        record("widget.removed", mailbox_id=widget.mailbox_id, actor_id=by.pk, data=_told(widget))
        widget.delete()


def origin(typed: str) -> str:
    """The origin of an address of a site: "https://shop.example"; without a scheme https is meant.

    Raises Refused("not_a_site", name=…).
    """
    typed = typed.strip()
    address = typed if re.match(r"https?://", typed, re.IGNORECASE) else f"https://{typed}"
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except (ValueError, UnicodeError) as error:
        raise Refused("not_a_site", name=typed) from error
    if not re.fullmatch(r"[a-z0-9.-]+|\[[0-9a-f:]+\]", host) or host.startswith(".") or parts.username:
        raise Refused("not_a_site", name=typed)
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}{f':{port}' if port not in (None, usual) else ''}"


def _set(by: Teammate, widget: Widget, values: dict[str, Any]) -> None:
    _check(by)
    for name, value in values.items():
        if name not in _CHANGEABLE:
            raise Refused("no_such_choice", name=name)
        setattr(widget, name, value)
    widget.name = " ".join(str(widget.name).split())
    if not widget.name:
        raise Refused("empty_name")
    if len(widget.name) > LONGEST_NAME:
        raise Refused("name_too_long", longest=LONGEST_NAME)
    widget.sites = list(dict.fromkeys(origin(site) for site in widget.sites if site.strip()))
    if len(widget.sites) > MOST_SITES:
        raise Refused("too_many_sites", most=MOST_SITES)
    for name in ("greeting_ar", "greeting_en"):
        text = " ".join(str(getattr(widget, name)).split())
        if len(text) > LONGEST_GREETING:
            raise Refused("greeting_too_long", longest=LONGEST_GREETING)
        setattr(widget, name, text)
    is_known = (
        widget.position in Widget.Position.values
        and widget.theme in Widget.Theme.values
        and widget.language in ("auto", "ar", "en")
        and 0 <= int(widget.offset_px) <= 200
    )
    if not is_known:
        raise Refused("no_such_choice")


def _check(by: Teammate) -> None:
    if not by.is_active or not by.is_admin:
        raise Refused("not_allowed")


def _told(widget: Widget) -> dict[str, Any]:
    return {"widget": widget.pk, "name": widget.name}
