"""A teammate answers a letter of ours by mail: known by the token in what the mail answers, before any threading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils import timezone

from majlis.channels import noticing
from majlis.channels.email import above, threading
from majlis.channels.email.parsing import ParsedMail, Part
from majlis.channels.models import NoticeLetter, RawMessage
from majlis.channels.noticing import About
from majlis.channels.outbox import Upload, send_reply
from majlis.conversations import drafts
from majlis.conversations.actions import draft
from majlis.conversations.actions.attach import attach
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.note import add_note
from majlis.conversations.models import Conversation, Entry, EntryKind
from majlis.files.models import File
from majlis.lib.errors import Refused
from majlis.people import queries as people
from majlis.people.actions.notices import read_conversation

from . import limit
from .letter_words import refused as letter_of_refusal
from .notice_letters import MOST_AN_HOUR

TAKEN_FOR = timedelta(days=14)
_REPEATED_WITHIN = timedelta(days=1)
_MACHINES = frozenset({"auto-reply", "auto-generated", "bulk", "bounce"})  # people do answer through lists
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
Files = list[tuple[Part, File]]


@dataclass(frozen=True, slots=True)
class Taken:
    """The mail is settled by this: the entry it became, or none."""

    entry_id: int | None


@dataclass(frozen=True, slots=True)
class _Answer:
    """A teammate's answer to a letter; `conversation` is where it belongs today, None when it was deleted."""

    letter: NoticeLetter
    conversation: Conversation | None
    mail: ParsedMail
    key: str
    raw: RawMessage
    text: str
    files: Files

    @property
    def submission_key(self) -> UUID:
        """The same mail is the same submission, however often it comes."""
        return uuid5(NAMESPACE_URL, f"majlis:by-mail/{self.letter.reference}/{self.key}")


def take(
    raw: RawMessage, mail: ParsedMail, *, key: str, files: Files, is_forged: bool = False
) -> Taken | None:
    """Take a mail that answers one of our letters, inside the caller's transaction; None: it goes the ordinary way.

    Only a person's mail from the very address the letter went to is an answer, within `TAKEN_FOR`, while that
    teammate works here and sees the conversation. What a machine answers, and a letter that came back, is nothing.
    `is_forged`: the mailbox's own server found that it does not come from that address.
    """
    ids = threading.candidates(mail)
    if noticing.is_own(mail.message_id):
        return Taken(None)
    letter = None if raw.is_historic else noticing.answered_by(ids)
    if letter is None:
        return None
    if raw.envelope_from == "" or mail.auto in _MACHINES:
        return Taken(None)
    conversation = _standing(letter)
    if is_forged or not _is_from_its_reader(raw, mail, letter) or not _may_see(letter, conversation):
        return None
    if NoticeLetter.objects.filter(answer_key=key).exists():
        return Taken(None)  # it was refused before, and that was said
    with limit.reading(raw.pk):
        text = above.own_words(mail.text, address=_mailbox_address(letter))
    kept = [(part, file) for part, file in files if part.content_type.lower() not in _SIGNATURES]
    return Taken(_settle(_Answer(letter, conversation, mail, key, raw, text, kept)))


def _is_from_its_reader(raw: RawMessage, mail: ParsedMail, letter: NoticeLetter) -> bool:
    is_from = mail.sender is not None and mail.sender.address.lower() == letter.teammate.email.lower()
    return (
        is_from
        and "from" not in mail.defects  # one From, and that
        and letter.teammate.is_active
        and letter.delivery.mailbox_id == raw.mailbox_id
        and letter.becomes != NoticeLetter.Becomes.NOTHING
        and raw.received_at - letter.created_at <= TAKEN_FOR
    )


def _standing(letter: NoticeLetter) -> Conversation | None:
    """The conversation of a letter, or the one it was merged into, held so that it stays as it is."""
    held = Conversation.objects.select_for_update()
    found = held.filter(pk=letter.conversation_id or 0).first()
    while found is not None and found.merged_into_id is not None:
        found = held.filter(pk=found.merged_into_id).first()
    return found


def _may_see(letter: NoticeLetter, conversation: Conversation | None) -> bool:
    mailbox_id = letter.delivery.mailbox_id if conversation is None else conversation.mailbox_id
    return mailbox_id in people.mailbox_ids_visible_to(letter.teammate)


def _mailbox_address(letter: NoticeLetter) -> str:
    return letter.delivery.mailbox.address if letter.delivery.mailbox else ""


