"""Drafts: saved as they are typed, never over something newer, their writer's alone, gone when sent."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from majlis.conversations.models import Attachment, Conversation, Draft, DraftFile, Entry
from majlis.files.models import File
from majlis.files.sweeping import remove_unowned
from tests import cast

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture
def conversation() -> Conversation:
    cast.salma()
    cast.badr()
    cast.arrive(cast.letter("السلام عليكم، لم يصلني الطلب."))
    return Conversation.objects.get()


def signed_in(who: Any) -> Client:
    client = Client()
    client.force_login(who)
    return client


@pytest.fixture
def badr(conversation: Conversation) -> Client:
    return signed_in(cast.badr())


def save(
    client: Client,
    conversation: Conversation,
    text: str,
    *,
    version: int = 0,
    mode: str = "reply",
    **more: Any,
) -> Any:
    address = f"/conversations/{conversation.pk}/drafts/{mode}"
    return client.post(
        address, {"text": text, "version": str(version), **more}, content_type="application/json"
    )


def upload(client: Client, conversation: Conversation, *, name: str = "صورة.png", **more: Any) -> Any:
    sent = {"file": SimpleUploadedFile(name, PNG, content_type="image/png"), **more}
    return client.post(f"/conversations/{conversation.pk}/drafts/reply/files", sent)


def send(client: Client, conversation: Conversation, **fields: Any) -> Any:
    posted = {"seen": str(conversation.seq), "key": str(uuid4()), **fields}
    headers = {"HX-Request": "true", "Accept": "*/*"}
    return client.post(
        f"/conversations/{conversation.pk}/replies", posted, content_type="application/json", headers=headers
    )


def test_each_save_raises_the_version_and_the_page_brings_it(
    badr: Client, conversation: Conversation
) -> None:
    assert save(badr, conversation, "نصف").json() == {"version": 1}
    assert save(badr, conversation, "نصف جواب", version=1).json() == {"version": 2}
    page = badr.get(f"/conversations/{conversation.pk}").content.decode()
    (known,) = re.findall('id="composer-drafts">(.*?)</script>', page)
    assert json.loads(known)["reply"]["text"] == "نصف جواب"
    found = badr.get(f"/conversations/{conversation.pk}/drafts/reply").json()
    assert (found["text"], found["version"]) == ("نصف جواب", 2)


def test_a_draft_of_another_window_is_never_written_over(badr: Client, conversation: Conversation) -> None:
    save(badr, conversation, "من هنا")
    save(badr, conversation, "من هناك", version=1)
    refused = save(badr, conversation, "من هنا أيضا", version=1)
    assert refused.status_code == 409
    assert refused.json()["text"] == "من هناك"
    assert Draft.objects.get().text == "من هناك"
    assert save(badr, conversation, "الأول مرة أخرى").status_code == 409


def test_an_emptied_draft_is_gone_and_each_mode_has_its_own(badr: Client, conversation: Conversation) -> None:
    save(badr, conversation, "رد")
    save(badr, conversation, "ملاحظة", mode="note")
    assert save(badr, conversation, "", version=1).json() == {"version": 0}
    assert [draft.mode for draft in Draft.objects.all()] == ["note"]
    assert save(badr, conversation, "بعد الإرسال", version=1).status_code == 410


def test_a_sent_draft_is_gone_with_its_files_on_the_reply(badr: Client, conversation: Conversation) -> None:
    kept = upload(badr, conversation, name="فاتورة.png").json()
    upload(badr, conversation, name="أزيلت.png")
    save(badr, conversation, "الفاتورة", version=1)
    assert send(badr, conversation, text="الفاتورة", draft="1", files=str(kept["id"])).status_code == 200
    assert not Draft.objects.exists()
    assert not DraftFile.objects.exists()
    assert Attachment.objects.get().name == "فاتورة.png"


def test_a_draft_with_formatting_and_a_picture_goes_out_as_such(
    badr: Client, conversation: Conversation
) -> None:
    picture = upload(badr, conversation, inline="1").json()
    html = f'<p>أهلا <strong>ليلى</strong></p><p><img src="cid:{picture["cid"]}"></p><script>x()</script>'
    answered = send(badr, conversation, text="-", html=html, draft="1", files=str(picture["id"]))
    entry = Entry.objects.get(kind="reply")
    assert entry.text == "أهلا ليلى"
    assert "script" not in entry.html
    shown = answered.content.decode()
    assert f'src="/attachments/{Attachment.objects.get().pk}?inline=1"' in shown
    assert "<strong>ليلى</strong>" in shown
    assert 'class="attachments"' not in shown


def test_a_reply_taken_back_is_a_draft_again_with_all_it_had(
    badr: Client, conversation: Conversation
) -> None:
    picture = upload(badr, conversation, inline="1").json()
    html = f'<ul><li>واحد</li></ul><p><img src="cid:{picture["cid"]}"></p>'
    send(
        badr,
        conversation,
        html=html,
        draft="1",
        files=str(picture["id"]),
        to="a@customers.test",
        cc="",
        bcc="b@customers.test",
    )
    save(badr, conversation, "بدأت غيره")
    found = badr.delete(f"/replies/{Entry.objects.get(kind='reply').pk}").json()["draft"]
    assert found["text"] == "• واحد\n\nبدأت غيره"
    assert "<li>واحد</li>" in found["html"]
    assert "بدأت غيره" in found["html"]
    assert [file["cid"] for file in found["files"]] == [picture["cid"]]


def test_files_are_shown_removed_and_swept_only_when_nobody_has_them(
    badr: Client, conversation: Conversation
) -> None:
    found = upload(badr, conversation).json()
    shown = badr.get(f"{found['url']}?inline=1")
    assert shown["Content-Type"] == "image/png"
    assert shown.getvalue() == PNG
    remove_unowned(older_than=timedelta(0))
    assert badr.get(found["url"]).getvalue() == PNG
    before = File.objects.count()
    assert badr.delete(found["url"]).status_code == 204
    remove_unowned(older_than=timedelta(0))
    assert File.objects.count() == before - 1


@pytest.mark.parametrize("who", [cast.noura, cast.salma])
def test_a_draft_and_its_files_are_their_writers_alone(
    badr: Client, conversation: Conversation, who: Any
) -> None:
    save(badr, conversation, "سر")
    found = upload(badr, conversation).json()
    other = signed_in(who())
    assert other.get(found["url"]).status_code == 404
    assert other.delete(found["url"]).status_code == 404
    answer = other.get(f"/conversations/{conversation.pk}/drafts/reply")
    assert answer.status_code == 404 or answer.json() == {}
    assert "سر" not in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    ["drafts/reply", "drafts/reply/files", "recipients", "recipients?standard=1", "mentionable", "signature"],
)
def test_who_may_not_see_the_mailbox_gets_nothing(conversation: Conversation, address: str) -> None:
    for client, status in ((signed_in(cast.noura()), (404, 405)), (Client(), (302, 401, 405))):
        assert client.get(f"/conversations/{conversation.pk}/{address}").status_code in status
    assert (
        signed_in(cast.noura())
        .post(f"/conversations/{conversation.pk}/drafts/reply", {"text": "x"})
        .status_code
        == 404
    )
    assert upload(signed_in(cast.noura()), conversation).status_code == 404
    assert not File.objects.filter(size=len(PNG)).exists()


def test_too_much_together_is_refused(badr: Client, conversation: Conversation, monkeypatch: Any) -> None:
    monkeypatch.setattr("majlis.conversations.actions.draft.MOST_BYTES", 100)
    assert upload(badr, conversation).status_code == 200
    refused = upload(badr, conversation)
    assert refused.status_code == 422
    assert refused["X-Majlis-Refused"] == "too_large"
