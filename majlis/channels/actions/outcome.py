"""What came of a try: settled, and remembered of the server, the mailbox and the addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from majlis.channels.actions import pacing, settle
from majlis.channels.actions.claim import Claim
from majlis.channels.actions.returned import came_back, taken
from majlis.channels.email import verdicts
from majlis.channels.email.sending import Receipt
from majlis.channels.models import Delivery
from majlis.channels.problems import ConnectionProblem
from majlis.lib.errors import DeliveryError

# What is about the server for whoever wants to reach it, and what is about one account there.
_UNREACHABLE = frozenset(
    {"host", "refused", "timeout", "lost", "tls", "certificate", "not_smtp", "needs_tls"}
)
_LONGEST_MINUTES = 15  # somebody may correct the settings, or the network may come back


@dataclass(frozen=True, slots=True)
class _Keys:
    server: str
    mailbox: str


def success(
    claim: Claim, delivery: Delivery, receipt: Receipt, keys: tuple[str, str], recipients: Sequence[str]
) -> None:
    """The server has it; whom of the copied ones it refused stands beside it."""
    why = "\n".join(f"{address}: {words}" for address, words in receipt.refused.items())
    settle.sent(claim, why=why)
    pacing.went_well(keys, size_limit=receipt.size_limit)
    taken([address for address in recipients if address not in receipt.refused])
    for address, words in receipt.refused.items():
        _remember(address, words, delivery)


def failure(
    claim: Claim, delivery: Delivery, error: DeliveryError, keys: tuple[str, str], recipients: Sequence[str]
) -> None:
    """Held, failed or later; with a throttled or unreachable server the others that go by it rest too."""
    why = str(error)
    if error.unclear:
        settle.held(claim, why=why)
        return
    not_before = None
    if isinstance(error, ConnectionProblem):
        not_before = _rest_of(error, _Keys(*keys))
        settle.later(claim, why=why, attempts=delivery.attempts, not_before=not_before)
        return
    if not why[:3].isdigit():  # our own words: the answer was never asked for
        _end(claim, delivery, why, is_permanent=error.permanent, not_before=None)
        return
    verdict = verdicts.read(why)
    if verdict.kind == "throttled":
        key = keys[0] if verdict.scope == "host" else keys[1]
        not_before = pacing.rest(key, why=why, wait_seconds=verdict.wait_seconds)
    elif verdict.wait_seconds:
        not_before = timezone.now() + timedelta(seconds=verdict.wait_seconds)
    if recipients:
        _remember(recipients[0], why, delivery)
    _end(claim, delivery, why, is_permanent=verdict.is_permanent, not_before=not_before)


def _end(
    claim: Claim, delivery: Delivery, why: str, *, is_permanent: bool, not_before: datetime | None
) -> None:
    if is_permanent:
        settle.failed(claim, why=why)
    else:
        settle.later(claim, why=why, attempts=delivery.attempts, not_before=not_before)


def _rest_of(problem: ConnectionProblem, keys: _Keys) -> datetime | None:
    """Until when others are not tried either; None when the problem came up in the middle of one message."""
    if not problem.is_while_connecting:
        return None
    why = str(problem)
    if problem.code == "later":
        said = verdicts.read(str(problem.data.get("detail", "")))
        key = keys.mailbox if said.scope == "mailbox" else keys.server
        return pacing.rest(key, why=why, wait_seconds=said.wait_seconds)
    if problem.code in _UNREACHABLE:
        return pacing.rest(keys.server, why=why, longest_minutes=_LONGEST_MINUTES)
    if problem.code in ("login", "no_login"):  # wrong words repeated would lock the account
        return pacing.rest(keys.mailbox, why=why, longest_minutes=_LONGEST_MINUTES)
    return None


def _remember(address: str, words: str, delivery: Delivery) -> None:
    verdict = verdicts.read(words)
    if verdict.kind in verdicts.ABOUT_THE_ADDRESS or verdict.kind == "mailbox_full":
        came_back(address, words=words, verdict=verdict, delivery=delivery)
