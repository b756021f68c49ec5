"""Customers at the desk: the panel, the list, and that nobody sees more of them than their mailboxes allow."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from majlis.conversations import customers as reading
from majlis.conversations.models import Conversation
from majlis.people.actions.customer_addresses import add_address
from majlis.people.actions.recognise import recognise
from majlis.people.models import (
    ContextLink,
    Customer,
    CustomerAddress,
    CustomerNote,
    CustomerView,
    Role,
    Teammate,
)
from tests import cast

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def signed_in(teammate: Teammate) -> Client:
    client = Client()
    client.force_login(teammate)
    return client


@pytest.fixture
def layla() -> Customer:
    """Wrote to support; Noura sees only sales."""
    cast.salma()
    cast.badr()
    cast.noura()
    cast.arrive(cast.letter("السلام عليكم"))
    return Customer.objects.get()


@pytest.fixture
def badr(layla: Customer) -> Client:
    return signed_in(cast.badr())


@pytest.fixture
def here(layla: Customer) -> str:
    return f"/customers/{layla.pk}"


class TestWhoMaySee:
    def test_customers_of_ones_mailboxes_and_those_without_any_conversation(self, layla: Customer) -> None:
        imported = recognise("imported@customers.test", name="مستورد")

        def seen(teammate: Teammate) -> set[int]:
            return set(reading.customers_visible_to(teammate).values_list("pk", flat=True))

        assert seen(cast.salma()) == seen(cast.badr()) == {layla.pk, imported.pk}
        assert seen(cast.noura()) == {imported.pk}
        cast.arrive(cast.letter("إلى المبيعات", to=cast.SALES, subject="عرض"), mailbox=cast.sales())
        assert seen(cast.noura()) == {layla.pk, imported.pk}
        gone = cast.badr()
        gone.is_active = False
        assert seen(gone) == set()

    def test_every_address_is_closed_to_noura_and_to_a_stranger(self, layla: Customer, here: str) -> None:
        address = layla.addresses.get()
        noura, stranger = signed_in(cast.noura()), Client()
        note = CustomerNote.objects.create(
            customer=layla, teammate=cast.badr(), text="سر", created_at=timezone.now()
        )
        tries = [
            ("get", here),
            ("get", f"{here}/panel"),
            ("get", f"{here}/details?form"),
            ("post", f"{here}/details"),
            ("get", f"{here}/talk?form"),
            ("post", f"{here}/talk"),
            ("post", f"{here}/addresses"),
            ("delete", f"{here}/addresses/{address.pk}"),
            ("post", f"{here}/attributes"),
            ("delete", f"{here}/attributes?name=x"),
            ("post", f"{here}/notes"),
            ("post", f"{here}/notes/{note.pk}"),
            ("delete", f"{here}/notes/{note.pk}"),
            ("post", f"{here}/unwillingness"),
            ("delete", f"{here}/unwillingness"),
            ("get", f"{here}/merges?q=x"),
            ("post", f"{here}/merges"),
        ]
        for method, path in tries:
            assert getattr(noura, method)(path).status_code == 404, (method, path)
            assert getattr(stranger, method)(path).status_code == 302, (method, path)
        for path in ("/customers", "/customers/export", "/customers/imports"):
            assert stranger.get(path).status_code == 302
        layla.refresh_from_db()
        assert (layla.is_unwilling, layla.attributes, layla.notes.count()) == (False, {}, 1)

    def test_the_list_and_the_page_tell_nothing_of_hidden_conversations(
        self, badr: Client, layla: Customer, here: str
    ) -> None:
        noura = signed_in(cast.noura())
        assert "ليلى" not in noura.get("/customers").content.decode()
        cast.arrive(cast.letter("لنورة", to=cast.SALES, subject="عرض سعر"), mailbox=cast.sales())
        page = noura.get(here).content.decode()
        assert "عرض سعر" in page
        assert "أين طلبي" not in page
        assert "محادثة واحدة" in page
        listed = noura.get("/customers?open=1").content.decode()
        assert "مفتوحة واحدة" in listed or "1 open" in listed or "واحدة" in listed
        Conversation.objects.filter(mailbox=cast.sales()).update(status="closed", shelf="closed")
        assert "ليلى" not in noura.get("/customers?open=1").content.decode()
        assert "ليلى" in badr.get("/customers?open=1").content.decode()

    def test_an_address_of_somebody_hidden_is_refused_without_saying_whose(self, layla: Customer) -> None:
        other = recognise("new@customers.test", name="جديد")
        for teammate, may_know in ((cast.noura(), False), (cast.badr(), True)):
            answer = signed_in(teammate).post(f"/customers/{other.pk}/addresses", {"address": cast.LAYLA})
            assert answer.status_code == 422
            text = answer.content.decode()
            assert cast.LAYLA in text, "what was typed stays"
            assert ("ليلى" in text) is may_know
            assert ("merges" in text) is may_know


class TestPanel:
    def test_it_stands_beside_the_thread_with_earlier_conversations(
        self, badr: Client, layla: Customer
    ) -> None:
        first = Conversation.objects.get()
        cast.arrive(cast.letter("مرة أخرى", subject="فاتورة"))
        second = Conversation.objects.exclude(pk=first.pk).get()
        page = badr.get(f"/conversations/{second.pk}").content.decode()
        panel = page[page.index('id="customer-panel"') :]
        assert "أين طلبي؟" in panel
        assert cast.LAYLA in panel
        assert f'href="/conversations/{second.pk}"' not in panel

    def test_who_they_are_is_written_in_place_and_what_is_wrong_stays_typed(
        self, badr: Client, layla: Customer, here: str
    ) -> None:
        said = {
            "name": "ليلى حداد",
            "job": "مديرة",
            "company": "مكتبة النور",
            "plan": "الذهبية",
            "pays": "٣٤٩ ر.س",
            "customer_since_on": "2023-03-01",
            "language": "ar",
            "time_zone": "Asia/Riyadh",
        }
        answer = badr.post(f"{here}/details", said, headers=HTMX)
        text = answer.content.decode()
        assert answer.status_code == 200
        assert "X-Majlis-Told" in answer
        for shown in ("ليلى حداد", "مديرة", "مكتبة النور", "الذهبية"):
            assert shown in text
        layla.refresh_from_db()
        assert (layla.name_key, layla.pays, layla.company and layla.company.name) == (
            "ليلي حداد",
            "349 ر.س",
            "مكتبة النور",
        )
        wrong = badr.post(
            f"{here}/details", {**said, "customer_since_on": "أمس", "job": "كاتبة"}, headers=HTMX
        )
        assert wrong.status_code == 422
        assert "كاتبة" in wrong.content.decode()
        assert "field__err" in wrong.content.decode()
        layla.refresh_from_db()
        assert layla.job == "مديرة"

    def test_two_who_name_the_same_company_work_at_one(self, badr: Client, layla: Customer) -> None:
        omar = recognise(cast.OMAR, name="Omar")
        for customer, company in ((layla, "Sidra Books"), (omar, "  sidra  books")):
            assert badr.post(f"/customers/{customer.pk}/details", {"company": company}).status_code == 200
        layla.refresh_from_db()
        omar.refresh_from_db()
        assert layla.company_id == omar.company_id is not None

    def test_addresses_are_added_removed_and_put_back(self, badr: Client, layla: Customer, here: str) -> None:
        answer = badr.post(f"{here}/addresses", {"address": "Layla@Work.test "}, headers=HTMX)
        assert "layla@work.test" in answer.content.decode()
        assert recognise("layla@work.test", name="").pk == layla.pk
        added = CustomerAddress.objects.get(address="layla@work.test")
        answer = badr.delete(f"{here}/addresses/{added.pk}", headers=HTMX)
        assert layla.addresses.count() == 1
        (undo,) = re.findall(r'"url": "([^"]+)"', answer["X-Majlis-Told"])
        assert badr.post(undo).status_code == 200
        assert layla.addresses.count() == 2
        for wrong in ("layla@", "", cast.LAYLA):
            refused = badr.post(f"{here}/addresses", {"address": wrong})
            assert refused.status_code == 422
            assert "field__err" in refused.content.decode()
        codes = [badr.delete(f"{here}/addresses/{one.pk}").status_code for one in layla.addresses.all()]
        assert codes == [200, 422]
        assert layla.addresses.count() == 1

    def test_attributes_are_kept_changed_undone_and_forgotten(
        self, badr: Client, layla: Customer, here: str
    ) -> None:
        def kept() -> dict[str, str]:
            layla.refresh_from_db()
            return dict(layla.attributes)

        badr.post(f"{here}/attributes", {"name": "المدينة", "value": "الرياض"})
        answer = badr.post(f"{here}/attributes", {"name": "المدينة", "value": "جدة"})
        assert kept() == {"المدينة": "جدة"}
        (undo,) = re.findall(r'"url": "([^"]+)"', answer["X-Majlis-Told"])
        badr.post(undo)
        assert kept() == {"المدينة": "الرياض"}
        refused = badr.post(f"{here}/attributes", {"name": "المدينة", "value": " "})
        assert refused.status_code == 422
        assert 'value="المدينة"' in refused.content.decode()
        badr.delete(f"{here}/attributes?name=المدينة")
        assert kept() == {}

    def test_how_to_talk_to_them_and_that_they_do_not_want_to_be_written_to(
        self, badr: Client, layla: Customer, here: str
    ) -> None:
        said = {"technical": "0", "form": "خطوات قصيرة", "hours": "بعد العصر"}
        assert "خطوات قصيرة" in badr.post(f"{here}/talk", said).content.decode()
        badr.post(f"{here}/unwillingness")
        layla.refresh_from_db()
        assert layla.talk == {"is_technical": False, "form": "خطوات قصيرة", "hours": "بعد العصر"}
        assert layla.is_unwilling
        badr.delete(f"{here}/unwillingness")
        layla.refresh_from_db()
        assert not layla.is_unwilling

    def test_notes_belong_to_whoever_wrote_them(self, badr: Client, layla: Customer, here: str) -> None:
        assert "تفضّل البريد" in badr.post(f"{here}/notes", {"text": "تفضّل البريد"}).content.decode()
        note = CustomerNote.objects.get()
        salma = signed_in(cast.salma())
        assert salma.delete(f"{here}/notes/{note.pk}").status_code == 422
        assert "تفضّل البريد" not in badr.delete(f"{here}/notes/{note.pk}").content.decode()
        assert "تفضّل البريد" in badr.post(f"{here}/notes/{note.pk}").content.decode()
        empty = badr.post(f"{here}/notes", {"text": "  "})
        assert empty.status_code == 422

    def test_links_are_filled_in_with_every_value_encoded(
        self, badr: Client, layla: Customer, here: str
    ) -> None:
        layla.attributes = {"رقم العميل": "a/b?c=d&e #1"}
        layla.name = '"><script>alert(1)</script>'
        layla.save()
        template = "https://shop.test/{id}/orders?q={email}&n={name}&k={رقم العميل}&none={nothing}"
        ContextLink.objects.create(name="الطلبات", template=template, created_at=timezone.now())
        page = badr.get(here).content.decode()
        (address,) = re.findall(r'href="(https://shop\.test/[^"]+)"', page)
        address = address.replace("&amp;", "&")
        assert f"/{layla.pk}/orders?q=layla%40customers.test" in address
        assert "k=a%2Fb%3Fc%3Dd%26e%20%231&none=" in address
        assert "<script>" not in page.split('id="customer-panel"')[1]
        assert "<script>" in unquote(address)

    def test_it_asks_the_same_number_of_questions_however_much_is_known(
        self, badr: Client, layla: Customer, here: str
    ) -> None:
        few = [asked(badr, address) for address in (here, f"{here}/panel", "/customers")]
        for n in range(8):
            add_address(layla.pk, f"layla{n}@customers.test")
            badr.post(f"{here}/notes", {"text": f"note {n}"})
            badr.post(f"{here}/attributes", {"name": f"a{n}", "value": "1"})
            cast.arrive(cast.letter("again", subject=f"subject {n}"))
            ContextLink.objects.create(name=f"l{n}", template="https://x.test", created_at=timezone.now())
        for n in range(40):
            recognise(f"person{n}@customers.test", name=f"Person {n}")
        assert [asked(badr, address) for address in (here, f"{here}/panel", "/customers")] == few


def asked(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


class TestList:
    def test_everybody_is_on_one_page_once_by_name_the_nameless_last(
        self, badr: Client, layla: Customer
    ) -> None:
        for n in range(40):
            recognise(f"person{n:02}@customers.test", name=f"Person {n:02}" if n % 8 else "")
        seen: list[str] = []
        address = "/customers"
        while address:
            page = badr.get(address, headers=HTMX).content.decode()
            seen += re.findall(r'id="cust-(\d+)"', page)
            following = re.search(r'hx-get="([^"]+after=[^"]+)"', page)
            address = following[1].replace("&amp;", "&") if following else ""
        assert len(seen) == len(set(seen)) == 41
        names = [Customer.objects.get(pk=pk).name for pk in seen]
        assert names[-5:] == [""] * 5
        assert "" not in names[:-5]
        assert names[:2] == ["Person 01", "Person 02"]
        assert badr.get("/customers?after=x").status_code == 404

    def test_search_finds_name_address_and_company_however_they_are_spelled(
        self, badr: Client, layla: Customer
    ) -> None:
        badr.post(f"/customers/{layla.pk}/details", {"name": "ليلى الأحمد", "company": "شركة المدينة"})
        recognise(cast.OMAR, name="Omar Haddad")

        def found(query: str) -> list[str]:
            return re.findall(
                r'cust__who trunc" dir="auto">([^<]+)<', badr.get(f"/customers?{query}").content.decode()
            )

        for text in ("ليلي الاحمد", "لَيلى", "LAYLA@cust", "المدينه", "الاحمد المدينة"):
            assert found(f"q={text}") == ["ليلى الأحمد"], text
        assert found("q=omar") == ["Omar Haddad"]
        assert found("q=%25") == []
        assert found("company=شركة المدينه") == ["ليلى الأحمد"]
        page = badr.get("/customers?q=لا أحد").content.decode()
        assert "لا أحد" in page.split('class="empty"')[1]

    def test_filters_narrow_and_stand_as_chips(self, badr: Client, layla: Customer) -> None:
        omar = recognise(cast.OMAR, name="Omar", language="en")
        omar.plan, omar.attributes = "Gold", {"city": "Jeddah"}
        omar.customer_since_on = timezone.localdate() - timedelta(days=3)
        omar.save()
        since = omar.customer_since_on.isoformat()
        for query in (
            "language=en",
            "plan=Gold",
            "attribute=city",
            "attribute=city:Jeddah",
            f"since={since}",
        ):
            page = badr.get(f"/customers?{query}").content.decode()
            assert re.findall(r'id="cust-(\d+)"', page) == [str(omar.pk)], query
            assert "custs__off" in page, query
            assert "عميل واحد" in page
        for query in ("attribute=city:Riyadh", "plan=Silver", f"since={timezone.localdate().isoformat()}"):
            assert re.findall(r'id="cust-(\d+)"', badr.get(f"/customers?{query}").content.decode()) == [], (
                query
            )

    def test_views_are_kept_for_oneself_or_everybody(self, badr: Client, layla: Customer) -> None:
        badr.post("/customers/views", {"name": "ذهبيون", "query": "plan=Gold&evil=1", "shared": "1"})
        page = badr.get("/customers").content.decode()
        assert "ذهبيون" in page
        salma = signed_in(cast.salma())
        assert "ذهبيون" not in salma.get("/customers").content.decode(), "an agent's view is their own"
        salma.post("/customers/views", {"name": "كلهم", "query": "open=1", "shared": "1"})
        page = badr.get("/customers?open=1").content.decode()
        assert "كلهم" in page
        assert "/customers?open=1" in page.split("custs__views")[1].split("</ul>")[0]
        view = CustomerView.objects.get(name="كلهم")
        assert badr.post(f"/customers/views/{view.pk}/removal").status_code == 404
        assert salma.post(f"/customers/views/{view.pk}/removal").status_code == 302
        assert not CustomerView.objects.filter(name="كلهم").exists()

    def test_only_managers_and_above_take_customers_out(self, badr: Client, layla: Customer) -> None:
        assert badr.get("/customers/export").status_code == 403
        layla.name, layla.attributes = "=1+1", {"المدينة": "الرياض"}
        layla.save()
        manager = cast.teammate("hind@majlis.test", name="هند", role=Role.MANAGER)
        answer: Any = signed_in(manager).get("/customers/export")
        assert b"".join(answer.streaming_content).decode("utf-8-sig").count("\n") == 1, "she sees no mailbox"
        cast.give(manager, cast.support())
        answer = signed_in(manager).get("/customers/export?q=layla")
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        assert "'=1+1,layla@customers.test" in text
        assert "الرياض" in text


class TestLinks:
    def test_admins_add_change_and_remove_links(self, layla: Customer) -> None:
        salma = signed_in(cast.salma())
        for wrong in (
            "javascript:alert(1)",
            "ftp://x.test/{id}",
            "https://{email}/",
            "x.test",
            "https://x.test/{",
            "",
        ):
            page = salma.post("/settings/links/", {"name": "طلبات", "template": wrong}).content.decode()
            assert "field__err" in page, wrong
        assert not ContextLink.objects.exists()
        salma.post("/settings/links/", {"name": "طلبات", "template": "https://x.test/?q={email}"})
        link = ContextLink.objects.get()
        assert "https://x.test/?q=layla%40example.com" in salma.get("/settings/links/").content.decode()
        salma.post(f"/settings/links/{link.pk}/", {"name": "الطلبات", "template": "https://y.test/{id}"})
        link.refresh_from_db()
        assert (link.name, link.template) == ("الطلبات", "https://y.test/{id}")
        for address in ("/settings/links/", f"/settings/links/{link.pk}/"):
            assert signed_in(cast.badr()).get(address).status_code == 403
        assert signed_in(cast.badr()).post(f"/settings/links/{link.pk}/removal").status_code == 403
        salma.post(f"/settings/links/{link.pk}/removal")
        assert not ContextLink.objects.exists()
