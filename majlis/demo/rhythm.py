"""When people write and when they answer: a plausible week, Friday and Saturday quiet. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

# Monday is 0; Friday and Saturday are the weekend.
_DAYS = (1.0, 0.95, 0.95, 0.9, 0.35, 0.55, 1.1)
_HOURS = (1, 1, 0, 0, 0, 1, 2, 4, 7, 9, 10, 10, 9, 8, 7, 7, 8, 9, 9, 9, 10, 9, 6, 3)
_OPENS, _CLOSES = 9, 21


def written_at(random: Random, now: datetime, *, oldest_days: float, newest_days: float) -> datetime:
    """A moment in the zone of `now`, so many days before it, at which a customer may well write."""
    while True:
        at = now - timedelta(days=random.uniform(newest_days, oldest_days))
        if random.random() < _DAYS[at.weekday()] / max(_DAYS):
            break
    if newest_days < 1:
        return at
    hour = random.choices(range(24), weights=_HOURS)[0]
    at = at.replace(hour=hour, minute=random.randrange(60), second=random.randrange(60), microsecond=0)
    return min(at, now - timedelta(minutes=30))


def worked_at(random: Random, after: datetime, *, minutes: float) -> datetime:
    """About so many minutes after `after`, when somebody of the team is there (9 to 21, Fridays off)."""
    at = after + timedelta(minutes=minutes * random.lognormvariate(0, 0.6))
    while at.weekday() == 4 or not _OPENS <= at.hour < _CLOSES:
        day = at if at.hour < _OPENS and at.weekday() != 4 else at + timedelta(days=1)
        at = day.replace(hour=_OPENS, minute=random.randrange(5, 55), second=random.randrange(60))
    return at
