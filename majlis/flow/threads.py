"""Which conversation a mail belongs to: what the database knows, handed to the pure rule."""

from __future__ import annotations

from typing import Literal

from django.conf import settings

from majlis.channels import plus
from majlis.channels.email import threading
from majlis.channels.email.parsing import ParsedMail
from majlis.lib.own import Own

from . import lookup

By = Literal["token", "in_reply_to", "references"]


def signing_key() -> bytes:
    """The key of the tokens in our own Message-IDs."""
    key: bytes = settings.CONFIG.derived_key("signing")
    return key


def find(mailbox_id: int, mail: ParsedMail, sender: str, *, own: Own) -> threading.Decision:
    """Where `mail`, come into this mailbox from `sender`, belongs.

    A token comes first, in an id or behind the plus of one of our `own` addresses, then In-Reply-To, then References, newest first; last a conversation
    that refers to this very mail, which then is its parent come late.
    """
    ids, behind_plus = threading.candidates(mail), plus.behind(own, mail)
    wanted = [*ids, *([mail.message_id] if mail.message_id else [])]
    if not wanted and not behind_plus:
        return threading.Decision(join=None, as_new_participant=False, maybe=None)
    by_id, taking_part = lookup.named(mailbox_id, wanted)
    tokens = _tokens(mailbox_id, [*ids, *behind_plus])
    if not by_id and not tokens:
        return threading.Decision(join=None, as_new_participant=False, maybe=None)
    taking_part |= tokens

    def match(conversation_id: int, by: By) -> threading.Match:
        return threading.Match(
            conversation_id=conversation_id,
            mailbox_id=mailbox_id,
            participants=taking_part[conversation_id],
            by=by,
        )

    matches = [match(conversation_id, "token") for conversation_id in tokens]
    answered = set(mail.in_reply_to)
    matches += [
        match(by_id[value], "in_reply_to" if value in answered else "references")
        for value in wanted
        if value in by_id
    ]
    return threading.decide(matches, sender=sender, mailbox_id=mailbox_id)


def _tokens(mailbox_id: int, ids: list[str]) -> dict[int, frozenset[str]]:
    """The conversations of this mailbox for which an id carries our signature, likeliest first; who takes part."""
    key = signing_key()
    signed = [
        (token.conversation_id, token.entry_id)
        for value in ids
        if (token := threading.read_token(value, key))
    ]
    return lookup.signed(mailbox_id, signed) if signed else {}
