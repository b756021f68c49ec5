"""Several messages over one connection: those that wait for one server share it, up to twenty (RFC 5321 §3.3)."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Self

from majlis.channels.email import sending
from majlis.channels.email.sending import Receipt, SmtpSettings
from majlis.channels.problems import ConnectionProblem
from majlis.lib.errors import DeliveryError

MOST = 20
_AT_ONCE = 4  # connections kept open by one sender


@dataclass(slots=True)
class Carrier:
    """The open connections of one sender, by their settings; a context manager that says goodbye to all."""

    _open: dict[SmtpSettings, tuple[smtplib.SMTP, int]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        while self._open:
            smtp, _count = self._open.popitem()[1]
            sending.leave(smtp)
            smtp.close()

    def send(
        self,
        settings: SmtpSettings,
        message: bytes,
        *,
        sender: str,
        recipients: Sequence[str],
        envelope_id: str = "",
        before_end: Callable[[], None] = lambda: None,
    ) -> Receipt:
        """As `sending.send`, over a connection that is open already where there is one.

        A kept connection that turns out to be dead, or that the server wants closed, is replaced once, and only
        while the end of the message has not gone out.
        """
        has_ended = False

        def end() -> None:
            nonlocal has_ended
            has_ended = True
            before_end()

        def over(smtp: smtplib.SMTP, count: int) -> Receipt:
            try:
                receipt = sending.transmit(
                    smtp,
                    message,
                    sender=sender,
                    recipients=recipients,
                    envelope_id=envelope_id,
                    before_end=end,
                )
            except DeliveryError as error:
                # Refused in good order: the next one begins anew. Anything else leaves the connection in between.
                self._keep(settings, smtp, count, is_sound=not _breaks(error))
                raise
            except BaseException:
                smtp.close()
                raise
            self._keep(settings, smtp, count, is_sound=True)
            return receipt

        kept = self._taken(settings)
        if kept is not None:
            try:
                return over(*kept)
            except DeliveryError as error:
                if has_ended or not _breaks(error):
                    raise
        try:
            smtp = sending.connect(settings)
        except ConnectionProblem as problem:
            problem.is_while_connecting = True
            raise
        return over(smtp, 1)

    def _taken(self, settings: SmtpSettings) -> tuple[smtplib.SMTP, int] | None:
        smtp, count = self._open.pop(settings, (None, 0))
        if smtp is None:
            return None
        if count < MOST and sending.again(smtp):
            return smtp, count + 1
        sending.leave(smtp)
        smtp.close()
        return None

    def _keep(self, settings: SmtpSettings, smtp: smtplib.SMTP, count: int, *, is_sound: bool) -> None:
        if not is_sound:
            smtp.close()
            return
        while len(self._open) >= _AT_ONCE:
            other, _ = self._open.pop(next(iter(self._open)))
            sending.leave(other)
            other.close()
        self._open[settings] = (smtp, count)


def _breaks(error: DeliveryError) -> bool:
    """Claims that nothing more can be said over the connection: it is lost, unclear, or the server ends it (421)."""
    return error.unclear or isinstance(error, ConnectionProblem) or str(error).startswith("421")
