"""The words people use for days and hours, folded as `arabic.normalise` folds them."""

from __future__ import annotations

import re
from datetime import time
from typing import Final

from majlis.lib.arabic import normalise


def words_of(typed: str) -> list[str]:
    """What was typed as folded words: digits are Latin, commas gone, "9 am" and "9am" alike."""
    text = normalise(typed).replace("،", " ").replace(",", " ").replace("؟", " ")
    text = re.sub(r"(?<=\d)\s*([ap])\.?m\.?(?![a-z])", r"\1m", text)
    return text.replace("بعد الظهر", "العصر").split()


def _folded(table: dict[str, str]) -> dict[str, str]:
    """A table of "value": "word word …" turned to word → value, folded."""
    return {normalise(word): value for value, words in table.items() for word in words.split("|")}


DROPPED: Final = frozenset(
    normalise(word)
    for word in "on|the|until|till|for|next|this|coming|of|يوم|حتى|حتي|الى|القادم|القادمة|المقبل|المقبلة|الجاي|هذا|في|من|شهر".split(
        "|"
    )
) - {"شهر"}

DAYS: Final = {
    word: int(value)
    for word, value in _folded(
        {
            "0": "monday|mon|الاثنين|اثنين|الإثنين|إثنين|للاثنين",
            "1": "tuesday|tue|tues|الثلاثاء|ثلاثاء|الثلوث",
            "2": "wednesday|wed|الأربعاء|أربعاء|الربوع",
            "3": "thursday|thu|thur|thurs|الخميس|خميس",
            "4": "friday|fri|الجمعة|جمعة",
            "5": "saturday|sat|السبت|سبت",
            "6": "sunday|sun|الأحد|أحد|للأحد",
        }
    ).items()
}

MONTHS: Final = {
    word: int(value)
    for word, value in _folded(
        {
            "1": "january|jan|يناير|كانون الثاني|جانفي",
            "2": "february|feb|فبراير|شباط|فيفري",
            "3": "march|mar|مارس|آذار",
            "4": "april|apr|أبريل|إبريل|نيسان|أفريل",
            "5": "may|مايو|أيار|ماي",
            "6": "june|jun|يونيو|يونيه|حزيران|جوان",
            "7": "july|jul|يوليو|يوليه|تموز|جويلية",
            "8": "august|aug|أغسطس|آب|أوت",
            "9": "september|sep|sept|سبتمبر|أيلول",
            "10": "october|oct|أكتوبر|تشرين الأول",
            "11": "november|nov|نوفمبر|تشرين الثاني",
            "12": "december|dec|ديسمبر|كانون الأول",
        }
    ).items()
}

# How far off the day is that a phrase names; the longer phrases come first. "Next" and its kin are gone by then.
SHIFTS: Final[dict[str, tuple[int, str]]] = {
    normalise(phrase): (number, unit)
    for phrase, number, unit in (
        ("day after tomorrow", 2, "days"),
        ("بعد غدا", 2, "days"),
        ("بعد غد", 2, "days"),
        ("بعد بكرة", 2, "days"),
        ("بعد بكرا", 2, "days"),
        ("tomorrow", 1, "days"),
        ("غدا", 1, "days"),
        ("غد", 1, "days"),
        ("الغد", 1, "days"),
        ("بكرة", 1, "days"),
        ("بكرا", 1, "days"),
        ("today", 0, "days"),
        ("اليوم", 0, "days"),
        ("week", 1, "weeks"),
        ("الأسبوع", 1, "weeks"),
        ("month", 1, "months"),
        ("الشهر", 1, "months"),
    )
}

SPANS: Final = _folded(
    {
        "minutes": "minute|minutes|min|mins|دقيقة|دقائق",
        "hours": "hour|hours|h|hr|hrs|ساعة|ساعات",
        "days": "day|days|d|يوم|أيام|يوما",
        "weeks": "week|weeks|w|أسبوع|أسابيع|أسبوعا",
        "months": "month|months|شهر|أشهر|شهور|شهرا",
    }
)
TWOS: Final = _folded(
    {
        "minutes": "دقيقتين|دقيقتان",
        "hours": "ساعتين|ساعتان",
        "days": "يومين|يومان",
        "weeks": "أسبوعين|أسبوعان",
        "months": "شهرين|شهران",
    }
)
NUMBERS: Final = {
    word: int(value)
    for word, value in _folded(
        {
            "1": "a|an|one|واحد|واحدة|الواحدة",
            "2": "two|اثنين|ثنتين|الثانية",
            "3": "three|ثلاث|ثلاثة|الثالثة",
            "4": "four|أربع|أربعة|الرابعة",
            "5": "five|خمس|خمسة|الخامسة",
            "6": "six|ست|ستة|السادسة",
            "7": "seven|سبع|سبعة|السابعة",
            "8": "eight|ثمان|ثماني|ثمانية|الثامنة",
            "9": "nine|تسع|تسعة|التاسعة",
            "10": "ten|عشر|عشرة|العاشرة",
            "11": "eleven|الحادية_عشرة",
            "12": "twelve|الثانية_عشرة",
        }
    ).items()
}

# A part of the day: the half its hours are in, and the hour it means alone.
PARTS: Final[dict[str, tuple[str, time]]] = {
    normalise(word): value
    for words, value in (
        ("morning|صباحا|صباح|الصباح|الصبح|فجرا", ("am", time(9))),
        ("noon|midday|ظهرا|الظهر", ("pm", time(12))),
        ("afternoon|عصرا|العصر", ("pm", time(15))),
        ("evening|tonight|night|مساء|مساءا|المساء|الليلة|ليلا|المغرب|العشاء", ("pm", time(18))),
    )
    for word in words.split("|")
}
