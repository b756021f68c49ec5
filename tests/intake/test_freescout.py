"""A desk moves here from FreeScout: whole, silently, once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from majlis.channels.models import Delivery, RawMessage
from majlis.conversations.models import Beginning, Conversation, Draft, Entry
from majlis.files.queries import read
from majlis.flow import reactions
from majlis.intake import importing
from majlis.intake.freescout import command, words
from majlis.journal.models import Event
from majlis.people.actions import bring as bring_people
from majlis.people.models import (
    Customer,
    ImportedRecord,
    Mailbox,
    MailboxAlias,
    Notification,
    OneTimeLink,
    Role,
    Teammate,
)
from tests import cast
from tests.freescout import PAPER, PICTURE, SAMI, FreeScout, day
from tests.mariadb import PASSWORD, MariaDB

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="session")
def mariadb() -> Iterator[MariaDB]:
    with MariaDB() as server:
        FreeScout(server, "desk", Path()).make()
        yield server


@pytest.fixture
def there(mariadb: MariaDB, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FreeScout:
    """A filled FreeScout, and somebody here who owns the desk."""
    monkeypatch.setenv(command.PASSWORD, PASSWORD)
    cast.salma()
    desk = FreeScout(mariadb, "desk", tmp_path)
    desk.empty()
    desk.fill()
    return desk


@pytest.fixture
def other(there: FreeScout, tmp_path: Path) -> FreeScout:
    """Another, whose tables may be changed."""
    desk = FreeScout(there.server, "other", tmp_path / "other")
    desk.make()
    desk.fill()
    return desk


def bring(there: FreeScout, *more: str) -> int:
    return command.main(settings.CONFIG, ["--database", there.url, "--files", str(there.files), *more])


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def by_subject(subject: str) -> Conversation:
    return Conversation.objects.get(subject=subject)


def everything() -> list[object]:
    """What stands here, in an order that does not depend on ids."""
    said = Entry.objects.order_by("conversation__subject", "seq")
    return [
        list(said.values_list("conversation__subject", "seq", "kind", "text", "html", "created_at")),
        list(said.exclude(attachments=None).values_list("attachments__name", "attachments__file__digest")),
        list(
            Conversation.objects.order_by("subject").values_list(
                "subject", "status", "shelf", "seq", "snippet"
            )
        ),
        list(Customer.objects.order_by("name").values_list("name", "job", "attributes")),
        list(Teammate.objects.order_by("email").values_list("email", "role", "is_active")),
        sorted(Event.objects.exclude(conversation_id=None).values_list("kind", "seq", "at")),
        sorted(Draft.objects.values_list("text", "mode")),
        sorted(MailboxAlias.objects.values_list("address", flat=True)),
    ]


def test_the_desk_itself_comes_over(there: FreeScout, capfd: pytest.CaptureFixture[str]):
    assert bring(there) == 0
    box = Mailbox.objects.get(address="help@desk.test")
    assert box.name == "الدعم"
    assert box.signature.html == "<p>{name}<br>الدعم</p>"
    assert set(box.aliases.values_list("address", flat=True)) == {"info@desk.test", "care@desk.test"}
    huda, sami, old = (Teammate.objects.get(email=f"{name}@desk.test") for name in ("huda", "sami", "old"))
    assert (huda.name, huda.role, sami.role) == ("هدى العلي", Role.ADMIN, Role.AGENT)
    assert (huda.picture is not None, sami.picture) == (True, None)
    assert [one.is_active for one in (huda, sami, old)] == [True, True, False]
    assert not any(one.has_usable_password() for one in (huda, sami, old))
    assert [access.mailbox for access in sami.accesses.all()] == [box]
    layla = Customer.objects.get(name="ليلى الحربي")
    assert {one.address for one in layla.addresses.all()} == {"layla@customers.test", "layla@work.test"}
    assert layla.company is not None
    assert (layla.job, layla.company.name, layla.created_at) == ("مديرة", "متجر الواحة", moment(day(2)))
    assert layla.attributes == {
        "phone": "+966500000001",
        "phone 2": "+966110000002",
        "website": "https://waha.test",
        "Twitter": "@layla",
        "city": "الرياض",
        "country": "SA",
    }
    assert layla.notes.get().text == "تفضّل المكالمات صباحًا 🌴"
    said = capfd.readouterr().err
    assert "Users: 3 new, 0 already there." in said
    assert "Conversations: 6 new, 0 already there." in said


def test_a_conversation_is_what_it_was(there: FreeScout):
    bring(there)
    moved = by_subject("أين طلبي؟ 📦")
    asked, noted, replied = Entry.objects.filter(conversation=moved).order_by("seq")
    assert (asked.kind, noted.kind, replied.kind) == ("message", "note", "reply")
    assert asked.text.startswith("السلام عليكم، أين طلبي رقم 77؟ 😀")
    assert "script" not in asked.html
    assert [one.created_at for one in (asked, noted, replied)] == [
        moment(day(3)),
        moment(day(3, 10)),
        moment(day(3, 11)),
    ]
    assert (asked.to, asked.cc, replied.to) == (
        ["help@desk.test"],
        ["omar@customers.test"],
        ["layla@customers.test"],
    )
    assert replied.teammate is not None
    assert replied.teammate.email == "sami@desk.test"
    assert "<b>الفرع</b>" in replied.html
    picture, paper = asked.attachments.get(), replied.attachments.get()
    assert f'src="cid:{picture.content_id}"' in asked.html
    assert (read(picture.file), picture.is_inline) == (PICTURE, True)
    assert (read(paper.file), paper.name) == (PAPER, "فاتورة.pdf")
    assert moved.assignee is not None
    assert (moved.status, moved.assignee.email, moved.waiting_since) == ("waiting", "sami@desk.test", None)
    assert [one.tag.name for one in moved.tagged.all()] == ["شحن"]
    assert [one.teammate.email for one in moved.followers.all()] == ["huda@desk.test"]
    lines = Event.objects.filter(conversation_id=moved.pk).order_by("seq").values_list("kind", "at")
    assert list(lines) == [
        ("customer.wrote", moment(day(3))),
        ("assigned", moment(day(3, 9, 30))),
        ("note.added", moment(day(3, 10))),
        ("reply.posted", moment(day(3, 11))),
        ("status.changed", moment(day(3, 11, 1))),
    ]


def test_every_status_finds_its_place_and_the_counters_are_right(there: FreeScout):
    bring(there)
    shelves = dict(Conversation.objects.values_list("subject", "shelf"))
    assert shelves == {
        "أين طلبي؟ 📦": "desk",
        "Refund": "desk",
        "Closed": "closed",
        "Win money": "spam",
        "Thrown away": "trash",
        "In sales": "closed",
    }
    assert (by_subject("Refund").status, by_subject("Refund").waiting_since) == ("open", moment(day(4)))
    assert by_subject("Closed").closed_at == moment(day(7))
    # What was thrown away long ago is not gone tomorrow.
    thrown_at = by_subject("Thrown away").deleted_at
    assert thrown_at is not None
    assert datetime.now(UTC) - thrown_at < timedelta(minutes=5)
    draft, beginning = Draft.objects.get(), Beginning.objects.get()
    assert (draft.teammate.email, draft.text) == ("sami@desk.test", "half written")
    assert (beginning.teammate.email, beginning.to, beginning.text) == (
        "huda@desk.test",
        "omar@customers.test",
        "Dear Omar",
    )
    call_command("check_counters")


def test_nobody_is_told_and_nothing_leaves(there: FreeScout):
    bring(there)
    assert not Event.objects.filter(reacted_at=None).exclude(conversation_id=None).exists()
    reactions.react_pending()
    assert not Notification.objects.exists()
    assert not Delivery.objects.exists()
    assert not OneTimeLink.objects.exists()


def test_it_is_found_by_its_number_of_before(there: FreeScout):
    bring(there)
    assert Entry.objects.get(details__brought__number="1002").conversation == by_subject("Refund")
    assert found("FreeScout 1002") == [by_subject("Refund").pk]
    call_command("rebuild_words")
    assert found("FreeScout 1002") == [by_subject("Refund").pk]


def found(query: str) -> list[int]:
    from majlis.conversations.models import EntryWords
    from majlis.lib.stems import stems

    asked = " & ".join(f"'{stem}'" for stem in stems(query))
    rows = EntryWords.objects.extra(where=["words @@ %s::tsquery"], params=[asked])
    return list(rows.values_list("conversation_id", flat=True))


@pytest.mark.parametrize(
    "named",
    [
        "<FS_reply-14-0123456789abcdef@desk.test>",
        "<reply-14-d3d9446802a44259755d38e6d163e820@desk.test>",
        "<reply-14-1-d3d9446802a4@desk.test>",
        "<first@customers.test>",
    ],
)
def test_a_later_answer_by_mail_lands_in_it(there: FreeScout, named: str):
    bring(there)
    box, moved = Mailbox.objects.get(address="help@desk.test"), by_subject("أين طلبي؟ 📦")
    cast.arrive(cast.letter("شكرًا", subject="Re: x", headers={"In-Reply-To": named}), mailbox=box)
    moved.refresh_from_db()
    assert Entry.objects.get(text__startswith="شكرًا").conversation == moved
    assert moved.status == "in_progress"


def test_a_stranger_who_guesses_a_number_gets_no_further(there: FreeScout):
    bring(there)
    box, guess = Mailbox.objects.get(address="help@desk.test"), "<FS_reply-14-0123456789abcdef@desk.test>"
    letter = cast.letter("let me in", sender="eve@elsewhere.test", headers={"In-Reply-To": guess})
    cast.arrive(letter, mailbox=box)
    assert Entry.objects.get(text__startswith="let me in").conversation != by_subject("أين طلبي؟ 📦")


def test_the_id_a_reply_left_under_is_known_where_it_was_logged(there: FreeScout):
    there.put(
        "send_logs", thread_id=14, message_id="given-by-the-host@relay.test", mail_type=1, email="x", status=1
    )
    bring(there)
    assert Entry.objects.get(kind="reply").message_id == "<given-by-the-host@relay.test>"


def test_a_second_run_doubles_nothing(there: FreeScout, capfd: pytest.CaptureFixture[str]):
    bring(there)
    before, records = everything(), ImportedRecord.objects.count()
    capfd.readouterr()
    assert bring(there) == 0
    assert everything() == before
    assert ImportedRecord.objects.count() == records
    said = capfd.readouterr().err
    for kind in (
        "Mailboxes: 0",
        "Users: 0",
        "Customers: 0",
        "Conversations: 0",
        "Messages: 0",
        "Files: 0",
        "Drafts: 0",
    ):
        assert f"{kind} new" in said


def test_a_second_run_brings_what_came_since(there: FreeScout, tmp_path: Path):
    bring(there)
    there.thread(91, 2, 2, day(11), "<p>Sent at last</p>", created_by_user_id=2)
    there.server.ask(
        there.name,
        "update threads set state = 2, body = '<p>half written, now whole</p>', updated_at = now() where id = 23",
        "update threads set body = '<p>سألت المستودع مرتين</p>', updated_at = now() where id = 13",
        "update conversations set status = 3, closed_at = '2024-03-12 08:00:00' where id = 2",
    )
    (tmp_path / "attachment/1/2/9/gone.txt").write_bytes(b"found again")
    bring(there)
    refund = by_subject("Refund")
    texts = Entry.objects.filter(conversation=refund).order_by("seq").values_list("text", flat=True)
    assert list(texts) == ["Where is it?", "Hello?", "half written, now whole", "Sent at last"]
    assert not Draft.objects.exists()
    assert (refund.status, refund.closed_at, refund.waiting_since) == (
        "closed",
        moment("2024-03-12 08:00:00"),
        None,
    )
    assert Entry.objects.filter(text="سألت المستودع مرتين").count() == 1
    assert read(Entry.objects.get(text="Thanks").attachments.get().file) == b"found again"
    before = everything()
    bring(there)
    assert everything() == before
    call_command("check_counters")


def test_what_was_done_here_since_stays(there: FreeScout):
    bring(there)
    box, refund = Mailbox.objects.get(address="help@desk.test"), by_subject("Refund")
    answer = cast.letter("again", sender=cast.OMAR, headers={"In-Reply-To": "<refund@customers.test>"})
    cast.arrive(answer, mailbox=box)
    there.server.ask(there.name, "update conversations set status = 3 where id = 2")
    bring(there)
    refund.refresh_from_db()
    assert refund.status == "open"


def test_mail_that_came_in_by_itself_is_not_doubled(there: FreeScout):
    box = cast.mailbox("sales@desk.test", name="Sales")
    mail = cast.letter("price?", sender=cast.OMAR, headers={"Message-ID": "<price@customers.test>"})
    cast.arrive(mail, mailbox=box)
    bring(there)
    assert Entry.objects.filter(mailbox=box).count() == 1
    assert (
        ImportedRecord.objects.get(kind="thread", foreign_id="71").our_id == Entry.objects.get(mailbox=box).pk
    )
    # And the other way round: brought along first, fetched afterwards.
    support = Mailbox.objects.get(address="help@desk.test")
    again = cast.letter("Where is it?", sender=cast.OMAR, headers={"Message-ID": "<refund@customers.test>"})
    cast.arrive(again, mailbox=support, is_historic=True)
    assert Entry.objects.filter(message_id="<refund@customers.test>").count() == 1
    assert RawMessage.objects.filter(taken_in_at=None).count() == 0


def test_the_sent_folder_of_before_doubles_no_reply(there: FreeScout, tmp_path: Path):
    bring(there)
    copy = cast.letter(
        "وصل الطلب إلى الفرع.",
        sender="help@desk.test",
        to=cast.LAYLA,
        headers={"Message-ID": "<FS_reply-14-0123456789abcdef@desk.test>"},
    )
    (tmp_path / "tree" / "Sent" / "cur").mkdir(parents=True)
    (tmp_path / "tree" / "Sent" / "cur" / "1:2,S").write_bytes(copy)
    before = Entry.objects.count()
    importing.main(settings.CONFIG, [str(tmp_path / "tree"), "--mailbox", "help@desk.test"])
    assert Entry.objects.count() == before
    assert RawMessage.objects.get().entry == Entry.objects.get(kind="reply")


def test_what_lay_in_the_mailbox_already_is_completed_in_its_order(there: FreeScout):
    box = cast.mailbox("help@desk.test", name="الدعم")
    for day_of, body, named in (
        (3, "أين طلبي؟", "first@customers.test"),
        (4, "ما زلت أنتظر", "late@customers.test"),
    ):
        headers = {"Message-ID": f"<{named}>", "Date": f"{day_of} Mar 2024 09:00:00 +0000"}
        if named.startswith("late"):
            headers["In-Reply-To"] = "<first@customers.test>"
        cast.arrive(cast.letter(body, headers=headers), mailbox=box, is_historic=True)
    assert Conversation.objects.count() == 1
    there.thread(16, 1, 1, day(4), "ما زلت أنتظر", message_id="late@customers.test", created_by_customer_id=1)
    bring(there)
    moved = Entry.objects.get(message_id="<first@customers.test>").conversation
    said = Entry.objects.filter(conversation=moved).order_by("seq")
    assert [entry.kind for entry in said] == ["message", "note", "reply", "message"]
    assert found("FreeScout 1001") == [moved.pk]
    assert (moved.status, moved.snippet) == ("waiting", "ما زلت أنتظر")
    assert moved.assignee is not None
    before = everything()
    bring(there)
    assert everything() == before
    call_command("check_counters")


def test_quoted_text_is_folded_where_a_customer_quoted_and_kept_where_we_did(there: FreeScout):
    quoting = "<p>{}</p><p>On Sun, 3 Mar 2024 at 10:00, Sami &lt;help@desk.test&gt; wrote:</p><blockquote>before</blockquote>"
    there.thread(25, 2, 1, day(6), quoting.format("by her"), created_by_customer_id=2)
    there.thread(26, 2, 3, day(7), quoting.format("by us"), created_by_user_id=SAMI)
    bring(there)
    hers, ours = Entry.objects.get(text__startswith="by her"), Entry.objects.get(text__startswith="by us")
    assert ("before" in hers.text, "before" in hers.quoted) == (False, True)
    assert ("before" in ours.text, ours.quoted) == (True, "")


def test_a_file_outside_the_folder_is_not_read(there: FreeScout, capfd: pytest.CaptureFixture[str]):
    (there.files / "secret").write_bytes(b"key")
    there.server.ask(
        there.name, "update attachments set file_dir = '1/', file_name = '../../secret' where id = 2"
    )
    bring(there)
    assert not Entry.objects.get(kind="reply").attachments.exists()
    assert "files that are not in the storage folder: attachment/1/../../secret" in capfd.readouterr().err


def test_ctrl_c_leaves_whole_conversations(
    there: FreeScout, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    keep, kept = bring_people.keep_record, []

    def keep_or_stop(
        source: str, kind: str, foreign_id: object, our_id: int | None, digest: str = ""
    ) -> None:
        kept.append(kind)
        if kept.count("thread") == 7:
            raise KeyboardInterrupt
        keep(source, kind, foreign_id, our_id, digest)

    with monkeypatch.context() as patched:
        patched.setattr(bring_people, "keep_record", keep_or_stop)
        assert bring(there) == command.INTERRUPTED
    assert "Stopped. What came is whole; run the same command again to go on." in capfd.readouterr().err
    assert [one.subject for one in Conversation.objects.all()] == ["أين طلبي؟ 📦"]
    bring(there)
    assert (Conversation.objects.count(), Entry.objects.count()) == (6, 9)


def test_a_dry_run_says_everything_and_changes_nothing(there: FreeScout, capfd: pytest.CaptureFixture[str]):
    before = everything()
    assert bring(there, "--dry-run") == 0
    assert everything() == before
    assert not ImportedRecord.objects.exists()
    said = capfd.readouterr().err
    assert "Mailbox help@desk.test would be new" in said
    for line in (
        "Mailboxes: 2 would be new, 0 already there.",
        "Users: 3 would be new, 0 already there.",
        "Customers: 2 would be new, 0 already there.",
        "Left out: 1 × files that are not in the storage folder.",
        "Left out: 1 × threads that were hidden or held for review.",
        "Nothing was changed",
    ):
        assert line in said
    bring(there)
    capfd.readouterr()
    bring(there, "--dry-run")
    assert "Messages: 0 would be new" in capfd.readouterr().err


def test_only_one_mailbox_or_a_day_can_be_chosen(there: FreeScout, capfd: pytest.CaptureFixture[str]):
    assert bring(there, "--mailbox", "sales@desk.test") == 0
    assert [one.subject for one in Conversation.objects.all()] == ["In sales"]
    assert [one.name for one in Customer.objects.all()] == ["Omar"]
    assert bring(there, "--mailbox", "none@desk.test") == 1
    assert (
        "FreeScout has no mailbox none@desk.test. It has: help@desk.test, sales@desk.test."
        in capfd.readouterr().err
    )
    assert bring(there, "--since", "2024-03-07") == 0
    assert {one.subject for one in Conversation.objects.all()} == {"Win money", "Thrown away", "In sales"}


def test_an_address_known_here_is_the_same_person(there: FreeScout):
    there.server.ask(there.name, "update users set email = 'Badr@majlis.test' where id = 2")
    badr = cast.badr()
    bring(there)
    badr.refresh_from_db()
    assert (badr.name, badr.has_usable_password()) == ("بدر", True)
    assert by_subject("أين طلبي؟ 📦").assignee == badr


def test_an_older_version_without_some_columns_and_modules_comes_too(other: FreeScout):
    other.server.ask(
        other.name,
        "alter table threads drop column headers, drop column subtype, drop column `from`",
        "alter table customers change notes background text",
        "alter table users drop column status",
        "drop table tags, conversation_tag, followers, send_logs",
    )
    assert bring(other) == 0
    assert Entry.objects.count() == 9
    assert Customer.objects.get(name="ليلى الحربي").notes.count() == 1


def test_utf8_in_latin1_columns_is_read_right(other: FreeScout):
    other.server.ask(
        other.name,
        "alter table threads modify body longblob",
        "alter table threads modify body longtext character set latin1",
    )
    bring(other)
    assert Entry.objects.filter(text__startswith="السلام عليكم، أين طلبي رقم 77؟ 😀").exists()
    assert words.repaired("café über") == "café über"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"password": "wrong"}, "The user or the password is wrong."),
        ({"name": "nothing_there"}, "There is no database nothing_there there."),
        ({"name": "mysql"}, "mysql is not a FreeScout database"),
        ({"port": "1"}, "Nothing answers at 127.0.0.1:1."),
        ({"scheme": "postgres"}, "--database has the form"),
        ({"files": "/nowhere"}, "/nowhere: there is no such folder."),
    ],
)
def test_what_is_wrong_is_said_with_the_next_step(
    there: FreeScout, given: dict[str, str], said: str, capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    monkeypatch.setenv(command.PASSWORD, given.get("password", PASSWORD))
    url = f"{given.get('scheme', 'mysql')}://reader@127.0.0.1:{given.get('port', there.server.port)}"
    words_of = [
        "--database",
        f"{url}/{given.get('name', there.name)}",
        "--files",
        given.get("files", str(there.files)),
    ]
    assert command.main(settings.CONFIG, words_of) == 1
    assert said in capfd.readouterr().err
    assert not Mailbox.objects.exists()


# Dies at the given call of the function that writes the ledger: in the middle of whatever was under way.
KILLED = """
import os, signal, sys
from majlis import config
import django
django.setup()
from majlis.intake.freescout import command
from majlis.people.actions import bring
keep, calls = bring.keep_record, []

def keep_or_die(*given, **named):
    calls.append(given)
    if len(calls) >= int(sys.argv[1]):
        os.kill(os.getpid(), signal.SIGKILL)
    keep(*given, **named)

bring.keep_record = keep_or_die
sys.exit(command.main(config.load(), sys.argv[2:]))
"""


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_point_and_run_again_it_is_one_run(there: FreeScout):
    for dies_at in (9, 14):
        asked = [
            sys.executable,
            "-c",
            KILLED,
            str(dies_at),
            "--database",
            there.url,
            "--files",
            str(there.files),
        ]
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "majlis.settings"}
        died = subprocess.run(asked, env=environment, check=False, capture_output=True, timeout=60)
        assert died.returncode in (-signal.SIGKILL, 0), died.stderr.decode()
    bring(there)
    in_pieces = everything()
    assert Conversation.objects.count() == 6
    assert Entry.objects.count() == 9
    assert ImportedRecord.objects.filter(kind="conversation").count() == 6
    bring(there)
    assert everything() == in_pieces
    call_command("check_counters")
