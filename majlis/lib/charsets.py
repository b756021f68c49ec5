"""What bytes say, whatever their label says: text in the charset in which it is most plausible."""

from __future__ import annotations

import codecs
import re
from itertools import pairwise

# Letters by how often they stand in Arabic prose; anything else in the Arabic block is rare or a mark.
COMMON = frozenset("اليمونرتبةعدسفهكقأحج")
UNCOMMON = frozenset("شصطخضذثزغظئءآؤإىپچژگکی")
LINKING = frozenset("الويمنتبسفهكل")
TASHKEEL = frozenset("\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652")
FINAL_ONLY = frozenset("ةى")
PAIRS = frozenset(
    "ال لم لا من في ين ات ية ها لي ما ان را ري ني يا لع كم عل هم ير ار لت لس ول نا دي وا تم با مر اب سل"
    " حم مح خل هل كر شك رس رق قم عم ست ته هذ ذا عن بع مس تب كت وص صل دف فع فا قا رة مة دة لة عة".split()
)
WORD = re.compile(r"[^\W\d_]+[\u064b-\u0652\u0640\w]*|[×÷]")
SAMPLE_CHARACTERS = 6000
SAMPLE_BYTES = 16_000
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")

ARABIC_CODECS = ("cp1256", "iso8859-6", "mac-arabic")
# Charsets in which plain ASCII bytes mean other letters.
SHIFTING = frozenset({"utf-7", "hz", "utf-32"})
# A label under which anything may hide: senders that never set one, or set the default of their software.
MEANINGLESS = frozenset({"ascii", "iso8859-1", "cp1252", "iso8859-15", "utf-8"})

_PLAIN = """ascii utf-8 utf-16 utf-16-le utf-16-be utf-32 utf-7 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256
cp1257 cp1258 cp437 cp720 cp850 cp852 cp855 cp857 cp858 cp862 cp864 cp866 cp874 cp932 cp949 cp950 big5 big5hkscs
euc_jp euc_kr gb18030 hz iso2022_jp iso2022_jp_2 iso2022_kr iso8859_1 iso8859_2 iso8859_3 iso8859_4 iso8859_5
iso8859_6 iso8859_7 iso8859_8 iso8859_9 iso8859_10 iso8859_11 iso8859_13 iso8859_14 iso8859_15 iso8859_16 johab
koi8_r koi8_u mac_arabic mac_cyrillic mac_greek mac_latin2 mac_roman mac_turkish ptcp154 shift_jis tis_620"""
# Only these are ever looked up: a label comes from a stranger, and Python also has codecs that are not charsets.
CODECS = {re.sub(r"[^a-z0-9]", "", name): codecs.lookup(name).name for name in _PLAIN.split()}
ALIASES = {
    "iso88596i": "iso8859_6", "iso88596e": "iso8859_6", "asmo708": "iso8859_6", "ecma114": "iso8859_6",
    "arabic": "iso8859_6", "csisolatinarabic": "iso8859_6", "isoir127": "iso8859_6", "macarabic": "mac_arabic",
    "xmacarabic": "mac_arabic", "windows1256": "cp1256", "xcp1256": "cp1256", "xwindows1256": "cp1256",
    "1256": "cp1256", "dos720": "cp720", "ibm864": "cp864", "iso88598i": "iso8859_8", "iso88598e": "iso8859_8",
    "logical": "iso8859_8", "usascii": "ascii", "ansix341968": "ascii", "ansix34": "ascii", "iso646us": "ascii",
    "us": "ascii", "7bit": "ascii", "latin1": "iso8859_1", "l1": "iso8859_1", "latin9": "iso8859_15",
    "iso88591windows1252": "cp1252", "ansi": "cp1252", "utf8mb4": "utf-8", "utf8mb3": "utf-8",
    "cp65001": "utf-8", "unicode11utf8": "utf-8", "xutf8": "utf-8", "utf": "utf-8", "unicode11utf7": "utf-7",
    "ucs2": "utf-16", "unicode": "utf-16", "gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030",
    "xgbk": "gb18030", "euccn": "gb18030", "sjis": "cp932", "shiftjis": "cp932", "xsjis": "cp932",
    "windows31j": "cp932", "ksc56011987": "cp949", "ksc5601": "cp949", "euckr": "cp949", "uhc": "cp949",
    "big5": "cp950", "xbig5": "cp950", "xeucjp": "euc_jp", "xmaccyrillic": "mac_cyrillic",
    "macintosh": "mac_roman", "xmacroman": "mac_roman", "windows874": "cp874", "tis620": "cp874",
}  # fmt: skip


def codec_for(label: str | None) -> str | None:
    """Return Python's name for a charset label as written in mail, or None where the label means nothing."""
    if not label:
        return None
    key = re.sub(r"[^a-z0-9]", "", label[:60].lower())
    if key not in ALIASES and re.fullmatch(r"(x?windows|x?cp|ibm|microsoftcp|dos)\d{3,4}", key):
        key = "cp" + re.sub(r"\D", "", key)
    name = ALIASES.get(key)
    return codecs.lookup(name).name if name else CODECS.get(key)


