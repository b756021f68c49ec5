"""Where a reply goes: signed ids find their conversation, and nobody is let in by a header alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.channels.email.parsing import parse
from majlis.channels.email.threading import (
    Decision,
    Match,
    Token,
    candidates,
    decide,
    make_message_id,
    normalise_subject,
    read_token,
    token_for,
)

KEY = b"a key of the house"
LAYLA = "layla@customer.example"
OMAR = "omar@customer.example"
NEW = Decision(join=None, as_new_participant=False, maybe=None)


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))
def test_our_own_id_leads_back_to_its_entry(conversation_id: int, entry_id: int) -> None:
    message_id = make_message_id(conversation_id, entry_id, domain="shop.example", key=KEY)
    assert message_id.endswith("@shop.example>")
    assert read_token(message_id, KEY) == Token(conversation_id, entry_id)


@pytest.mark.parametrize(
    "rewrite",
    [
        str.upper,
        lambda one: one.strip("<>"),
        lambda one: one.replace("@shop.example", "@mail.apple.example"),
        lambda one: f"<{one.strip('<>')}.1>",
        lambda one: one.replace("@", "\r\n @"),
        lambda one: f"<prefix.{one.strip('<>')}>",
        lambda one: f'"{one}"',
    ],
)
def test_the_token_survives_what_servers_do_to_ids(rewrite) -> None:
    message_id = make_message_id(7, 4417, domain="shop.example", key=KEY)
    assert read_token(rewrite(message_id), KEY) == Token(7, 4417)


def test_a_forged_or_foreign_id_names_nothing() -> None:
    message_id = make_message_id(7, 4417, domain="shop.example", key=KEY)
    assert read_token(message_id, b"another key") is None
    assert read_token(message_id.replace("mj-7-", "mj-8-"), KEY) is None
    assert read_token("<CAF=abc123@mail.customer.example>", KEY) is None
    assert read_token("", KEY) is None


def test_a_token_signs_one_thing_and_survives_case() -> None:
    assert token_for(5, KEY) == token_for("5", KEY)
    assert token_for(5, KEY) != token_for(6, KEY)
    assert token_for(5, KEY) != token_for(5, b"another key")
    assert token_for(5, KEY).islower()
    assert len(token_for(5, KEY)) == 16


def test_negative_ids_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        make_message_id(-1, 1, domain="shop.example", key=KEY)


def test_the_answered_message_comes_before_the_references_newest_first() -> None:
    mail = parse(b"In-Reply-To: <3@x>\r\nReferences: <1@x> <2@x> <3@x>\r\n\r\n")
    assert candidates(mail) == ["<3@x>", "<2@x>", "<1@x>"]


def test_a_token_is_found_in_references_when_the_reply_header_was_rewritten() -> None:
    ours = make_message_id(7, 4417, domain="shop.example", key=KEY)
    mail = parse(f"In-Reply-To: <new@apple.example>\r\nReferences: {ours.upper()}\r\n <x@y>\r\n\r\n".encode())
    found = [token for one in candidates(mail) if (token := read_token(one, KEY))]
    assert found == [Token(7, 4417)]


def _match(by: str, *participants: str, conversation_id: int = 1, mailbox_id: int = 1) -> Match:
    return Match(conversation_id, mailbox_id, frozenset(participants), by)  # type: ignore[arg-type]


def test_a_message_that_leads_nowhere_opens_a_conversation() -> None:
    assert decide([], sender=LAYLA, mailbox_id=1) == NEW


@pytest.mark.parametrize("by", ["token", "in_reply_to", "references"])
def test_somebody_who_takes_part_joins_by_any_trace(by: str) -> None:
    decision = decide([_match(by, LAYLA)], sender="Layla@Customer.Example ", mailbox_id=1)
    assert decision == Decision(join=1, as_new_participant=False, maybe=None)


def test_the_bearer_of_a_token_joins_as_a_new_participant() -> None:
    decision = decide([_match("token", LAYLA)], sender=OMAR, mailbox_id=1)
    assert decision == Decision(join=1, as_new_participant=True, maybe=None)


@pytest.mark.parametrize("by", ["in_reply_to", "references"])
def test_a_stranger_with_the_right_headers_is_only_linked(by: str) -> None:
    decision = decide([_match(by, LAYLA)], sender=OMAR, mailbox_id=1)
    assert decision == Decision(join=None, as_new_participant=False, maybe=1)


def test_a_message_to_another_mailbox_is_only_linked() -> None:
    decision = decide([_match("token", LAYLA, mailbox_id=2)], sender=LAYLA, mailbox_id=1)
    assert decision == Decision(join=None, as_new_participant=False, maybe=1)


def test_the_surer_trace_wins_and_a_joinable_one_beats_a_closer_one() -> None:
    closer = _match("in_reply_to", LAYLA, conversation_id=1)
    signed = _match("token", LAYLA, conversation_id=2)
    older = _match("references", OMAR, conversation_id=3)
    assert decide([closer, signed], sender=LAYLA, mailbox_id=1).join == 2
    assert decide([closer, older], sender=OMAR, mailbox_id=1).join == 3


def test_a_message_without_a_sender_joins_by_token_only() -> None:
    assert decide([_match("references", "")], sender="", mailbox_id=1).join is None
    assert decide([_match("token", LAYLA)], sender="", mailbox_id=1).join == 1


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Re: order", "order"),
        ("RE: Fwd: re: order", "order"),
        ("رد: طلب رقم 4417", "طلب رقم 4417"),
        ("إعادة توجيه: رد: طلب", "طلب"),
        ("Re[2]: order", "order"),
        ("RE : order", "order"),
        ("\u200fرد: \u200eorder", "order"),
        ("AW: WG: Bestellung", "Bestellung"),
        ("Regarding: order", "Regarding: order"),
        ("ردود العملاء: ملاحظة", "ردود العملاء: ملاحظة"),
        ("Re:", ""),
    ],
)
def test_a_subject_is_told_without_its_prefixes(subject: str, bare: str) -> None:
    assert normalise_subject(subject) == bare
