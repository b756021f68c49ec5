"""One way to compare Arabic text: the same letters however they were typed, for search and for sorting."""

from __future__ import annotations

import re
import unicodedata

# Vowel and Quranic marks, tatweel, joiners, bidi marks, soft hyphen and byte order mark: never part of a word.
MARKS = re.compile(
    "[\u00ad\u0610-\u061a\u061c\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    "\u08d3-\u08e1\u08e3-\u08ff\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
BIDI_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
ARABIC_LETTER = (
    "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f"
)
STRETCHED = re.compile(f"([{ARABIC_LETTER}])\\1{{2,}}")
NOT_LANGUAGE = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+|[\d\W_]+", re.IGNORECASE)

_LETTERS = {
    **dict.fromkeys("أإآٱٲٳٵ", "ا"),
    **dict.fromkeys("ؤۆۇۈۉۋٶ", "و"),
    **dict.fromkeys("ئىیێېۍےۓٸ", "ي"),
    **dict.fromkeys("ةہھەۀۂۃ", "ه"),
    **dict.fromkeys("کڪ", "ك"),
    "ء": "",
    "٫": ".",
    "٬": ",",
}
_DIGITS = {letter: str(value) for row in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for value, letter in enumerate(row)}
FOLD = str.maketrans(_LETTERS | _DIGITS)
# Letters of the neighbours sort right after the Arabic letter they grew from (U+E000 is above every letter).
NEIGHBOURS = str.maketrans({"پ": "ب\ue000", "چ": "ج\ue000", "ژ": "ز\ue000", "ڤ": "ف\ue000", "گ": "ك\ue000"})


def normalise(text: str) -> str:
    """Return `text` folded so that the same word is the same string.

    Takes away vowel marks, tatweel and bidi marks; folds alef, hamza, taa marbuta and alef maqsura, Persian
    look-alikes, presentation forms (NFKC), Arabic-Indic digits and letter case; shortens a letter repeated three
    times or more to one (Arabic letters only, so «www» and order numbers stay). Idempotent.
    """
    for _ in range(
        4
    ):  # taking marks away can put two letters side by side that compose into one: until it rests
        folded = unicodedata.normalize("NFKC", MARKS.sub("", text).casefold())
        folded = STRETCHED.sub(r"\1", MARKS.sub("", folded).translate(FOLD))
        if folded == text:
            break
        text = folded
    return text


def sort_key(name: str) -> str:
    """Return the string to sort `name` by: the Arabic alphabet is then the order of code points.

    The database brings no Arabic collation, so names are sorted by this key, stored beside them.
    """
    return re.sub(r"\s+", " ", normalise(name)).strip().translate(NEIGHBOURS)


def is_arabic(text: str) -> bool:
    """Say whether at least three letters in ten are Arabic, links, addresses and numbers left aside."""
    letters = NOT_LANGUAGE.sub("", MARKS.sub("", text))
    if not letters:
        return False
    arabic = sum(1 for letter in letters if "\u0600" <= letter <= "\u077f" or "\ufb50" <= letter <= "\ufefc")
    return arabic >= 0.3 * len(letters)
