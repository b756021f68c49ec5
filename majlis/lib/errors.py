"""The two errors that cross a border between rooms: an action refused, and a delivery that failed."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an accident
    """An action's checks said no.

    `code` names the reason (a stable word, e.g. `newer_entry`); `data` holds what the page needs to explain it.
    """

    def __init__(self, code: str, **data: object) -> None:
        super().__init__(code)
        self.code = code
        self.data: dict[str, object] = data

    def __str__(self) -> str:
        if not self.data:
            return self.code
        return f"{self.code} ({', '.join(f'{name}={value!r}' for name, value in self.data.items())})"


class DeliveryError(Exception):
    """Something that had to leave did not, or nobody knows whether it did.

    `permanent`: trying again will not help. `unclear`: the other side may have accepted it before the
    connection was lost, so it must be held for a person and never sent again blindly.
    """

    def __init__(self, message: str, *, permanent: bool = False, unclear: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.unclear = unclear
