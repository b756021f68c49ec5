"""The tables of conversations."""

from __future__ import annotations

from .attending import Attention, Question
from .conversation import (
    ClosedAs,
    Conversation,
    ConversationTag,
    Follower,
    Merge,
    Participant,
    Priority,
    ReadMark,
    Shelf,
    Status,
    Tag,
    Topic,
)
from .counter import Counter
from .draft import Beginning, Draft, DraftFile
from .entry import Attachment, Entry, EntryKind, EntryWords, Mention, MessageId
from .view import Bulk, View

__all__ = [
    "Attachment",
    "Attention",
    "Beginning",
    "Bulk",
    "ClosedAs",
    "Conversation",
    "ConversationTag",
    "Counter",
    "Draft",
    "DraftFile",
    "Entry",
    "EntryKind",
    "EntryWords",
    "Follower",
    "Mention",
    "Merge",
    "MessageId",
    "Participant",
    "Priority",
    "Question",
    "ReadMark",
    "Shelf",
    "Status",
    "Tag",
    "Topic",
    "View",
]
