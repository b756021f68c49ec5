"""How long somebody must wait who tried to sign in, or asked for a link, too often."""

from __future__ import annotations

import math
import time

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import get_language, ngettext

from majlis.lib.numbers import shaped, system
from majlis.people import queries

APP = "allauth.account"


def wait_seconds(request: HttpRequest, action: str, *, key: str) -> float:
    """Until the next try is counted as allowed: the longest of the rates of `action` that are used up; 0 when none is.

    The rates are those of settings.ACCOUNT_RATE_LIMITS, by address and by account.
    """
    now, longest = time.time(), 0.0
    for rate in ratelimit.get_rates(app=APP, action=action):
        kept_under = ratelimit.get_cache_key(request, app=APP, action=action, rate=rate, key=key)
        history = [at for at in cache.get(kept_under, []) if at > now - rate.duration]
        if len(history) >= rate.amount:
            # The newest stands first; a try is free again when the amount-th newest is too old to count.
            longest = max(longest, history[rate.amount - 1] + rate.duration - now)
    return longest


def too_many(seconds: float) -> str:
    """The sentence that says when to try again, in whole minutes."""
    minutes = max(1, math.ceil(seconds / 60))
    text = ngettext(
        "That was tried too often. Try again in a minute.",
        "That was tried too often. Try again in %(n)s minutes.",
        minutes,
    )
    found = queries.installation()
    digits = system((get_language() or "ar")[:2], "auto", found.region if found else "")
    return text % {"n": shaped(str(minutes), digits)}
