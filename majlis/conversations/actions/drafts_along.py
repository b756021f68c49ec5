"""What somebody was writing in a conversation goes along when it is merged."""

from __future__ import annotations

from django.utils.html import escape

from majlis.conversations.models import Draft, DraftFile


def bring(number: int, into: int) -> list[int]:
    """Move the drafts of one conversation to another; the ids of those that can be moved back.

    Who was writing the same thing in both finds both texts in one draft, the target's first.
    """
    moved = []
    for draft in Draft.objects.select_for_update().filter(conversation_id=number).order_by("pk"):
        there = Draft.objects.filter(conversation_id=into, teammate_id=draft.teammate_id, mode=draft.mode)
        other = there.select_for_update().first()
        if other is None:
            draft.conversation_id = into
            draft.save(update_fields=["conversation"])
            moved.append(draft.pk)
        else:
            _join(other, draft)
    return moved


def _join(here: Draft, more: Draft) -> None:
    if here.html or more.html:
        here.html = _html(here) + _html(more)
    here.text = "\n\n".join(filter(None, (here.text, more.text)))
    here.version += 1
    here.save(update_fields=["text", "html", "version"])
    DraftFile.objects.filter(draft=more).update(draft=here)
    more.delete()


def _html(draft: Draft) -> str:
    if draft.html or not draft.text:
        return draft.html
    return "".join(f"<p>{escape(line) or '<br>'}</p>" for line in draft.text.split("\n"))
