"""The door for mail, open on a free port."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.conf import settings

from majlis.intake import lmtp


@pytest.fixture
def door(transactional_db: None) -> Iterator[lmtp.Listener]:
    """A listener that takes mails of up to 100,000 bytes."""
    listener = lmtp.start(replace(settings.CONFIG, lmtp_port=0, mail_max_bytes=100_000))
    yield listener
    listener.stop()
