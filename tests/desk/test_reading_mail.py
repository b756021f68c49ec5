"""What came with a mail, at its entry: invitations, seals, attached mails, and the original itself."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.note import add_note
from majlis.conversations.models import Attachment, Conversation, Entry
from majlis.people.models import Teammate
from tests import cast
from tests.channels.mailing import reply
from tests.corpus.make import messages
from tests.desk.test_inbox import downloaded, signed_in

pytestmark = pytest.mark.django_db

INNERMOST = b"From: Omar <omar@customers.test>\r\nSubject: innermost\r\n\r\nthe first word\r\n"
INNER = (
    b"From: =?utf-8?b?2YTZitmE2Yk=?= <layla@customers.test>\r\nTo: shop@example.test\r\n"
    b"Date: Mon, 3 Nov 2025 10:15:00 +0300\r\nSubject: inner\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\nContent-Type: multipart/related; boundary=r\r\n\r\n"
    b"--r\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    b'<p onclick="x()">inside <img src="cid:pic"><img src="https://tracker.test/p.gif"><script>x()</script></p>\r\n'
    b"--r\r\nContent-Type: image/png; name=pic.png\r\nContent-ID: <pic>\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    b"iVBORw0KGgo=\r\n--r--\r\n--i\r\nContent-Type: text/html; name=page.html\r\n"
    b"Content-Disposition: attachment; filename=page.html\r\n\r\n<script>alert(1)</script>\r\n"
    b"--i\r\nContent-Type: message/rfc822\r\n\r\n" + INNERMOST + b"--i--\r\n"
)
OUTER = (
    b"From: Layla <layla@customers.test>\r\nTo: support@majlis.test\r\nSubject: outer\r\n"
    b"Message-ID: <outer@customers.test>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n"
    b"--o\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nsee below\r\n"
    b"--o\r\nContent-Type: message/rfc822\r\n\r\n" + INNER + b"\r\n--o--\r\n"
)


def _arrived(content: bytes) -> Entry:
    for somebody in (cast.salma, cast.badr, cast.noura):
        somebody()
    cast.arrive(content)
    return Entry.objects.latest("pk")


def _page(entry: Entry, who: Teammate | None = None) -> str:
    return signed_in(who or cast.badr()).get(f"/conversations/{entry.conversation_id}").content.decode()


def _of_corpus(name: str) -> Entry:
    return _arrived(messages()[name])


def _english(who: Teammate, *, zone: str = "Asia/Riyadh") -> Teammate:
    who.language, who.time_zone = "en", zone
    who.save()
    return who


class TestInvitations:
    def test_it_stands_in_the_readers_zone_with_place_and_organiser(self) -> None:
        entry = _of_corpus("invitation-google")

        page = _page(entry, _english(cast.badr()))

        assert "مراجعة الطلب" in page
        assert "Monday, 1 December 2025" in page or "Monday 1 December 2025" in page
        assert re.search(r"10:00\W+AM", page, re.IGNORECASE)
        assert "الرياض, برج المملكة" in page
        assert "ليلى الحربي" in page
        assert 'href="https://meet.google.com/abc-defg-hij"' in page
        assert [found.name for found in entry.attachments.all()] == ["invite.ics"]

    def test_another_reader_sees_their_own_time(self) -> None:
        entry = _of_corpus("invitation-windows-zone")
        page = _page(entry, _english(cast.badr(), zone="Europe/Berlin"))
        assert re.search(r"8:00\W+AM", page, re.IGNORECASE)

    def test_the_hijri_day_stands_beside_it_where_wanted(self) -> None:
        entry = _of_corpus("invitation-whole-days")
        badr = cast.badr()
        badr.calendar = "hijri"
        badr.save()
        page = _page(entry, badr)
        assert "جمادى الآخرة" in page
        assert "طوال اليوم" in page or "all day" in page

    def test_what_is_called_off_repeats_or_answers_says_so(self) -> None:
        badr = _english(cast.badr())
        assert "Called off" in _page(_of_corpus("invitation-called-off"), badr)
        assert "every 2 weeks on Sunday, Tuesday" in _page(_of_corpus("invitation-repeating"), badr)
        assert "\u2068عمر\u2069 accepts" in _page(_of_corpus("invitation-answered"), badr)


class TestSeals:
    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("pgp-inline-signed", "Signed with OpenPGP, which cannot be checked here"),
            ("pgp-mime-encrypted", "Encrypted with OpenPGP: open the original"),
            ("smime-signature-missing", "Signed, but the signature cannot be checked here"),
        ],
    )
    def test_the_state_is_said_calmly_at_the_entry(self, name: str, words: str) -> None:
        page = _page(_of_corpus(name), _english(cast.badr()))
        assert words in page
        assert "seal--bad" not in page

    def test_only_a_broken_signature_is_red(self) -> None:
        entry = _of_corpus("pgp-inline-signed")
        Entry.objects.filter(pk=entry.pk).update(details={"seal": {"kind": "smime", "state": "broken"}})
        assert 'class="seal seal--bad"' in _page(entry)

    def test_a_state_of_a_newer_version_is_nothing(self) -> None:
        entry = _of_corpus("pgp-inline-signed")
        Entry.objects.filter(pk=entry.pk).update(details={"seal": {"kind": "smime", "state": "sung"}})
        assert 'class="seal' not in _page(entry)


class TestAttachedMail:
    @pytest.fixture
    def attached(self) -> Attachment:
        return _arrived(OUTER).attachments.get()

    @pytest.fixture
    def badr(self, attached: Attachment) -> Client:
        return signed_in(_english(cast.badr()))

    def test_it_is_read_like_a_mail(self, badr: Client, attached: Attachment) -> None:
        assert f"/attachments/{attached.pk}/message" in _page(attached.entry)
        page = badr.get(f"/attachments/{attached.pk}/message").content.decode()
        assert "ليلى" in page
        assert "inner" in page
        assert f'src="/attachments/{attached.pk}/message/html"' in page
        assert "page.html" in page
        assert "Remote images are held back" in page

    def test_its_html_is_harmless_and_asks_nobody(self, badr: Client, attached: Attachment) -> None:
        frame = badr.get(f"/attachments/{attached.pk}/message/html")
        body = frame.content.decode()
        assert "inside" in body
        assert f"/attachments/{attached.pk}/message/part?part=0&amp;inline=1" in body
        assert not re.search(r"tracker|<script|onclick", body)
        assert "sandbox" in frame["Content-Security-Policy"]
        shown = badr.get(f"/attachments/{attached.pk}/message/html?images=1").content.decode()
        assert "/images/" in shown
        assert "https://tracker" not in shown

    def test_its_files_are_files_and_only_pictures_are_shown(
        self, badr: Client, attached: Attachment
    ) -> None:
        picture = badr.get(f"/attachments/{attached.pk}/message/part?part=0&inline=1")
        assert (picture["Content-Type"], picture.content) == ("image/png", b"\x89PNG\r\n\x1a\n")
        page = badr.get(f"/attachments/{attached.pk}/message/part?part=1&inline=1")
        assert page["Content-Type"] == "application/octet-stream"
        assert page["Content-Disposition"].startswith("attachment")
        assert "default-src 'none'; sandbox" in page["Content-Security-Policy"]

    def test_a_mail_inside_it_opens_too_and_leads_back(self, badr: Client, attached: Attachment) -> None:
        page = badr.get(f"/attachments/{attached.pk}/message").content.decode()
        assert f"/attachments/{attached.pk}/message?in=2" in page
        inner = badr.get(f"/attachments/{attached.pk}/message?in=2").content.decode()
        assert "the first word" in inner
        assert f'href="/attachments/{attached.pk}/message"' in inner
        source = badr.get(f"/attachments/{attached.pk}/message/source?in=2")
        assert source.content.strip() == INNERMOST.strip()

    @pytest.mark.parametrize("query", ["in=0", "in=9", "in=2.0", "in=x", "in=2.2.2.2.2.2.2.2.2", "in=-1"])
    def test_there_is_nothing_else_to_open(self, badr: Client, attached: Attachment, query: str) -> None:
        assert badr.get(f"/attachments/{attached.pk}/message?{query}").status_code == 404
        assert badr.get(f"/attachments/{attached.pk}/message/part?part={query[3:]}{query}").status_code == 404

    @pytest.mark.parametrize("end", ["", "/html", "/part?part=0", "/source"])
    def test_it_is_closed_to_who_may_not_see_the_conversation(self, attached: Attachment, end: str) -> None:
        address = f"/attachments/{attached.pk}/message{end}"
        assert signed_in(cast.badr()).get(address).status_code == 200
        assert signed_in(cast.noura()).get(address).status_code == 404
        assert Client().get(address).status_code == 302

    def test_what_is_no_mail_is_not_read_as_one(self, badr: Client) -> None:
        other = _of_corpus("name-rfc2231").attachments.get()
        assert badr.get(f"/attachments/{other.pk}/message").status_code == 404


class TestOriginal:
    def test_the_source_is_shown_as_text_and_nothing_in_it_acts(self) -> None:
        entry = _arrived(OUTER.replace(b"see below", "\u202eمرحبا <b>".encode()))
        response = signed_in(cast.badr()).get(f"/entries/{entry.pk}/source")
        page = response.content.decode()
        assert "Message-ID: &lt;outer@customers.test&gt;" in page
        assert "⟨202E⟩مرحبا &lt;b&gt;" in page
        assert "script-src" in response["Content-Security-Policy"]
        assert f'href="/entries/{entry.pk}/original"' in page

    def test_a_long_one_is_cut_and_leads_to_the_whole(self) -> None:
        entry = _arrived(cast.letter("سطر طويل جدا\n" * 40_000))
        badr = signed_in(_english(cast.badr()))
        response = badr.get(f"/entries/{entry.pk}/source")
        assert "Only the first" in response.content.decode()
        assert len(response.content) < 900_000
        assert entry.raw is not None
        assert len(downloaded(badr, f"/entries/{entry.pk}/original")[1]) == entry.raw.size

    def test_it_is_closed_to_who_may_not_see_the_conversation(self) -> None:
        entry = _arrived(OUTER)
        for end in ("source", "original"):
            assert signed_in(cast.noura()).get(f"/entries/{entry.pk}/{end}").status_code == 404
            assert Client().get(f"/entries/{entry.pk}/{end}").status_code == 302

    def test_our_own_reply_is_built_again_and_says_so(self) -> None:
        entry = _arrived(OUTER)
        answer = reply(cast.badr(), Conversation.objects.get(), "يصلك غدا.")
        badr = signed_in(_english(cast.badr()))
        assert f"/entries/{answer.pk}/source" in _page(entry)
        assert "Built again from what is stored" in badr.get(f"/entries/{answer.pk}/source").content.decode()
        content = badr.get(f"/entries/{answer.pk}/original").content
        assert answer.message_id.encode() in content
        assert b"To: Layla <layla@customers.test>" in content

    def test_a_note_has_no_original(self) -> None:
        entry = _arrived(OUTER)
        with changing(entry.conversation_id) as change:
            add_note(change, teammate=cast.badr(), text="note", submission_key=uuid4())
        note = Entry.objects.latest("pk")
        for end in ("source", "original"):
            assert signed_in(cast.badr()).get(f"/entries/{note.pk}/{end}").status_code == 404


def test_a_thread_asks_the_same_with_many_invitations_as_with_one() -> None:
    entry = _of_corpus("invitation-google")
    badr = signed_in(cast.badr())
    address = f"/conversations/{entry.conversation_id}/entries?since=0"

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert badr.get(address).status_code == 200
        return len(seen)

    asked()
    before = asked()
    for number in range(5):
        raw = messages()["invitation-google"].replace(b"<m1@", f"<m1-{number}@".encode())
        cast.arrive(raw.replace(b"Subject:", b"In-Reply-To: <m1@customer.example>\r\nSubject:"))
    assert Entry.objects.filter(conversation=entry.conversation_id).count() == 6
    assert asked() == before
