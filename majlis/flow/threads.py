"""Which conversation a mail belongs to: what the database knows, handed to the pure rule."""

from __future__ import annotations

from collections import defaultdict
from typing import Literal

from django.conf import settings

from majlis.channels.email import threading
from majlis.channels.email.parsing import ParsedMail
from majlis.conversations.models import Conversation, MessageId, Participant

By = Literal["token", "in_reply_to", "references"]


def signing_key() -> bytes:
    """The key of the tokens in our own Message-IDs."""
    key: bytes = settings.CONFIG.derived_key("signing")
    return key


def find(mailbox_id: int, mail: ParsedMail, sender: str) -> threading.Decision:
    """Where `mail`, come into this mailbox from `sender`, belongs.

    A token comes first, then In-Reply-To, then References, newest first; last a conversation
    that refers to this very mail, which then is its parent come late.
    """
    ids = threading.candidates(mail)
    wanted = [*ids, *([mail.message_id] if mail.message_id else [])]
    if not wanted:
        return threading.Decision(join=None, as_new_participant=False, maybe=None)
    by_id: dict[str, int] = dict(
        MessageId.objects.filter(value__in=wanted, mailbox_id=mailbox_id)
        .order_by("-pk")
        .values_list("value", "conversation_id")
    )
    tokens = _tokens(mailbox_id, ids)
    conversations = set(by_id.values()) | set(tokens)
    if not conversations:
        return threading.Decision(join=None, as_new_participant=False, maybe=None)
    taking_part: dict[int, set[str]] = defaultdict(set)
    for conversation_id, address in Participant.objects.filter(
        conversation_id__in=sorted(conversations)
    ).values_list("conversation_id", "address"):
        taking_part[conversation_id].add(address.lower())

    def match(conversation_id: int, by: By) -> threading.Match:
        return threading.Match(
            conversation_id=conversation_id,
            mailbox_id=mailbox_id,
            participants=frozenset(taking_part[conversation_id]),
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


def _tokens(mailbox_id: int, ids: list[str]) -> list[int]:
    """The conversations of this mailbox for which an id carries our signature."""
    key = signing_key()
    signed = [token.conversation_id for value in ids if (token := threading.read_token(value, key))]
    if not signed:
        return []
    here = set(Conversation.objects.filter(pk__in=signed, mailbox_id=mailbox_id).values_list("pk", flat=True))
    return list(dict.fromkeys(number for number in signed if number in here))


def has_own_id(mailbox_id: int, message_id: str | None) -> bool:
    """Whether another message of this mailbox already came under this id."""
    if not message_id:
        return False
    return MessageId.objects.filter(value=message_id, mailbox_id=mailbox_id, is_own=True).exists()