def _settle(answer: _Answer) -> int | None:
    try:
        with transaction.atomic():
            entry = _reply(answer) if answer.letter.becomes == NoticeLetter.Becomes.REPLY else _note(answer)
    except Refused as refused:
        if refused.code == "already_posted":
            entry_id = refused.data["entry_id"]
            return entry_id if isinstance(entry_id, int) else None
        _give_back(answer, refused.code)
        return None
    read_conversation(answer.letter.teammate, entry.conversation_id, until=answer.letter.created_at)
    return entry.pk


def _reply(answer: _Answer) -> Entry:
    """What was written goes to the customer, unless somebody wrote after the letter."""
    conversation = _open(answer)
    _refuse_repeated(answer, conversation)
    posted = send_reply(
        answer.letter.teammate,
        conversation.pk,
        text=answer.text,
        seen_seq=answer.letter.seen_seq,
        submission_key=answer.submission_key,
        uploads=[Upload(part.name, part.content_type, part.content) for part, _ in answer.files],
    )
    Entry.objects.filter(pk=posted.entry.pk).update(raw=answer.raw.file, message_key=answer.key)
    return posted.entry


def _note(answer: _Answer) -> Entry:
    conversation = _open(answer)
    with changing(conversation.pk) as change:
        entry = add_note(
            change,
            teammate=answer.letter.teammate,
            text=answer.text,
            submission_key=answer.submission_key,
            has_files=bool(answer.files),
        )
        for part, file in answer.files:
            attach(entry, file=file, name=part.name, content_type=part.content_type)
    Entry.objects.filter(pk=entry.pk).update(raw=answer.raw.file, message_key=answer.key)
    return entry


def _open(answer: _Answer) -> Conversation:
    """Where the answer goes. Raises Refused: gone, merged_away, put_away, too_large."""
    conversation = answer.conversation
    if conversation is None:
        raise Refused("gone")
    if conversation.pk != answer.letter.conversation_id:
        raise Refused("merged_away", number=conversation.pk)
    if conversation.deleted_at is not None or conversation.is_spam:
        raise Refused("put_away")
    if sum(len(part.content) for part, _ in answer.files) > draft.MOST_BYTES:
        raise Refused("too_large")
    return conversation


def _refuse_repeated(answer: _Answer, conversation: Conversation) -> None:
    """An absence that does not say that it is one says the same words again and again: the second time they stay here."""
    if answer.files or not answer.text:
        return
    own = Entry.objects.filter(
        conversation=conversation, teammate=answer.letter.teammate, kind=EntryKind.REPLY
    )
    by_mail = own.filter(raw__isnull=False, created_at__gt=answer.raw.received_at - _REPEATED_WITHIN)
    if by_mail.filter(text=answer.text).exclude(submission_key=answer.submission_key).exists():
        raise Refused("said_already")


def _give_back(answer: _Answer, code: str) -> None:
    """What was not taken becomes its writer's draft if they have none there, and a letter tells them so, once."""
    is_drafted = answer.conversation is not None and _draft(answer, answer.conversation)
    letter, teammate, now = answer.letter, answer.letter.teammate, timezone.now()
    lately = noticing.sent_since(teammate, now - timedelta(hours=1))
    if letter.becomes == NoticeLetter.Becomes.TOLD or len(lately) > MOST_AN_HOUR:
        return
    words = letter_of_refusal(
        teammate, answer.conversation, code=code, is_drafted=is_drafted, words=answer.text, now=now
    )
    about = About(
        answer.conversation.pk if answer.conversation else None,
        NoticeLetter.Becomes.TOLD,
        answer_key=answer.key,
        in_reply_to=answer.mail.message_id or "",
    )
    noticing.queue_notice(teammate, words, about, mailbox=letter.delivery.mailbox, now=now)


def _draft(answer: _Answer, conversation: Conversation) -> bool:
    mode = "reply" if answer.letter.becomes == NoticeLetter.Becomes.REPLY else "note"
    mine = (answer.letter.teammate, conversation.pk, mode)
    if mode in drafts.of_conversation(answer.letter.teammate, conversation.pk):
        return False
    if answer.text:
        draft.save_draft(*mine, version=0, text=answer.text)
    for part, file in answer.files:
        try:
            draft.add_file(*mine, file=file, name=part.name, content_type=part.content_type)
        except Refused:
            break  # too large together; the mail itself is kept
    return bool(answer.text or answer.files)
