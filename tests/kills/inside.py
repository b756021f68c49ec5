"""Run as a process of an installation, with its settings: furnishes it, and counts what it holds.

python -m tests.kills.inside furnish < plan.json
python -m tests.kills.inside reckon
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from typing import Any


def furnish(plan: dict[str, Any]) -> dict[str, Any]:
    """Make the owner, the agent and the mailboxes of `plan`; each mailbox's id by its address."""
    from majlis.channels.actions import connect
    from majlis.channels.email.mailserver import ImapSettings
    from majlis.channels.email.sending import SmtpSettings
    from tests import cast

    salma, made = cast.salma(), {}
    cast.badr()
    for wanted in plan["mailboxes"]:
        mailbox = cast.mailbox(wanted["address"], name=wanted["name"])
        made[mailbox.address] = mailbox.pk
        if wanted["smtp"]:
            imap = ImapSettings(**wanted["imap"]) if wanted["imap"] else None
            connect.save(mailbox, salma, shape=connect.Shape(imap, SmtpSettings(**wanted["smtp"])))
    return made


def reckon() -> dict[str, Any]:
    """What only Majlis itself can say: counters that are off, and kept mail whose bytes are not what they were."""
    from majlis.channels.models import RawMessage
    from majlis.conversations import queries
    from majlis.files.queries import read

    kept = [read(raw.file) for raw in RawMessage.objects.select_related("file").order_by("pk")]
    return {
        "counters_off": queries.counters_off(),
        "contents": [hashlib.sha256(content).hexdigest() for content in kept],
    }


def main() -> None:
    """Do what the first word says and print the answer as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "majlis.settings")
    import django

    django.setup()
    answer = furnish(json.load(sys.stdin)) if sys.argv[1] == "furnish" else reckon()
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
