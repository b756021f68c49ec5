"""An error says what the page or the outbox needs to know."""

from __future__ import annotations

from majlis.lib.errors import DeliveryError, Refused


def test_a_refusal_carries_its_code_and_what_explains_it() -> None:
    refused = Refused("newer_entry", seq=5)
    assert (refused.code, refused.data) == ("newer_entry", {"seq": 5})
    assert str(refused) == "newer_entry (seq=5)"
    assert str(Refused("closed")) == "closed"


def test_a_failed_delivery_says_whether_to_try_again() -> None:
    error = DeliveryError("550 no such user", permanent=True)
    assert (str(error), error.permanent, error.unclear) == ("550 no such user", True, False)
    assert DeliveryError("lost", unclear=True).unclear
