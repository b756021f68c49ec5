"""Whom a message reaches, what goes along, who is named: the composer's ways to send."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from majlis.channels.email.building import build
from majlis.channels.models import Delivery
from majlis.channels.queries import outgoing
from majlis.conversations.actions.attach import attach
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.note import add_note
from majlis.conversations.models import Conversation, Entry, Mention, Participant
from majlis.files.actions import store
from majlis.journal.models import Event
from majlis.people.models import Customer, Signature, Teammate
from tests import cast
from tests.channels.mailing import body, read

pytestmark = pytest.mark.django_db
HEADERS = {"HX-Request": "true", "Accept": "*/*"}


@pytest.fixture
def conversation() -> Conversation:
    cast.badr()
    cast.arrive(cast.letter("أين طلبي؟"))
    return Conversation.objects.get()


@pytest.fixture
def badr(conversation: Conversation) -> Client:
    return signed_in(cast.badr())


def signed_in(who: Any) -> Client:
    client = Client()
    client.force_login(who)
    return client


def post(client: Client, address: str, conversation: Conversation, **fields: str) -> Any:
    conversation.refresh_from_db()
    sent = {"seen": str(conversation.seq), "key": str(uuid4()), **fields}
    return client.post(address, sent, content_type="application/json", headers=HEADERS)


def reply(client: Client, conversation: Conversation, **fields: str) -> Any:
    return post(
        client, f"/conversations/{conversation.pk}/replies", conversation, **{"text": "تم.", **fields}
    )


def mail() -> Any:
    """The last thing that was queued, as its readers get it."""
    delivery = Delivery.objects.select_related("entry__mailbox").latest("pk")
    out = outgoing(delivery, ("بدر", cast.SUPPORT))
    return read(build(out)), out.recipients


def test_chosen_recipients_get_it_and_a_hidden_copy_stands_in_no_header(
    badr: Client, conversation: Conversation
) -> None:
    reply(
        badr,
        conversation,
        to=cast.LAYLA,
        cc="huda@customers.test, Ali <ali@customers.test>",
        bcc="boss@majlis.test",
    )
    message, recipients = mail()
    assert recipients == [cast.LAYLA, "huda@customers.test", "ali@customers.test", "boss@majlis.test"]
    assert str(message["Cc"]) == "huda@customers.test, ali@customers.test"
    assert "boss" not in str(message)
    taking_part = set(Participant.objects.values_list("address", flat=True))
    assert {"huda@customers.test", "ali@customers.test"} <= taking_part
    assert "boss@majlis.test" not in taking_part


def test_what_is_no_address_is_named_and_nothing_is_sent(badr: Client, conversation: Conversation) -> None:
    refused = reply(badr, conversation, to="layla at customers", cc="", bcc="")
    assert refused.status_code == 422
    assert "layla" in refused.content.decode()
    assert not Delivery.objects.exists()
    assert reply(badr, conversation, to="", cc="", bcc="").status_code == 422


def test_the_standard_recipients_and_proposals_are_told(badr: Client, conversation: Conversation) -> None:
    Participant.objects.create(conversation=conversation, address="huda@customers.test", name="هدى")
    address = f"/conversations/{conversation.pk}/recipients"
    assert badr.get(f"{address}?standard=1").json() == {"to": cast.LAYLA, "cc": "huda@customers.test"}
    assert "huda@customers.test" in badr.get(f"{address}?q=هد").content.decode()
    cast.noura()
    cast.arrive(cast.letter("Hello", sender=cast.OMAR, name="Omar", to=cast.SALES), mailbox=cast.sales())
    assert cast.OMAR not in badr.get(f"{address}?q=omar").content.decode()
    assert cast.OMAR in signed_in(cast.salma()).get(f"{address}?q=omar").content.decode()


def test_a_signature_stands_under_a_reply_by_person_else_by_mailbox(
    badr: Client, conversation: Conversation
) -> None:
    Signature.objects.create(mailbox=cast.support(), html="<p>{name}، فريق <b>الدعم</b></p>")
    reply(badr, conversation)
    message, _ = mail()
    assert body(message, "plain").startswith("تم.\n\n--\nبدر، فريق الدعم") or "-- \nبدر، فريق الدعم" in body(
        message, "plain"
    )
    assert "<b>الدعم</b>" in body(message, "html")
    Customer.objects.update(language="en")
    Teammate.objects.filter(pk=cast.badr().pk).update(name_latin="Badr")
    message, _ = mail()
    assert "Badr، فريق" in body(message, "html")
    Signature.objects.create(teammate=cast.badr(), html="<p>بدر وحده</p><script>x</script>")
    message, _ = mail()
    assert "بدر وحده" in body(message, "html")
    assert "script" not in body(message, "html")
    assert "بدر وحده" in badr.get(f"/conversations/{conversation.pk}/signature").content.decode()


def test_formatting_goes_out_as_html_with_its_text_beside_it(
    badr: Client, conversation: Conversation
) -> None:
    reply(badr, conversation, html='<p dir="ltr">Steps:</p><ol><li><p>أولا</p></li></ol>')
    message, _ = mail()
    assert "1. أولا" in body(message, "plain")
    assert '<p dir="ltr" style="margin:0 0 1em;text-align:left">Steps:</p><ol dir="rtl"' in body(
        message, "html"
    )
    conversation.refresh_from_db()
    assert conversation.snippet == "Steps: 1. أولا"


def test_a_message_is_passed_on_with_its_files_and_leaves_the_rest_as_it_was(
    badr: Client, conversation: Conversation
) -> None:
    original = Entry.objects.get()
    attach(original, file=store(b"bill"), name="bill.pdf", content_type="application/pdf")
    before = Conversation.objects.values("status", "customer", "assignee", "waiting_since").get()
    address = f"/entries/{original.pk}/forwards"
    assert post(badr, address, conversation, text="", to="").status_code == 422
    answered = post(badr, address, conversation, text="للعلم", to="store@partner.test", cc="", bcc="")
    assert answered.status_code == 200
    assert "store@partner.test" in answered.content.decode()
    message, recipients = mail()
    assert recipients == ["store@partner.test"]
    assert message["Subject"] == "Fwd: أين طلبي؟"
    assert message["In-Reply-To"] is None
    plain = body(message, "plain")
    assert plain.index("للعلم") < plain.index("أين طلبي؟")
    assert f"من: ليلى <{cast.LAYLA}>" in plain
    assert Conversation.objects.values("status", "customer", "assignee", "waiting_since").get() == before
    assert not Participant.objects.filter(address="store@partner.test").exists()
    entry = Entry.objects.get(kind="forward")
    assert [part.get_filename() for part in message.iter_attachments()] == ["bill.pdf"]
    back = badr.delete(f"/replies/{entry.pk}").json()
    assert (back["mode"], back["forwards"]) == ("forward", address)
    assert (back["draft"]["text"], back["draft"]["to"]) == ("للعلم", "store@partner.test")
    assert back["draft"]["files"] == []
    assert Delivery.objects.get().state == "cancelled"
    assert Conversation.objects.values("status", "customer", "assignee", "waiting_since").get() == before
    assert signed_in(cast.noura()).post(address, {"to": "x@y.test"}).status_code == 404


def test_the_same_forward_twice_leaves_once(badr: Client, conversation: Conversation) -> None:
    address, key = f"/entries/{Entry.objects.get().pk}/forwards", str(uuid4())
    for _ in range(2):
        assert post(badr, address, conversation, text="للعلم", to="a@b.test", key=key).status_code == 200
    assert Delivery.objects.count() == 1


def test_what_was_seen_and_let_stand_is_no_reason_to_refuse(badr: Client, conversation: Conversation) -> None:
    seen = str(conversation.seq)
    for text in ("انتظر", "وانتظر"):
        with changing(conversation.pk) as change:
            add_note(change, teammate=cast.salma(), text=text, submission_key=uuid4())
    note = Entry.objects.latest("pk")
    refused = reply(badr, conversation, seen=seen)
    assert refused.status_code == 409
    newest = refused["X-Majlis-Newest"]
    assert newest == str(note.seq)
    assert reply(badr, conversation, seen=seen, anyway=str(note.seq - 1)).status_code == 409
    assert reply(badr, conversation, seen=seen, anyway=newest).status_code == 200


def test_send_and_snooze_is_one_act_and_undone_as_one(badr: Client, conversation: Conversation) -> None:
    assert reply(badr, conversation, snooze="in 3 days").status_code == 200
    conversation.refresh_from_db()
    assert conversation.snoozed_until is not None
    assert (conversation.snoozed_until - timezone.now()).days in (2, 3)
    badr.delete(f"/replies/{Entry.objects.get(kind='reply').pk}")
    assert Conversation.objects.get().snoozed_until is None
    refused = reply(badr, conversation, snooze="whenever")
    assert refused.status_code == 422
    assert Entry.objects.filter(kind="reply", is_withdrawn=False).count() == 0


def test_only_teammates_who_see_the_mailbox_are_mentioned(badr: Client, conversation: Conversation) -> None:
    salma, noura = cast.salma(), cast.noura()
    mates = badr.get(f"/conversations/{conversation.pk}/mentionable").json()["mates"]
    assert [mate["name"] for mate in mates] == ["سلمى"]
    post(
        badr,
        f"/conversations/{conversation.pk}/notes",
        conversation,
        text="@سلمى ما رأيك؟",
        mentions=f"{salma.pk},{noura.pk},{salma.pk}",
    )
    assert [(row.teammate_id, row.entry.kind) for row in Mention.objects.select_related("entry")] == [
        (salma.pk, "note")
    ]
    assert Event.objects.get(kind="mentioned").data["teammates"] == [salma.pk]


def test_a_plain_reply_asks_nothing_more_for_its_draft(badr: Client, conversation: Conversation) -> None:
    reply(badr, conversation)
    with CaptureQueriesContext(
        connection,
    ) as plain:
        reply(badr, conversation, text="أخرى")
    badr.post(f"/conversations/{conversation.pk}/drafts/reply", {"text": "ثالثة", "version": "0"})
    with CaptureQueriesContext(connection) as drafted:
        reply(badr, conversation, text="ثالثة", draft="1")
    assert len(drafted) == len(plain)


def test_a_note_may_hold_files_and_formatting(badr: Client, conversation: Conversation) -> None:
    file = SimpleUploadedFile("سجل.txt", b"log", content_type="text/plain")
    kept = badr.post(f"/conversations/{conversation.pk}/drafts/note/files", {"file": file}).json()
    address = f"/conversations/{conversation.pk}/notes"
    answered = post(
        badr, address, conversation, html="<p><strong>مهم</strong></p>", draft="1", files=str(kept["id"])
    )
    assert "<strong>مهم</strong>" in answered.content.decode()
    assert "سجل.txt" in answered.content.decode()
