"""The counters of the folders are proved, and mended, by a command."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from majlis.conversations import queries
from majlis.conversations.models import Counter
from tests import cast

pytestmark = pytest.mark.django_db


def test_counters_that_are_off_are_named_and_mended() -> None:
    cast.arrive(cast.letter("one"))
    cast.arrive(cast.letter("two"))
    told = StringIO()
    call_command("check_counters", stdout=told)
    assert "Every counter agrees" in told.getvalue()

    Counter.objects.update(number=7)
    with pytest.raises(CommandError):
        call_command("check_counters", stdout=told)
    assert "counted 7, there are 2" in told.getvalue()

    call_command("check_counters", mend=True, stdout=told)
    assert queries.counters_off() == []
