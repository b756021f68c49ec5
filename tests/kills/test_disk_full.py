"""The disk fills while mail comes: senders are told to wait, nothing is half kept, and with room all arrives once."""

from __future__ import annotations

import json
import smtplib
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from random import Random
from typing import Any
from urllib.error import HTTPError

import psycopg
import pytest

from majlis.channels.problems import unpack
from tests import cast
from tests.kills.disks import fill, make_room, small_disk
from tests.kills.person import Person
from tests.kills.running import Installation, installation
from tests.mailhost import MailHost
from tests.polling import until

PASSWORD = "dune-lantern-8"
BY_IMAP = "orders@full-disk.test"


@pytest.fixture(scope="module")
def majlis(mail_host: MailHost) -> Iterator[Installation]:
    """One whose files lie on a disk of a few MiB; a mailbox that is fetched and one that mail reaches over LMTP."""
    mail_host.add_user(BY_IMAP, PASSWORD)
    imap = {
        "host": "localhost",
        "port": mail_host.imap_port,
        "security": "starttls",
        "user": BY_IMAP,
        "password": PASSWORD,
    }
    with (
        installation(SSL_CERT_FILE=str(mail_host.ca_file)) as made,
        small_disk(made.data / "files", mebibytes=8),
    ):
        made.start()
        mailboxes: list[dict[str, Any]] = [
            {"address": BY_IMAP, "name": "الطلبات", "imap": imap, "smtp": None},
            {"address": cast.SUPPORT, "name": "الدعم", "imap": None, "smtp": None},
        ]
        for one in mailboxes:
            one["smtp"] = {**imap, "port": mail_host.smtp_port}
        made.inside("furnish", {"mailboxes": mailboxes})
        until(
            lambda: made.query("select 1 from channels_mailconnection where checked_at is not null"), "a look"
        )
        yield made
        made.stop()


def letter(name: str, *, attached: int = 0) -> bytes:
    plain = cast.letter(f"words of {name}", headers={"Message-ID": f"<{name}@customers.test>"})
    if not attached:
        return plain
    head, _, text = plain.partition(b"\n\n")
    kept = [line for line in head.split(b"\n") if not line.lower().startswith(b"content-")]
    file = b64encode(Random(attached).randbytes(attached))
    return b"\n".join(
        [*kept, b"Content-Type: multipart/mixed; boundary=b", b"", b"--b", b"", text, b"--b",
         b"Content-Type: image/png; name=a.png", b"Content-Transfer-Encoding: base64", b"", file, b"--b--", b""]
    )  # fmt: skip


def deliver(majlis: Installation, raw: bytes) -> None:
    with smtplib.LMTP("127.0.0.1", majlis.lmtp_port, local_hostname="test", timeout=30) as door:
        door.sendmail(cast.LAYLA, [cast.SUPPORT], raw)


def arrived(majlis: Installation) -> dict[str, int]:
    rows = majlis.query(
        "select message_id, count(*) from conversations_entry where kind = 'message' group by 1"
    )
    return {str(name).strip("<>").partition("@")[0]: int(number) for name, number in rows}


def files_of(majlis: Installation) -> set[str]:
    return {
        path.name for path in (majlis.data / "files").rglob("*") if path.is_file() and path.name != "ballast"
    }


def upload(majlis: Installation, salma: Person, number: int, content: bytes) -> tuple[int, str, str]:
    """Status, code and words of the answer to a file that is added to a reply's draft."""
    body = (
        b'--u\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
        + content
        + b"\r\n--u--\r\n"
    )
    asked = urllib.request.Request(
        f"http://localhost:{majlis.port}/conversations/{number}/drafts/reply/files",
        data=body,
        headers={
            "Content-Type": "multipart/form-data; boundary=u",
            "Cookie": salma.cookie,
            "X-CSRFToken": salma.cookies["majlis_csrf"],
            "HX-Request": "true",
        },
    )
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return answer.status, "", answer.read().decode()
    except HTTPError as error:
        return error.code, error.headers.get("X-Majlis-Refused", ""), error.read().decode()


