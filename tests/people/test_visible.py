"""Who sees which mailbox has one answer, in whichever form it is asked for."""

from __future__ import annotations

import pytest

from majlis.people import queries
from tests import cast


@pytest.mark.django_db
def test_the_ids_and_the_rows_of_visible_mailboxes_agree() -> None:
    people = [cast.salma(), cast.badr(), cast.noura()]
    gone = cast.badr()
    gone.is_active = False
    for teammate in [*people, gone]:
        rows = queries.mailboxes_visible_to(teammate).order_by("pk")
        assert queries.mailbox_ids_visible_to(teammate) == [mailbox.pk for mailbox in rows]
    assert queries.mailbox_ids_visible_to(gone) == []
    assert queries.mailbox_ids_visible_to(people[1]) == [cast.support().pk]
