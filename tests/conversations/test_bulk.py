"""One change of many conversations: each whole or refused, exactly once, and undone as a run."""

from __future__ import annotations

import os
import signal
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from majlis.conversations import queries
from majlis.conversations.actions import bulk
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.close import close
from majlis.conversations.actions.merge import merge
from majlis.conversations.models import Bulk, Conversation
from majlis.journal.models import Event
from majlis.lib.errors import Refused
from majlis.people import queries as people
from majlis.people.models import Teammate
from tests import cast
from tests.polling import until

pytestmark = pytest.mark.django_db


def some(number: int, *, sender: str = cast.LAYLA) -> list[int]:
    """So many conversations of the support mailbox."""
    cast.badr()
    for each in range(number):
        cast.arrive(cast.letter("hello", subject=f"matter {each}", sender=sender))
    return list(Conversation.objects.order_by("pk").values_list("pk", flat=True))


def run(act: str, numbers: list[int], *, by: Teammate | None = None, **data: Any) -> Bulk:
    made = bulk.begin(by or cast.badr(), act, data, numbers)
    bulk.run_pending()
    made.refresh_from_db()
    assert made.finished_at is not None
    return made


def undo(found: Bulk) -> Bulk:
    made = bulk.undo(found, teammate=found.teammate)
    bulk.run_pending()
    made.refresh_from_db()
    return made


def columns() -> list[tuple[Any, ...]]:
    names = [f.attname for f in Conversation._meta.concrete_fields if f.attname not in ("seq", "closed_at")]
    return list(Conversation.objects.order_by("pk").values_list(*names))


@pytest.mark.parametrize(
    ("act", "data", "folder"),
    [
        ("status", {"status": "closed"}, "closed"),
        ("status", {"status": "waiting"}, "all"),
        ("assign", {"teammate": "badr"}, "mine"),
        ("tag", {"name": "عاجل، شحن"}, "all"),
        ("snooze", {"until": "tomorrow"}, "snoozed"),
        ("spam", {}, "spam"),
        ("trash", {}, "trash"),
    ],
)
def test_every_act_reaches_all_and_is_undone_as_a_whole(act: str, data: dict[str, Any], folder: str) -> None:
    numbers, badr = some(3), cast.badr()
    if data.get("teammate"):
        data = {"teammate": badr.pk}
    if data.get("until"):
        data = {"until": (timezone.now() + timedelta(days=1)).isoformat()}
    before = columns()
    made = run(act, numbers, **data)
    assert (made.done, made.refused) == (3, {})
    assert getattr(queries.folder_counts(badr), folder) == 3
    assert queries.counters_off() == []
    assert columns() != before or act == "tag"
    assert undo(made).refused == {}
    assert columns() == before
    assert [queries.tags_of(one) for one in Conversation.objects.all()] == [[], [], []]
    assert queries.counters_off() == []
    with pytest.raises(Refused, match="undone_already"):
        bulk.undo(made, teammate=badr)


def test_what_cannot_be_is_refused_by_itself_with_its_reason() -> None:
    numbers, badr = some(3), cast.badr()
    merge(numbers[0], numbers[1], teammate=badr, mailbox_ids=people.mailbox_ids_visible_to(badr))
    cast.arrive(cast.letter("elsewhere", to=cast.SALES), mailbox=cast.sales())
    unseen = Conversation.objects.order_by("pk").last()
    assert unseen is not None
    made = run("status", [*numbers, unseen.pk, 10**9], status="closed")
    assert made.refused == {
        str(numbers[0]): "merged_away",
        str(unseen.pk): "not_found",
        str(10**9): "not_found",
    }
    assert queries.folder_counts(badr).closed == 2
    unseen.refresh_from_db()
    assert unseen.status == "open"


def test_what_stood_so_already_is_left_alone_by_the_undo_too() -> None:
    first, second = some(2)
    with changing(first) as change:
        close(change, teammate=cast.badr())
    undo(run("status", [first, second], status="closed"))
    assert Conversation.objects.get(pk=first).is_closed
    assert not Conversation.objects.get(pk=second).is_closed


