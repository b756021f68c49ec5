"""The words of an acknowledgement: those a team starts from, and what is put in for its placeholders. Pure."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 4_000
PLACEHOLDERS: Final = ("name", "team", "company", "answer")
DEFAULTS: Final[dict[str, str]] = {
    "ar": (
        "أهلًا {name}،\n\nوصلتنا رسالتك، وسنجيبك هنا.\n{answer}\n"
        "إن أردت إضافة شيء فأجب عن هذه الرسالة.\n\n{team}\n{company}"
    ),
    "en": (
        "Hello {name},\n\nYour message has reached us, and we will answer you here.\n{answer}\n"
        "If you want to add something, reply to this message.\n\n{team}\n{company}"
    ),
}
_LONGEST_NAME = 60
_LEADS_SOMEWHERE = re.compile(r"://|www\.|@|[a-z0-9-]\.[a-z]{2,}", re.IGNORECASE)
_ANSWERED = re.compile(r"[ \t\u00a0]*\{answer\}")
_NAMED = re.compile(r"[ \u00a0]*\{name\}")


def filled(text: str, *, name: str, team: str, company: str, answer: str = "") -> str:
    """The text with its placeholders filled in; nothing is said for a name that is not known.

    `answer` says when somebody reads it; a line that holds nothing else goes with it where that is not known.
    """
    called = calling(name)
    text = text.replace("{answer}", answer) if answer else _unanswered(text)
    text = _NAMED.sub(lambda found: found[0].replace("{name}", called) if called else "", text)
    return text.replace("{team}", team).replace("{company}", company).strip()


def _unanswered(text: str) -> str:
    """The text without {answer}; of two empty lines that would come together one is left."""
    lines: list[str] = []
    is_gone = False
    for line in text.split("\n"):
        kept = _ANSWERED.sub("", line)
        if kept != line and not kept.strip():
            is_gone = True
        elif kept.strip() or not is_gone or (lines and lines[-1].strip()):
            lines.append(kept)
            is_gone = is_gone and not kept.strip()
    return "\n".join(lines)


def calling(name: str) -> str:
    """A name as we may write it to somebody: one line, no address.

    Whoever writes chooses it and where the answer goes, so that it would carry links to others in our name.
    """
    name = " ".join(name.split())
    return "" if len(name) > _LONGEST_NAME or _LEADS_SOMEWHERE.search(name) else name


def unknown(text: str) -> str:
    """The first placeholder in `text` that is none of ours, empty when there is none."""
    return next(
        (found for found in re.findall(r"\{([^{}\n]{0,40})\}", text) if found not in PLACEHOLDERS), ""
    )
