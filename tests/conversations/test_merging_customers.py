"""Two customers who turned out to be one: everything comes together, later mail too, and parts again when wrong."""

from __future__ import annotations

import json
import re
import threading

import pytest
from django.db import connection, transaction
from django.test import Client

from majlis.conversations.actions.merge_customers import merge_customers, part_customers
from majlis.conversations.models import Conversation, Entry
from majlis.lib.errors import Refused
from majlis.people.actions.customer_notes import add_customer_note
from majlis.people.actions.customers import describe, put_attribute
from majlis.people.actions.recognise import recognise
from majlis.people.models import Customer, CustomerMerge
from tests import cast
from tests.polling import until

pytestmark = pytest.mark.django_db
WORK = "layla@work.test"


@pytest.fixture
def layla() -> Customer:
    cast.salma()
    cast.arrive(cast.letter("من البيت", subject="أين طلبي؟"))
    return Customer.objects.get()


@pytest.fixture
def other(layla: Customer) -> Customer:
    cast.arrive(cast.letter("من العمل", sender=WORK, name="Layla H.", subject="فاتورة"))
    return Customer.objects.exclude(pk=layla.pk).get()


def signed_in(who) -> Client:
    client = Client()
    client.force_login(who)
    return client


def test_addresses_conversations_notes_and_what_was_lacking_come_over(
    layla: Customer, other: Customer
) -> None:
    describe(other.pk, {"job": "مديرة", "plan": "الذهبية"})
    describe(layla.pk, {"plan": "الفضية"})
    put_attribute(other.pk, "city", "Jeddah")
    put_attribute(other.pk, "tier", "2")
    put_attribute(layla.pk, "tier", "1")
    add_customer_note(other.pk, "تفضّل البريد", by=cast.badr())
    moved = Conversation.objects.get(customer=other)

    merge_customers(other.pk, layla.pk, by=cast.badr())

    layla.refresh_from_db()
    assert set(layla.addresses.values_list("address", flat=True)) == {cast.LAYLA, WORK}
    assert (layla.name, layla.job, layla.plan) == ("ليلى", "مديرة", "الفضية")
    assert layla.attributes == {"tier": "1", "city": "Jeddah"}
    assert layla.notes.get().text == "تفضّل البريد"
    assert set(Conversation.objects.values_list("customer", flat=True)) == {layla.pk}
    assert set(Entry.objects.values_list("customer", flat=True)) == {layla.pk}
    seq = moved.seq
    moved.refresh_from_db()
    assert moved.seq > seq, "open pages see it"
    assert Entry.objects.get(conversation=moved).changed_seq == moved.seq


def test_later_mail_from_either_address_lands_with_the_kept_one(layla: Customer, other: Customer) -> None:
    merge_customers(other.pk, layla.pk, by=cast.badr())

    cast.arrive(cast.letter("بعد الدمج", sender=WORK, subject="سؤال جديد"))
    cast.arrive(cast.letter("بعد الدمج أيضًا", subject="سؤال آخر"))

    assert Conversation.objects.filter(customer=layla).count() == 4
    assert Customer.objects.count() == 2


def test_undoing_gives_back_what_was_theirs_and_what_came_from_their_addresses_since(
    layla: Customer, other: Customer
) -> None:
    describe(other.pk, {"job": "مديرة"})
    put_attribute(other.pk, "city", "Jeddah")
    theirs = Conversation.objects.get(customer=other)
    merge = merge_customers(other.pk, layla.pk, by=cast.badr())
    cast.arrive(cast.letter("بعد الدمج", sender=WORK, subject="سؤال جديد"))
    put_attribute(layla.pk, "since", "then")

    part_customers(merge.pk, by=cast.badr())

    layla.refresh_from_db()
    other.refresh_from_db()
    assert other.merged_into is None
    assert [one.address for one in other.addresses.all()] == [WORK]
    assert [one.address for one in layla.addresses.all()] == [cast.LAYLA]
    assert (layla.job, layla.attributes) == ("", {"since": "then"})
    assert set(other.conversations.values_list("subject", flat=True)) == {theirs.subject, "سؤال جديد"}
    assert set(Entry.objects.filter(customer=other).values_list("from_address", flat=True)) == {WORK}
    assert recognise(WORK, name="").pk == other.pk
    with pytest.raises(Refused, match="already_undone"):
        part_customers(merge.pk, by=cast.badr())


