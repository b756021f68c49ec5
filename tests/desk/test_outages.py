"""While the database is away or the disk is full, pages say so in the reader's language; any other fault is one."""

from __future__ import annotations

import errno
import logging

import pytest
from django.db import OperationalError
from django.http import HttpRequest
from psycopg.errors import DiskFull

from majlis.desk import health, inbox, outages
from majlis.people.models import Teammate
from tests import cast
from tests.desk.test_settings_pages import at_desk

pytestmark = pytest.mark.django_db


def full() -> OperationalError:
    error = OperationalError("could not extend file")
    error.__cause__ = DiskFull()
    return error


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk_full", "no room left on the server"),
        (OSError(errno.EDQUOT, "Quota exceeded"), "disk_full", "no room left on the server"),
        (full(), "disk_full", "no room left on the server"),
        (OperationalError("server closed the connection"), "database_away", "The database does not answer"),
    ],
)
def test_an_outage_is_told_in_two_sentences_and_one_line_of_the_log(
    error: Exception, code: str, said: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    client = at_desk(cast.salma())
    client.raise_request_exception = False
    monkeypatch.setattr(inbox, "me", _raising(error))

    with caplog.at_level(logging.WARNING):
        page, fragment = (
            client.get("/inbox/unassigned"),
            client.get("/inbox/unassigned", headers={"HX-Request": "true"}),
        )

    for answer in (page, fragment):
        assert (answer.status_code, answer["X-Majlis-Refused"]) == (503, code)
        assert answer["Retry-After"]
        assert said in answer.text
    assert "<h1" in page.text
    assert "<h1" not in fragment.text
    assert "Traceback" not in caplog.text


def test_another_fault_is_no_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    client = at_desk(cast.salma())
    client.raise_request_exception = False
    monkeypatch.setattr(inbox, "me", _raising(OSError(errno.EACCES, "Permission denied")))

    answer = client.get("/inbox/unassigned")

    assert answer.status_code == 500
    assert "X-Majlis-Refused" not in answer


def test_a_conflict_in_the_database_is_no_outage() -> None:
    error = OperationalError("deadlock")
    error.__cause__ = type("Deadlock", (Exception,), {"sqlstate": "40P01"})()
    assert outages.kind(error) == ""


def test_the_words_are_in_the_readers_language_also_before_anybody_could_be_looked_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = at_desk(cast.salma())
    client.raise_request_exception = False
    client.cookies["majlis_language"] = "en"
    monkeypatch.setattr("majlis.desk.middleware.teammate_of", _raising(OperationalError("away")))

    assert "The database does not answer" in client.get("/inbox/unassigned").text
    del client.cookies["majlis_language"]
    assert "قاعدة البيانات لا تجيب" in client.get("/inbox/unassigned").text


def test_the_health_page_is_503_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        health, "connection", type("Away", (), {"cursor": _raising(OperationalError("away"))})()
    )

    assert health.health(HttpRequest()).status_code == 503


def _raising(error: Exception):
    def away(*_: object) -> Teammate:
        raise error

    return away
