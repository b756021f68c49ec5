"""A mail's quotations and signature are kept apart from what it says, and go where they belong."""

from __future__ import annotations

from datetime import date
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from majlis.channels.forwarding import send_forward
from majlis.channels.models import Delivery
from majlis.channels.outbox import Recipients
from majlis.channels.queries import outgoing
from majlis.conversations import filters
from majlis.conversations.actions import words
from majlis.conversations.models import Conversation, Entry
from majlis.conversations.search import search
from tests import cast

pytestmark = pytest.mark.django_db

ABOVE = "في 3 نوفمبر 2025، 10:15 كتب سلمى <salma@shop.example>:\n> هل وصلت الدراجة؟\n"
BELOW = "-- \nمؤسسة الزيتونة\n"
OLDER = "\nFrom: Salma <salma@shop.example>\nSent: Monday\nTo: Layla\nSubject: bicycle\n\nالخوذة القديمة\n"
TEXT = f"{ABOVE}\nوصلت اليوم، شكرا.\n{BELOW}{OLDER}"
HTML = (
    '<div>وصلت<script>x()</script></div><div id="appendonsend"></div><div id="divRplyFwdMsg">'
    "<b>From:</b> Salma<br><b>Sent:</b> Monday</div><div>كلام قديم</div>"
)


def _entry() -> Entry:
    cast.badr()
    cast.arrive(cast.letter(TEXT))
    return Entry.objects.get()


def test_the_pieces_joined_are_the_mail() -> None:
    entry = _entry()
    assert entry.whole_text.strip() == TEXT.strip()
    assert entry.quoted_above == ABOVE
    assert entry.text.strip() == "وصلت اليوم، شكرا."
    assert entry.signature.strip() == BELOW.strip()
    assert entry.quoted.strip() == OLDER.strip()


def test_lists_and_notices_say_only_what_was_written() -> None:
    _entry()
    assert Conversation.objects.get().snippet == "وصلت اليوم، شكرا."


@pytest.mark.parametrize(("typed", "number"), [("الزيتونة", 1), ("وصلت", 1), ("الخوذة", 0), ("الدراجة", 0)])
def test_a_signature_is_found_and_a_quotation_is_not(typed: str, number: int) -> None:
    entry = _entry()
    badr = cast.badr()
    for _ in range(2):
        found = search(
            filters.parse(typed).terms,
            reader=badr,
            mailbox_ids=[entry.mailbox_id],
            today=date(2026, 11, 22),
            zone=ZoneInfo("UTC"),
        )
        assert found.number == number
        words.refresh([entry.pk])  # filled in later they are the same


def test_the_thread_shows_the_pieces_in_their_order_each_under_its_name(client: Client) -> None:
    entry = _entry()
    client.force_login(cast.badr())
    page = client.get(f"/conversations/{entry.conversation_id}").content.decode()
    body = page[page.index('class="msg__body"') :]
    places = [body.index(said) for said in ("هل وصلت الدراجة", "وصلت اليوم", "الزيتونة", "الخوذة")]
    assert places == sorted(places)
    assert body.count('<details class="quoted">') == 2
    assert "النص المقتبس" in body
    assert " open" not in body[: places[-1]]


def test_the_frame_folds_under_names_in_the_readers_language(client: Client) -> None:
    badr = cast.badr()
    cast.arrive(cast.letter(HTML).replace(b"text/plain", b"text/html"))
    entry = Entry.objects.get()
    for language, label in (("ar", "النص المقتبس"), ("en", "Quoted text")):
        badr.language = language
        badr.save()
        client.force_login(badr)
        page = client.get(f"/entries/{entry.pk}/html")
        assert "script-src" not in page["Content-Security-Policy"]
        body = page.content.decode()
        assert f">{label}</summary>" in body
        assert body.index("وصلت") < body.index("<details") < body.index("كلام قديم")
    assert "<details" not in entry.html


def test_who_gets_it_passed_on_gets_the_whole() -> None:
    entry, badr = _entry(), cast.badr()
    send_forward(
        badr,
        entry,
        text="للاطلاع",
        html="",
        recipients=Recipients(["p@parcel.test"], [], []),
        submission_key=uuid4(),
    )
    built = outgoing(Delivery.objects.get(), ("", "support@shop.test"))
    assert built.forwarded is not None
    assert built.forwarded.text == entry.whole_text
