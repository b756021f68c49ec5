"""Asking a colleague without an account: a letter whose Message-ID brings the answer back."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from majlis.channels.email.fields import ascii_domain
from majlis.channels.email.threading import make_message_id
from majlis.channels.models import Delivery
from majlis.channels.outbox import signing_key
from majlis.conversations.actions.ask import ask
from majlis.conversations.actions.changing import changing
from majlis.conversations.models import Entry, Participant, Question
from majlis.journal import actions as journal
from majlis.lib.errors import Refused
from majlis.people import queries as people
from majlis.people.models import Mailbox, Teammate


def send_question(
    teammate: Teammate,
    number: int,
    *,
    address: str,
    name: str,
    text: str,
    entry_ids: Sequence[int],
    submission_key: UUID,
) -> Question:
    """Ask by mail about conversation `number`; the entries named go along below the question.

    Raises Refused: not_found, bad_address (data: address), own_address, takes_part (data: name), no_name, empty, and
    already_posted (data: entry_id).
    """
    address = address.strip().lower()
    try:
        validate_email(address)
    except ValidationError as problem:
        raise Refused("bad_address", address=address) from problem
    if address in people.own_addresses():
        raise Refused("own_address")
    with changing(number) as change:
        here = change.conversation
        if here.mailbox_id not in people.mailbox_ids_visible_to(teammate):
            raise Refused("not_found")
        if Participant.objects.filter(conversation=here, address__iexact=address).exists():
            raise Refused("takes_part", name=address)
        question = ask(
            change, teammate=teammate, address=address, name=name, text=text, submission_key=submission_key
        )
        along = Entry.objects.filter(conversation=here, pk__in=list(entry_ids), is_withdrawn=False).order_by(
            "seq"
        )
        mailbox = Mailbox.objects.get(pk=here.mailbox_id)
        domain = ascii_domain(mailbox.address).rpartition("@")[2]
        now = timezone.now()
        with translation.override(teammate.language):
            letter = {
                "to": address,
                "from_name": teammate.name,
                "subject": _("A question about: %(subject)s") % {"subject": here.subject or f"#{here.pk}"},
                "text": _letter(question, text, list(along)),
                "is_personal": True,
            }
        Delivery.objects.create(
            mailbox=mailbox,
            letter=letter,
            message_id=make_message_id(here.pk, question.entry_id, domain=domain, key=signing_key()),
            due_at=now,
            created_at=now,
        )
        journal.wake("deliver")
    return question


def _letter(question: Question, text: str, along: list[Entry]) -> str:
    hello = _("Hello %(name)s,") % {"name": question.name}
    parts = [hello, text.strip()]
    for entry in along:
        who = entry.from_name or entry.from_address
        quoted = "\n".join(f"> {line}".rstrip() for line in entry.text.strip().split("\n"))
        parts.append(f"{_('%(name)s wrote:') % {'name': who}}\n{quoted}")
    parts.append(_("Answer this mail: the team reads your answer, the customer does not see it."))
    return "\n\n".join(parts)