def test_on_a_full_disk_mail_waits_outside_and_with_room_arrives_once(
    majlis: Installation, mail_host: MailHost
) -> None:
    deliver(majlis, letter("before"))
    until(lambda: arrived(majlis) == {"before": 1}, "the first mail")
    ((number,),) = majlis.query("select id from conversations_conversation")
    salma = Person(majlis.port)
    salma.sign_in("salma@majlis.test", cast.PASSWORD)
    draft = f"/conversations/{number}/drafts/reply"
    assert salma.ask("POST", draft, text="half a reply", version="0").status == 200
    before = files_of(majlis)
    fill(majlis.data / "files")

    with pytest.raises(smtplib.SMTPDataError) as refused:
        deliver(majlis, letter("by-lmtp"))
    mail_host.deliver(BY_IMAP, letter("by-imap"), sender=cast.LAYLA)
    problem = "select problem from channels_mailconnection where problem <> '' and in_host <> ''"
    ((said,),) = until(lambda: majlis.query(problem), "the mailbox in trouble")
    uploaded = upload(majlis, salma, number, b"picture" * 2000)
    doctor = majlis.majlis("doctor").stdout

    assert refused.value.smtp_code == 451
    assert unpack(said)[0] == "disk_full"
    assert uploaded[:2] == (503, "disk_full")
    assert "متسع" in uploaded[2]
    assert json.loads(salma.ask("GET", draft).text)["text"] == "half a reply"
    assert "the disk of files is full" in doctor
    assert files_of(majlis) == before
    assert majlis.query("select count(*) from channels_rawmessage") == [(1,)]
    assert len(mail_host.messages(BY_IMAP)) == 1
    page = salma.ask("GET", "/settings/mailboxes/")
    assert "متسع" in page.text

    make_room(majlis.data / "files")
    deliver(majlis, letter("by-lmtp"))

    until(lambda: arrived(majlis) == {"before": 1, "by-lmtp": 1, "by-imap": 1}, "all mail", timeout=30)
    until(lambda: not majlis.query(problem), "a mailbox in order")
    assert upload(majlis, salma, number, b"picture" * 2000)[0] == 200
    assert majlis.inside("reckon")["counters_off"] == []


def test_a_mail_whose_files_find_no_room_is_not_blamed_and_holds_up_no_other_mailbox(
    majlis: Installation, mail_host: MailHost
) -> None:
    raw = letter("with-a-file", attached=300_000)
    fill(majlis.data / "files", but=len(raw) + 64_000)

    deliver(majlis, raw)
    kept = "select attempts, error, quarantined_at from channels_rawmessage where taken_in_at is null"
    tries = majlis.log().count("No space left on device") + 4
    until(lambda: majlis.log().count("No space left on device") >= tries, "some tries", timeout=40)
    assert majlis.query(kept) == [(1, "", None)]
    mail_host.deliver(BY_IMAP, letter("small"), sender=cast.LAYLA)
    until(lambda: "small" in arrived(majlis), "mail of another mailbox")
    make_room(majlis.data / "files")

    until(lambda: "with-a-file" in arrived(majlis), "the mail with the file", timeout=30)
    assert set(arrived(majlis).values()) == {1}
    assert majlis.query(kept) == []
    assert [name for name in files_of(majlis) if name.startswith(".new-")] == []


def test_a_database_without_room_comes_back_by_itself(mail_host: MailHost) -> None:
    write = "select pg_logical_emit_message(true, 'x', repeat('y', 5000)), pg_switch_wal()"
    with installation() as made, small_disk(made.data, mebibytes=300) as disk:
        made.start()
        mailbox = {"address": cast.SUPPORT, "name": "الدعم", "imap": None, "smtp": None}
        made.inside("furnish", {"mailboxes": [mailbox]})
        deliver(made, letter("before"))
        until(lambda: arrived(made) == {"before": 1}, "the first mail")
        fill(disk)

        def is_given_up() -> bool:
            with suppress(psycopg.Error):
                made.query(write)
            return f"no room left on the disk of {made.data / 'postgres'}" in made.log()

        until(is_given_up, "the end of the database", timeout=40)
        with pytest.raises(HTTPError) as page:
            urllib.request.urlopen(f"http://localhost:{made.port}/", timeout=20)
        with pytest.raises((smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException)) as refused:
            deliver(made, letter("after"))
        assert page.value.code == 503
        assert "قاعدة البيانات لا تجيب" in page.value.read().decode()
        assert "451" in str(refused.value)
        assert made.process is not None
        assert made.process.poll() is None

        make_room(disk)
        until(lambda: _is_there(made), "the page", timeout=30)
        deliver(made, letter("after"))

        until(lambda: arrived(made) == {"before": 1, "after": 1}, "the other mail")
        made.stop()
        made.clear_away()


def _is_there(majlis: Installation) -> bool:
    try:
        with urllib.request.urlopen(f"http://localhost:{majlis.port}/health", timeout=20):
            return True
    except OSError:
        return False
