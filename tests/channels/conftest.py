"""The mail host as the tests of this room see it."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.mailhost import MailHost


@pytest.fixture
def host(mail_host: MailHost, monkeypatch: pytest.MonkeyPatch) -> MailHost:
    """The mail host, its certificate trusted as one of the system's."""
    monkeypatch.setenv("SSL_CERT_FILE", str(mail_host.ca_file))
    return mail_host


@pytest.fixture
def layla(host: MailHost) -> str:
    """An address of Layla's that only this test uses."""
    address = f"layla-{uuid4().hex[:8]}@customers.test"
    host.add_user(address, "x")
    return address
