"""Every table is exported or stays behind for a reason, and docs/export.md tells of every table and field."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import psycopg

from majlis.cli.moving import catalogue
from majlis.cli.moving.tables import EXPORTED, FILES, LEFT_OUT, SECRETS
from tests.plugins import database

from .conftest import Place

PAGE = (Path(__file__).resolve().parents[2] / "docs/export.md").read_text()
# Named like secrets, and none: digests, hashes and names that only tell one thing from another.
_NO_SECRETS = {
    "channels_form.key",
    "channels_mailoptions.has_reply_token",
    "channels_mailoptions.plus_token",
    "channels_oauthclient.token_url",
    "channels_noticeletter.answer_key",
    "channels_widget.key",
    "conversations_attention.key",
    "conversations_beginning.key",
    "conversations_entry.message_key",
    "conversations_entry.submission_key",
    "people_company.name_key",
    "people_customer.name_key",
    "people_teammate.name_key",
    "people_teammate.password",
}


def tables() -> dict[str, catalogue.Table]:
    with psycopg.connect(database.database_url(database.TEMPLATE)) as session:
        return catalogue.tables(session)


def test_every_table_is_in_one_of_the_two_lists(empty: Place) -> None:
    there = {name for (name,) in empty.query("select tablename from pg_tables where schemaname = 'public'")}

    assert there - {*EXPORTED, *LEFT_OUT} == set(), (
        "majlis/cli/moving/tables.py: exported, or left out and why?"
    )
    assert {*EXPORTED} & {*LEFT_OUT} == set()
    assert {*LEFT_OUT} - there == set()
    assert {*EXPORTED} - there == set()


def test_what_is_exported_points_to_nothing_that_is_not(empty: Place) -> None:
    pointed = {target for table in tables().values() for target in table.references.values()}
    assert pointed - {*EXPORTED} == set()


def test_every_column_that_sounds_like_a_secret_is_known_as_one_or_as_none() -> None:
    sounding = {
        f"{table.name}.{column.name}"
        for table in tables().values()
        for column in table.columns
        if re.search(r"password|token|secret|(^|_)key$|credential", column.name)
    }
    secrets = {f"{table}.{column}" for table, columns in SECRETS.items() for column in columns}
    assert sounding - secrets == _NO_SECRETS


def test_the_page_tells_of_every_table_and_field(makes_places: Callable[..., Place]) -> None:
    told = {
        part.partition("\n")[0]: re.findall(r"^- `(\w+)`: \S", part, re.MULTILINE)
        for part in PAGE.split("\n### ")[1:]
    }
    there = {
        name: [
            *(
                column.name
                for column in table.columns
                if column.name not in ("id", "digest" if name == FILES else "")
            ),
            *(["sha256", "is_damaged"] if name == FILES else []),
        ]
        for name, table in tables().items()
    }
    assert {name: sorted(fields) for name, fields in told.items()} == {
        name: sorted(fields) for name, fields in there.items()
    }
    assert list(told) == sorted(told)


def test_the_page_tells_of_every_table_that_stays_behind() -> None:
    part = PAGE.partition("## What is not in it")[2].partition("\n## ")[0]
    assert set(re.findall(r"`(\w+_\w+)`", part)) - {"left out"} == set(LEFT_OUT)


def test_the_example_prints_the_conversations_of_a_customer(full: Place, exported: Path) -> None:
    example = (
        PAGE.partition("```python\n")[2]
        .partition("```")[0]
        .replace("layla@example.com", "person3@customers.test")
    )
    assert len(example.replace("\n\n", "\n").splitlines()) <= 11

    done = full.python("-c", example, cwd=exported.parent)

    assert done.returncode == 0, done.stderr
    assert "أين طلبي؟" in done.stdout
    assert done.stdout.count("\n\n") >= 2
