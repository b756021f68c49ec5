"""The command `majlis`: plain words for what is wrong, and the status that says so to scripts."""

from __future__ import annotations

import time
from pathlib import Path

from majlis import __version__
from majlis.cli import lock
from majlis.cli.postgres import EmbeddedPostgres

from .conftest import Installation


def test_it_tells_its_version_and_its_words(new_installation: Installation) -> None:
    assert new_installation.majlis("--version").stdout == f"Majlis {__version__}\n"
    told = new_installation.majlis("--help").stdout
    for word in (
        "run",
        "web",
        "worker",
        "doctor",
        "backup",
        "restore",
        "import-mail",
        "import-freescout",
        "bench",
        "manage",
    ):
        assert f"    {word}" in told


def test_settings_that_cannot_be_right_are_told_line_by_line(new_installation: Installation) -> None:
    new_installation.extra = {"MAJLIS_PORT": "80a", "MAJLIS_BIND": "here"}

    refused = new_installation.majlis()

    assert refused.returncode == 2
    assert refused.stderr.splitlines() == [
        'majlis: MAJLIS_PORT: "80a" is not a port',
        'majlis: MAJLIS_BIND: "here" is not an IP address',
    ]
    assert not new_installation.data.exists()


def test_words_it_does_not_know_are_refused(new_installation: Installation) -> None:
    assert new_installation.majlis("walk").returncode == 2
    assert new_installation.majlis("doctor", "--please").returncode == 2


def test_saving_or_bringing_back_nothing_says_so(new_installation: Installation) -> None:
    nothing = new_installation.majlis("backup", str(new_installation.data.parent / "x.majlis"))
    missing = new_installation.majlis("restore", str(new_installation.data.parent / "y.majlis"))

    assert (nothing.returncode, missing.returncode) == (1, 1)
    assert "There is no installation in" in nothing.stderr
    assert "No such file or directory. Nothing was changed." in missing.stderr


def test_a_command_waits_for_nobody_who_has_the_data_for_himself(installation: Installation) -> None:
    with lock.exclusive(installation.data, "restore"):
        refused = installation.majlis("backup", str(installation.data.parent / "x.majlis"))

    assert refused.returncode == 3
    assert "already at work here (majlis restore)" in refused.stderr


def test_a_database_that_refuses_us_is_told_at_once(new_installation: Installation, folder: Path) -> None:
    server = EmbeddedPostgres(folder / "server", settings={"fsync": "off"})
    try:
        server.start()
        address = f"postgresql://majlis@/nowhere?host={server.database.host}"
        new_installation.extra = {"MAJLIS_DATABASE_URL": address}
        before = time.monotonic()
        told = new_installation.majlis("backup", str(folder / "x.majlis"))
        assert time.monotonic() - before < 15
    finally:
        server.stop()

    assert told.returncode == 1
    assert "does not answer: " in told.stderr
    assert 'database "nowhere" does not exist' in told.stderr


def test_the_doctor_names_what_is_wrong_and_the_next_step(installation: Installation) -> None:
    installation.config.secret_file.chmod(0o644)
    installation.extra = {"MAJLIS_PROT": "8080"}

    told = installation.majlis("doctor")

    assert told.returncode == 1
    assert "PROBLEM settings: MAJLIS_PROT is not a setting" in told.stdout
    assert "PROBLEM secret key: others on this machine can read it (mode 644)" in told.stdout
    assert f"→ chmod 600 {installation.config.secret_file}" in told.stdout
    assert "ok      database: PostgreSQL 18" in told.stdout
    assert "PROBLEM tables: none yet" in told.stdout
