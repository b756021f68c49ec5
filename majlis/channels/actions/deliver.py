"""Claim, do, settle: the deliveries that are due leave one by one, and what the dead left is taken up."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from majlis.channels import queries
from majlis.channels.actions import outcome, pacing, settle
from majlis.channels.actions.claim import Claim, LostClaim, begin_transmitting, claimed, left_by_the_dead
from majlis.channels.actions.linking import link_large
from majlis.channels.email import building, dsn
from majlis.channels.email.carrying import Carrier
from majlis.channels.models import Delivery, State
from majlis.channels.nowhere import goes_nowhere
from majlis.channels.problems import ConnectionProblem, pack
from majlis.channels.sending_rules import allowance_of
from majlis.lib.errors import DeliveryError

logger = logging.getLogger(__name__)
# How long a result is held on to while the database cannot be reached; after that the row is held for a person.
_INSIST_SECONDS = (0.1, 0.5, 2, 5, 10, 10)


def run_due(*, limit: int = 20, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Send up to `limit` deliveries that are due; how many were attempted. Any number may run at once.

    Those that go by one server share a connection. Must not be called inside a transaction: the claim is committed
    before the server is spoken to.
    """
    with Carrier() as carrier:
        for done in range(limit):
            if should_stop():
                return done
            with claimed() as claim:
                if claim is None:
                    return done
                _deliver(claim, carrier)
    return limit


def recover_orphans() -> int:
    """Take up what was being sent when its process died; how many there were.

    Not yet transmitted: back to the queue. Perhaps transmitted: held for a person, never sent again unasked.
    """
    recovered = 0
    for delivery in Delivery.objects.filter(state=State.SENDING).select_related("entry").order_by("pk"):
        with left_by_the_dead(delivery.claimed_by) as is_dead:
            if is_dead:
                recovered += _recover(delivery)
    return recovered


def _recover(delivery: Delivery) -> bool:
    """The conditions are asked again in the update: the claimer may have settled before its lock was free."""
    mine = Delivery.objects.filter(state=State.SENDING, claimed_by=delivery.claimed_by)
    untransmitted = mine.filter(transmitting_at=None)
    now = timezone.now()
    # What kills its process every time does not come again at once, and not for ever.
    waits = (0, *settle.BACKOFF_MINUTES)
    if delivery.attempts < len(waits):
        values = {
            "state": State.QUEUED,
            "claimed_by": "",
            "due_at": now + timedelta(minutes=waits[delivery.attempts - 1]),
        }
        if settle.move(untransmitted, delivery, "delivery.retried", **values):
            return True
    why = pack("worker")
    return settle.move(
        mine, delivery, "delivery.held", state=State.HELD, why=why, settled_at=now, data={"why": why}
    )


def _deliver(claim: Claim, carrier: Carrier) -> None:
    delivery = Delivery.objects.select_related("entry__mailbox", "mailbox").get(pk=claim.delivery_id)
    if goes_nowhere(delivery):
        settle.sent(claim)
        return
    try:
        way = queries.way_out(delivery)
        keys = (
            pacing.key_of_server(way.settings.host, way.settings.port),
            pacing.key_of_mailbox(delivery.mailbox_id),
        )
        wait = pacing.resting(keys) or pacing.admit(claim, delivery, allowance_of(delivery, way))
        if wait is not None:
            settle.wait(claim, why=wait.why, until=wait.until)
            return
        link_large(delivery, way)
        outgoing = queries.outgoing(delivery, way.sender)
        message = building.build(outgoing)
    except (OperationalError, InterfaceError):
        raise  # the database, not the message: the row is taken up by recover_orphans
    except ConnectionProblem as problem:
        ending = settle.held if delivery.entry is None else settle.failed
        ending(claim, why=str(problem))
        return
    except Exception as error:
        logger.exception("delivery %s could not be built", delivery.pk)
        settle.failed(claim, why=pack("unbuildable", detail=str(error) or type(error).__name__))
        return
    try:
        receipt = carrier.send(
            way.settings,
            message,
            sender=outgoing.sender[1],
            recipients=outgoing.recipients,
            envelope_id=dsn.envelope_id(delivery.message_id),
            before_end=lambda: begin_transmitting(claim),
        )
    except LostClaim:
        logger.warning("delivery %s was taken from its sender before the end went out", delivery.pk)
    except DeliveryError as error:
        _insist(partial(outcome.failure, claim, delivery, error, keys, outgoing.recipients))
    except ValueError as error:  # an address with a line end in it: the library refuses to write it
        settle.failed(claim, why=pack("unbuildable", detail=str(error)))
    else:
        _insist(partial(outcome.success, claim, delivery, receipt, keys, outgoing.recipients))


def _insist(write: Callable[[], object]) -> None:
    """Write what came of it even when the database was away for a moment: nobody else knows it."""
    for wait_seconds in _INSIST_SECONDS:
        try:
            write()
            return
        except (OperationalError, InterfaceError):
            logger.warning("the result of a delivery could not be written; trying again", exc_info=True)
            connection.close_if_unusable_or_obsolete()
            time.sleep(wait_seconds)
    write()
