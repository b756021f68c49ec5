"""The address at which an empty installation gets its owner."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from majlis.people.actions.installation import first_run_token


class Command(BaseCommand):
    """Prints the link once more, older ones void; prints nothing when there is an owner."""

    help = "Print the link that makes the first owner; nothing once there is one."

    def handle(self, *_args: Any, **_options: Any) -> None:
        token = first_run_token()
        if token is not None:
            self.stdout.write(f"{settings.CONFIG.url}/setup/{token}/")
