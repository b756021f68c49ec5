"""The database goes and comes back while mail comes and replies leave: nothing lost, doubled or sent twice."""

from __future__ import annotations

import http.client
import shutil
import signal
import smtplib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from tempfile import mkdtemp

import pytest

from majlis.cli.postgres import EmbeddedPostgres
from tests import cast
from tests.kills import scenario
from tests.kills.running import Installation
from tests.kills.traffic import Traffic
from tests.mailhost import MailHost
from tests.polling import until

SEED = 40_961
# Fast: whoever is connected is told and cut off. Immediate: nobody is told, and the next start puts things in order.
WAYS = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT}


@pytest.fixture
def server() -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL that belongs to nobody's supervisor."""
    folder = Path(mkdtemp(prefix="mk-db-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    folder.chmod(0o755)
    made = EmbeddedPostgres(folder / "var")
    made.start()
    yield made
    made.stop(in_a_hurry=True)
    shutil.rmtree(folder)


def asked(majlis: Installation, path: str, **headers: str) -> tuple[int, str]:
    """Status and text of a page, as anybody gets it."""
    with closing(http.client.HTTPConnection("127.0.0.1", majlis.port, timeout=20)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def handed_over(majlis: Installation) -> int:
    """The code that the door answers a mail with."""
    try:
        with smtplib.LMTP("127.0.0.1", majlis.lmtp_port, local_hostname="test", timeout=30) as door:
            door.sendmail(cast.LAYLA, [cast.SUPPORT], cast.letter("now?"))
    except smtplib.SMTPRecipientsRefused as refused:
        return int(next(iter(refused.recipients.values()))[0])
    except smtplib.SMTPResponseException as refused:
        return int(refused.smtp_code)
    return 250


def restarting(server: EmbeddedPostgres, ways: list[str], answers: list[object]) -> Callable[..., None]:
    """Stop and start it in these ways, each amid the traffic; what is answered meanwhile goes to `answers`."""

    def disturb(majlis: Installation, traffic: Traffic, rng: Random) -> None:
        taken_in = "select count(*) from channels_rawmessage where taken_in_at is not null"
        for number, way in enumerate(ways):
            before = majlis.patient_query(taken_in)[0][0]
            traffic.let((number + 1) / (len(ways) + 1))
            until(lambda: majlis.patient_query(taken_in)[0][0] > before + 3, "mail on its way", timeout=60)  # noqa: B023
            assert server.child is not None
            server.child.send(WAYS[way])
            assert server.child.wait(30) is not None
            answers.append(asked(majlis, "/"))
            answers.append(asked(majlis, "/health"))
            answers.append(asked(majlis, "/", **{"HX-Request": "true"}))
            answers.append(handed_over(majlis))
            server.start()
            until(lambda: asked(majlis, "/health")[0] == 200, "a page again", timeout=60)
        traffic.let(1.0)

    return disturb


def test_while_the_database_restarts_pages_say_so_and_no_mail_is_lost_or_sent_twice(
    mail_host: MailHost, server: EmbeddedPostgres
) -> None:
    answers: list[object] = []
    address = server.database

    outcome = scenario.run(
        mail_host,
        mails=60,
        replies=16,
        kills=0,
        seed=SEED,
        settle_seconds=120,
        disturb=restarting(server, ["fast", "immediate"], answers),
        MAJLIS_DATABASE_URL=f"postgresql://{address.user}@/{address.name}?host={address.host}&port={address.port}",
    )

    assert outcome.lost == []
    assert outcome.doubled == []
    assert outcome.sent_twice == []
    assert outcome.wrong == []
    for page, health, fragment, code in zip(*[iter(answers)] * 4, strict=True):
        assert page[0] == health[0] == fragment[0] == 503
        assert "قاعدة البيانات لا تجيب" in page[1]
        assert "Traceback" not in page[1]
        assert "ما كتبتَه باقٍ هنا" in fragment[1]
        assert code == 451
