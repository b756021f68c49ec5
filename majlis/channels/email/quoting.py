"""Where a reply ends and the quoted message begins. Folds the clear cases only; never loses a character."""

from __future__ import annotations

import re

from majlis.lib.arabic import BIDI_MARKS

_DIGIT = r"[\d٠-٩۰-۹]"
# «On <a date> … wrote:» and its Arabic kin. A date or an address must stand inside: «He wrote:» alone is prose.
_ATTRIBUTION = re.compile(
    r"(?:On\b.{4,300}\bwrote|في\s.{4,300}(?:كتب|كتبت|كتبَ|تمت كتابة ما يلي بواسطة|كُتب بواسطة)\b.{0,160}|بتاريخ\s.{4,300}كتبت?\b.{0,160})"
    r"\s*[:：]\s*",
    re.DOTALL,
)
_DATED = re.compile(rf"{_DIGIT}{{1,2}}[:.]{_DIGIT}{{2}}|{_DIGIT}{{4}}|\S@\S")
_STARTS_ATTRIBUTION = ("On ", "في ", "بتاريخ ")
_ORIGINAL = re.compile(
    r"\s*[-_]{2,}\s*(?:Original Message|Original message|الرسالة الأصلية|رسالة أصلية|الرسالة الاصلية)\s*[-_]{2,}\s*"
)
_RULE = re.compile(r"\s*[_\-]{8,}\s*")
_FROM = re.compile(r"\s*\*?(?:From|من)\s*:\*?\s*\S.*")
_FIELD = re.compile(
    r"\s*\*?(?:Sent|Date|To|Cc|Subject|Importance|Reply-To|تم الإرسال|تاريخ الإرسال|أُرسلت|أرسلت|المرسل|التاريخ"
    r"|إلى|الى|نسخة|نسخة إلى|الموضوع)\s*:\*?.*",
)
_SENT = re.compile(r"\s*\*?(?:Sent|Date|تم الإرسال|تاريخ الإرسال|أُرسلت|أرسلت|التاريخ)\s*:")


def fold(text: str) -> tuple[str, str]:
    """Return (what the person wrote, what they quoted); the two joined are `text`, character for character.

    Knows «On … wrote:» and «في … كتب …:» (also broken over three lines), Outlook's block of From/Sent/To/Subject in
    English and Arabic, «Original Message» rules, and a last block of «>» lines. Where anybody may have written below or
    between the quoted lines, or nothing would be left to see, all of it stays visible.
    """
    lines = text.splitlines(keepends=True)
    seen = [BIDI_MARKS.sub("", line).replace("\xa0", " ").rstrip("\r\n") for line in lines]
    for place in range(len(seen)):
        start = _begins_quote(seen, place)
        if start is not None:
            return _cut(lines, seen, start)
    start = _trailing_block(seen, 0)
    return (text, "") if start is None else _cut(lines, seen, start)


def _cut(lines: list[str], seen: list[str], start: int) -> tuple[str, str]:
    if not any(line.strip() for line in seen[:start]):
        return "".join(lines), ""  # nothing above it: a forwarded message, or an answer written below
    return "".join(lines[:start]), "".join(lines[start:])


def _begins_quote(seen: list[str], place: int) -> int | None:
    """Return the line the quotation begins at if `place` opens one that clearly runs to the end."""
    line = seen[place]
    if _ORIGINAL.fullmatch(line):
        return place
    if _FROM.fullmatch(line):
        block = [other for other in seen[place + 1 : place + 8] if other.strip()]
        fields = 0
        while fields < len(block) and _FIELD.fullmatch(block[fields]):
            fields += 1
        if fields >= 2 and any(_SENT.match(other) for other in block[:fields]):
            above = place - 1
            while above >= 0 and not seen[above].strip():
                above -= 1
            return above if above >= 0 and _RULE.fullmatch(seen[above]) else place
    if line.lstrip().startswith(_STARTS_ATTRIBUTION):
        for length in (1, 2, 3):
            together = " ".join(part.strip() for part in seen[place : place + length])
            if _ATTRIBUTION.fullmatch(together) and _DATED.search(together):
                return place if _is_quoted_to_the_end(seen, place + length) else None
    return None


def _is_quoted_to_the_end(seen: list[str], place: int) -> bool:
    """After an attribution: either every line is quoted with «>», or none is (made from HTML, or Outlook's way)."""
    below = [line for line in seen[place:] if line.strip()]
    marked = [line.lstrip().startswith(">") for line in below]
    if not any(marked):
        return bool(below)
    return marked[0] and _trailing_block(seen, place) is not None and all(marked)


def _trailing_block(seen: list[str], first: int) -> int | None:
    """Return where the last unbroken block of «>» lines begins, if the text ends with it and has no other."""
    end = len(seen)
    while end > first and not seen[end - 1].strip():
        end -= 1
    start = end
    while start > first and (seen[start - 1].lstrip().startswith(">") or not seen[start - 1].strip()):
        start -= 1
    while start < end and not seen[start].strip():
        start += 1
    if start >= end or any(line.lstrip().startswith(">") for line in seen[first:start]):
        return None
    return start
