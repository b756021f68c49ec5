"""Older mail comes in from files, once, however often it is asked for."""

from __future__ import annotations

import mailbox as mailboxes
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from majlis.channels.models import RawMessage
from majlis.conversations.models import Conversation, Entry
from majlis.files.queries import read
from majlis.intake import archives, importing
from tests import cast
from tests.polling import until

pytestmark = pytest.mark.django_db(transaction=True)


def letters(count: int, *, body: str = "رسالة قديمة") -> list[bytes]:
    return [
        cast.letter(
            f"{body} {number}",
            subject=f"old {number}",
            headers={
                "Message-ID": f"<old-{number}@customers.test>",
                "Date": "Mon, 3 Mar 2025 10:00:00 +0300",
            },
        )
        for number in range(count)
    ]


def bring(path: Path, address: str = cast.SUPPORT) -> int:
    return importing.main(settings.CONFIG, [str(path), "--mailbox", address])


def as_mbox(path: Path, contents: list[bytes]) -> Path:
    path.write_bytes(b"".join(b"From x Mon Mar  3 10:00:00 2025\n" + content + b"\n" for content in contents))
    return path


def as_maildir(path: Path, contents: list[bytes]) -> Path:
    box = mailboxes.Maildir(path)
    sent = box.add_folder("Sent")
    for number, content in enumerate(contents):
        (sent if number % 3 == 0 else box).add(content)
    (path / "tmp" / "half-written").write_bytes(b"Subject: not this one\n\n")
    (path / "dovecot-uidlist").write_bytes(b"3 V1 N2\n")
    return path


def as_files(path: Path, contents: list[bytes]) -> Path:
    for number, content in enumerate(contents):
        place = path / f"year {number % 2}" / f"{number}.eml"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return path


@pytest.mark.parametrize("form", [as_mbox, as_maildir, as_files])
def test_mail_comes_in_once_as_historic(form, tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    cast.support()
    path = form(tmp_path / "archive", letters(7))
    assert bring(path) == 0
    assert "New: 7. Already there: 0. Unreadable: 0." in capfd.readouterr().err
    assert sorted(read(raw.file) for raw in RawMessage.objects.select_related("file")) == sorted(letters(7))
    assert Entry.objects.filter(is_historic=True).count() == 7
    assert bring(path) == 0
    assert "New: 0. Already there: 7. Unreadable: 0." in capfd.readouterr().err
    assert RawMessage.objects.count() == Entry.objects.count() == 7


def test_conversations_can_be_left_open(tmp_path: Path):
    cast.support()
    path = as_mbox(tmp_path / "archive", letters(2))
    assert importing.main(settings.CONFIG, [str(path), "--mailbox", cast.SUPPORT, "--open"]) == 0
    assert {(row.is_closed, row.is_historic) for row in Conversation.objects.all()} == {(False, True)}


def test_lesson_5_the_same_mail_from_another_archive_makes_no_second_entry(tmp_path: Path):
    cast.support()
    bring(as_mbox(tmp_path / "one.mbox", letters(3)))
    bring(as_files(tmp_path / "files", [content.replace(b"\n", b"\r\n") for content in letters(4)]))
    assert Entry.objects.count() == 4


def test_lines_quoted_in_an_mbox_are_what_they_were(tmp_path: Path):
    plain = (
        b"Subject: x\nFrom: a@b.test\n\nFrom here on\n\n>From there\nFrom me, with no date\n\nFrom now on\n"
    )
    quoted = plain.replace(b"\n>From", b"\n>>From").replace(b"\nFrom here", b"\n>From here")
    path = as_mbox(tmp_path / "mbox", [quoted, b"Subject: y\n\nsecond\n"])
    found = list(archives.messages(path, largest=1000, unreadable=lambda *_: None))
    assert [one.content for one in found] == [plain, b"Subject: y\n\nsecond\n"]
    assert sum(one.size for one in found) == archives.total_bytes(path)


def test_what_cannot_be_read_is_counted_and_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    cast.support()
    path = as_files(tmp_path / "archive", letters(2))
    (path / "picture.eml").write_bytes(b"\x89PNG\r\n\x1a\n")
    (path / "empty.eml").write_bytes(b"")
    assert bring(path) == 0
    said = capfd.readouterr().err
    assert "New: 2. Already there: 0. Unreadable: 2." in said
    assert "picture.eml: no message" in said
    assert "empty.eml: no message" in said


def test_a_mail_over_the_limit_is_named_and_the_next_goes_on(tmp_path: Path):
    named: list[str] = []
    path = as_mbox(
        tmp_path / "mbox", [b"Subject: 1\n\nx\n", b"Subject: 2\n\n" + b"y\n" * 900, b"Subject: 3\n\nz\n"]
    )
    found = archives.messages(path, largest=1000, unreadable=lambda file, why: named.append(why))
    assert [one.content[:10] for one in found] == [b"Subject: 1", b"Subject: 3"]
    assert named == ["message 2: 1845 bytes"]


def test_an_unknown_mailbox_is_told_which_there_are(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    cast.support()
    path = as_mbox(tmp_path / "mbox", letters(1))
    assert bring(path, "help@elsewhere.test") == 1
    assert f"There is no mailbox help@elsewhere.test. There are: {cast.SUPPORT}." in capfd.readouterr().err
    assert bring(tmp_path / "nothing") == 1
    assert "there is no such file" in capfd.readouterr().err
    assert not RawMessage.objects.exists()


# However quick the machine: from the twentieth batch on it waits for a signal.
INTERRUPTED_IN_TIME = """
import signal, sys
from majlis import config
from majlis.intake import importing, looking

# A shell that starts tests in the background has every child ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
keep, kept = importing._keep, []

def keep_and_wait(*given, **named):
    kept.append(keep(*given, **named))
    if len(kept) >= 20:
        signal.pause()
    return kept[-1]

looking.BATCH_MESSAGES, importing._keep = 5, keep_and_wait
sys.exit(importing.main(config.load(), sys.argv[1:]))
"""


def test_ctrl_c_leaves_what_was_read_and_the_next_run_goes_on(tmp_path: Path):
    cast.support()
    path = as_mbox(tmp_path / "mbox", letters(500))
    arguments = [sys.executable, "-c", INTERRUPTED_IN_TIME, str(path), "--mailbox", cast.SUPPORT]
    running = subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True, env=os.environ)
    try:
        until(RawMessage.objects.exists, "the first mails", timeout=20)
        running.send_signal(signal.SIGINT)
        said = running.communicate(timeout=20)[1]
    finally:
        running.kill()
    assert running.returncode == 130
    assert "Stopped. What was read is safe; run the same command again to go on." in said
    assert "Traceback" not in said
    kept = RawMessage.objects.count()
    counted = int(said.partition("New: ")[2].partition(".")[0])
    assert counted <= kept <= counted + 5  # a batch may be committed and not yet counted
    assert 0 < kept < 500
    assert all(read(raw.file) for raw in RawMessage.objects.select_related("file"))
    assert bring(as_mbox(path, letters(kept + 5))) == 0
    assert Entry.objects.count() == RawMessage.objects.count() == kept + 5