def plausibility(text: str) -> float:
    """Return how much the letters beyond ASCII read like writing, about +1 a letter when right, below 0 when not."""
    score = 0.0
    for match in WORD.finditer(text[:SAMPLE_CHARACTERS]):
        word = match.group()
        if not word.isascii():
            score += _word_score(word)
    score -= 4 * sum(1 for c in text[:SAMPLE_CHARACTERS] if c == "\ufffd" or "\x80" <= c <= "\x9f")
    return score


def _word_score(word: str) -> float:
    arabic = sum(1 for letter in word if "\u0600" <= letter <= "\u06ff")
    if arabic == 0:
        return _foreign_word_score(word)
    if arabic < len(word):
        return -1.5 * len(word)  # two scripts in one word: a Latin word with accents read as Arabic
    score = -1.0 if len(word) == 1 and word not in "وبلكف" else 0.0
    for position, letter in enumerate(word):
        if letter in COMMON:
            score += 1
        elif letter in UNCOMMON:
            score += 0.4
        elif letter in TASHKEEL:
            score -= 1.5 if position == 0 or word[position - 1] in TASHKEEL - {"\u0651"} else 0.2
        else:
            score -= 0.5
        if letter in FINAL_ONLY and position < len(word) - 1:
            score -= 1.5
        score += 0.8 if word[position : position + 2] in PAIRS else 0
    return score + (1.5 if len(word) > 3 and word.startswith(("ال", "وال", "بال", "لل")) else 0)


def _foreign_word_score(word: str) -> float:
    beyond = [letter for letter in word if not letter.isascii()]
    if any(letter in "×÷" for letter in beyond):
        return -2.0
    if all(letter < "\u0250" for letter in beyond):
        # Latin: a few accents in a word are writing, many are not.
        mixed_case = any(a.islower() and b.isupper() for a, b in pairwise(word))
        if len(beyond) * 2 > len(word) + 1 or mixed_case:
            return -0.5 * len(beyond)
        return 0.9 * len(beyond)
    return 0.5 * len(beyond)


def decode(data: bytes, declared: str | None) -> tuple[str, str]:
    """Return the text in `data` and the codec that gave it. Never raises.

    data: the bytes, transfer encoding already undone. declared: the label that came with them, or None.
    Well-formed UTF-8 wins over any label, since other charsets do not look like it by accident; a label that is
    merely the default of some software is weighed against the Arabic charsets by how the letters read.
    """
    codec = codec_for(declared)
    is_shifting = codec is not None and (codec in SHIFTING or codec.startswith(("iso2022", "utf-16")))
    if codec and is_shifting and (text := _strictly(data, codec)) is not None:
        return text, codec
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark) and (text := _strictly(data, name)) is not None:
            return text.removeprefix("\ufeff"), name
    if data.isascii():
        return data.decode("ascii"), codec if codec in ARABIC_CODECS else "ascii"
    if (text := _strictly(data, "utf-8")) is not None and not _looks_better_as(data, codec, text):
        return text, "utf-8"
    start = next(_BEYOND_ASCII.finditer(data)).start()
    sample = data[max(0, start - 200) : start + SAMPLE_BYTES]
    candidates = _candidates(sample, codec)
    best = max(candidates, key=lambda name: candidates[name][0])
    text = candidates[best][1] if len(sample) == len(data) else data.decode(best, errors="replace")
    return text, best


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError, OverflowError):
        return None


_ASCII = bytes(range(0x80))


def _looks_better_as(data: bytes, codec: str | None, as_utf8: str) -> bool:
    """A word or two in a declared charset can be well-formed UTF-8 by accident: then the letters decide."""
    if codec is None or codec in MEANINGLESS or len(data.translate(None, delete=_ASCII)) > 6:
        return False
    text = _strictly(data, codec)
    return text is not None and plausibility(text) > plausibility(as_utf8)


def _candidates(data: bytes, codec: str | None) -> dict[str, tuple[float, str]]:
    """Return codec -> (score, text); the declared one carries a bonus that grows with how far it is to be trusted."""
    is_telling = codec is not None and codec not in MEANINGLESS and codec not in ARABIC_CODECS
    if codec and is_telling and (text := _strictly(data, codec)) is not None:
        return {codec: (0.0, text)}
    found: dict[str, tuple[float, str]] = {}
    for name in ARABIC_CODECS:
        text = data.decode(name, errors="replace")
        bonus = 1.5 if name == "cp1256" else 0.0
        beyond = sum(1 for byte in data[:SAMPLE_CHARACTERS] if byte >= 0x80)
        bonus += 3.0 + 0.25 * beyond if name == codec else 0.0
        bonus -= 2.0 if name == "mac-arabic" and name != codec else 0.0
        found[name] = (plausibility(text) + bonus, text)
    western = data.decode("cp1252", errors="replace")
    if "\ufffd" in western:
        western = data.decode("iso8859-1")
    found["cp1252"] = (plausibility(western) + (1.0 if codec in MEANINGLESS - {"utf-8"} else 0.0), western)
    broken = data.decode("utf-8", errors="replace")
    if codec == "utf-8" or 4 * broken.count("\ufffd") < sum(1 for letter in broken if letter > "\x7f"):
        found["utf-8"] = (plausibility(broken) + (1.0 if codec == "utf-8" else 0.0), broken)
    return found
