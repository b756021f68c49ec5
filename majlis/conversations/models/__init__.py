"""The tables of conversations."""

from __future__ import annotations

from .conversation import Conversation, ConversationTag, Participant, ReadMark, Status, Tag
from .counter import Counter
from .entry import Attachment, Entry, EntryKind, MessageId

__all__ = [
    "Attachment",
    "Conversation",
    "ConversationTag",
    "Counter",
    "Entry",
    "EntryKind",
    "MessageId",
    "Participant",
    "ReadMark",
    "Status",
    "Tag",
]
