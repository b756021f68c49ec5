"""`majlis manage check_counters`: proves that the counter rows agree with the conversations."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from majlis.conversations.actions.recount import recount
from majlis.conversations.queries import counters_off


class Command(BaseCommand):
    """Prints each row that is off; with --mend sets it right."""

    help = "Compare the counters of the folders with the conversations."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--mend", action="store_true", help="count anew what is off")

    def handle(self, *_args: Any, mend: bool, **_options: Any) -> None:
        off = counters_off()
        for mailbox_id, assignee_id, shelf, counted, true in off:
            where = f"mailbox {mailbox_id}, assignee {assignee_id or 'nobody'}, {shelf}"
            self.stdout.write(f"{where}: counted {counted}, there are {true}")
        if not off:
            self.stdout.write("Every counter agrees with the conversations.")
        elif mend:
            recount()
            self.stdout.write("Counted anew.")
        else:
            raise CommandError("Some counters are off; `majlis manage check_counters --mend` counts anew.")
