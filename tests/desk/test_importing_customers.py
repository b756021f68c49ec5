"""A table of customers is handed over, looked at, brought in once however often, and its errors are told row by row."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from majlis.people.actions import import_customers
from majlis.people.actions.recognise import recognise
from majlis.people.models import Customer, CustomerImport, Role
from tests import cast

pytestmark = pytest.mark.django_db

TABLE = """الاسم;البريد;الشركة;الباقة;عميل منذ;ملاحظات;المدينة
ليلى حداد;Layla@Customers.test;مكتبة النور;الذهبية;٢٠٢٣/٣/١;تفضّل البريد;الرياض
عمر;omar@customers.test;;;22/11/2024;;
بلا بريد;;;;;;
خطأ;ليس بريدًا;;;;;
تاريخ;date@customers.test;;;أمس;;
"""


@pytest.fixture
def hind() -> Client:
    cast.salma()
    client = Client()
    client.force_login(cast.teammate("hind@majlis.test", name="هند", role=Role.MANAGER))
    return client


def handed(client: Client, content: bytes, name: str = "عملاء.csv") -> str:
    answer = client.post("/customers/imports", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def columns(table: CustomerImport) -> dict[str, str]:
    return {f"field-{number}": field for number, field in enumerate(table.fields)}


def brought_in(client: Client, content: bytes, **more: str) -> CustomerImport:
    address = handed(client, content)
    table = CustomerImport.objects.latest("pk")
    assert client.post(address, {**columns(table), "start": "1", **more})["Location"] == address
    import_customers.drain_imports()
    table.refresh_from_db()
    assert table.finished_at is not None
    return table


def outcomes(table: CustomerImport) -> list[str]:
    return list(table.rows.order_by("number").values_list("outcome", flat=True))


def test_it_is_looked_at_first_and_nothing_is_written(hind: Client) -> None:
    recognise(cast.LAYLA, name="")
    address = handed(hind, TABLE.replace("٢٠٢٣/٣/١", "2023/3/1").encode("cp1256"))
    page = hind.get(address).content.decode()
    table = CustomerImport.objects.get()
    assert table.fields == [
        "name",
        "address",
        "company",
        "plan",
        "customer_since_on",
        "note",
        "attribute:المدينة",
    ]
    for said in ("جديد واحد", "معروف واحد", "٣ صفوف", "مكتبة النور"):
        assert said in page, said
    assert Customer.objects.count() == 1
    without = hind.post(address, {**columns(table), "field-1": "", "start": "1"})
    assert without.status_code == 422
    assert "البريد" in without.content.decode()
    assert CustomerImport.objects.get().started_at is None


def test_rows_come_in_and_those_that_cannot_are_told_with_their_reasons(hind: Client) -> None:
    table = brought_in(hind, TABLE.encode("utf-8-sig"))

    assert outcomes(table) == ["made", "made", "bad", "bad", "bad"]
    layla = Customer.objects.get(addresses__address=cast.LAYLA)
    assert layla.company is not None
    assert (layla.name, layla.name_key, layla.company.name, layla.plan) == (
        "ليلى حداد",
        "ليلي حداد",
        "مكتبة النور",
        "الذهبية",
    )
    assert layla.attributes == {"المدينة": "الرياض"}
    assert layla.notes.get().text == "تفضّل البريد"
    assert str(layla.customer_since_on) == "2023-03-01"
    assert str(Customer.objects.get(name="عمر").customer_since_on) == "2024-11-22"
    page = hind.get(f"/customers/imports/{table.pk}").content.decode()
    assert page.count("imp__reason") == 3
    assert 'hx-trigger="load' not in page
    wrong = hind.get(f"/customers/imports/{table.pk}/errors").content.decode("utf-8-sig")
    assert [line.split(",")[0] for line in wrong.splitlines()] == ["الاسم", "بلا بريد", "خطأ", "تاريخ"]


def test_the_same_table_twice_makes_nobody_twice_and_writes_over_nothing(hind: Client) -> None:
    brought_in(hind, TABLE.encode())
    layla = Customer.objects.get(addresses__address=cast.LAYLA)
    layla.name, layla.plan = "ليلى", ""
    layla.save()

    again = brought_in(hind, TABLE.encode())

    assert outcomes(again)[:2] == ["known", "known"]
    layla.refresh_from_db()
    assert (Customer.objects.count(), layla.name, layla.plan, layla.notes.count()) == (
        2,
        "ليلى",
        "الذهبية",
        1,
    )
    brought_in(hind, TABLE.encode(), should_overwrite="1")
    layla.refresh_from_db()
    assert layla.name == "ليلى حداد"


def test_progress_is_told_while_it_runs_and_a_batch_can_be_interrupted(hind: Client) -> None:
    rows = "".join(f"p{n}@customers.test,Person {n}\n" for n in range(250))
    address = handed(hind, ("email,name\n" + rows).encode())
    table = CustomerImport.objects.get()
    hind.post(address, {**columns(table), "start": "1"})
    assert import_customers._batch()
    halfway = hind.get(f"{address}/progress").content.decode()
    assert re.search(r'max="250" value="100"', halfway)
    assert "hx-get" in halfway
    import_customers.drain_imports()
    assert "hx-get" not in hind.get(f"{address}/progress").content.decode()
    assert Customer.objects.count() == 250


def test_what_is_no_table_is_refused_in_words(hind: Client) -> None:
    for content in (b"", b"just one line", b"email,name\n"):
        answer = hind.post("/customers/imports", {"file": SimpleUploadedFile("x.csv", content)})
        assert answer.status_code == 422
        assert "field__err" in answer.content.decode()


def test_agents_bring_nothing_in(hind: Client) -> None:
    address = handed(hind, TABLE.encode())
    badr = Client()
    badr.force_login(cast.badr())
    for path in ("/customers/imports", address, f"{address}/progress", f"{address}/errors"):
        assert badr.get(path).status_code == 403, path
    assert badr.post(address, {"start": "1"}).status_code == 403
    assert "imports" not in badr.get("/customers").content.decode()
