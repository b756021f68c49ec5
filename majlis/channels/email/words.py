"""Words in headers: encoded words (RFC 2047), parameters (RFC 2231), raw 8-bit, and each done wrongly."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

from majlis.lib import charsets

_START = re.compile(rb"=\?([A-Za-z0-9!#$%&'+\-^_`.:()]{0,60})(?:\*[A-Za-z0-9-]{0,40})?\?([bBqQ])\?")
_SEPARATOR = re.compile(rb"[ \t\r\n]*\Z")
_PARAMETER = re.compile(r"\s*([^\s=;\"]+?)(?:\*(\d{1,4}))?(\*)?\s*=\s*", re.ASCII)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")


def storable(text: str) -> str:
    """Return `text` without what a database cannot hold: NUL goes, a lone surrogate becomes U+FFFD."""
    return _UNSTORABLE.sub(lambda found: "" if found.group() == "\x00" else "\ufffd", text)


def one_line(text: str) -> str:
    """Return `text` as one storable line: control characters out, white space folded to single spaces."""
    return re.sub(r"\s+", " ", _CONTROLS.sub("", storable(text))).strip()


def decode(value: bytes, hint: str | None = None) -> str:
    """Return the text of a header's value: its encoded words decoded, the bytes between them read by plausibility.

    hint: the charset the rest of the message declares, for raw 8-bit bytes. Words next to each other in one charset
    are joined before decoding, since many senders split a letter between two of them. Never raises.
    """
    pieces: list[str] = []
    run: list[tuple[str, str, bytes]] = []
    position = 0
    while (start := value.find(b"=?", position)) >= 0:
        match = _START.match(value, start)
        end = value.find(b"?=", match.end()) if match else -1
        if match is not None and end < 0 and not re.search(rb"\s", value[match.end() :]):
            end = len(value)  # cut off by a program that counts bytes: what is there is read
        if match is None or end < 0:
            if match is not None:
                break
            plain, position = value[position : start + 2], start + 2
            pieces += [_flush(run), charsets.decode(plain, hint)[0]]
            continue
        between = value[position:start]
        if not (run and _SEPARATOR.match(between)):
            pieces += [_flush(run), charsets.decode(between, hint)[0]]
        run.append(
            (match.group(1).decode("ascii"), match.group(2).decode("ascii").lower(), value[match.end() : end])
        )
        position = end + 2
    pieces += [_flush(run), charsets.decode(value[position:], hint)[0]]
    return one_line("".join(pieces))


def _flush(run: list[tuple[str, str, bytes]]) -> str:
    """Decode the encoded words gathered in `run`, emptying it; those in one charset together."""
    out: list[str] = []
    while run:
        charset = run[0][0].lower()
        same = 1
        while same < len(run) and run[same][0].lower() == charset:
            same += 1
        out.append(charsets.decode(_word_bytes(run[:same]), charset)[0])
        del run[:same]
    return "".join(out)


def _word_bytes(run: list[tuple[str, str, bytes]]) -> bytes:
    if all(kind == "b" for _, kind, _ in run):
        texts = [
            re.sub(rb"[^A-Za-z0-9+/]", b"", text.replace(b"-", b"+").replace(b"_", b"/"))
            for _, _, text in run
        ]
        if any(len(text) % 4 == 1 for text in texts[:-1]) or (
            len(texts) > 1 and sum(map(len, texts)) % 4 == 0 and any(len(text) % 4 for text in texts[:-1])
            and not any(text.rstrip().endswith(b"=") for _, _, text in run[:-1])
        ):  # fmt: skip
            return _unbase64(b"".join(texts))  # one base64 text cut anywhere, not at a multiple of four
        return b"".join(_unbase64(text) for text in texts)
    return b"".join(
        _unbase64(re.sub(rb"[^A-Za-z0-9+/]", b"", text))
        if kind == "b"
        else binascii.a2b_qp(text, header=True)
        for _, kind, text in run
    )


def _unbase64(text: bytes) -> bytes:
    if len(text) % 4 == 1:
        text = text[:-1]
    return base64.b64decode(text + b"=" * (-len(text) % 4))


def parameters(value: bytes, hint: str | None = None) -> tuple[str, dict[str, str]]:
    """Return (the value before the first «;» in lower case, its parameters: name in lower case -> text).

    Understands RFC 2231 (charset, percent encoding, continuations), RFC 2047 words inside quotes or bare, raw 8-bit,
    and values with spaces that nobody quoted.
    """
    text = value.decode("latin-1")
    head, _, rest = text.partition(";")
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    position = 0
    while position < len(rest) and len(plain) + len(pieces) < 200:
        match = _PARAMETER.match(rest, position)
        if match is None:
            following = rest.find(";", position)
            if following < 0:
                break
            position = following + 1
            continue
        written, position = _written(rest, match.end())
        name, number, is_extended = match.group(1).lower(), match.group(2), match.group(3) is not None
        if number is None and not is_extended:
            plain.setdefault(name, written)
        else:
            pieces.setdefault(name, {}).setdefault(int(number or 0), (is_extended, written))
    found = {name: decode(text.encode("latin-1"), hint) for name, text in plain.items()}
    found |= {name: _joined(numbered, hint) for name, numbered in pieces.items()}
    kind = re.sub(r"\(.*?\)|\s", "", head.partition(",")[0]).strip('"').lower()
    return one_line(kind), found


def _written(rest: str, position: int) -> tuple[str, int]:
    """Return the parameter's value as written, quotes undone, and where the next parameter begins."""
    if rest[position : position + 1] == '"':
        out = []
        position += 1
        while position < len(rest) and rest[position] != '"':
            if rest[position] == "\\" and position + 1 < len(rest) and rest[position + 1] in '"\\':
                position += 1
            out.append(rest[position])
            position += 1
        following = rest.find(";", position)
        return "".join(out), len(rest) if following < 0 else following + 1
    following = rest.find(";", position)
    following = len(rest) if following < 0 else following
    return rest[position:following].strip().strip('"'), following + 1


def _joined(numbered: dict[int, tuple[bool, str]], hint: str | None) -> str:
    charset: str | None = None
    data = b""
    for place, (_, (is_extended, text)) in enumerate(sorted(numbered.items())):
        if is_extended and place == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        data += unquote_to_bytes(text.encode("latin-1")) if is_extended else text.encode("latin-1")
    if b"=?" in data and charset is None:
        return decode(data, hint)
    return one_line(charsets.decode(data, charset or hint)[0])
