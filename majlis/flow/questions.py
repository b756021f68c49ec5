"""A mail that answers a question to a colleague: known by the token in what it answers, before any threading."""

from __future__ import annotations

from majlis.channels.email import threading
from majlis.channels.email.parsing import ParsedMail
from majlis.conversations.models import Question

from . import threads


def asked_by(mailbox_id: int, mail: ParsedMail) -> Question | None:
    """The question of this mailbox that a mail answers, by a person or by a machine; None when it answers none."""
    key = threads.signing_key()
    ids = threading.candidates(mail)
    entries = [token.entry_id for value in ids if (token := threading.read_token(value, key))]
    if not entries:
        return None
    found = Question.objects.select_related("entry").filter(entry_id__in=entries)
    return next((one for one in found if one.entry.mailbox_id == mailbox_id), None)
