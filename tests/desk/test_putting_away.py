"""Snoozing, spam, trash, closing kinds and sorting in the browser's words; and who gets none of them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from majlis.conversations.models import Conversation, Follower, ReadMark, Shelf, Topic
from majlis.people.models import Block, Role, Team
from tests import cast

from .test_inbox import signed_in

pytestmark = pytest.mark.django_db
NEW_FOLDERS = ["snoozed", "spam", "trash"]


@pytest.fixture
def conversation() -> Conversation:
    cast.badr()
    cast.noura()
    cast.arrive(cast.letter("السلام عليكم، لم يصلني الطلب."))
    return Conversation.objects.get()


@pytest.fixture
def badr(conversation: Conversation) -> Client:
    return signed_in(cast.badr())


def at(conversation: Conversation, noun: str) -> str:
    return f"/conversations/{conversation.pk}/{noun}"


class TestFolders:
    @pytest.mark.parametrize(
        ("folder", "words"),
        [
            ("snoozed", "لا محادثات مؤجلة"),
            ("spam", "لا رسائل مزعجة"),
            ("trash", "سلة المحذوفات فارغة"),
        ],
    )
    def test_an_empty_folder_says_what_belongs_there(self, badr: Client, folder: str, words: str) -> None:
        assert words in badr.get(f"/inbox/{folder}").content.decode()

    @pytest.mark.parametrize("folder", NEW_FOLDERS)
    def test_a_list_costs_as_many_queries_with_many_rows_as_with_few(self, badr: Client, folder: str) -> None:
        by_folder: dict[str, dict[str, Any]] = {
            "snoozed": {"snoozed_until": timezone.now() + timedelta(days=1)},
            "spam": {"is_spam": True, "spam_reason": "fraud"},
            "trash": {"deleted_at": timezone.now()},
        }
        facts = by_folder[folder]

        def counted() -> int:
            Conversation.objects.update(shelf=folder, **facts)
            with CaptureQueriesContext(connection) as queries:
                page = badr.get(f"/inbox/{folder}").content.decode()
            assert page.count('<li id="row-') == Conversation.objects.count()
            return len(queries)

        few = counted()
        for n in range(12):
            cast.arrive(cast.letter(f"mail {n}", subject=f"subject {n}"))
        assert counted() == few

    def test_nobody_else_sees_them(self, conversation: Conversation) -> None:
        Conversation.objects.update(shelf=Shelf.SPAM, is_spam=True)
        assert "أين طلبي؟" not in signed_in(cast.noura()).get("/inbox/spam").content.decode()


class TestSnoozing:
    def test_choices_say_when_they_mean(self, badr: Client, conversation: Conversation) -> None:
        page = badr.get(at(conversation, "snooze")).content.decode()
        assert "صباح الغد" in page
        assert page.count("<time ") >= 2

    def test_what_is_typed_is_understood_before_it_is_saved(
        self, badr: Client, conversation: Conversation
    ) -> None:
        said = badr.get(at(conversation, "snooze"), {"when": "غدًا ٩ صباحًا"}).content.decode()
        assert "غدًا" in said
        assert "<time " in said
        for typed in ("كلام", "أمس", "2020-01-01"):
            said = badr.get(at(conversation, "snooze"), {"when": typed}).content.decode()
            assert "<time " not in said
            assert "«" in said  # an example of how to write it
        conversation.refresh_from_db()
        assert conversation.snoozed_until is None

    def test_typed_or_chosen_it_is_put_off_and_can_be_undone(
        self, badr: Client, conversation: Conversation
    ) -> None:
        until = (timezone.now() + timedelta(hours=5)).replace(microsecond=0)
        for said in ({"when": "بعد ٣ أيام"}, {"until": until.isoformat()}):
            response = badr.post(at(conversation, "snooze"), said)
            assert response.status_code == 204
            told = json.loads(response["X-Majlis-Told"])
            assert told["away"]
            conversation.refresh_from_db()
            assert conversation.shelf == Shelf.SNOOZED
            assert badr.delete(told["url"]).status_code == 204
            conversation.refresh_from_db()
            assert conversation.shelf == Shelf.DESK

    @pytest.mark.parametrize(
        "said",
        [
            {},
            {"when": "أمس"},
            {"until": "soon"},
            {"until": "2030-01-01T09:00"},
            {"until": "2020-01-01T09:00Z"},
        ],
    )
    def test_what_is_unclear_or_past_is_refused_in_words(
        self, badr: Client, conversation: Conversation, said: dict[str, str]
    ) -> None:
        response = badr.post(at(conversation, "snooze"), said)
        assert response.status_code == 422
        conversation.refresh_from_db()
        assert conversation.snoozed_until is None

    def test_the_thread_tells_of_it(self, badr: Client, conversation: Conversation) -> None:
        badr.post(at(conversation, "snooze"), {"when": "غدًا"})
        page = badr.get(f"/conversations/{conversation.pk}").content.decode()
        assert "أجّلها" in page
        assert "أعدها الآن" in page


class TestSpam:
    def test_marking_and_blocking_go_together_and_are_undone_together(
        self, badr: Client, conversation: Conversation
    ) -> None:
        assert cast.LAYLA in badr.get(at(conversation, "spam")).content.decode()
        response = badr.post(at(conversation, "spam"), {"reason": "fraud", "block": "address"})
        told = json.loads(response["X-Majlis-Told"])
        assert Block.objects.get().address == cast.LAYLA
        assert "احتيال" in badr.get("/inbox/spam").content.decode()
        badr.delete(told["url"])
        conversation.refresh_from_db()
        assert conversation.shelf == Shelf.DESK
        assert not Block.objects.exists()

    def test_ones_own_domain_is_refused_and_nothing_is_marked(self, badr: Client) -> None:
        cast.arrive(cast.letter("hello", sender="boss@majlis.test", subject="hello"))
        own = Conversation.objects.latest("pk")
        response = badr.post(at(own, "spam"), {"reason": "other", "other": "x", "block": "domain"})
        assert response.status_code == 422
        own.refresh_from_db()
        assert not own.is_spam

    def test_admins_alone_keep_the_list_of_the_blocked(self, badr: Client) -> None:
        assert badr.get("/settings/blocks/").status_code == 403
        salma = signed_in(cast.salma())
        assert "لا أحد محظور" in salma.get("/settings/blocks/").content.decode()
        assert salma.post("/settings/blocks/", {"who": "majlis.test"}).status_code == 200
        assert not Block.objects.exists()
        assert salma.post("/settings/blocks/", {"who": "spam.test", "reason": "إعلانات"}).status_code == 302
        found = Block.objects.get()
        assert badr.post(f"/settings/blocks/{found.pk}/removal").status_code == 403
        assert "spam.test" in salma.get("/settings/blocks/").content.decode()
        salma.post(f"/settings/blocks/{found.pk}/removal")
        assert not Block.objects.exists()


class TestTrash:
    def test_deleting_is_undone_by_one_press(self, badr: Client, conversation: Conversation) -> None:
        told = json.loads(badr.post(at(conversation, "trash"))["X-Majlis-Told"])
        page = badr.get(f"/conversations/{conversation.pk}").content.decode()
        assert "احذفها نهائيًا" not in page  # Badr is no admin
        assert (
            "احذفها نهائيًا"
            in signed_in(cast.salma()).get(f"/conversations/{conversation.pk}").content.decode()
        )
        badr.delete(told["url"])
        conversation.refresh_from_db()
        assert conversation.shelf == Shelf.DESK

    def test_only_admins_delete_for_good(self, badr: Client, conversation: Conversation) -> None:
        badr.post(at(conversation, "trash"))
        assert badr.post(at(conversation, "removal")).status_code == 422
        assert Conversation.objects.exists()
        response = signed_in(cast.salma()).post(at(conversation, "removal"))
        assert response["HX-Redirect"] == "/inbox/trash"
        assert not Conversation.objects.exists()


class TestClosing:
    def test_how_it_was_closed_stands_in_head_and_line(
        self, badr: Client, conversation: Conversation
    ) -> None:
        badr.post(at(conversation, "closure"), {"as": "not_for_us", "note": "المبيعات"})
        page = badr.get(f"/conversations/{conversation.pk}").content.decode()
        assert page.count("ليست لنا: \u2068المبيعات\u2069") == 3  # the head, the line, the row
        badr.delete(at(conversation, "closure"))
        page = badr.get(f"/conversations/{conversation.pk}").content.decode()
        assert page.count("ليست لنا: \u2068المبيعات\u2069") == 1


class TestSorting:
    def test_priority_team_and_topic_are_chosen_told_and_shown(
        self, badr: Client, conversation: Conversation
    ) -> None:
        team = Team.objects.create(name="الشحن")
        topic = Topic.objects.create(name="تأخّر التوصيل", created_at=timezone.now())
        for noun, value, label in (
            ("priority", 2, "عاجلة"),
            ("team", team.pk, team.name),
            ("topic", topic.pk, topic.name),
        ):
            assert label in badr.get(at(conversation, noun)).content.decode()
            assert badr.post(at(conversation, noun), {"value": value}).status_code == 204
        page = badr.get(f"/conversations/{conversation.pk}").content.decode()
        for label in ("عاجلة", team.name, topic.name):
            assert page.count(label) >= 2
        for noun in ("team", "topic"):
            assert badr.post(at(conversation, noun), {"value": ""}).status_code == 204
        conversation.refresh_from_db()
        assert (conversation.priority, conversation.team_id, conversation.topic_id) == (2, None, None)

    @pytest.mark.parametrize(
        ("noun", "value"), [("priority", 7), ("team", 99999), ("topic", 99999), ("team", "x")]
    )
    def test_what_is_not_offered_is_refused(
        self, badr: Client, conversation: Conversation, noun: str, value: object
    ) -> None:
        assert badr.post(at(conversation, noun), {"value": value}).status_code == 422

    def test_a_topic_out_of_use_is_not_offered_and_stays_where_it_is(
        self, badr: Client, conversation: Conversation
    ) -> None:
        topic = Topic.objects.create(name="قديم", created_at=timezone.now())
        badr.post(at(conversation, "topic"), {"value": topic.pk})
        signed_in(cast.salma()).post(f"/settings/topics/{topic.pk}/", {"active": "0"})
        assert "قديم" not in badr.get(at(conversation, "topic")).content.decode()
        assert "قديم" in badr.get(f"/conversations/{conversation.pk}").content.decode()

    def test_managers_keep_the_topics_and_agents_do_not(self, badr: Client) -> None:
        manager = signed_in(cast.teammate("manager@majlis.test", name="هند", role=Role.MANAGER))
        assert "/settings/topics/" in manager.get("/settings/topics/").content.decode()
        assert manager.post("/settings/topics/", {"name": "الفواتير"}).status_code == 302
        assert manager.post("/settings/topics/", {"name": " الفواتير "}).status_code == 200
        topic = Topic.objects.get()
        assert badr.get("/settings/topics/").status_code == 403
        assert badr.post(f"/settings/topics/{topic.pk}/", {"name": "x"}).status_code == 403
        manager.post(f"/settings/topics/{topic.pk}/", {"name": "الفوترة"})
        topic.refresh_from_db()
        assert topic.name == "الفوترة"

    def test_following_is_ones_own(self, badr: Client, conversation: Conversation) -> None:
        for _ in range(2):
            assert badr.post(at(conversation, "following")).status_code == 204
        assert [one.teammate for one in Follower.objects.all()] == [cast.badr()]
        badr.delete(at(conversation, "following"))
        assert not Follower.objects.exists()

    def test_unread_goes_back_to_the_folder_and_stays_unread(
        self, badr: Client, conversation: Conversation
    ) -> None:
        badr.get(f"/conversations/{conversation.pk}")
        assert ReadMark.objects.exists()
        here = f"http://testserver/conversations/{conversation.pk}?folder=unassigned"
        response = badr.post(at(conversation, "unread"), headers={"HX-Current-URL": here})
        assert response["HX-Redirect"] == "/inbox/unassigned"
        assert "crow--new" in badr.get("/inbox/unassigned").content.decode()


def test_every_address_is_closed_to_others(conversation: Conversation) -> None:
    nouns = (
        "snooze",
        "spam",
        "trash",
        "removal",
        "following",
        "priority",
        "team",
        "topic",
        "unread",
        "closure",
    )
    cast.salma()
    noura, stranger = signed_in(cast.noura()), Client()
    for noun in nouns:
        for method in ("post", "delete", "get"):
            answer = getattr(noura, method)(
                at(conversation, noun), {"value": "1", "when": "غدًا"} if method != "delete" else None
            )
            assert answer.status_code in (404, 405), (noun, method)
            answer = getattr(stranger, method)(at(conversation, noun))
            assert answer.status_code in (302, 401, 403), (noun, method)
    before = Conversation.objects.get()
    assert (before.shelf, before.priority, before.seq) == (Shelf.DESK, 0, conversation.seq)
