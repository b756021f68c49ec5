"""A customer is known by address: the same one every time, also when two messages come at once."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from majlis.people.actions.recognise import recognise
from majlis.people.models import Customer, CustomerAddress
from tests import cast
from tests.polling import until


@pytest.mark.django_db
def test_the_same_address_is_the_same_customer_whatever_its_letter_case():
    layla = recognise(cast.LAYLA, name="ليلى", language="ar")

    assert recognise("Layla@Customers.Test ", name="").pk == layla.pk
    assert Customer.objects.count() == 1
    assert CustomerAddress.objects.get().address == cast.LAYLA


@pytest.mark.django_db
def test_a_name_and_a_language_are_learned_once_and_then_stay():
    recognise(cast.OMAR, name="")
    learned = recognise(cast.OMAR, name="Omar  Haddad", language="en")
    assert (learned.name, learned.language) == ("Omar Haddad", "en")

    assert recognise(cast.OMAR, name="Somebody", language="ar").name == "Omar Haddad"
    omar = Customer.objects.get()
    assert (omar.name, omar.language, omar.name_key) == ("Omar Haddad", "en", "omar haddad")


@pytest.mark.django_db
def test_names_are_kept_with_the_key_they_are_sorted_by():
    for address, name in (("a@x.test", "أحمد"), ("b@x.test", "باسم"), ("c@x.test", "احسان")):
        recognise(address, name=name)

    assert list(Customer.objects.order_by("name_key").values_list("name", flat=True)) == [
        "احسان",
        "أحمد",
        "باسم",
    ]


@pytest.mark.django_db(transaction=True)
def test_two_first_messages_at_once_make_one_customer():
    found: list[int] = []

    def second() -> None:
        try:
            with transaction.atomic():
                found.append(recognise(cast.LAYLA, name="ليلى").pk)
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    with transaction.atomic():
        first = recognise(cast.LAYLA, name="ليلى")
        thread.start()
        until(_somebody_waits, "the second transaction waits for the first")
        assert found == []
    thread.join(10)

    assert found == [first.pk]
    assert Customer.objects.count() == 1


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select exists (select from pg_locks where not granted)")
        (is_so,) = cursor.fetchone()
    return bool(is_so)
