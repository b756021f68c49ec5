"""The folders of an IMAP account, and what each is for (RFC 6154)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from imapclient.exceptions import IMAPClientError

from majlis.channels.email.folder_names import listed
from majlis.channels.email.mailserver import ImapSettings, connect, problems

_USES = {
    b"\\junk": "junk",
    b"\\trash": "trash",
    b"\\sent": "sent",
    b"\\drafts": "drafts",
    b"\\all": "all",
    b"\\archive": "archive",
}
MOST = 500


@dataclass(frozen=True, slots=True)
class Offered:
    """A folder that can be read. `use`: junk, trash, sent, drafts, all, archive, or "" for an ordinary one."""

    name: str
    use: str


def offered(settings: ImapSettings, *, timeout_seconds: float) -> list[Offered]:
    """Every folder that can be opened, INBOX first, then ordinary ones by name, special ones last; MOST of them.

    Raises ConnectionProblem as `mailserver.connect`.
    """
    client = connect(settings, timeout_seconds=timeout_seconds)
    try:
        with problems():
            there = listed(client)
    finally:
        with suppress(OSError, IMAPClientError):
            client.logout()
    found = []
    for said, name in there:
        if b"\\noselect" in said or b"\\nonexistent" in said:
            continue
        use = next((_USES[flag] for flag in sorted(said) if flag in _USES), "")
        found.append(Offered(name, use))
    return sorted(found, key=lambda one: (one.name.upper() != "INBOX", bool(one.use), one.name))[:MOST]
