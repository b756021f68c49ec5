"""A mail that was in hand when processes died is not condemned for it; one that kills is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from majlis.channels.actions.accept import accept
from majlis.channels.email import parsing
from majlis.channels.models import RawMessage
from majlis.conversations.models import Entry
from majlis.files import queries as stored
from majlis.flow import alone, arrival, hearings
from tests import cast
from tests.polling import until

pytestmark = pytest.mark.django_db(transaction=True)


def _in_hand_at_three_deaths(text: str) -> RawMessage:
    raw = accept(cast.support().pk, cast.letter(text), route="lmtp", envelope_from=cast.LAYLA)
    RawMessage.objects.filter(pk=raw.pk).update(attempts=arrival.ATTEMPTS)
    return raw


def test_a_mail_that_was_in_hand_at_three_deaths_is_taken_in_by_a_process_of_its_own(points: Path) -> None:
    raw = _in_hand_at_three_deaths("innocent")

    arrival.take_in_pending(raw.mailbox_id)

    raw.refresh_from_db()
    assert raw.taken_in_at is not None
    assert raw.quarantined_at is None
    assert Entry.objects.get().text.strip() == "innocent"


def test_one_death_of_its_own_process_may_have_come_from_outside(points: Path) -> None:
    raw = _in_hand_at_three_deaths("innocent")
    (points / "parse").touch()

    arrival.take_in_pending(raw.mailbox_id)

    raw.refresh_from_db()
    assert not (points / "parse").exists()
    assert raw.taken_in_at is not None
    assert raw.quarantined_at is None


def test_a_mail_that_kills_its_own_process_too_stands_in_quarantine_and_holds_up_nothing(
    points: Path,
) -> None:
    raw = _in_hand_at_three_deaths("deadly")
    accept(raw.mailbox_id, cast.letter("healthy"), route="lmtp", envelope_from=cast.LAYLA)
    armed = points / "parse"
    armed.touch()

    def arm_again() -> None:
        until(lambda: not armed.exists(), "the first death")
        armed.touch()

    with ThreadPoolExecutor(1) as beside:
        again = beside.submit(arm_again)
        arrival.take_in_pending(raw.mailbox_id)
        again.result()

    raw.refresh_from_db()
    assert raw.quarantined_at is not None
    assert raw.error == alone.DEADLY
    assert Entry.objects.get().text.strip() == "healthy"


def _condemned(hearings: int, minutes_ago: float, *, error: str = alone.DEADLY) -> RawMessage:
    raw = _in_hand_at_three_deaths(f"condemned {hearings} {minutes_ago}")
    since = timezone.now() - timedelta(minutes=minutes_ago)
    RawMessage.objects.filter(pk=raw.pk).update(quarantined_at=since, hearings=hearings, error=error)
    return raw


def test_a_condemned_mail_is_heard_again_and_is_taken_in_when_nothing_dies_any_more(points: Path) -> None:
    raw = _condemned(0, 1.1)

    hearings.hear_again()
    arrival.take_in_pending(raw.mailbox_id)

    raw.refresh_from_db()
    assert (raw.quarantined_at, raw.hearings, raw.error) == (None, 1, "")
    assert Entry.objects.get().text.startswith("condemned")


def test_a_condemned_mail_waits_longer_each_time_and_after_the_third_for_a_person() -> None:
    cast.support()
    early = [_condemned(0, 0.9), _condemned(1, 9), _condemned(2, 59), _condemned(3, 10_000)]
    other = _condemned(0, 10_000, error="KeyError: 'charset'")
    due = [_condemned(0, 1.1), _condemned(1, 11), _condemned(2, 61)]

    hearings.hear_again()

    out = set(RawMessage.objects.filter(quarantined_at=None).values_list("pk", flat=True))
    assert out == {raw.pk for raw in due}
    assert not out & {raw.pk for raw in [*early, other]}
    assert list(RawMessage.objects.filter(pk__in=out).order_by("pk").values_list("hearings", flat=True)) == [
        1,
        2,
        3,
    ]


@pytest.mark.parametrize("error", [OperationalError("the connection is lost"), InterfaceError("closed")])
def test_an_attempt_that_the_database_broke_off_does_not_count(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    raw = accept(cast.support().pk, cast.letter("patient"), route="lmtp", envelope_from=cast.LAYLA)

    def is_away(_: object) -> bytes:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(stored, "read", is_away)
        for _ in range(arrival.ATTEMPTS + 2):
            with pytest.raises(type(error)):
                arrival.take_in(raw.pk)
    arrival.take_in(raw.pk)

    raw.refresh_from_db()
    assert raw.taken_in_at is not None
    assert raw.attempts == 1


def test_a_mail_too_large_for_the_database_is_the_mails_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    from psycopg.errors import ProgramLimitExceeded

    raw = accept(cast.support().pk, cast.letter("huge"), route="lmtp", envelope_from=cast.LAYLA)

    def is_too_large(_: bytes) -> object:
        raise OperationalError("index row too large") from ProgramLimitExceeded()

    monkeypatch.setattr(parsing, "parse", is_too_large)
    arrival.take_in_pending(raw.mailbox_id)

    raw.refresh_from_db()
    assert raw.quarantined_at is not None
