"""Servers that hang, stop in the middle, lie or take back what they offered: nothing is lost, nothing is sent twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from majlis.channels.actions.deliver import run_due
from majlis.channels.email import sending
from majlis.channels.email.sending import SmtpSettings
from majlis.channels.models import Delivery, State
from majlis.channels.problems import ConnectionProblem, unpack
from majlis.lib.errors import DeliveryError
from tests import cast
from tests.channels import mailing
from tests.channels.mailing import Play, smtp_server

Say = Callable[[bytes], None]
Hear = Callable[[], bytes]
STAGES = ["greeting", "ehlo", "mail", "rcpt", "data"]
MESSAGE = b"Subject: x\r\n\r\nhi\r\n"


def up_to(stage: str, then: bytes | None, *, offers: bytes = b"250 here\r\n") -> Play:
    """A server in good order up to `stage`; there it says `then` and closes, or nothing at all (None) and hangs."""

    def play(say: Say, hear: Hear) -> None:
        def at(name: str, usual: bytes) -> bool:
            if name != stage:
                say(usual)
                return False
            if then is None:
                hear()  # until the other side has had enough
            else:
                say(then)
            return True

        if at("greeting", b"220 here\r\n"):
            return
        while line := hear():
            verb = line[:4].lower().strip().decode()
            if at(verb, offers if verb == "ehlo" else b"354 go on\r\n" if verb == "data" else b"250 ok\r\n"):
                return
            if verb == "data":
                while (line := hear()) not in (b".\r\n", b""):
                    pass
                if not line or at("end", b"250 taken\r\n"):
                    return

    return play


def failing(play: Play, *, security: str = "none", user: str = "") -> tuple[DeliveryError, bool]:
    """How sending fails, and whether the end of the message had gone out by then."""
    ended = []
    with smtp_server(play) as port, pytest.raises(DeliveryError) as caught:
        sending.send(
            SmtpSettings("127.0.0.1", port, security, user, "x"),
            MESSAGE,
            sender="support@majlis.test",
            recipients=["layla@majlis.test"],
            before_end=lambda: ended.append(True),
            timeout_seconds=0.2,
            patience_seconds=0.2,
        )
    return caught.value, bool(ended)


@pytest.mark.parametrize("stage", STAGES)
def test_a_server_that_hangs_before_the_end_is_tried_again(stage: str):
    error, has_ended = failing(up_to(stage, None))
    assert isinstance(error, ConnectionProblem)
    assert error.code == "timeout"
    assert (has_ended, error.permanent, error.unclear) == (False, False, False)


@pytest.mark.parametrize("stage", ["starttls", "auth"])
def test_a_server_that_hangs_while_signing_in_is_tried_again(stage: str):
    verb = stage[:4]
    security = "starttls" if stage == "starttls" else "none"
    play = up_to(verb, None, offers=b"250-here\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n")
    error, has_ended = failing(play, security=security, user="salma")
    assert isinstance(error, ConnectionProblem)
    assert error.code == "timeout"
    assert not has_ended


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("then", [b"", b"25", b"250-half"])
def test_half_a_line_and_a_closed_door_lose_nothing(stage: str, then: bytes):
    error, has_ended = failing(up_to(stage, then))
    assert (has_ended, error.permanent, error.unclear) == (False, False, False)


@pytest.mark.parametrize("then", [None, b"", b"2", b"250-half", b"nonsense\r\n"])
def test_after_the_end_only_a_whole_answer_decides(then: bytes | None):
    error, has_ended = failing(up_to("end", then))
    assert has_ended
    assert error.unclear


@pytest.mark.parametrize(
    ("then", "is_permanent"),
    [
        (b"451 4.3.0 later\r\n", False),
        (b"250-ok\r\n550 5.7.1 no\r\n", True),
        (b"550-5.7.1 no\r\n550-5.7.1 really\r\n550 5.7.1 not\r\n", True),
    ],
)
def test_an_answer_of_several_lines_is_what_its_last_line_says(then: bytes, is_permanent: bool):
    error, _ = failing(up_to("end", then))
    assert (error.permanent, error.unclear) == (is_permanent, False)


def test_a_promise_before_the_end_is_no_answer_to_it():
    error, has_ended = failing(up_to("data", b"354 go on\r\n250 taken\r\n"))
    assert not has_ended
    assert not error.unclear


def test_a_refusal_in_the_middle_of_the_message_is_heard():
    error, has_ended = failing(up_to("data", b"354 go on\r\n552 5.3.4 too large\r\n"))
    assert not has_ended
    assert "too large" in str(error) or isinstance(error, ConnectionProblem)


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
def test_an_answer_out_of_order_ends_the_talk(stage: str):
    error, has_ended = failing(up_to(stage, b"220 here\r\n"))
    assert not has_ended
    assert not error.permanent


@pytest.mark.parametrize("said", [b"SIZE", b"SIZE abc", b"SIZE 0", b"SIZE -1", b"SIZE 99999999999999999999"])
def test_a_size_that_makes_no_sense_is_none(said: bytes):
    with smtp_server(up_to("never", b"", offers=b"250-here\r\n250 " + said + b"\r\n")) as port:
        receipt = sending.send(
            SmtpSettings("127.0.0.1", port, "none"),
            MESSAGE,
            sender="a@majlis.test",
            recipients=["b@majlis.test"],
        )
    assert receipt.size_limit == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("stage", "then", "state"),
    [
        ("rcpt", b"450 4.2.0 Greylisted, see http://postgrey.test/\r\n", State.QUEUED),
        ("end", b"451 4.3.0 try later\r\n", State.QUEUED),
        ("end", b"552 5.3.4 Message size exceeds fixed limit\r\n", State.FAILED),
        ("rcpt", b"552 5.2.2 mailbox full\r\n", State.QUEUED),
        ("mail", b"555 5.6.7 SMTPUTF8 not here\r\n", State.FAILED),
        ("end", b"", State.HELD),
    ],
)
def test_what_a_server_does_is_what_the_delivery_becomes(stage: str, then: bytes, state: State):
    mailing.reply(cast.badr(), mailing.conversation())
    mailing.let_time_pass()
    with smtp_server(up_to(stage, then)) as port:
        mailing.connect_to(cast.support(), port=port)
        run_due()
    delivery = Delivery.objects.get()
    assert delivery.state == state
    assert delivery.why
    if state == State.HELD:
        assert unpack(delivery.why)[0] == "unclear"
        mailing.let_time_pass()
        assert run_due() == 0, "never again by itself"


@pytest.mark.django_db(transaction=True)
def test_a_server_that_says_yes_twice_is_not_believed_for_the_next_message():
    for text in ("الأول", "الثاني"):
        mailing.reply(cast.badr(), mailing.conversation(message_id=f"<{len(text)}@c.test>"), text)
    mailing.let_time_pass()
    seen: list[bytes] = []

    def twice(say: Say, hear: Hear) -> None:
        def doubled(words: bytes) -> None:
            say(words * 2 if words == b"250 taken\r\n" else words)

        def kept() -> bytes:
            seen.append(hear())
            return seen[-1]

        up_to("never", b"")(doubled, kept)

    with smtp_server(twice, connections=2) as port:
        mailing.connect_to(cast.support(), port=port)
        run_due()
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.SENT}
    assert seen.count(b".\r\n") == 2
