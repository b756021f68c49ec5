"""Folders of mail as they lie on a disk: what they are called, and which hold nothing worth bringing. Pure."""

from __future__ import annotations

import re
from pathlib import Path

from imapclient import imap_utf7

INBOX = "INBOX"
_FLAGS = re.compile(r"[:;!]2,([A-Za-z]*)$")
_LEFT_OUT = {
    "junk": "junk spam bulk junk-e-mail junk-email junk-mail bulk-mail spamverdacht البريد-غير-الهام غير-هام"
    " البريد-العشوائي البريد-المزعج رسائل-غير-مرغوب-فيها بريد-غير-مرغوب-فيه",
    "trash": "trash bin deleted deleted-items deleted-messages papierkorb corbeille المهملات سلة-المهملات المحذوفات"
    " العناصر-المحذوفة الرسائل-المحذوفة",
    "unsent": "drafts draft templates outbox unsent-messages entwürfe brouillons المسودات مسودات صندوق-الصادر",
}
_KINDS = {name.replace("-", " "): kind for kind, names in _LEFT_OUT.items() for name in names.split()}


def folder_of(root: Path, file: Path) -> str:
    """The folder a file lies in, its parts parted by "/": "INBOX", "Archive/2024", «الأرشيف».

    Knows Maildir++ (".Archive.2024", Courier's and Dovecot's), nested Maildirs (Dovecot's fs layout) and Thunderbird's
    ("Inbox.sbd/Old"). Names in modified UTF-7 (RFC 3501, 5.1.3) are read; a file handed over itself is INBOX.
    """
    if file == root:
        return INBOX
    inside = list(file.relative_to(root).parts)
    if inside[-1].endswith(".eml") or (len(inside) > 1 and inside[-2] in ("cur", "new")):
        inside.pop()
        if inside and inside[-1] in ("cur", "new"):
            inside.pop()
    parts: list[str] = []
    for part in inside:
        if part.startswith("."):
            parts += part.strip(".").split(".")
        else:
            parts.append(part.removesuffix(".sbd").removesuffix(".mbox"))
    return "/".join(_read(part) for part in parts if part) or INBOX


def flags_of(file: Path) -> str:
    """The flags in the name of a Maildir's file, as S, R, T, D; none for others."""
    match = _FLAGS.search(file.name)
    return match.group(1) if match else ""


def left_out(folder: str, flags: str = "") -> str:
    """Why mail does not come unless asked for: "junk", "trash" or "unsent"; nothing for mail that does."""
    if "T" in flags:
        return "trash"
    if "D" in flags:
        return "unsent"
    for part in folder.casefold().split("/"):
        if kind := _KINDS.get(" ".join(re.split(r"[\s_-]+", part.strip("[]")))):
            return kind
    return ""


def is_chosen(folder: str, wanted: list[str], unwanted: list[str]) -> bool:
    """Claims that a folder was asked for, by its name or that of one it lies in, in any case of letters."""

    def named(names: list[str]) -> bool:
        here = f"{folder.casefold()}/"
        return any(here.startswith(f"{name.casefold().strip('/')}/") for name in names)

    return (not wanted or named(wanted)) and not named(unwanted)


def _read(name: str) -> str:
    try:
        return str(imap_utf7.decode(name.encode("ascii")))
    except (UnicodeError, ValueError):
        return name
