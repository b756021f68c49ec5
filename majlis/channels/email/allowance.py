"""How much the known providers let one account send, as each publishes it; a proposal, always editable. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Allowance:
    """Messages at most in a minute, an hour and a day; 0 is no limit."""

    per_minute: int = 0
    per_hour: int = 0
    per_day: int = 0

    def windows(self) -> list[tuple[str, int, timedelta]]:
        """Name, number and length of each limit there is, the shortest first."""
        known = (
            ("minute", self.per_minute, timedelta(minutes=1)),
            ("hour", self.per_hour, timedelta(hours=1)),
            ("day", self.per_day, timedelta(days=1)),
        )
        return [one for one in known if one[1] > 0]


NONE = Allowance()
_GOOGLE = ("smtp.gmail.com", "smtp.googlemail.com", "smtp-relay.gmail.com")
_MICROSOFT = ("smtp.office365.com", "outlook.office365.com", "smtp-mail.outlook.com")
_FREE_GOOGLE = ("gmail.com", "googlemail.com")


def usual(host: str, address: str) -> Allowance:
    """What the provider behind `host` lets `address` send; no limit where none is known.

    Google: 500 a day, 2,000 for a company's own domain (Workspace). Microsoft 365: 30 a minute, 10,000 a day.
    """
    name = host.lower().rstrip(".")
    if name in _GOOGLE:
        is_free = address.lower().rpartition("@")[2] in _FREE_GOOGLE
        return Allowance(per_day=500 if is_free else 2000)
    if name in _MICROSOFT:
        return Allowance(per_minute=30, per_day=10_000)
    return NONE
