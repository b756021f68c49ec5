"""Files that old programs write into the text itself (uuencode, POSIX): taken out, the text around them stays.

yEnc («=ybegin») is left exactly as it is: it is not used in mail, and its bytes do not survive a charset.
"""

from __future__ import annotations

import binascii
import re

MAX_FILES = 50
_BEGIN = re.compile(r"^begin [0-7]{3,4} ([^\n]{1,200})$", re.MULTILINE)


def take_out(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Return (`text` without the whole files in it, [(name, bytes)]). What has no end or no right line stays text."""
    files: list[tuple[str, bytes]] = []
    kept: list[str] = []
    position = 0
    while len(files) < MAX_FILES and (match := _BEGIN.search(text, position)):
        found = _file(text, match.end() + 1)
        if found is None:
            kept.append(text[position : match.end()])
            position = match.end()
            continue
        content, end = found
        files.append((match.group(1).strip(), content))
        kept.append(text[position : match.start()])
        position = end
    if not files:
        return text, []
    return re.sub(r"\n{3,}", "\n\n", "".join(kept) + text[position:]).strip("\n"), files


def _file(text: str, position: int) -> tuple[bytes, int] | None:
    out: list[bytes] = []
    while position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        line, position = text[position:end].rstrip("\r"), end + 1
        if line.strip() == "end":
            return (b"".join(out), position) if out else None
        if line.strip() in ("", "`"):
            continue
        # A line of n bytes is 1 + 4·⌈n/3⌉ signs; programs strip or add blanks at its end.
        size = (ord(line[0]) - 32) & 63
        if not line.isascii() or not size or abs(len(line) - 1 - 4 * -(-size // 3)) > 4:
            return None
        try:
            out.append(binascii.a2b_uu(line.ljust(1 + 4 * -(-size // 3))[: 1 + 4 * -(-size // 3)]))
        except (binascii.Error, ValueError):
            return None
    return None
