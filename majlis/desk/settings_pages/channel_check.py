"""What is shown to a customer, on a page, at a moment: every channel, with the reasons."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from majlis.channels import rules
from majlis.channels.actions.rules import Channel
from majlis.channels.chat.models import Widget
from majlis.channels.forms import making
from majlis.channels.showing import NOBODY, Decision, Hours, Rule, decide
from majlis.conversations.customers import Narrowing, customers_visible_to, found_by
from majlis.desk import refusals, rule_words
from majlis.desk.asking import me
from majlis.desk.settings_pages.frame import admins_only, page
from majlis.lib.errors import Refused
from majlis.lib.when import Unclear, understand
from majlis.people import queries
from majlis.people.models import Customer, Mailbox

MOST_FOUND = 8
_LONGEST = 2_000


@require_safe
@admins_only
def check(request: HttpRequest) -> HttpResponse:
    """/settings/channels/check/: `customer` (an id) or `q` (looked for), `page` (an address), `at` (a moment in words)."""
    asked = {
        name: request.GET.get(name, "").replace("\x00", "")[:_LONGEST].strip() for name in ("page", "at")
    }
    looked_for = request.GET.get("q", "").replace("\x00", "")[:200].strip()
    found = _found(request, looked_for) if looked_for else []
    customer = found[0] if len(found) == 1 else None if looked_for else _chosen(request)
    at, problem = _moment(asked["at"])
    context: dict[str, Any] = {
        "asked": asked,
        "looked_for": looked_for if customer is None else "",
        "found": [_person(one, asked) for one in found] if len(found) != 1 else [],
        "customer": _person(customer, asked) if customer else None,
        "at": at if asked["at"] and not problem else None,
        "problem": problem,
        "is_asked": not problem and not (looked_for and customer is None),
        "nobody": f"?{urlencode(asked)}",
    }
    if context["is_asked"]:
        context["channels"] = _channels(request, customer, _page_asked(asked["page"]), at)
    title = _("What is shown?")
    return page(
        request, "settings/channel_check.html", title, context=context, status=422 if problem else 200
    )


def _channels(
    request: HttpRequest, customer: Customer | None, address: str, at: datetime
) -> list[dict[str, Any]]:
    """Chats, forms and mailboxes, each by name; what is known of the customer and the hours is asked for once."""
    chats = Widget.objects.select_related("rule", "mailbox").order_by("name", "pk")
    forms = making.forms().select_related("rule")
    boxes = queries.mailboxes_visible_to(me(request)).select_related("rule").order_by("name", "pk")
    by_chat = [(one, rules.of_widget(one)) for one in chats]
    by_mail = [(one, rules.of_mailbox(one)) for one in boxes]
    facts = rules.facts_of(customer, [it for _, rule in [*by_chat, *by_mail] for it in rule.conditions])
    writes = facts if customer is not None and rules.is_told_of(customer) else NOBODY
    opened: dict[int | None, bool | None] = {}

    def is_open(rule: Rule, mailbox: Mailbox) -> bool | None:
        if rule.hours != Hours.ALWAYS and mailbox.team_id not in opened:
            opened[mailbox.team_id] = rules.is_open(rule, mailbox, now=at)
        return opened.get(mailbox.team_id)

    found: list[tuple[str, Channel, str, Decision]] = [
        ("chat", one, "settings_widget_rules", decide(rule, facts, address, is_open(rule, one.mailbox)))
        for one, rule in by_chat
    ]
    for form in forms:
        rule = rules.of_form(form)
        decision = decide(rule, NOBODY, address, is_open(rule, form.mailbox))
        found.append(("form", form, "settings_form_rules", decision))
    found += [("mail", one, "settings_mailbox_for", decide(rule, writes, "", None)) for one, rule in by_mail]
    return [
        _channel(kind, one.name, reverse(url, args=[one.pk]), decision) for kind, one, url, decision in found
    ]


def _channel(kind: str, name: str, url: str, decision: Decision) -> dict[str, Any]:
    return {
        "kind": kind,
        "name": name,
        "url": url,
        "is_shown": decision.is_shown,
        "reasons": rule_words.told(decision),
        "is_for_all": len(decision.reasons) == 1 and decision.is_shown,
    }


def _found(request: HttpRequest, text: str) -> list[Customer]:
    looked_for = found_by(me(request), Narrowing(text=text))
    return list(
        looked_for.select_related("company")
        .prefetch_related("addresses")
        .order_by("name_key", "pk")[:MOST_FOUND]
    )


def _chosen(request: HttpRequest) -> Customer | None:
    number = request.GET.get("customer", "")
    if not number.isdecimal() or len(number) > 18:
        return None
    return customers_visible_to(me(request)).select_related("company").filter(pk=int(number)).first()


def _person(customer: Customer, asked: dict[str, str]) -> dict[str, Any]:
    addresses = [one.address for one in customer.addresses.all()]
    return {
        "id": customer.pk,
        "name": customer.name or (addresses[0] if addresses else _("Unknown sender")),
        "address": addresses[0] if addresses and customer.name else "",
        "url": f"?{urlencode({**asked, 'customer': customer.pk})}",
    }


def _moment(typed: str) -> tuple[datetime, str]:
    """The moment that was typed, now for none; and why it is none."""
    now = timezone.now()
    if not typed:
        return now, ""
    try:
        return understand(typed[:100], now=now, zone=timezone.get_current_timezone()), ""
    except Unclear as unclear:
        code = unclear.code if unclear.code in ("past", "too_far") else "when_unclear"
        return now, refusals.words(Refused(code))


def _page_asked(typed: str) -> str:
    """A page as a browser names it: a host without a scheme is one too."""
    return typed if not typed or "://" in typed or typed.startswith("/") else f"https://{typed}"
