"""What somebody wrote above a letter of ours, without the letter: nothing of it may go on to others. Pure."""

from __future__ import annotations

import re

from majlis.channels.email import quoting

# Stands first in every letter that may be answered, by the reader's language and in both.
LINES = {
    "ar": "—— اكتب ردّك فوق هذا السطر · Write above this line ——",
    "en": "—— Write above this line · اكتب ردّك فوق هذا السطر ——",
}
_GAP = r"[\s>\u200e\u200f\u202a-\u202e\u2066-\u2069]+"
_LINE = re.compile(
    "|".join(_GAP.join(words.split()) for words in ("اكتب ردّ?ك فوق هذا السطر", "Write above this line")),
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^--[ \t]?$", re.MULTILINE)  # RFC 3676 §4.3, its last blank often lost
_MARKS = re.compile(r"[\s>|—–\-_=*·•#]*")
_DIGIT = re.compile(r"\d")


def own_words(text: str, *, address: str) -> str:
    """Return what somebody wrote who answers a letter that came from `address`: neither what they quoted of it, nor
    the line above that, nor their own mail signature.

    Everything from the line of LINES on goes, whatever stands there.
    """
    found = _LINE.search(text)
    if found is None:
        return _signed_off(quoting.fold(text).text)
    above = text[: text.rfind("\n", 0, found.start()) + 1]
    # As if a whole quotation followed, and something stood before it: then the line that introduces it is folded too.
    begun, quoted = "·\n\n", "\n> ·\n"
    visible = quoting.fold(f"{begun}{_without_marks(above)}{quoted}").text
    visible = visible.removeprefix(begun).removesuffix(quoted)
    return _signed_off(_without_introduction(visible, address))


def _without_introduction(text: str, address: str) -> str:
    """The last paragraph goes when it only says, in any language, whom the quotation below is from."""
    rest, gap, last = _without_marks(text).rpartition("\n\n")
    line = last.strip()
    names_us = address.lower() in line.lower()
    if names_us or (line.endswith((":", "：")) and len(_DIGIT.findall(line)) >= 4 and "\n" not in line):
        return _without_marks(rest)
    return f"{rest}{gap}{last}"


def _without_marks(text: str) -> str:
    """Without the last lines that hold no word."""
    lines = text.rstrip().split("\n")
    while lines and _MARKS.fullmatch(lines[-1]) and not _SIGNATURE.fullmatch(lines[-1]):
        lines.pop()
    return "\n".join(lines)


def _signed_off(text: str) -> str:
    found = _SIGNATURE.search(text)
    return (text[: found.start()] if found else text).strip()
