"""What a word is found by: its stems, the same for the forms in which Arabic and English write it.

A written clitic cannot always be told from a letter of the root («وصول» is no «صول» with an "and"), so a word may have
several stems. All of them are kept of a text; a query asks for any of a word's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from .arabic import ARABIC_LETTER, normalise

AUTHOR = "@"  # stands before the stems of whoever wrote a text, which no word begins with
LEAST = 3  # letters that must remain of a word
LONGEST = 64  # of a longer run only so much is kept: nobody types it
MOST_TEXT = 40_000  # characters of a text that are looked at

# A word, or several that a sign holds together: an address, an order's number, "well-known".
TOKEN = re.compile(r"[^\W_]+(?:[-@._+/:#'’~=&%]+[^\W_]+)*")
PART = re.compile(r"[^\W_]+")
# A telephone or card number in groups.
GROUPED = re.compile(r"(?<!\w)\+?\d[\d ()-]{5,}\d(?!\w)")
_ARABIC = re.compile(f"[{ARABIC_LETTER}]+")
_DEFINITE = re.compile(r"[وف]?(?:[بك]?ال|لل)")
_AND = re.compile(r"[وف][بكل]")
_CLITICS = "وفبكل"
_PRONOUNS = ("هما", "كما", "ها", "هم", "هن", "كم", "كن", "نا", "ني", "ه", "ي", "ك")
_ENDINGS = ("يات", "يين", "يون", "يان", "ات", "ان", "ين", "ون", "وا", "يه", "ه", "ت", "ا", "ي")
_VOWEL = re.compile("[aeiouy]")

# Words that say nothing by themselves: a query leaves them out while it has others.
_EMPTY = frozenset(
    normalise(
        "من في على عن إلى الى هل ما لا لم لن قد ثم أن إن أو او و يا هو هي هم أنا انت نحن هذا هذه ذلك تلك التي الذي كان"
        " كانت مع كل أي لي لك له لها عند منذ حتى بعد قبل غير كما بين"
        " the a an and or of to in on at is are was were be i you we it my your our this that for with from not no do"
    ).split()
)


def stems(text: str) -> list[str]:
    """The stems of a text, each once, in the order in which they first come."""
    text = text[:MOST_TEXT]
    found = dict.fromkeys(chain.from_iterable(map(_of_run, text.split())))
    if GROUPED.search(text):
        found.update((whole, None) for whole, _ in _tokens(normalise(text)) if whole)
    return list(found)


@lru_cache(maxsize=8192)
def _of_run(run: str) -> tuple[str, ...]:
    """The stems of what stands between two spaces: most of a text is such runs as were read before."""
    found: dict[str, None] = {}
    for whole, parts in _tokens(normalise(run)):
        if whole:
            found[whole] = None
        for part in parts:
            found.update(dict.fromkeys(forms(part)))
    return tuple(found)


def query(text: str) -> list[list[list[str]]]:
    """What a text asks for: of every word, alternatives of stems that must all be there.

    Words that say nothing are left out while others remain.
    """
    asked: dict[str, list[list[str]]] = {}
    for whole, parts in _tokens(normalise(text[:MOST_TEXT]), is_once=True):
        if whole:
            together = [forms(part)[0] for part in parts]
            asked[whole] = [[whole], together] if together and together != [whole] else [[whole]]
        else:
            asked[parts[0]] = [[form] for form in forms(parts[0])]
    telling = {word: alternatives for word, alternatives in asked.items() if word not in _EMPTY}
    return list((telling or asked).values())


def tsquery(text: str, *, mark: str = "") -> str:
    """`query` as PostgreSQL reads it, `mark` before every stem; empty when nothing is asked for."""
    return " & ".join(
        "("
        + " | ".join("(" + " & ".join(_quoted(mark + stem) for stem in all_of) + ")" for all_of in any_of)
        + ")"
        for any_of in query(text)
    )


def _quoted(stem: str) -> str:
    """A stem as PostgreSQL reads it in a query."""
    return "'" + stem.replace("\\", "\\\\").replace("'", "''") + "'"


def forms(word: str) -> tuple[str, ...]:
    """The stems of one normalised word without signs in it, the likeliest first."""
    word = word[:LONGEST]
    if _ARABIC.fullmatch(word):
        return tuple(dict.fromkeys(stem for start in _starts(word) for stem in _ends(start)))
    return (_english(word) if word.isascii() and word.isalpha() else word,)


def _starts(word: str) -> Iterator[str]:
    """The word without its clitics; where they may as well be letters of the root, with them too."""
    definite = _DEFINITE.match(word)
    if definite and len(word) - definite.end() >= LEAST:
        yield word[definite.end() :]
        if definite.group().endswith("لل"):
            yield word[definite.end() - 1 :]
        elif definite.end() > 2 and len(word) - definite.end() <= LEAST + 1:
            yield word
        return
    yield word
    if word[0] in _CLITICS and len(word) > LEAST:
        yield word[1:]
        if _AND.match(word) and len(word) > LEAST + 1:
            yield word[2:]


def _ends(word: str) -> Iterator[str]:
    """The word without pronoun and ending."""
    owners = [one for one in _PRONOUNS if word.endswith(one) and len(word) - len(one) >= LEAST]
    if not owners or owners[-1] == "ك":
        yield _without_ending(word)
    for owner in owners:
        yield _without_ending(word[: -len(owner)])


def _without_ending(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= LEAST:
            return word[: -len(ending)]
    return word


def _english(word: str) -> str:
    """A light stem: of "orders", "ordered" and "ordering" the same."""
    if len(word) <= LEAST:
        return word
    if word.endswith(("ies", "ied")) and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-2] if word.endswith(("sses", "xes", "ches", "shes", "zes")) else word[:-1]
    for ending in ("ing", "ed"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= LEAST and _VOWEL.search(rest):
            word = rest[:-1] if rest[-1] == rest[-2] and rest[-1] not in "lsz" else rest
            break
    return word[:-1] if word.endswith("e") and len(word) > LEAST else word


def _tokens(folded: str, *, is_once: bool = False) -> Iterator[tuple[str, list[str]]]:
    """Each token: the whole where it is a number or an address (else empty), and its words.

    A number in groups is a token of its own, beside its groups or, `is_once`, in their place.
    """
    end = 0
    for group in GROUPED.finditer(folded):
        if len(digits := re.sub(r"\D", "", group.group())) < 7:
            continue
        if is_once:
            yield from _plain(folded, end, group.start())
            end = group.end()
        yield digits, PART.findall(group.group()) if is_once else []
    yield from _plain(folded, end, len(folded))


def _plain(folded: str, start: int, end: int) -> Iterator[tuple[str, list[str]]]:
    for match in TOKEN.finditer(folded, start, end):
        token = match.group()
        if token.isalpha() or token.isdecimal():
            if len(token) > 1 or token.isdecimal():
                yield "", [token[:LONGEST]]
            continue
        parts = [part for part in PART.findall(token) if len(part) > 1 or part.isdecimal()]
        if len(token) <= LONGEST and ("@" in token or any(map(str.isdecimal, token))):
            yield token, parts
        else:
            yield from (("", [part]) for part in parts)
