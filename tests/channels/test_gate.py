"""Whatever comes in, in whatever order: no address gets more automatic mail than it may."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from majlis.channels import gate
from majlis.channels.acknowledging import answer, set_up
from majlis.channels.gate import Asked
from majlis.channels.greeting import DEFAULTS, calling, filled, unknown
from majlis.channels.models import AutomaticMail, MailConnection, StoppedAddress
from majlis.channels.outbox import queue_letter
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.receive import receive
from majlis.conversations.models import Conversation, Entry, EntryKind
from majlis.journal.models import Event
from tests import cast
from tests.channels import mailing

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
KINDS = AutomaticMail.Kind


class UndoneError(Exception):
    """Ends an example: nothing of it stays."""


events = st.lists(
    st.tuples(
        st.sampled_from(["a@x.test", "A@X.test", "a+1@x.test", "b@x.test"]),
        st.sampled_from(list(KINDS)),
        st.booleans(),  # a person asked for it
        st.sampled_from([0, 1, 30, 600, 5400, 50_000]),  # seconds later
        st.integers(1, 15),  # so many at once
        st.integers(0, 3),  # which words
    ),
    max_size=12,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events)
def test_no_address_gets_more_than_it_may_whatever_comes(
    happened: list[tuple[str, AutomaticMail.Kind, bool, int, int, int]],
) -> None:
    sent: dict[str, list[tuple[datetime, str, bool]]] = defaultdict(list)
    now = BEGIN
    with pytest.raises(UndoneError), transaction.atomic():
        for address, kind, is_asked_for, later, number, words in happened:
            now += timedelta(seconds=later)
            for n in range(number):
                text = f"{words}" if words else f"{now} {n}"
                asked = Asked(address, kind, "s", text, is_asked_for=is_asked_for)
                if not gate.lets_through(asked, now=now):
                    sent[gate.counted(address)].append((now, text, is_asked_for))
        raise UndoneError
    for mails in sent.values():
        for at, text, is_asked_for in mails:
            hour = [one for one in mails if at - timedelta(hours=1) < one[0] <= at]
            assert len(hour) <= gate.MOST_ASKED_AN_HOUR
            if not is_asked_for:
                unasked = [one for one in hour if not one[2]]
                assert len(unasked) <= gate.MOST_AN_HOUR
                equal = [one for one in unasked if one[1] == text and one[0] > at - gate.EQUAL_WITHIN]
                assert len(equal) <= gate.MOST_EQUAL


mails = st.lists(
    st.tuples(
        st.sampled_from([cast.LAYLA, "layla+2@customers.test", cast.OMAR]),
        st.sampled_from(["", "", "", "auto-reply", "list", "bounce"]),
        st.sampled_from([0, 60, 3600, 50_000, 90_000]),  # seconds later
        st.integers(0, 3),  # which of the sender's conversations, 0 for a new one
        st.booleans(),  # the same words as always
    ),
    max_size=20,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mails)
def test_no_sender_is_acknowledged_twice_in_a_thread_or_a_day_nor_a_machine_whatever_comes(
    came: list[tuple[str, str, int, int, bool]],
) -> None:
    now = timezone.now()
    with pytest.raises(UndoneError), transaction.atomic():
        MailConnection.objects.create(mailbox=cast.support(), smtp_host="localhost")
        set_up(cast.salma(), cast.support(), is_on=True, texts={"ar": "", "en": "Hello"})
        theirs: dict[str, list[Conversation]] = defaultdict(list)
        answered: dict[str, list[datetime]] = defaultdict(list)
        for address, automatic, later, which, is_same in came:
            now += timedelta(seconds=later)
            who = mailing.customer(address)
            known = theirs[address]
            if not which or not known:
                known.append(mailing.conversation(sender=who, message_id=""))
            into = known[which % len(known)]
            said = mailing.message(who, "same" if is_same else f"{now}", subject="s", message_id="")
            with changing(into.pk) as change:
                entry = receive(change, replace(said, automatic=automatic, received_at=now))
            if answer(entry, now=now) is not None:
                assert not automatic
                answered[gate.counted(address)].append(now)
        threads = Entry.objects.filter(kind=EntryKind.AUTO).values_list("conversation_id", flat=True)
        assert len(threads) == len(set(threads))
        for times in answered.values():
            assert all(later - earlier >= timedelta(days=1) for earlier, later in pairwise(times))
        raise UndoneError


def test_a_link_somebody_asked_for_passes_where_all_else_stopped_until_it_is_a_flood() -> None:
    cast.company()
    for number in range(gate.MOST_AN_HOUR + 1):
        with transaction.atomic():
            gate.lets_through(Asked(cast.LAYLA, KINDS.NOTICE, "s", str(number)), now=timezone.now())
    assert StoppedAddress.objects.get().address == cast.LAYLA
    left = [queue_letter(cast.LAYLA, "A new password", f"link {number}").state for number in range(50)]
    assert left == ["queued"] * (gate.MOST_ASKED_AN_HOUR - gate.MOST_AN_HOUR) + ["cancelled"] * 10
    assert Event.objects.filter(kind="automatic.stopped").count() == 1


def test_addresses_are_counted_without_what_only_looks_different() -> None:
    assert gate.counted(" Layla+Shop@Customers.test ") == cast.LAYLA
    with pytest.raises(ValueError, match="no reason"):
        gate.keep(Asked(cast.LAYLA, KINDS.NOTICE, "s", "t"), "because", now=timezone.now())


def test_the_words_say_nothing_for_a_name_that_is_not_known_and_never_an_address() -> None:
    said = {"team": "Support", "company": "Sidra"}
    assert filled("Hello {name}, {team}", name="", **said) == "Hello, Support"
    assert filled(DEFAULTS["en"], name="Omar", **said).startswith("Hello Omar,\n")
    assert filled("{name}", name=r"\1 {team}", **said) == r"\1 Support"
    for bad in ("www.bad.test", "http://bad.test", "buy@bad.test", "Win bad.test now", "x" * 61):
        assert calling(bad) == "", bad
    assert calling(" ليلى\n العتيبي ") == "ليلى العتيبي"
    assert (unknown("{name} {ticket}"), unknown("{name} {team}")) == ("ticket", "")
