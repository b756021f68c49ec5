"""A small FreeScout: its tables as its migrations leave them, and an Arabic and English desk in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.mariadb import MariaDB

_STAMPS = "created_at timestamp null, updated_at timestamp null"
TABLES = (
    (
        "create table users (id int unsigned auto_increment primary key, first_name varchar(20) not null, last_name varchar(30)"
        " not null, email varchar(100) not null unique, password varchar(255) not null, role tinyint unsigned default 1,"
        " timezone varchar(255) default 'UTC', photo_url varchar(255), type tinyint unsigned default 1, status tinyint unsigned"
        f" default 1, invite_state tinyint unsigned default 3, job_title varchar(100), {_STAMPS})"
    ),
    (
        "create table mailboxes (id int unsigned auto_increment primary key, name varchar(40) not null, email varchar(128) not"
        f" null unique, aliases varchar(255), signature text, out_password text, in_password text, {_STAMPS})"
    ),
    "create table mailbox_user (id int unsigned auto_increment primary key, mailbox_id int not null, user_id int not null)",
    (
        "create table customers (id int unsigned auto_increment primary key, first_name varchar(255), last_name varchar(255),"
        " company varchar(255), job_title varchar(255), photo_url varchar(255), phones text, websites text, social_profiles"
        f" text, notes text, address text, city varchar(255), state varchar(255), zip varchar(12), country varchar(2), {_STAMPS})"
    ),
    (
        "create table emails (id int unsigned auto_increment primary key, customer_id int not null, email varchar(191) not null"
        " unique, type tinyint unsigned default 1)"
    ),
    (
        "create table conversations (id int unsigned auto_increment primary key, number int unsigned not null, threads_count int"
        " unsigned default 0, type tinyint unsigned default 1, folder_id int default 1, status tinyint unsigned default 1, state"
        " tinyint unsigned default 2, subject varchar(998), customer_email varchar(191), cc text, bcc text, preview varchar(255)"
        " default '', imported tinyint(1) default 0, mailbox_id int not null, user_id int, customer_id int, created_by_user_id"
        f" int, closed_at timestamp null, last_reply_at timestamp null, {_STAMPS})"
    ),
    (
        "create table threads (id int unsigned auto_increment primary key, conversation_id int not null, user_id int, type"
        " tinyint unsigned not null, subtype tinyint unsigned, status tinyint unsigned default 6, state tinyint unsigned default"
        " 2, action_type tinyint unsigned, body longtext, headers text, `from` varchar(191), `to` text, cc text, bcc text,"
        " message_id varchar(998), customer_id int, created_by_user_id int, created_by_customer_id int, meta longtext,"
        f" {_STAMPS}, key (conversation_id))"
    ),
    (
        "create table attachments (id int unsigned auto_increment primary key, thread_id int, user_id int, file_dir varchar(20),"
        " file_name varchar(255) not null, mime_type varchar(127) not null, type int unsigned not null, size int unsigned,"
        " embedded tinyint(1) default 0)"
    ),
    "create table followers (id int unsigned auto_increment primary key, conversation_id int not null, user_id int not null)",
    (
        "create table send_logs (id int unsigned auto_increment primary key, thread_id int, customer_id int, message_id"
        f" varchar(998), email varchar(191), mail_type tinyint unsigned, status tinyint unsigned, {_STAMPS})"
    ),
    "create table tags (id int unsigned auto_increment primary key, name varchar(191) not null)",
    "create table conversation_tag (conversation_id int, tag_id int)",
)
PICTURE = b"\x89PNG\r\n\x1a\n" + b"picture" * 20
PAPER = b"%PDF-1.4 order"
HUDA, SAMI, GONE = 1, 2, 3


def day(number: int, hour: int = 9, minute: int = 0) -> str:
    """A moment of March 2024, as FreeScout writes it."""
    return f"2024-03-{number:02} {hour:02}:{minute:02}:00"


class FreeScout:
    """A database of its own on a server, with the folder storage/app."""

    def __init__(self, server: MariaDB, name: str, files: Path) -> None:
        self.server, self.name, self.files = server, name, files

    def make(self) -> None:
        """Its tables, with nothing in them."""
        self.server.ask(
            "", f"drop database if exists {self.name}", f"create database {self.name} character set utf8mb4"
        )
        self.server.ask(self.name, *TABLES)

    def empty(self) -> None:
        """Take away all that is in the tables."""
        self.server.ask(self.name, *(f"delete from {line.split()[2]}" for line in TABLES))

    @property
    def url(self) -> str:
        """Where it is."""
        return self.server.url(self.name)

    def put(self, table: str, **values: Any) -> None:
        """One row."""
        columns = ", ".join(f"`{name}`" for name in values)
        places = ", ".join(["%s"] * len(values))
        self.server.ask(
            self.name, f"insert into {table} ({columns}) values ({places})", rows=[tuple(values.values())]
        )

    def file(
        self, number: int, thread: int, name: str, content: bytes, kind: str, *, embedded: bool = False
    ) -> None:
        """A file of a thread, in its folder."""
        place = self.files / "attachment" / "1" / "2" / str(number) / name
        place.parent.mkdir(parents=True)
        place.write_bytes(content)
        self.put(
            "attachments", id=number, thread_id=thread, file_dir=f"1/2/{number}/", file_name=name, mime_type=kind,
            type=3, size=len(content), embedded=embedded,
        )  # fmt: skip

    def thread(
        self, number: int, conversation: int, kind: int, at: str, body: str | None = None, **more: Any
    ) -> None:
        """Something said, or a line: 1 by the customer, 2 a reply, 3 a note, 4 a line."""
        values = {"id": number, "conversation_id": conversation, "type": kind, "body": body, "customer_id": 1}
        self.put("threads", **values | more, created_at=at, updated_at=at)

    def conversation(self, number: int, subject: str, at: str, **more: Any) -> None:
        """A conversation, its number a thousand above its id."""
        values = {"mailbox_id": 1, "customer_id": 1, "customer_email": "layla@customers.test", **more}
        self.put(
            "conversations",
            id=number,
            number=1000 + number,
            subject=subject,
            created_at=at,
            updated_at=at,
            **values,
        )

    def fill(self) -> None:
        """The whole small desk."""
        self._people()
        self._answered()
        self._others()

    def _people(self) -> None:
        (self.files / "public/users").mkdir(parents=True)
        (self.files / f"public/users/{HUDA}.png").write_bytes(PICTURE)
        for number, first, last, email, role, status in (
            (HUDA, "هدى", "العلي", "huda@desk.test", 2, 1),
            (SAMI, "Sami", "Haddad", "sami@desk.test", 1, 1),
            (GONE, "Old", "Hand", "old@desk.test", 1, 3),
        ):
            self.put(
                "users", id=number, first_name=first, last_name=last, email=email, password="$2y$10$secret", role=role,
                status=status, photo_url=f"{number}.png", created_at=day(1), updated_at=day(1),
            )  # fmt: skip
        self.put(
            "mailboxes", id=1, name="الدعم", email="Help@desk.test", aliases="info@desk.test, care@desk.test",
            signature="<p>{%user.fullName%}<br>{%mailbox.name%}</p>", in_password="encrypted", created_at=day(1),
        )  # fmt: skip
        self.put("mailboxes", id=2, name="Sales", email="sales@desk.test", created_at=day(1))
        self.put("mailbox_user", mailbox_id=1, user_id=SAMI)
        self.put(
            "customers", id=1, first_name="ليلى", last_name="الحربي", company="متجر الواحة", job_title="مديرة",
            phones=json.dumps([{"value": "+966500000001", "type": 4}, {"value": "+966110000002", "type": 1}]),
            websites=json.dumps(["https://waha.test"]), notes="تفضّل المكالمات صباحًا 🌴",
            social_profiles=json.dumps([{"type": 1, "value": "@layla"}]), city="الرياض", country="SA",
            created_at=day(2), updated_at=day(2),
        )  # fmt: skip
        self.put("customers", id=2, first_name="Omar", last_name="", created_at=day(2))
        for number, address in (
            (1, "layla@customers.test"),
            (1, "layla@work.test"),
            (2, "omar@customers.test"),
        ):
            self.put("emails", customer_id=number, email=address)

    def _answered(self) -> None:
        self.conversation(1, "أين طلبي؟ 📦", day(3), status=2, user_id=SAMI)
        self.thread(
            11, 1, 1, day(3), "<p>السلام عليكم، أين طلبي رقم 77؟ 😀</p><script>alert(1)</script>"
            '<img src="https://desk.test/storage/attachment/1/2/1/%D8%B5%D9%88%D8%B1%D8%A9.png?id=1&amp;token=x">',
            message_id="first@customers.test", created_by_customer_id=1, to='["help@desk.test"]',
            cc='["omar@customers.test"]',
        )  # fmt: skip
        self.file(1, 11, "صورة.png", PICTURE, "image/png", embedded=True)
        self.thread(12, 1, 4, day(3, 9, 30), action_type=2, user_id=SAMI, created_by_user_id=HUDA)
        self.thread(13, 1, 3, day(3, 10), "<p>سألت المستودع</p>", created_by_user_id=HUDA)
        self.thread(
            14, 1, 2, day(3, 11), "<p>وصل الطلب إلى <b>الفرع</b>.</p>", created_by_user_id=SAMI, customer_id=1,
            to='["layla@customers.test"]',
        )  # fmt: skip
        self.file(2, 14, "فاتورة.pdf", PAPER, "application/pdf")
        self.thread(15, 1, 4, day(3, 11, 1), action_type=1, status=2, created_by_user_id=SAMI)
        self.put("followers", conversation_id=1, user_id=HUDA)
        self.put("tags", id=1, name="شحن")
        self.put("conversation_tag", conversation_id=1, tag_id=1)

    def _others(self) -> None:
        omar = {"customer_id": 2, "customer_email": "omar@customers.test"}
        self.conversation(
            2, "Refund", day(4), status=1, **omar
        )  # nobody's, he waits since the second day's mail
        self.thread(
            21, 2, 1, day(4), "Where is it?", created_by_customer_id=2, message_id="refund@customers.test"
        )
        self.thread(22, 2, 1, day(5), "Hello?", created_by_customer_id=2)
        self.thread(23, 2, 2, day(5, 12), "<p>half written</p>", state=1, created_by_user_id=SAMI)
        self.thread(24, 2, 2, day(5, 13), "hidden", state=3, created_by_user_id=SAMI)
        self.conversation(3, "Closed", day(6), status=3, closed_at=day(7), **omar)
        self.thread(31, 3, 1, day(6), "Thanks", created_by_customer_id=2)
        self.file(9, 31, "gone.txt", b"gone", "text/plain")
        (self.files / "attachment/1/2/9/gone.txt").unlink()
        self.conversation(4, "Win money", day(7), status=4, **omar)
        self.thread(41, 4, 1, day(7), "click", created_by_customer_id=2)
        self.conversation(5, "Thrown away", day(8), status=3, state=3, **omar)
        self.thread(51, 5, 1, day(8), "x", created_by_customer_id=2)
        self.conversation(6, "Not sent yet", day(9), state=1, created_by_user_id=HUDA, **omar)
        self.thread(
            61,
            6,
            2,
            day(9),
            "<p>Dear Omar</p>",
            state=1,
            created_by_user_id=HUDA,
            to='["omar@customers.test"]',
        )
        self.conversation(7, "In sales", day(10), status=3, mailbox_id=2, **omar)
        self.thread(71, 7, 1, day(10), "price?", created_by_customer_id=2, message_id="price@customers.test")
