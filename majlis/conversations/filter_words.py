"""The words of the search field, in English and Arabic: the first of each is the one that is written back. Pure."""

from __future__ import annotations

from typing import Final

from majlis.lib.arabic import normalise

# key -> (English words, Arabic words)
KEYS: Final[dict[str, tuple[str, str]]] = {
    "tag": ("tag|tags|label", "وسم|الوسم"),
    "from": ("from|author|by", "من|كاتب"),
    "customer": ("customer|client", "عميل|العميل|عميلة"),
    "mailbox": ("mailbox|inbox|box", "صندوق|الصندوق"),
    "channel": ("channel|via", "قناة|القناة"),
    "assignee": ("assignee|assigned|owner", "مسند|المسند|مسندة"),
    "status": ("status|state", "حالة|الحالة"),
    "is": ("is", "هي|هل"),
    "topic": ("topic|reason", "سبب|السبب|موضوع"),
    "after": ("after|since|created-after", "بعد|منذ"),
    "before": ("before|until|created-before", "قبل|حتى"),
    "updated-after": ("updated-after|updated-since", "تحديث-بعد|حدثت-بعد"),
    "updated-before": ("updated-before|updated-until", "تحديث-قبل|حدثت-قبل"),
    "has": ("has|with", "فيها|فيه|لها"),
    "priority": ("priority", "أولوية|الأولوية"),
}

# What a filter with a closed choice may say: key -> value -> (English words, Arabic words)
VALUES: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "assignee": {
        "me": ("me|myself", "لي|إلي|أنا"),
        "nobody": ("nobody|none|no one|unassigned", "لا أحد|لاأحد|غير مسندة"),
    },
    "from": {"me": ("me|myself", "أنا|مني")},
    "status": {
        "open": ("open|new", "مفتوحة|جديدة"),
        "in_progress": ("in progress|in-progress|progress", "قيد العمل"),
        "waiting": ("waiting|waiting for the customer|pending", "بانتظار العميل|بالانتظار|منتظرة"),
        "closed": ("closed|done|solved", "مغلقة"),
    },
    "is": {
        "unread": ("unread", "غير مقروءة|جديدة"),
        "snoozed": ("snoozed", "مؤجلة"),
        "spam": ("spam", "مزعجة|مزعج"),
        "closed": ("closed", "مغلقة"),
        "open": ("open", "مفتوحة"),
        "mine": ("mine|my", "لي|مسندة إلي"),
        "mentioned": ("mentioned|mention", "أشير إلي|إشارة|مذكور"),
        "draft": ("draft|drafts", "مسودة|مسودات"),
        "trash": ("trash|deleted", "محذوفة"),
    },
    "channel": {
        "email": ("email|mail|e-mail", "بريد|إيميل"),
        "chat": ("chat", "محادثة|دردشة"),
        "form": ("form", "نموذج"),
        "phone": ("phone|call", "هاتف|مكالمة"),
    },
    "has": {"attachment": ("attachment|attachments|file|files", "مرفق|مرفقات|ملف|ملفات")},
    "priority": {
        "low": ("low", "منخفضة"),
        "normal": ("normal|medium", "عادية|متوسطة"),
        "high": ("high", "مرتفعة|عالية"),
        "urgent": ("urgent", "عاجلة|ملحة"),
    },
    "date": {
        "today": ("today", "اليوم"),
        "yesterday": ("yesterday", "أمس|البارحة|امبارح"),
        "this-week": ("this week|week", "هذا الأسبوع|الأسبوع"),
        "last-week": ("last week", "الأسبوع الماضي|الأسبوع الفائت"),
        "this-month": ("this month|month", "هذا الشهر|الشهر"),
        "last-month": ("last month", "الشهر الماضي|الشهر الفائت"),
        "this-year": ("this year|year", "هذه السنة|هذا العام"),
    },
}
DATES: Final = frozenset({"after", "before", "updated-after", "updated-before"})
OPEN: Final = frozenset({"assignee", "from"})  # a choice of known words, or somebody's name


def same(word: str) -> str:
    """A word as it is compared: folded, and one blank for whatever parts its parts."""
    return " ".join(normalise(word).replace("_", " ").replace("-", " ").split())


def choices(key: str) -> dict[str, tuple[str, str]]:
    """The known values of a filter; of a date, the days that have a word."""
    return VALUES.get("date" if key in DATES else key, {})


_KEY_OF: Final = {
    same(word): key for key, both in KEYS.items() for words in both for word in words.split("|")
}
_VALUE_OF: Final = {
    kind: {same(word): value for value, both in values.items() for words in both for word in words.split("|")}
    | {same(value): value for value in values}
    for kind, values in VALUES.items()
}


def key_of(word: str) -> str | None:
    """The filter a word names."""
    return _KEY_OF.get(same(word))


def value_of(key: str, word: str) -> str | None:
    """The known value a word names in a filter."""
    return _VALUE_OF.get("date" if key in DATES else key, {}).get(same(word))


def written(known: tuple[str, str], language: str) -> str:
    """The word that is written back."""
    return known[language == "ar"].split("|")[0]


def all_keys() -> list[str]:
    """Every word that names a filter, folded."""
    return list(_KEY_OF)


# Values of several words that need no quotes.
SPACED: Final = sorted(
    (
        word
        for values in VALUES.values()
        for both in values.values()
        for words in both
        for word in words.split("|")
        if " " in word
    ),
    key=len,
    reverse=True,
)
