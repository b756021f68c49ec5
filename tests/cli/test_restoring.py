"""What a restore brought back is looked at before anybody works with it: rows, secrets, and the bytes of every file."""

from __future__ import annotations

import hashlib
import hmac
import os
import subprocess
import sys
from pathlib import Path

import psycopg

from majlis.cli import truth
from majlis.cli.postgres import programs
from majlis.config import load
from tests.plugins import database

from .conftest import ROOT


def majlis(data: Path, url: str, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "MAJLIS_DATA": str(data),
        "MAJLIS_DATABASE_URL": url,
    }
    return subprocess.run(
        [sys.executable, "-m", "majlis.cli.main", *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_restore_tells_what_is_whole_and_which_file_is_missing(folder: Path, django_db_setup: None) -> None:
    names = [f"restored_{os.getpid()}_{number}" for number in range(2)]
    url, empty = database.create_database(names[0]), database.create_database(names[1], template="template0")
    try:
        data = folder / "var"
        content = "السلام عليكم".encode()
        digest = hmac.new(load().derived_key("files"), content, hashlib.sha256).hexdigest()
        place = data / "files" / digest[:2] / digest[2:]
        place.parent.mkdir(parents=True)
        place.write_bytes(content)
        with psycopg.connect(url) as session:
            session.execute(
                "insert into files_file (digest, size, created_at) values (%s, %s, now()), (%s, 7, now())",
                [digest, len(content), "f" * 64],
            )
        made = majlis(data, url, "backup", str(folder / "all.majlis"))
        assert made.returncode == 0, made.stderr

        restored = majlis(folder / "new", empty, "restore", str(folder / "all.majlis"))

        assert restored.returncode == 1, restored.stderr
        assert "ok      links between rows: all " in restored.stdout
        assert "ok      numbering: " in restored.stdout
        assert "ok      stored secrets: the key reads all of them" in restored.stdout
        assert "PROBLEM files: 1 of 2 are not right: ff/ffffffff… is missing" in restored.stdout
        assert "→ Bring them back from a backup" in restored.stdout
        assert (folder / "new" / "files" / digest[:2] / digest[2:]).read_bytes() == content
    finally:
        for name in names:
            database.drop_database(name)


def test_what_an_older_release_held_is_looked_at_as_far_as_it_goes() -> None:
    name = f"older_{os.getpid()}"
    url = database.create_database(name, template="template0")
    try:
        dump = ROOT / "tests" / "upgrade" / "0.1.0.dump"
        subprocess.run(
            [programs() / "pg_restore", "--no-owner", "--exit-on-error", "-d", url, dump], check=True
        )
        with psycopg.connect(url, autocommit=True) as session:
            found = list(truth.findings(load(), session, with_files=False))
    finally:
        database.drop_database(name)

    assert [finding.title for finding in found] == ["links between rows", "numbering"]
    assert all(finding.is_well for finding in found)
