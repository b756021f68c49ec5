"""The rules of channels as they are kept, what is known of a customer, and what follows of the two at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from majlis.channels.chat.models import Visitor, Widget
from majlis.channels.forms.models import Form
from majlis.channels.rule_models import ChannelRule
from majlis.channels.showing import NOBODY, Ask, Condition, Decision, Facts, Hours, Joined, Rule, decide
from majlis.conversations.models import Conversation, ConversationTag
from majlis.coverage.queries import now_and_next
from majlis.people.models import Customer, Mailbox

BY_MAIL = "email"
# What may be asked of who writes a mail: nobody signs in to write one.
MAIL: frozenset[Ask] = frozenset(Ask) - {Ask.KNOWN, Ask.UNKNOWN}


def of_widget(widget: Widget) -> Rule:
    """The rule of a widget; what stands on the widget itself is part of it."""
    return _rule(getattr(widget, "rule", None), is_on=widget.is_on, needs_identity=widget.is_for_known)


def of_mailbox(mailbox: Mailbox) -> Rule:
    """The rule of a mailbox: whom support by mail is for. Mail comes in whoever wrote it."""
    return _rule(getattr(mailbox, "rule", None), is_on=True, needs_identity=False)


def of_form(form: Form) -> Rule:
    """The rule of a form: pages and hours."""
    return _rule(getattr(form, "rule", None), is_on=form.is_on, needs_identity=False)


def to_page(form: Form, page: str, *, now: datetime | None = None) -> Decision:
    """Whether a form is offered on a page, or its own, at a moment."""
    rule = of_form(form)
    return decide(rule, NOBODY, page, is_open(rule, form.mailbox, now=now))


def to_visitor(
    widget: Widget, visitor: Visitor | None, page: str, *, now: datetime | None = None
) -> Decision:
    """Whether a widget is shown to who asks. Only who the site signed in is known; `page` as `showing.decide` takes it."""
    is_known = visitor is not None and bool(visitor.identity)
    return to_customer(widget, visitor.customer if visitor and is_known else None, page, now=now)


def to_customer(
    widget: Widget, customer: Customer | None, page: str, *, now: datetime | None = None
) -> Decision:
    """Whether a widget is shown to a customer whom the site signed in, None for somebody unknown."""
    rule = of_widget(widget)
    facts = facts_of(customer, rule.conditions)
    return decide(rule, facts, page, is_open(rule, widget.mailbox, now=now))


def to_writer(mailbox: Mailbox, customer: Customer | None) -> Decision:
    """Whether support by mail is for this customer."""
    rule = of_mailbox(mailbox)
    customer = _kept(customer)
    is_known = customer is not None and is_told_of(customer)
    return decide(rule, facts_of(customer, rule.conditions) if is_known else NOBODY, "", None)


def not_for(mailbox: Mailbox, conversation: Conversation, customer: Customer | None) -> Decision | None:
    """Why support by mail is not for the customer of a conversation; None where it is, or came by another way."""
    if conversation.channel != BY_MAIL or getattr(mailbox, "rule", None) is None:
        return None
    decision = to_writer(mailbox, customer)
    return None if decision.is_shown else decision


def against(conversation: Conversation) -> Decision | None:
    """The same of a conversation of which only ids are loaded."""
    if conversation.channel != BY_MAIL:
        return None
    mailbox = Mailbox.objects.select_related("rule").get(pk=conversation.mailbox_id)
    customers = Customer.objects.select_related("company", "merged_into")
    return not_for(mailbox, conversation, customers.get(pk=conversation.customer_id))


def is_told_of(customer: Customer) -> bool:
    """Claims that somebody told us something of them: a plan, what they pay, where they work, an attribute."""
    return bool(customer.plan or customer.pays or customer.company_id or customer.attributes or customer.job)


def facts_of(customer: Customer | None, conditions: Sequence[Condition]) -> Facts:
    """What is known of a customer, as far as `conditions` ask for it; of None nothing."""
    customer = _kept(customer)
    if customer is None:
        return NOBODY
    asked = {one.ask for one in conditions}
    names_company = asked & {Ask.COMPANY_IS, Ask.COMPANY_IS_NOT}
    tags = ConversationTag.objects.filter(conversation__customer=customer.pk)
    return Facts(
        is_known=True,
        plan=customer.plan,
        pays=customer.pays,
        company=customer.company.name if names_company and customer.company else "",
        language=customer.language,
        attributes=customer.attributes,
        tags=frozenset(tags.values_list("tag__name", flat=True)) if Ask.TAGGED in asked else frozenset(),
    )


def is_open(rule: Rule, mailbox: Mailbox, *, now: datetime | None = None) -> bool | None:
    """Whether somebody is there, where `rule` asks for it; None without hours."""
    if rule.hours == Hours.ALWAYS:
        return None
    standing = now_and_next(mailbox.team_id, now or timezone.now())
    return standing.is_open if standing is not None else None


def as_kept(condition: Condition) -> dict[str, Any]:
    """A condition as a row holds it."""
    return {"ask": condition.ask.value, "name": condition.name, "values": list(condition.values)}


def _kept(customer: Customer | None) -> Customer | None:
    """Who somebody merged into another is now."""
    while customer is not None and customer.merged_into is not None:
        customer = customer.merged_into
    return customer


def _rule(kept: ChannelRule | None, *, is_on: bool, needs_identity: bool) -> Rule:
    if kept is None:
        return Rule(is_on=is_on, needs_identity=needs_identity)
    return Rule(
        is_on=is_on,
        needs_identity=needs_identity,
        conditions=tuple(
            Condition(Ask(one["ask"]), tuple(one["values"]), one["name"]) for one in kept.conditions
        ),
        joined=Joined(kept.joined),
        shown_on=tuple(kept.shown_on),
        never_on=tuple(kept.never_on),
        hours=Hours(kept.hours),
    )
