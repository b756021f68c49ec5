"""What lies inside a message's parts: files in winmail.dat and in the text, taken out so that people can open them."""

from __future__ import annotations

from majlis.channels.email import naming, sealing, tnef, uuencoded
from majlis.channels.email.mail import Part
from majlis.lib.html import to_text

TNEF_TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")
Contents = tuple[str, str | None, tuple[Part, ...]]


def take_out(text: str, html: str | None, parts: tuple[Part, ...]) -> tuple[Contents, dict[str, str] | None]:
    """Return ((text, html, parts), seal found in the text) with what lay inside put beside it; the packed part stays.

    winmail.dat gives its files, and its text where the message has none of its own. Files that stand in the text
    (uuencode) and OpenPGP in it become parts. The same objects come back where there was nothing.
    """
    seal = None
    added: list[Part] = []
    if html is None:
        text, found, files = sealing.in_text(text)
        seal = found
        if "\nbegin " in f"\n{text}":
            text, in_text = uuencoded.take_out(text)
            files += in_text
        added += [
            _named(name, content, len(parts) + place + 1) for place, (name, content) in enumerate(files)
        ]
    packed = [part for part in parts if part.content.startswith(tnef.SIGNATURE) and _is_tnef(part)]
    if not added and not packed and seal is None:
        return (text, html, parts), None
    opened: list[Part] = []
    for part in packed[:3]:
        text, html = _unpack(part, text, html, opened, len(parts))
    kept = [part for part in parts if part not in packed]
    return (text, html, (*kept, *added, *opened, *packed)), seal


def _is_tnef(part: Part) -> bool:
    return part.content_type in TNEF_TYPES or part.name.lower() == "winmail.dat"


def _unpack(
    part: Part, text: str, html: str | None, opened: list[Part], before: int
) -> tuple[str, str | None]:
    found = tnef.read(part.content)
    if found is None:
        return text, html
    if html is None and not text.strip():
        html = found.html
        text = found.text or to_text(found.html or "")
    for one in found.files:
        name = naming.safe_name(one.name) or naming.nameless(one.content_type, before + len(opened) + 1)
        is_inline = bool(one.content_id) and f"cid:{one.content_id}" in (html or "")
        opened.append(Part(name, one.content_type, one.content, one.content_id, is_inline))
    return text, html


def _named(name: str, content: bytes, number: int) -> Part:
    name = naming.safe_name(name)
    kind = naming.type_of(name)
    return Part(name or naming.nameless(kind, number), kind, content, None, is_inline=False)
