"""Links from a customer to the team's own pages: dashboards, orders, logs."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.utils import timezone

from majlis.lib.errors import Refused
from majlis.people.models import ContextLink

MOST = 20
_PLACE = re.compile(r"\{([^{}]*)\}")


def check_template(template: str) -> str:
    """The template as it is kept: an http or https address whose host is fixed.

    Raises Refused("not_a_web_address").
    """
    template = template.strip()
    try:
        parts = urlsplit(template)
        host = parts.hostname or ""
    except ValueError as problem:
        raise Refused("not_a_web_address") from problem
    bare = _PLACE.sub("", template)
    has_strays = "{" in bare or "}" in bare or any(char.isspace() or ord(char) < 32 for char in bare)
    # Whoever a link leads to must not be a customer's choice: places stand behind the host only.
    if parts.scheme not in ("http", "https") or not host or _PLACE.search(parts.netloc) or has_strays:
        raise Refused("not_a_web_address")
    return template


def put_link(link: ContextLink | None, *, name: str, template: str) -> ContextLink:
    """Make a link, or change one. Raises Refused: "empty", "not_a_web_address", "too_many"."""
    name = " ".join(name.split())
    if not name:
        raise Refused("empty")
    template = check_template(template)
    if link is None:
        if ContextLink.objects.count() >= MOST:
            raise Refused("too_many", most=MOST)
        return ContextLink.objects.create(name=name, template=template, created_at=timezone.now())
    link.name, link.template = name, template
    link.save(update_fields=["name", "template"])
    return link


def remove_link(link: ContextLink) -> None:
    """Take a link away."""
    link.delete()
