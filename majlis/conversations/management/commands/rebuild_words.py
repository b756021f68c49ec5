"""`majlis manage rebuild_words`: writes anew the words by which every entry is found."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from majlis.conversations.actions.words import BATCH, fill
from majlis.conversations.models import Entry


class Command(BaseCommand):
    """Goes through all entries in batches and says how far it is; the desk runs on meanwhile."""

    help = "Write anew the words by which the entries of all conversations are found."

    def handle(self, *_args: Any, **_options: Any) -> None:
        total, done, after = Entry.objects.count(), 0, 0
        while True:
            after, number = fill(after=after, is_anew=True)
            done += number
            if number < BATCH:
                break
            if done % (BATCH * 20) == 0:
                self.stdout.write(f"{done} of {total} entries …")
                self.stdout.flush()
        self.stdout.write(f"The words of {done} entries are written.")
