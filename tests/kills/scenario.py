"""The whole of it: mail comes by two ways and replies leave while processes die; then everything is counted."""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import psycopg

from majlis.flow import alone
from tests.kills import killing
from tests.kills.running import Installation, installation
from tests.kills.traffic import Traffic, letters
from tests.mailhost import MailHost
from tests.polling import until

_CUSTOMERS = 20
_MARK = re.compile(r"mark-[0-9a-f]{32}")
_PASSWORD = "harbour-lamp-77"
_OWNER = "salma@majlis.test"


@dataclass(slots=True)
class Outcome:
    """What came of a run. Every list names what is wrong and is empty when nothing is."""

    kills: Counter[str]
    mails: int = 0
    replies: int = 0
    retries: dict[str, int] = field(default_factory=dict)
    held: int = 0
    held_but_there: int = 0
    held_attempts: list[int] = field(default_factory=list)
    letters: int = 0
    raws: int = 0
    seconds: float = 0.0
    stopping_seconds: float = 0.0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    sent_twice: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Company:
    """The addresses of one run."""

    by_imap: str
    by_lmtp: str
    customers: list[str]


def run(
    host: MailHost,
    *,
    mails: int,
    replies: int,
    kills: int,
    seed: int,
    settle_seconds: float,
    disturb: Callable[[Installation, Traffic, Random], None] | None = None,
    **settings: str,
) -> Outcome:
    """Let `mails` messages and `replies` replies go through a real Majlis while `kills` of its processes die.

    Half the mails come over LMTP from senders that try until they are told OK, half through the company's mail
    host and IMAP. Traffic is let go in as many parts as there are kills, so that every death finds work under
    way; `disturb` does something else amid the traffic, which it lets go. `settle_seconds` bounds the wait for the end. Raises AssertionError when something does not come to it.
    """
    began = time.monotonic()
    rng = Random(seed)
    company = _addresses(host, f"k{rng.getrandbits(32):08x}")
    order = [] if disturb else killing.plan(kills, rng)
    outcome = Outcome(Counter(order), mails, replies)
    with installation(SSL_CERT_FILE=str(host.ca_file), **settings) as majlis:
        _furnish(majlis, host, company)
        traffic = Traffic(
            majlis,
            host,
            letters(
                mails - mails // 2, to=company.by_lmtp, customers=company.customers, rng=rng, name="lmtp"
            ),
            letters(mails // 2, to=company.by_imap, customers=company.customers, rng=rng, name="imap"),
            [
                (UUID(int=rng.getrandbits(128), version=4), f"mark-{rng.randbytes(16).hex()}")
                for _ in range(replies)
            ],
            deadline=time.monotonic() + 60 + kills * 20 + settle_seconds,
        )
        traffic.start()
        try:
            if disturb:
                disturb(majlis, traffic, rng)
            else:
                _kill_all(majlis, traffic, order, rng)
            _settle(majlis, host, traffic, company, settle_seconds)
        except AssertionError as error:
            raise AssertionError(
                f"seed {seed}: {error}\n{'; '.join(traffic.troubles)}\n{majlis.log()[-6000:]}"
            ) from error
        finally:
            traffic.end()
        outcome.retries = traffic.retries
        outcome.wrong += traffic.troubles
        _count_mails(majlis, host, traffic, company, outcome)
        _count_replies(majlis, host, traffic, company, outcome)
        _count_letters(majlis, host, outcome)
        _examine(majlis, traffic, outcome)
        _stop(majlis, outcome)
    outcome.seconds = round(time.monotonic() - began, 1)
    return outcome


def _addresses(host: MailHost, name: str) -> _Company:
    customers = [f"c{number:02}@buyers.{name}.test" for number in range(_CUSTOMERS)]
    made = _Company(f"orders@{name}.test", f"help@{name}.test", customers)
    for address in (made.by_imap, _OWNER, *customers):
        host.add_user(address, _PASSWORD)
    return made


def _furnish(majlis: Installation, host: MailHost, company: _Company) -> None:
    """Both mailboxes send by Exim; one is read from Dovecot, which must have been seen before mail comes."""
    majlis.start()
    user = {"user": company.by_imap, "password": _PASSWORD}
    imap = {"host": "localhost", "port": host.imap_port, "security": "starttls", **user}
    smtp = {"host": "localhost", "port": host.smtp_port, "security": "starttls", **user}
    majlis.inside(
        "furnish",
        {
            "mailboxes": [
                {"address": company.by_imap, "name": "الطلبات", "imap": imap, "smtp": smtp},
                {"address": company.by_lmtp, "name": "المساعدة", "imap": None, "smtp": smtp},
            ]
        },
    )
    question = "select 1 from channels_mailconnection where checked_at is not null"
    until(lambda: majlis.patient_query(question), "the first look into the mailbox", timeout=30)


def _kill_all(majlis: Installation, traffic: Traffic, order: list[str], rng: Random) -> None:
    second_start_at = rng.randrange(len(order))
    for number, what in enumerate(order):
        traffic.let((number + 1) / (len(order) + 1))
        pause_until = time.monotonic() + rng.uniform(0.3, 2.5)
        if number == second_start_at:
            _refuse_second_start(majlis)
        until(lambda: time.monotonic() > pause_until, "a random moment")  # noqa: B023 - asked at once
        assert not traffic.troubles, traffic.troubles
        _have_been_away(majlis)
        killing.kill(majlis, what, rng=rng)
    traffic.let(1.0)


def _have_been_away(majlis: Installation) -> None:
    """What waits for people who are away is due now, as if minutes had passed: letters leave under the kills too."""
    majlis.patient_query(
        "with away as (update people_session set seen_at = now() - interval '1 hour' returning 1),"
        " due as (update people_notification set mail_at = now() where mail_at > now() returning 1)"
        " select (select count(*) from away), (select count(*) from due)"
    )


def _refuse_second_start(majlis: Installation) -> None:
    second = majlis.majlis("run")
    assert majlis.process is not None
    assert second.returncode == 3, second.stderr
    assert f"already at work here (majlis run): process {majlis.process.pid}." in second.stderr
    assert "Traceback" not in second.stderr


def _settle(
    majlis: Installation, host: MailHost, traffic: Traffic, company: _Company, settle_seconds: float
) -> None:
    """Wait until all was handed over, taken in and sent, and every armed point has killed."""
    until(traffic.is_done, "everything handed over", timeout=settle_seconds, interval=0.2)
    assert not traffic.troubles, traffic.troubles

    def open_ends() -> list[str]:
        try:
            rows = majlis.query(
                "select 'raw ' || route || ' not taken in', count(*) from channels_rawmessage"
                " where taken_in_at is null and quarantined_at is null group by 1"
                " union all select 'raw ' || route || ' to be heard again', count(*) from channels_rawmessage"
                f" where quarantined_at is not null and error = '{alone.DEADLY}'"
                f" and hearings < {len(alone.PAUSES_SECONDS)} group by 1"
                " union all select 'delivery ' || state, count(*) from channels_delivery"
                " where state in ('queued', 'sending') group by 1"
                " union all select 'fetched by imap', count(*) from channels_rawmessage where route = 'imap'"
            )
        except psycopg.OperationalError:
            return ["no database"]
        facts = {str(name): int(number) for name, number in rows}
        if facts.get("fetched by imap") == len(host.messages(company.by_imap)):
            del facts["fetched by imap"]
        facts |= dict.fromkeys(killing.armed(majlis), 1)
        return [f"{number} {name}" for name, number in facts.items()] + host.queued()

    deadline = time.monotonic() + settle_seconds
    while left := open_ends():
        assert time.monotonic() < deadline, f"not settled after {settle_seconds} s: {', '.join(left)}"
        time.sleep(0.2)


def _count_mails(
    majlis: Installation, host: MailHost, traffic: Traffic, company: _Company, outcome: Outcome
) -> None:
    """One entry for each message a sender was told OK for, and for each that lies in the mailbox."""
    rows = majlis.patient_query(
        "select e.message_id, m.address, count(*) from conversations_entry e join people_mailbox m"
        " on m.id = e.mailbox_id where e.kind = 'message' group by 1, 2"
    )
    found = {(str(message_id), str(address)): int(number) for message_id, address, number in rows}
    there = [_message_id(raw) for raw in host.messages(company.by_imap)]
    wanted = [(one, company.by_lmtp) for one in traffic.accepted] + [(one, company.by_imap) for one in there]
    outcome.lost += [
        f"mail {message_id} to {to}" for message_id, to in wanted if (message_id, to) not in found
    ]
    outcome.doubled += [f"mail {one} to {to}" for (one, to), number in found.items() if number > 1]
    outcome.wrong += [f"nobody sent {message_id} to {to}" for message_id, to in found.keys() - set(wanted)]
    if set(there) != {letter.message_id for letter in traffic.by_imap}:
        outcome.wrong.append("the mail host itself has not what was given to it")
    bad = majlis.patient_query(
        "select id, error from channels_rawmessage where quarantined_at is not null or taken_in_at is null"
        " or entry_id is null or error <> ''"
    )
    outcome.wrong += [f"raw {pk} was not taken in: {error}" for pk, error in bad]
    outcome.raws = majlis.patient_query("select count(*) from channels_rawmessage")[0][0]


def _message_id(raw: bytes) -> str:
    return str(email.message_from_bytes(raw, policy=email.policy.compat32)["Message-ID"]).strip()


def _count_replies(
    majlis: Installation, host: MailHost, traffic: Traffic, company: _Company, outcome: Outcome
) -> None:
    """One entry and one mail for each reply posted; a held one may be there or not, never twice."""
    rows = majlis.patient_query(
        "select e.submission_key, d.state, d.message_id, d.attempts, d.why from conversations_entry e"
        " join channels_delivery d on d.entry_id = e.id where e.kind = 'reply'"
    )
    by_key: dict[UUID, list[tuple[str, str, int, str]]] = {}
    for key, *rest in rows:
        by_key.setdefault(key, []).append((rest[0], rest[1], rest[2], rest[3]))
    arrived = [raw for address in company.customers for raw in host.messages(address)]
    ids = Counter(_message_id(raw) for raw in arrived)
    marks = Counter(mark for raw in arrived for mark in set(_MARK.findall(_text(raw))))
    for posted in traffic.posted:
        found = by_key.pop(posted.key, [])
        if not found:
            outcome.lost.append(f"reply {posted.key}: not in the desk")
            continue
        state, message_id, attempts, why = found[0]
        there = marks[posted.mark]
        name = f"reply {posted.key} ({state}, {attempts} attempts, {why!r})"
        if len(found) > 1:
            outcome.doubled.append(f"{name}: {len(found)} entries")
        if there > 1 or ids[message_id] > 1:
            outcome.sent_twice.append(f"{name}: {there} mails")
        if there != ids[message_id]:
            outcome.wrong.append(f"{name}: its text came {there} times, its Message-ID {ids[message_id]}")
        if state == "held":
            outcome.held += 1
            outcome.held_but_there += there
            outcome.held_attempts.append(attempts)
        elif state != "sent":
            outcome.wrong.append(f"{name}: neither sent nor held")
        elif not there:
            outcome.lost.append(f"{name}: not in the customer's mailbox")
    outcome.wrong += [f"nobody posted {key}" for key in by_key]
    outcome.wrong += [f"mail {one} came from nowhere" for one in ids.keys() - {row[2] for row in rows}]


def _count_letters(majlis: Installation, host: MailHost, outcome: Outcome) -> None:
    """What tells the owner, who is away most of the time, of answers: one mail for each letter, none from nowhere."""
    rows = majlis.patient_query("select message_id, state from channels_delivery where entry_id is null")
    arrived = Counter(_message_id(raw) for raw in host.messages(_OWNER))
    for message_id, state in rows:
        if arrived[message_id] > 1:
            outcome.sent_twice.append(f"letter {message_id}: {arrived[message_id]} mails")
        if state == "sent" and not arrived[message_id]:
            outcome.lost.append(f"letter {message_id}: not in the owner's mailbox")
        if state == "held":  # a death may meet a letter as well as a reply
            outcome.held += 1
            outcome.held_but_there += arrived[message_id]
    outcome.letters = len(rows)


def _text(raw: bytes) -> str:
    body = email.message_from_bytes(raw, policy=email.policy.default).get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def _examine(majlis: Installation, traffic: Traffic, outcome: Outcome) -> None:
    """What Majlis says of itself, the seqs, and the bytes that came over LMTP: kept as they were sent."""
    own = majlis.inside("reckon")
    kept = set(own["contents"])
    sent = {one.message_id: hashlib.sha256(one.raw).hexdigest() for one in traffic.by_lmtp}
    outcome.lost += [f"the bytes of {one}" for one in traffic.accepted if sent[one] not in kept]
    outcome.wrong += [f"counter off: {row}" for row in own["counters_off"]]
    outcome.wrong += _holes(majlis)
    doctor = majlis.majlis("doctor")
    if doctor.returncode:
        outcome.wrong.append(f"majlis doctor: {doctor.stdout}{doctor.stderr}")


def _holes(majlis: Installation) -> list[str]:
    rows = majlis.patient_query(
        "select c.id, c.seq, (select max(e.seq) from conversations_entry e where e.conversation_id = c.id),"
        " (select count(*) from journal_event j where j.conversation_id = c.id and j.seq > c.seq)"
        " from conversations_conversation c"
    )
    return [
        f"conversation {pk} stands at {seq}, behind its own" for pk, seq, top, n in rows if n or top > seq
    ]


def _stop(majlis: Installation, outcome: Outcome) -> None:
    status, outcome.stopping_seconds = majlis.stop(signal.SIGINT)
    left = majlis.left()
    if status or outcome.stopping_seconds > 5 or left:
        outcome.wrong.append(
            f"Ctrl-C: status {status} after {outcome.stopping_seconds:.1f} s, left: {left}\n{majlis.log()[-1500:]}"
        )


def as_record(outcome: Outcome, *, seed: int) -> dict[str, Any]:
    """One line of a log of such runs."""
    return {
        "seed": seed,
        "mails": outcome.mails,
        "replies": outcome.replies,
        "kills": outcome.kills.total(),
        "by_kind": dict(sorted(outcome.kills.items())),
        "seconds": outcome.seconds,
        "retries": outcome.retries,
        "raws": outcome.raws,
        "held": outcome.held,
        "held_but_there": outcome.held_but_there,
        "letters": outcome.letters,
        "stopping_seconds": round(outcome.stopping_seconds, 2),
        "lost": outcome.lost,
        "doubled": outcome.doubled,
        "sent_twice": outcome.sent_twice,
        "wrong": outcome.wrong,
    }
