"""The inbox in the browser's words: pages, fragments, changes, and who gets none of them."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from majlis.channels.models import Delivery, State
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.note import add_note
from majlis.conversations.models import Attachment, Conversation, Entry, Status
from majlis.people.models import Teammate
from tests import cast

pytestmark = pytest.mark.django_db

HTML_MAIL = (
    b"From: Layla <layla@customers.test>\r\nTo: support@majlis.test\r\nSubject: picture\r\n"
    b"Message-ID: <html-1@customers.test>\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/related; boundary="x"\r\n\r\n'
    b"--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    b'<p onclick="alert(1)">hello <img src="cid:pic"><img src="https://tracker.test/p.gif">'
    b"<script>alert(1)</script></p>\r\n"
    b"--x\r\nContent-Type: image/png; name=pic.png\r\nContent-ID: <pic>\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--x--\r\n"
)


def signed_in(teammate: Teammate) -> Client:
    client = Client()
    client.force_login(teammate)
    return client


def downloaded(client: Client, address: str) -> tuple[Any, bytes]:
    """A streamed answer and its bytes. (Closing the response itself would close the test's connection.)"""
    response: Any = client.get(address)
    content = b"".join(response.streaming_content)
    for close in response._resource_closers:
        close()
    return response, content


@pytest.fixture
def conversation() -> Conversation:
    cast.badr()
    cast.noura()
    cast.arrive(cast.letter("السلام عليكم، لم يصلني الطلب."))
    return Conversation.objects.get()


@pytest.fixture
def badr(conversation: Conversation) -> Client:
    return signed_in(cast.badr())


class TestPages:
    def test_the_inbox_opens_at_the_unassigned(self, badr: Client) -> None:
        response = badr.get("/", follow=True)
        assert response.redirect_chain == [("/inbox/unassigned", 302)]
        assert "أين طلبي؟" in response.content.decode()

    @pytest.mark.parametrize("folder", ["mine", "unassigned", "all", "closed"])
    def test_every_folder_has_a_page_and_a_list(self, badr: Client, folder: str) -> None:
        assert badr.get(f"/inbox/{folder}").status_code == 200
        assert badr.get(f"/inbox/{folder}/list", headers={"HX-Request": "true"}).status_code == 200

    def test_there_is_no_other_folder(self, badr: Client) -> None:
        assert badr.get("/inbox/elsewhere").status_code == 404

    def test_a_conversation_shows_what_was_said_and_is_read_then(
        self, badr: Client, conversation: Conversation
    ) -> None:
        assert "crow--new" in badr.get("/inbox/all").content.decode()
        page = badr.get(f"/conversations/{conversation.pk}").content.decode()
        assert "لم يصلني الطلب" in page
        assert f'data-seq="{conversation.seq}"' in page
        assert "crow--new" not in badr.get("/inbox/all").content.decode()

    def test_older_conversations_come_page_by_page_and_each_once(self, badr: Client) -> None:
        for n in range(30):
            cast.arrive(cast.letter(f"mail {n}", subject=f"subject {n}"))
        first = badr.get("/inbox/all").content.decode()
        numbers = re.findall(r'<li id="row-(\d+)"', first)
        following = re.search(r'hx-get="([^"]+before=[^"]+)"', first)
        assert following is not None
        second = badr.get(following[1].replace("&amp;", "&")).content.decode()
        numbers += re.findall(r'<li id="row-(\d+)"', second)
        assert len(numbers) == len(set(numbers)) == 31

    def test_the_list_says_how_many_there_are(self, badr: Client) -> None:
        assert "محادثة واحدة" in badr.get("/inbox/all").content.decode()


class TestChanges:
    def test_a_reply_is_queued_once_however_often_it_is_posted(
        self, badr: Client, conversation: Conversation
    ) -> None:
        sent = {"text": "وعليكم السلام", "seen": conversation.seq, "key": str(uuid4())}
        address = f"/conversations/{conversation.pk}/replies"
        for response in [badr.post(address, sent, headers={"HX-Request": "true"}) for _ in range(2)]:
            assert response.status_code == 200
            assert "وعليكم السلام" in response.content.decode()
        assert Entry.objects.filter(kind="reply").count() == 1
        assert Delivery.objects.get().state == State.QUEUED

    def test_lesson_12_the_newer_entry_is_named_and_the_page_told_how_to_see_it(
        self, badr: Client, conversation: Conversation
    ) -> None:
        with changing(conversation.pk) as change:
            add_note(change, teammate=cast.salma(), text="انتظر", submission_key=uuid4())
        response = badr.post(
            f"/conversations/{conversation.pk}/replies",
            {"text": "hello", "seen": conversation.seq, "key": str(uuid4())},
            headers={"HX-Request": "true"},
        )
        assert response.status_code == 409
        assert response["X-Majlis-Refused"] == "newer_entry"
        assert not Delivery.objects.exists()

    def test_a_reply_can_be_taken_back_and_its_text_returns(
        self, badr: Client, conversation: Conversation
    ) -> None:
        badr.post(
            f"/conversations/{conversation.pk}/replies",
            {"text": "too early", "seen": conversation.seq, "key": str(uuid4())},
        )
        entry = Entry.objects.get(kind="reply")
        assert badr.delete(f"/replies/{entry.pk}").json()["text"] == "too early"
        assert Delivery.objects.get().state == State.CANCELLED
        assert badr.delete(f"/replies/{entry.pk}").status_code in (404, 409)

    def test_a_note_stays_inside(self, badr: Client, conversation: Conversation) -> None:
        response = badr.post(
            f"/conversations/{conversation.pk}/notes",
            {"text": "ملاحظة", "seen": conversation.seq, "key": str(uuid4())},
            headers={"HX-Request": "true"},
        )
        assert "ملاحظة" in response.content.decode()
        assert not Delivery.objects.exists()

    def test_closing_reopening_assigning_status_and_tags(
        self, badr: Client, conversation: Conversation
    ) -> None:
        base = f"/conversations/{conversation.pk}"
        me = cast.badr()
        assert badr.post(f"{base}/assignment", {"teammate": me.pk}).status_code == 204
        assert badr.post(f"{base}/status", {"status": "waiting"}).status_code == 204
        assert badr.post(f"{base}/tags", {"name": "شحن، متأخر"}).status_code == 204
        assert badr.post(f"{base}/closure").status_code == 204
        conversation.refresh_from_db()
        assert (conversation.assignee, conversation.status) == (me, Status.CLOSED)
        tag = conversation.tagged.first()
        assert tag is not None
        assert badr.delete(f"{base}/tags/{tag.tag_id}").status_code == 204
        assert badr.delete(f"{base}/closure").status_code == 204
        conversation.refresh_from_db()
        assert conversation.status == Status.IN_PROGRESS
        assert conversation.tagged.count() == 1

    def test_whom_it_may_be_given_to_are_the_others_who_see_its_mailbox(
        self, badr: Client, conversation: Conversation
    ) -> None:
        salma = cast.salma()
        address = f"/conversations/{conversation.pk}/assignment"
        named = badr.get(address).content.decode()
        assert salma.name in named
        assert cast.badr().name not in named
        assert cast.noura().name not in named
        assert "aria-current" not in named
        badr.post(address, {"teammate": salma.pk})
        assert "aria-current" in badr.get(address).content.decode()

    def test_bad_input_is_refused_in_words(self, badr: Client, conversation: Conversation) -> None:
        base = f"/conversations/{conversation.pk}"
        for address, sent in (
            ("status", {"status": "lost"}),
            ("assignment", {"teammate": "x"}),
            ("assignment", {"teammate": "999999"}),
            ("assignment", {"teammate": cast.noura().pk}),
            ("tags", {"name": " ، "}),
            ("tags", {"name": "x" * 61}),
            ("replies", {"text": " ", "seen": "1"}),
            ("notes", {"text": "", "seen": "1"}),
        ):
            response = badr.post(f"{base}/{address}", sent)
            assert response.status_code == 422, address
            assert "data-code" in response.content.decode()

    def test_a_page_that_was_away_catches_up_with_what_changed_and_no_more(
        self, badr: Client, conversation: Conversation
    ) -> None:
        with changing(conversation.pk) as change:
            entry = add_note(change, teammate=cast.salma(), text="جديد", submission_key=uuid4())
        response = badr.get(f"/conversations/{conversation.pk}/entries?since={conversation.seq}")
        page = response.content.decode()
        assert response["X-Majlis-Seq"] == str(entry.seq)
        assert f'id="entry-{entry.pk}"' in page
        assert "لم يصلني الطلب" not in page


class TestMail:
    def test_html_runs_nothing_and_loads_nothing_from_elsewhere(self, badr: Client) -> None:
        cast.arrive(HTML_MAIL)
        entry = Entry.objects.get(message_id="<html-1@customers.test>")
        response = badr.get(f"/entries/{entry.pk}/html")
        page = response.content.decode()
        assert "hello" in page
        assert "script" not in page.replace("Content-Security", "")
        assert "onclick" not in page
        assert "tracker.test" not in page
        picture = Attachment.objects.get(entry=entry)
        assert f'src="/attachments/{picture.pk}?inline=1"' in page
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "sandbox allow-same-origin" in policy
        assert "script-src" not in policy
        assert response["X-Frame-Options"] == "SAMEORIGIN"

    def test_remote_images_come_through_us_when_asked_for(self, badr: Client) -> None:
        cast.arrive(HTML_MAIL)
        entry = Entry.objects.get(message_id="<html-1@customers.test>")
        page = badr.get(f"/entries/{entry.pk}/html?images=1").content.decode()
        assert "tracker.test" not in page
        assert 'src="/images/' in page

    def test_files_are_downloads_and_only_real_images_are_shown(self, badr: Client) -> None:
        cast.arrive(HTML_MAIL)
        picture = Attachment.objects.get()
        shown, _ = downloaded(badr, f"/attachments/{picture.pk}?inline=1")
        assert shown["Content-Type"] == "image/png"
        loaded, content = downloaded(badr, f"/attachments/{picture.pk}")
        assert loaded["Content-Disposition"].startswith("attachment")
        assert loaded["X-Content-Type-Options"] == "nosniff"
        assert content == b"\x89PNG\r\n\x1a\n"
        Attachment.objects.update(content_type="text/html", name="page.html")
        loaded, _ = downloaded(badr, f"/attachments/{picture.pk}")
        assert loaded["Content-Type"] == "application/octet-stream"

    def test_the_original_is_there_byte_by_byte(self, badr: Client) -> None:
        cast.arrive(HTML_MAIL)
        entry = Entry.objects.get(message_id="<html-1@customers.test>")
        assert downloaded(badr, f"/entries/{entry.pk}/original")[1] == HTML_MAIL


class TestLesson17:
    """Nobody sees a mailbox they have no right to, by whatever way they ask."""

    def test_lesson_17_every_address_of_a_conversation_is_closed_to_a_stranger(
        self, conversation: Conversation, badr: Client
    ) -> None:
        cast.arrive(HTML_MAIL)
        badr.post(
            f"/conversations/{conversation.pk}/replies",
            {"text": "secret", "seen": conversation.seq, "key": str(uuid4())},
        )
        badr.post(f"/conversations/{conversation.pk}/tags", {"name": "secret"})
        reply = Entry.objects.get(kind="reply")
        mail = Entry.objects.get(message_id="<html-1@customers.test>")
        picture = Attachment.objects.get()
        noura = signed_in(cast.noura())
        base = f"/conversations/{conversation.pk}"
        tagged = conversation.tagged.get()
        for address in (
            base,
            f"{base}/entries?since=0",
            f"{base}/assignment",
            f"/entries/{mail.pk}/html",
            f"/entries/{mail.pk}/original",
            f"/attachments/{picture.pk}",
            f"/inbox/all?mailbox={conversation.mailbox_id}",
        ):
            assert noura.get(address).status_code == 404, address
        for address in ("replies", "notes", "closure", "assignment", "status", "tags"):
            sent = {"text": "x", "name": "x", "status": "open", "seen": "99", "key": str(uuid4())}
            assert noura.post(f"{base}/{address}", sent).status_code == 404, address
        for address in (f"/replies/{reply.pk}/deliveries", f"/replies/{reply.pk}/settlement"):
            assert noura.post(address).status_code == 404, address
        for address in (f"{base}/closure", f"{base}/tags/{tagged.tag_id}", f"/replies/{reply.pk}"):
            assert noura.delete(address).status_code == 404, address

    def test_lesson_17_lists_and_counts_say_nothing_of_it(self, conversation: Conversation) -> None:
        noura = signed_in(cast.noura())
        for folder in ("mine", "unassigned", "all", "closed"):
            page = noura.get(f"/inbox/{folder}").content.decode()
            assert "أين طلبي؟" not in page
            assert cast.support().name not in page
            assert "nav__count" not in page

    def test_lesson_17_nobody_unknown_sees_anything(self, conversation: Conversation) -> None:
        cast.salma()
        for address in ("/", "/inbox/all", f"/conversations/{conversation.pk}", "/settings/"):
            response = Client().get(address)
            assert response.status_code == 302, address
            assert response["Location"].startswith("/accounts/login/")


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


class TestQueryCounts:
    """A page asks the same number of questions whatever the number of rows."""

    def test_the_list(self, badr: Client) -> None:
        few = queries_of(badr, "/inbox/all")
        for n in range(40):
            cast.arrive(cast.letter(f"mail {n}", sender=f"person{n}@customers.test"))
        assert queries_of(badr, "/inbox/all") == few
        assert few <= 9

    def test_the_thread(self, badr: Client, conversation: Conversation) -> None:
        address = f"/conversations/{conversation.pk}"
        few = queries_of(badr, address)
        salma = cast.salma()
        for n in range(300):
            with changing(conversation.pk) as change:
                add_note(change, teammate=salma, text=f"note {n}", submission_key=uuid4())
        assert queries_of(badr, address) == few
        assert few <= 24