def test_what_somebody_changed_since_stays_as_they_left_it() -> None:
    first, second = some(2)
    made = run("assign", [first, second], teammate=cast.badr().pk)
    run("assign", [first], by=cast.salma(), teammate=cast.salma().pk)
    assert undo(made).refused == {str(first): "changed_since"}
    assert Conversation.objects.get(pk=first).assignee == cast.salma()
    assert Conversation.objects.get(pk=second).assignee is None


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_nothing_half_done_and_another_goes_on_once() -> None:
    numbers = some(5)
    made = bulk.begin(cast.badr(), "status", {"status": "closed"}, numbers)
    connection.close()
    child = os.fork()
    if child == 0:
        real, seen = bulk._done, []

        def dies(held: Bulk, number: int) -> Any:
            done = real(held, number)
            seen.append(number)
            if len(seen) == 3:  # the change is made, the note that it was is not
                os.kill(os.getpid(), signal.SIGKILL)
            return done

        bulk._done = dies
        try:
            bulk.run_pending()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    made.refresh_from_db()
    assert (made.done, len(made.before), made.finished_at) == (2, 2, None)
    assert Conversation.objects.filter(status="closed").count() == 2

    def goes_on() -> bool:
        bulk.run_pending()
        made.refresh_from_db()
        return made.finished_at is not None

    # The server finds out a moment later that the dead one is gone, and only then gives up its lock.
    until(goes_on, "the rest, done by another")
    assert (made.done, len(made.before)) == (5, 5)
    told = Event.objects.filter(kind="status.changed").values_list("conversation_id", flat=True)
    assert sorted(number for number in told if number) == numbers
    assert queries.counters_off() == []


class TestPage:
    @pytest.fixture
    def page(self) -> Client:
        client = Client()
        client.force_login(cast.badr())
        return client

    def test_it_is_begun_followed_and_undone_from_the_list(self, page: Client) -> None:
        numbers = some(2)
        sent = {"act": "status", "status": "closed", "numbers": ",".join(map(str, numbers))}
        begun = page.post("/bulk", sent)
        made = Bulk.objects.get()
        assert f'hx-get="/bulk/{made.pk}"' in begun.content.decode()
        bulk.run_pending()
        done = page.get(f"/bulk/{made.pk}").content.decode()
        assert "data-finished" in done
        assert f'hx-delete="/bulk/{made.pk}"' in done
        assert page.delete(f"/bulk/{made.pk}").status_code == 200
        bulk.run_pending()
        assert queries.folder_counts(cast.badr()).all == 2
        assert page.delete(f"/bulk/{made.pk}")["X-Majlis-Refused"] == "undone_already"

    def test_a_whole_folder_is_those_that_the_person_sees_there(self, page: Client) -> None:
        numbers = some(3)
        cast.arrive(cast.letter("elsewhere", to=cast.SALES), mailbox=cast.sales())
        page.post("/bulk", {"act": "trash", "folder": "unassigned"})
        assert sorted(Bulk.objects.get().numbers) == numbers

    @pytest.mark.parametrize(
        ("sent", "code"),
        [
            ({"act": "burn", "numbers": "1"}, "no_such_act"),
            ({"act": "trash", "numbers": ""}, "nothing_chosen"),
            ({"act": "trash", "numbers": ",".join(map(str, range(1, 2002)))}, "too_many"),
            ({"act": "trash", "folder": "nowhere"}, "nothing_chosen"),
            ({"act": "tag", "numbers": "1"}, "empty"),
            ({"act": "status", "numbers": "1", "status": "x"}, "no_such_status"),
            ({"act": "assign", "numbers": "1", "teammate": "999999"}, "no_such_teammate"),
            ({"act": "snooze", "numbers": "1", "until": "2001-01-01T09:00"}, "past"),
        ],
    )
    def test_what_makes_no_sense_is_refused_before_anything_begins(
        self, page: Client, sent: dict[str, str], code: str
    ) -> None:
        assert page.post("/bulk", sent)["X-Majlis-Refused"] == code
        assert not Bulk.objects.exists()

    def test_nobody_else_sees_or_undoes_it(self, page: Client) -> None:
        made = run("status", some(1), status="closed")
        cast.salma()
        page.force_login(cast.noura())
        assert page.get(f"/bulk/{made.pk}").status_code == 404
        assert page.delete(f"/bulk/{made.pk}").status_code == 404
        page.logout()
        assert page.get(f"/bulk/{made.pk}").status_code == 302
