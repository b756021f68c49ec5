"""What a form's last page says of when somebody answers."""

from __future__ import annotations

from django.utils import timezone

from majlis.coverage import opening_words, queries
from majlis.people.models import Mailbox
from majlis.people.queries import installation


def answer_sentence(mailbox: Mailbox, language: str) -> str:
    """A sentence that is true now, in `language`; empty where nobody said when they are there."""
    found = installation()
    to = opening_words.reader(language, region=found.region if found else "")
    return opening_words.answer(queries.of_team(mailbox.team_id), now=timezone.now(), to=to)
