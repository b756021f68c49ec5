"""What an import found, brought, knew and left out: numbers by kind, and names where somebody should look."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

KINDS = ("mailboxes", "users", "customers", "conversations", "messages", "files", "drafts")
_NAMED_AT_MOST = 20


@dataclass(slots=True)
class Tally:
    """Counts as it goes; `left` is {why: how many}, `named` the single things worth a line."""

    new: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    named: list[str] = field(default_factory=list)
    matched: list[str] = field(default_factory=list)

    def leave(self, why: str, name: str = "") -> None:
        """One thing does not come over."""
        self.left[why] += 1
        if name:
            self.named.append(f"{why}: {name}")

    def lines(self, *, is_dry: bool) -> list[str]:
        """The report, line by line."""
        will = "would be new" if is_dry else "new"
        out = [f"  {line}" for line in self.matched]
        for kind in KINDS:
            line = f"{kind.capitalize()}: {self.new[kind]} {will}, {self.known[kind]} already there"
            out.append(f"{line}, {self.changed[kind]} changed." if self.changed[kind] else f"{line}.")
        out += [f"Left out: {number} × {why}." for why, number in sorted(self.left.items())]
        out += [f"  {line}" for line in self.named[:_NAMED_AT_MOST]]
        if len(self.named) > _NAMED_AT_MOST:
            out.append(f"  … and {len(self.named) - _NAMED_AT_MOST} more")
        return out
