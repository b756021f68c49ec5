"""Whether somebody who writes is a machine that hides it: the same words, or the same subject, again and again."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Final

from django.db import connection

from majlis.channels.email.threading import normalise_subject

MOST_EQUAL: Final = 5  # a person sends the same text twice, perhaps; not as often as that within minutes
_LATELY = (
    "select md5(nullif(btrim(e.text), '')), e.subject, e.conversation_id from conversations_entry e"
    " where e.customer_id in (select customer_id from people_customeraddress where address = %s)"
    " and e.kind = 'message' and not e.is_historic and e.created_at > %s and lower(e.from_address) = %s"
    " order by e.id desc limit 200"
)


def is_talking_alone(address: str, *, since: datetime) -> bool:
    """Claims that `address` sent the same text, or the same subject in ever new conversations, so often since then."""
    written = address.strip().lower()
    with connection.cursor() as cursor:
        cursor.execute(_LATELY, [written, since, written])
        rows = cursor.fetchall()
    if len(rows) < MOST_EQUAL:
        return False
    texts = Counter(text for text, _, _ in rows if text)
    subjects = Counter(
        subject
        for subject, _ in {(normalise_subject(subject).casefold(), where) for _, subject, where in rows}
        if subject
    )
    return max(texts.values(), default=0) >= MOST_EQUAL or max(subjects.values(), default=0) >= MOST_EQUAL
