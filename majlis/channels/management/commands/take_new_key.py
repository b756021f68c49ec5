"""`majlis manage take_new_key`: for who lost the old secret key for good."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from majlis.channels import keys
from majlis.channels.actions.keeping import take_new_key


class Command(BaseCommand):
    """From now on the present key is right; passwords it cannot read have to be entered again."""

    help = "Take the present secret key for the right one, after the old one was lost."

    def handle(self, *_args: Any, **_options: Any) -> None:
        take_new_key()
        lost = keys.unreadable()
        self.stdout.write("From now on this key is the right one.")
        if lost:
            self.stdout.write(f"Enter the passwords of these mailboxes again: {', '.join(lost)}.")
