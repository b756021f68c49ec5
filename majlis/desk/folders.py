"""The folders as the navigation shows them."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import pgettext

from majlis.conversations import personal
from majlis.conversations.queries import FOLDERS, FolderCounts

ICONS: Final = {
    "mine": "user-round",
    "unassigned": "inbox",
    "all": "layers",
    "snoozed": "alarm-clock",
    "closed": "archive",
    "spam": "ban",
    "trash": "trash",
    "mentions": "at-sign",
    "drafts": "pencil",
}
# The order of the navigation.
ORDER: Final = (*FOLDERS[:3], *personal.FOLDERS, *FOLDERS[3:])
# What only ever grows is not counted beside its name.
UNCOUNTED: Final = frozenset({"closed", "trash"})


def labels() -> dict[str, str]:
    """The folders' names in the reader's language."""
    return {
        "mine": pgettext("folder", "Mine"),
        "unassigned": pgettext("folder", "Unassigned"),
        "all": pgettext("folder", "All open"),
        "snoozed": pgettext("folder", "Snoozed"),
        "closed": pgettext("folder", "Closed"),
        "spam": pgettext("folder", "Spam"),
        "trash": pgettext("folder", "Trash"),
        "mentions": pgettext("folder", "Mentions"),
        "drafts": pgettext("folder", "Drafts"),
    }


def listed(
    counts: FolderCounts, own: dict[str, int] | None = None, *, current: str = ""
) -> list[dict[str, Any]]:
    """All of them in their order, `own` the counts of one's own; `current` is the one that is open."""
    own = own or {}
    called = labels()
    return [
        {
            "key": key,
            "label": called[key],
            "icon": ICONS[key],
            "count": own.get(key, 0)
            if key in personal.FOLDERS
            else 0
            if key in UNCOUNTED
            else getattr(counts, key),
            "current": key == current,
        }
        for key in ORDER
    ]
