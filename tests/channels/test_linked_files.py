"""Files too large for a mail: they go as links, which work for a while, for whoever has them, until taken back."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from majlis.channels import sharing
from majlis.channels.actions.deliver import run_due
from majlis.channels.models import Delivery, OutgoingServer, SendingRules, SharedFile, State
from majlis.channels.outbox import Upload, send_reply
from majlis.conversations.models import Attachment, Entry
from majlis.journal.models import Event
from majlis.people.models import Teammate
from majlis.public import limits
from tests import cast
from tests.channels import mailing
from tests.channels.mailing import body, read
from tests.mailhost import MailHost

pytestmark = pytest.mark.django_db(transaction=True)
MB = 1024 * 1024
FILM = "فيلم التركيب.mp4"


@pytest.fixture(autouse=True)
def _nobody_asked_yet() -> None:
    cache.clear()


def reply(layla: str = cast.LAYLA, *sizes: int) -> Entry:
    """Badr's reply with files of so many bytes, the first under an Arabic name."""
    talk = mailing.conversation(sender=mailing.customer(layla))
    names = [FILM, *(f"{number}.bin" for number in range(1, len(sizes)))]
    uploads = [
        Upload(name, "application/octet-stream", bytes([number]) * size)
        for number, (name, size) in enumerate(zip(names, sizes, strict=True))
    ]
    sent = send_reply(
        cast.badr(), talk.pk, text="الملفات.", seen_seq=talk.seq, submission_key=uuid4(), uploads=uploads
    )
    mailing.let_time_pass()
    return sent.entry


def shared(entry: Entry) -> SharedFile:
    """The first file of a reply as a link, with nothing sent."""
    return SharedFile.objects.create(
        reference=uuid4(),
        attachment=Attachment.objects.filter(entry=entry).order_by("pk")[0],
        created_at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=30),
    )


def desk(teammate: Teammate) -> Client:
    client = Client()
    client.force_login(teammate, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_largest_files_go_as_links_and_the_others_along(host: MailHost, layla: str):
    SendingRules.objects.create(mailbox=cast.support(), attachments_mb=1)
    mailing.connect(cast.support(), host)
    entry = reply(layla, 2 * MB, 1000)
    run_due()
    assert Delivery.objects.get().state == State.SENT
    mail = read(host.wait_for(layla, 1)[0])
    assert [part.get_filename() for part in mail.iter_attachments()] == ["1.bin"]
    link = SharedFile.objects.get()
    for kind in ("plain", "html"):
        assert sharing.url(link) in body(mail, kind)
        assert FILM in body(mail, kind)
        assert "2.0 ميغابايت" in body(mail, kind)
    page = desk(cast.badr()).get(f"/conversations/{entry.conversation_id}").content.decode()
    assert f"/attachments/{link.attachment_id}/link" in page

    assert Client().get(sharing.url(link)).status_code == 200
    fetched = Client().get(f"{sharing.url(link)}/file")
    assert fetched["Content-Disposition"].startswith("attachment; filename*=utf-8''%D9%81")
    assert b"".join(fetched.streaming_content) == bytes(2 * MB)  # type: ignore[attr-defined]


def test_what_the_server_announced_counts_too_and_a_second_try_is_the_same_mail():
    reply(cast.LAYLA, 2 * MB, MB)
    mailing.connect_to(cast.support(), port=9)
    OutgoingServer.objects.create(key="127.0.0.1:9", size_limit=2 * MB)
    for _ in range(2):
        run_due()
        mailing.let_time_pass()
    assert SharedFile.objects.get().attachment.name == FILM


def test_the_page_says_what_it_is_in_the_customers_language_and_streams_nothing():
    link = shared(reply(cast.LAYLA, 3000))
    answer = Client().get(sharing.url(link))
    page = answer.content.decode()
    assert 'lang="ar"' in page
    assert FILM in page
    assert "متجر سدرة" in page
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "sessionid" not in answer.cookies
    assert SharedFile.objects.get().downloads == 0


def test_the_bytes_are_only_ever_saved():
    link = shared(reply(cast.LAYLA, 10))
    answer = Client().get(f"{sharing.url(link)}/file")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"".join(answer.streaming_content) == b"\0" * 10  # type: ignore[attr-defined]
    assert SharedFile.objects.get().downloads == 1


@pytest.mark.parametrize("change", ["expires_at", "revoked_at"])
def test_a_link_whose_time_is_over_or_that_was_taken_back_says_so(change: str):
    link = shared(reply(cast.LAYLA, 10))
    setattr(link, change, timezone.now())
    link.save()
    assert Client().get(sharing.url(link)).status_code == 410
    assert Client().get(f"{sharing.url(link)}/file").status_code == 404


def test_a_link_cannot_be_guessed_or_made_longer():
    link = shared(reply(cast.LAYLA, 10))
    good = sharing.token(link)
    SharedFile.objects.update(expires_at=timezone.now() + timedelta(days=300))
    for bad in (good, good[:-2] + ("AA" if good[-2:] != "AA" else "BB"), "x", "a" * 46, good + "A"):
        assert Client().get(f"/f/{bad}").status_code == 404
        assert Client().get(f"/f/{bad}/file").status_code == 404


def test_one_address_may_not_ask_without_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "MOST", 3)
    link = shared(reply(cast.LAYLA, 10))
    answers = [Client().get(sharing.url(link)).status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]
    assert Client(REMOTE_ADDR="192.0.2.9").get(sharing.url(link)).status_code == 200


def test_a_link_is_taken_back_at_its_entry_by_those_who_may_see_it():
    link = shared(reply(cast.LAYLA, 10))
    address = f"/attachments/{link.attachment_id}/link"
    assert desk(cast.noura()).delete(address).status_code == 404
    cast.salma()
    assert Client().delete(address).status_code in (302, 403)
    assert desk(cast.badr()).delete(address).status_code == 204
    assert Client().get(sharing.url(link)).status_code == 410
    assert Event.objects.get(kind="file.unlinked").data["name"] == FILM
    assert desk(cast.badr()).delete(address).status_code == 422, "not twice"


def test_small_files_go_along_as_ever(host: MailHost, layla: str):
    mailing.connect(cast.support(), host)
    reply(layla, 2000)
    run_due()
    assert not SharedFile.objects.exists()
    assert len(list(read(host.wait_for(layla, 1)[0]).iter_attachments())) == 1
