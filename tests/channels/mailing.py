"""What the tests of outgoing mail start from: a conversation, a mailbox with a server behind it, due deliveries."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import uuid4

from django.utils import timezone

from majlis.channels.models import Delivery, MailConnection, OutgoingServer, State
from majlis.channels.outbox import send_reply
from majlis.channels.secrets import encrypt
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.open import opening
from majlis.conversations.actions.receive import Incoming, receive
from majlis.conversations.models import Conversation, Entry
from majlis.people.models import Customer, CustomerAddress, Mailbox, Teammate
from tests import cast
from tests.mailhost import MailHost

PASSWORD = "outgoing-tide-7"


def customer(address: str = cast.LAYLA, *, name: str = "ليلى", language: str = "ar") -> Customer:
    """A customer with one address."""
    found = CustomerAddress.objects.filter(address=address).select_related("customer").first()
    if found is not None:
        return found.customer
    made = Customer.objects.create(name=name, language=language, created_at=timezone.now())
    CustomerAddress.objects.create(customer=made, address=address, created_at=timezone.now())
    return made


def conversation(
    text: str = "أين طلبي؟",
    *,
    mailbox: Mailbox | None = None,
    subject: str = "سؤال عن الطلب",
    sender: Customer | None = None,
    message_id: str = "<first@customers.test>",
    references: tuple[str, ...] = (),
) -> Conversation:
    """A conversation that Layla (or `sender`) began."""
    who = sender or customer()
    address = who.addresses.get().address
    with opening(
        mailbox or cast.support(), who, subject=subject, address=address, name=who.name, now=timezone.now()
    ) as change:
        receive(change, message(who, text, subject=subject, message_id=message_id, references=references))
    return change.conversation


def write_again(into: Conversation, text: str, *, message_id: str, sender: Customer | None = None) -> Entry:
    """Another message of a customer in a conversation."""
    who = sender or into.customer
    with changing(into.pk) as change:
        return receive(change, message(who, text, subject=into.subject, message_id=message_id))


def message(
    who: Customer,
    text: str,
    *,
    subject: str,
    message_id: str,
    references: tuple[str, ...] = (),
) -> Incoming:
    """A customer's message as it comes in."""
    return Incoming(
        customer=who,
        from_name=who.name,
        from_address=who.addresses.get().address,
        to=[cast.SUPPORT],
        cc=[],
        subject=subject,
        text=text,
        quoted="",
        html="",
        has_remote_images=False,
        message_id=message_id,
        message_key=uuid4().hex * 2,
        references=references,
        automatic="",
        is_historic=False,
        is_same_id=False,
        raw=None,
        written_at=timezone.now(),
        received_at=timezone.now(),
    )


def reply(teammate: Teammate, to: Conversation, text: str = "طلبك في الطريق.") -> Entry:
    """A reply of somebody who has seen everything."""
    to.refresh_from_db()
    return send_reply(teammate, to.pk, text=text, seen_seq=to.seq, submission_key=uuid4()).entry


def connect(mailbox: Mailbox, host: MailHost) -> MailConnection:
    """Let a mailbox send by the test's Exim, as itself."""
    host.add_user(mailbox.address, PASSWORD)
    return connect_to(
        mailbox, port=host.smtp_port, security="starttls", user=mailbox.address, password=PASSWORD
    )


def connect_to(
    mailbox: Mailbox, *, port: int, security: str = "none", user: str = "", password: str = ""
) -> MailConnection:
    """Let a mailbox send by whatever listens on `port`."""
    made, _ = MailConnection.objects.update_or_create(
        mailbox=mailbox,
        defaults={
            "smtp_host": "localhost" if security != "none" else "127.0.0.1",
            "smtp_port": port,
            "smtp_security": security,
            "smtp_user": user,
            "smtp_password": encrypt(password),
        },
    )
    return made


def let_time_pass() -> None:
    """Everything queued is due now, and no server rests any more."""
    OutgoingServer.objects.update(rests_until=None)
    Delivery.objects.filter(state=State.QUEUED).update(due_at=timezone.now())


def read(raw: bytes) -> EmailMessage:
    """A mail as its reader sees it."""
    return message_from_bytes(raw, policy=policy.default)


def body(mail: EmailMessage, kind: str) -> str:
    """The text or the HTML of a mail."""
    part = mail.get_body((kind,))
    assert part is not None, f"no {kind} part"
    return str(part.get_content()).replace("\r\n", "\n")


Play = Callable[[Callable[[bytes], None], Callable[[], bytes]], object]


@contextmanager
def smtp_server(play: Play, *, connections: int = 1) -> Iterator[int]:
    """A TCP server on a free port that plays `play(say, hear)` with each caller, then hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for _ in range(connections):
            with suppress(OSError):
                caller, _ = listener.accept()
                with caller, caller.makefile("rb") as lines:
                    play(caller.sendall, lines.readline)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)  # whoever still waits for a caller is woken
        listener.close()
        thread.join(5)


def up_to_the_end(say: Callable[[bytes], None], hear: Callable[[], bytes]) -> list[bytes]:
    """Play a server that takes everything up to the line that ends the message; returns the message's lines."""
    say(b"220 here\r\n")
    while not hear().upper().startswith(b"DATA"):
        say(b"250 ok\r\n")
    say(b"354 go on\r\n")
    lines: list[bytes] = []
    while (line := hear()) not in (b".\r\n", b""):
        lines.append(line)
    return lines
