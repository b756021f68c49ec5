"""The stamp in a form's page: when it was given out, for which form, signed. Each is good for one message."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings

from .models import Form

TOO_FAST: Final = timedelta(seconds=3)
TOO_OLD: Final = timedelta(days=1)
_LABEL = b"majlis form stamp v1\x00"
_SHAPE = re.compile(r"([0-9]{1,11})\.([0-9a-f]{16})\.([0-9a-f]{32})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A stamp that is ours. `key` is what the message that comes with it is known by, so that it comes once."""

    text: str
    given_at: datetime

    @property
    def key(self) -> str:
        """64 hexadecimal digits, the same for the same stamp."""
        return hashlib.sha256(_LABEL + self.text.encode()).hexdigest()


def give(form: Form, *, now: datetime) -> str:
    """A new stamp for a page of this form."""
    said = f"{int(now.timestamp())}.{secrets.token_hex(8)}"
    return f"{said}.{_mark(form, said)}"


def read(form: Form, text: str) -> Stamp | None:
    """The stamp that was given out for this form, of whatever age; None for what is none of ours."""
    found = _SHAPE.fullmatch(text)
    if found is None or not hmac.compare_digest(found[3], _mark(form, f"{found[1]}.{found[2]}")):
        return None
    return Stamp(text, datetime.fromtimestamp(int(found[1]), UTC))


def _mark(form: Form, said: str) -> str:
    key = settings.CONFIG.derived_key("signing")
    return hmac.digest(key, _LABEL + f"{form.key}.{said}".encode(), "sha256").hex()[:32]