def test_what_makes_no_sense_is_refused(layla: Customer, other: Customer) -> None:
    badr = cast.badr()
    with pytest.raises(Refused, match="same_customer"):
        merge_customers(layla.pk, layla.pk, by=badr)
    first = merge_customers(other.pk, layla.pk, by=badr)
    with pytest.raises(Refused, match="no_such_customer"):
        merge_customers(other.pk, layla.pk, by=badr)
    third = recognise(cast.OMAR, name="Omar")
    merge_customers(layla.pk, third.pk, by=badr)
    with pytest.raises(Refused, match="merged_further"):
        part_customers(first.pk, by=badr)


def test_from_the_panel_with_undo_and_the_old_address_leads_to_the_kept_one(
    layla: Customer, other: Customer
) -> None:
    badr, number = signed_in(cast.badr()), Conversation.objects.get(customer=other).pk
    found = badr.get(f"/customers/{layla.pk}/merges?q=layla h").content.decode()
    assert f'"other": "{other.pk}"' in found
    assert f'"other": "{layla.pk}"' not in found
    answer = badr.post(f"/customers/{layla.pk}/merges", {"other": other.pk})
    assert WORK in answer.content.decode()
    assert badr.get(f"/customers/{other.pk}")["Location"] == f"/customers/{layla.pk}"
    page = badr.get(f"/conversations/{number}").content.decode()
    assert re.search(r"دمج.*Layla H\.", page), "a line in the thread says so"
    told = json.loads(answer["X-Majlis-Told"])
    undone = badr.generic(told["method"], told["url"])
    assert undone.status_code == 200
    assert WORK not in undone.content.decode()
    assert badr.get(f"/customers/{other.pk}").status_code == 200


def test_nobody_merges_whom_they_may_not_see(layla: Customer, other: Customer) -> None:
    noura = signed_in(cast.noura())
    own = recognise("own@customers.test", name="لنورة")
    assert noura.post(f"/customers/{own.pk}/merges", {"other": layla.pk}).status_code == 404
    assert noura.post(f"/customers/{layla.pk}/merges", {"other": own.pk}).status_code == 404
    assert 'class="opt"' not in noura.get(f"/customers/{own.pk}/merges?q=ليلى").content.decode()
    merge = merge_customers(other.pk, layla.pk, by=cast.badr())
    assert noura.delete(f"/customers/merges/{merge.pk}").status_code == 404
    assert CustomerMerge.objects.get().undone_at is None


@pytest.mark.django_db(transaction=True)
def test_a_mail_and_a_merge_at_the_same_moment_leave_nothing_with_the_merged_one() -> None:
    badr = cast.badr()
    cast.arrive(cast.letter("من البيت", subject="أين طلبي؟"))
    cast.arrive(cast.letter("من العمل", sender=WORK, subject="فاتورة"))
    layla, other = Customer.objects.order_by("pk")
    begun = Conversation.objects.get(customer=other)
    problems: list[Exception] = []

    def merge() -> None:
        try:
            merge_customers(other.pk, layla.pk, by=badr)
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    def is_waiting() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from pg_locks where not granted")
            return bool(cursor.fetchone()[0])

    # A mail that is being taken in knows its writer, and has not opened its conversation yet.
    with transaction.atomic():
        writer = recognise(WORK, name="")
        thread = threading.Thread(target=merge)
        thread.start()
        until(is_waiting, "the merge stands before the lock")
        begun.pk, begun.customer = None, writer
        begun.save(force_insert=True)
    thread.join(30)

    assert not problems
    assert set(Conversation.objects.values_list("customer_id", flat=True)) == {layla.pk}
    assert recognise(WORK, name="") == layla
