"""Ours against other readers of mail, on the whole corpus: right on all, and the page says what was counted."""

from __future__ import annotations

from pathlib import Path

import majlis
from tests.corpus.differential import READERS, right, table

PAGE = Path(majlis.__file__).parent.parent / "docs" / "mail.md"


def test_ours_is_right_on_every_message_and_the_page_shows_the_table() -> None:
    scores, count, ours_wrong = right()

    assert ours_wrong == []
    assert scores["Majlis"] == count
    assert count["whole message"] > 200
    assert all(scores[reader]["whole message"] > 50 for reader in READERS)  # each was really asked
    assert table(scores, count) in PAGE.read_text()
