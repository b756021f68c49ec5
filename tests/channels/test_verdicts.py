"""What servers answer, as real ones word it, and what it means."""

from __future__ import annotations

import pytest
from django.utils import translation

from majlis.channels.email.allowance import Allowance, usual
from majlis.channels.email.dsn import from_xtext, of_message, of_recipient, xtext
from majlis.channels.email.verdicts import read
from majlis.channels.problems import pack
from majlis.channels.verdict_words import said

ANSWERS = [
    ("550 5.1.1 <x@y.test>: Recipient address rejected: User unknown in virtual mailbox table", "unknown_address", True),
    ("550-5.1.1 The email account that you tried to reach does not exist.", "unknown_address", True),
    ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", "unknown_address", True),
    ("550 No such user here", "unknown_address", True),
    ("550 Unrouteable address", "unknown_address", True),
    ("550 5.1.2 bad destination system", "unknown_domain", True),
    ("550 5.4.4 Unable to route: no mail hosts for domain", "unknown_domain", True),
    ("550 5.2.1 The email account that you tried to reach is disabled.", "closed", True),
    ("552 5.2.2 The email account that you tried to reach is over quota", "mailbox_full", False),
    ("452 4.2.2 Mailbox full", "mailbox_full", False),
    ("550 Mailbox is full", "mailbox_full", False),
    ("552 5.3.4 Message size exceeds fixed limit", "too_big", True),
    ("552 5.2.3 Message exceeds maximum size", "too_big", True),
    ("552 Message too large", "too_big", True),
    ("554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", "spam", True),
    ("550 5.7.1 Our system has detected that this message is likely unsolicited mail; spam", "spam", True),
    ("550 5.7.26 This mail is unauthenticated", "unauthenticated", True),
    ("550 5.7.1 Email rejected per DMARC policy for majlis.test", "unauthenticated", True),
    ("550 5.7.1 Message rejected due to content restrictions", "policy", True),
    ("554 5.7.1 <x@y.test>: Relay access denied", "relay", True),
    ("550 5.1.8 Sender address rejected: Domain not found", "sender", True),
    ("451 4.7.1 Greylisting in action, please come back in 300 seconds", "greylisted", False),
    ("450 4.2.0 <x@y.test>: Recipient address rejected: Greylisted, see http://postgrey.test/", "greylisted", False),
    ("450 4.2.1 The user you are trying to contact is receiving mail too quickly.", "busy", False),
    ("450 4.2.1 mailbox temporarily unavailable", "throttled", False),
    ("421 4.7.0 Try again later, closing connection.", "throttled", False),
    ("421 4.7.28 Our system has detected an unusual rate of mail from your IP address", "throttled", False),
    ("451 4.7.500 Server busy. Please try again later", "throttled", False),
    ("452 4.5.3 Too many messages this hour", "throttled", False),
    ("432 4.3.2 Concurrent connections limit exceeded: too many", "throttled", False),
    ("550 5.4.5 Daily user sending limit exceeded.", "throttled", False),
    ("451 4.3.0 Temporary lookup failure", "", False),
    ("452 4.3.1 Insufficient system storage", "", False),
    ("550 4.4.1 odd", "", False),
    ("450 5.1.1 odd", "unknown_address", True),
    ("554 Transaction failed", "", True),
]  # fmt: skip


@pytest.mark.parametrize(("words", "kind", "is_permanent"), ANSWERS)
def test_an_answer_is_read_by_its_enhanced_code_first(words: str, kind: str, is_permanent: bool):
    verdict = read(words)
    assert (verdict.kind, verdict.is_permanent) == (kind, is_permanent)


@pytest.mark.parametrize(
    ("words", "scope"),
    [
        ("421 4.7.0 Too many concurrent SMTP connections", "host"),
        ("421 4.7.28 unusual rate of mail from your IP address", "host"),
        ("452 4.5.3 Too many messages this hour", "mailbox"),
        ("550 5.4.5 Daily user sending limit exceeded.", "mailbox"),
        ("451 4.7.1 Greylisting in action", ""),
        ("450 4.2.1 The user you are trying to contact is receiving mail too quickly.", ""),
        ("451 4.3.0 Temporary lookup failure", ""),
    ],
)
def test_a_slowed_down_sender_rests_as_far_as_it_was_meant(words: str, scope: str):
    assert read(words).scope == scope


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("451 4.7.1 Greylisting in action, please come back in 300 seconds", 300),
        ("421 4.7.0 rate limited, retry in 5 minutes", 300),
        ("450 try again after 2h", 7200),
        ("450 try again in 99 hours", 6 * 3600),
        ("450 4.7.1 try again later", None),
    ],
)
def test_a_server_that_says_how_long_is_heard(words: str, seconds: int | None):
    assert read(words).wait_seconds == seconds


def test_a_report_brings_its_status_beside_the_words():
    assert read("smtp; mailbox unavailable", status="5.1.1").kind == "unknown_address"


def test_every_meaning_has_words_in_both_languages_beside_the_servers_own():
    for words, kind, _ in ANSWERS:
        with translation.override("en"):
            found = said(words)
        assert found.words == words
        assert bool(found.sentence) == bool(kind)
    with translation.override("en"):
        assert said("552 5.2.2 over quota", goes_on=True).sentence.endswith("we go on trying for two days.")
        assert "100" in said(pack("limit_hour", n=100)).sentence
        assert "slow down" in said(pack("rests", why="421 4.7.0 slow down")).sentence


def test_what_known_providers_let_through():
    assert usual("smtp.gmail.com", "sidra@gmail.com") == Allowance(per_day=500)
    assert usual("smtp.gmail.com", "support@sidra.test") == Allowance(per_day=2000)
    assert usual("smtp.office365.com", "support@sidra.test") == Allowance(per_minute=30, per_day=10_000)
    assert usual("mail.sidra.test", "support@sidra.test").windows() == []


def test_reports_are_asked_for_in_the_form_of_the_standard():
    assert xtext("a+b=c d@é.test") == "a+2Bb+3Dc+20d@+E9.test"
    assert from_xtext(xtext("a+b=c@x.test")) == "a+b=c@x.test"
    assert of_message("mj-1-2-abc") == ["RET=HDRS", "ENVID=mj-1-2-abc"]
    assert of_message("x" * 101) == ["RET=HDRS"], "longer than a server has to take"
    assert of_recipient("layla+shop@customers.test")[1] == "ORCPT=rfc822;layla+2Bshop@customers.test"
    assert of_recipient("ليلى@customers.test") == ["NOTIFY=FAILURE,DELAY"]
