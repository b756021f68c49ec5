"""A tree of mail folders moves in: threads whole, sent mail as ours, what nobody wants left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from majlis.channels.models import Delivery, RawMessage
from majlis.conversations.models import Conversation, Entry
from majlis.files.models import File
from majlis.flow import reactions
from majlis.intake import importing
from majlis.intake.mailfolders import flags_of, folder_of, left_out
from majlis.people.models import Customer, Notification
from tests import cast

pytestmark = pytest.mark.django_db


def mail(
    number: int,
    body: str,
    *,
    sender: str = cast.LAYLA,
    name: str = "ليلى",
    to: str = cast.SUPPORT,
    answers: int = 0,
) -> bytes:
    headers = {"Message-ID": f"<m{number}@mail.test>", "Date": f"Mon, {number} Mar 2025 10:00:00 +0300"}
    if answers:
        headers["In-Reply-To"] = f"<m{answers}@mail.test>"
    return cast.letter(body, sender=sender, name=name, to=to, headers=headers)


def sent(number: int, body: str, *, answers: int = 0, name: str = "بدر") -> bytes:
    return mail(number, body, sender=cast.SUPPORT, name=name, to=cast.LAYLA, answers=answers)


def put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """As Dovecot and Courier keep it; folders are read in an order that is not that of time."""
    root = tmp_path / "Maildir"
    put(root / ".Archive.2024/cur/1.x:2,S", mail(3, "ما زلت أنتظر", answers=2))
    put(root / ".Sent/cur/2.x:2,S", sent(2, "نبحث عنه الآن", answers=1))
    put(root / "cur/3.x:2,RS", mail(1, "أين طلبي؟"))
    put(root / "cur/4.x:2,ST", mail(4, "deleted"))
    put(root / ".Junk/cur/5.x:2,", mail(5, "spam"))
    put(root / ".&BicGRAYjBjEGNAZKBkE-/new/6.x", mail(6, "old", sender=cast.OMAR, name="Omar"))
    put(root / "tmp/half", b"Subject: no\n\n")
    put(root / "dovecot-uidlist", b"3 V1\n")
    return root


def bring(path: Path, *more: str) -> int:
    return importing.main(settings.CONFIG, [str(path), "--mailbox", cast.SUPPORT, *more])


def told(conversation: Conversation) -> list[tuple[str, str]]:
    rows = Entry.objects.filter(conversation=conversation).order_by("seq").values_list("kind", "text")
    return [(kind, text.strip()) for kind, text in rows]


def test_question_and_answer_of_two_folders_are_one_conversation_in_order(tree: Path):
    badr = cast.badr()
    assert bring(tree) == 0
    moved = Conversation.objects.get(customer__addresses__address=cast.LAYLA)
    assert told(moved) == [("message", "أين طلبي؟"), ("reply", "نبحث عنه الآن"), ("message", "ما زلت أنتظر")]
    reply = Entry.objects.get(kind="reply")
    assert (reply.teammate, reply.to, reply.is_historic) == (badr, [cast.LAYLA], True)
    assert moved.is_closed
    assert not Customer.objects.filter(addresses__address=cast.SUPPORT).exists()
    reactions.react_pending()
    assert not Notification.objects.exists()
    assert not Delivery.objects.exists()


def test_mail_we_began_with_is_ours_and_an_answer_finds_it(tmp_path: Path):
    box = cast.support()
    put(tmp_path / ".Sent/cur/1:2,S", sent(1, "Good news", name="Somebody Else"))
    bring(tmp_path)
    began = Conversation.objects.get()
    assert (began.customer.addresses.get().address, told(began)) == (cast.LAYLA, [("reply", "Good news")])
    assert Entry.objects.get().teammate is None
    cast.arrive(mail(9, "thanks", answers=1), mailbox=box)
    assert told(began) == [("reply", "Good news"), ("message", "thanks")]


def test_junk_trash_and_deleted_mail_stay_where_they_are_and_it_is_said(
    tree: Path, capfd: pytest.CaptureFixture[str]
):
    cast.support()
    bring(tree)
    assert Entry.objects.count() == 4
    said = capfd.readouterr().err
    assert "Left out: INBOX, 1 messages (trash)." in said
    assert "Left out: Junk, 1 messages (junk)." in said
    bring(tree, "--folder", "junk")
    assert Entry.objects.count() == 5
    bring(tree, "--all")
    assert Entry.objects.count() == 6


def test_it_comes_once_however_often_it_is_asked_for(tree: Path, capfd: pytest.CaptureFixture[str]):
    cast.support()
    bring(tree)
    capfd.readouterr()
    (tree / "cur/3.x:2,RS").rename(tree / "cur/3.x:2,FRS")
    assert bring(tree) == 0
    assert "New: 0. Already there: 4." in capfd.readouterr().err
    assert Entry.objects.count() == RawMessage.objects.count() == 4


def test_a_dry_run_lists_the_folders_and_changes_nothing(tree: Path, capfd: pytest.CaptureFixture[str]):
    cast.support()
    assert bring(tree, "--dry-run") == 0
    assert not RawMessage.objects.exists()
    assert not File.objects.exists()
    said = capfd.readouterr().err
    assert "INBOX: 1 messages, 0 KiB, 0 already there" in said
    assert "Archive/2024: 1 messages" in said
    assert "Nothing was changed (--dry-run)." in said
    bring(tree, "--folder", "Archive")
    capfd.readouterr()
    bring(tree, "--dry-run")
    assert "Archive/2024: 1 messages, 0 KiB, 1 already there" in capfd.readouterr().err


def test_folders_are_chosen_by_name_and_kept_as_tags(tree: Path):
    cast.support()
    bring(tree, "--folder", "archive", "--folder", "Sent", "--without", "Archive/2024")
    assert {entry.kind for entry in Entry.objects.all()} == {"reply"}
    bring(tree, "--tags")
    moved = Conversation.objects.get(customer__addresses__address=cast.LAYLA)
    assert {one.tag.name for one in moved.tagged.all()} == {"INBOX", "Sent", "Archive/2024"}


def test_thunderbird_keeps_folders_in_sbd(tmp_path: Path):
    cast.support()
    line = b"From - Mon Mar  3 10:00:00 2025\n"
    put(tmp_path / "Inbox", line + mail(1, "one") + b"\n" + line + mail(3, "three", answers=2) + b"\n")
    put(tmp_path / "Inbox.msf", b"// an index\n")
    put(tmp_path / "Inbox.sbd/Sent", line + sent(2, "two", answers=1) + b"\n")
    put(tmp_path / "Trash", line + mail(4, "gone") + b"\n")
    bring(tmp_path)
    assert told(Conversation.objects.get()) == [("message", "one"), ("reply", "two"), ("message", "three")]


@pytest.mark.parametrize(
    ("inside", "folder", "flags", "why"),
    [
        ("cur/1:2,S", "INBOX", "S", ""),
        (".Archive.2024/new/1", "Archive/2024", "", ""),
        ("Archive/2024/cur/1:2,D", "Archive/2024", "D", "unsent"),
        (".&BicGRAYjBjEGNAZKBkE-/cur/2:2,RS", "الأرشيف", "RS", ""),
        (".[Gmail].Spam/cur/3", "[Gmail]/Spam", "", "junk"),
        (".Deleted Items/cur/3", "Deleted Items", "", "trash"),
        ("البريد غير الهام/cur/3", "البريد غير الهام", "", "junk"),
        ("INBOX.sbd/Old", "INBOX/Old", "", ""),
        (".R&D/cur/3", "R&D", "", ""),
    ],
)
def test_folders_are_called_what_they_were(inside: str, folder: str, flags: str, why: str):
    root = Path("/mail")
    file = root / inside
    assert (folder_of(root, file), flags_of(file)) == (folder, flags)
    assert left_out(folder, flags) == why
