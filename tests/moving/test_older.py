"""An export of an older Majlis becomes the desk that an upgrade of the same database would be."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from majlis.cli.moving import exporting
from majlis.cli.moving.tables import EXPORTED, FILES, LEFT_OUT_SECRET, SECRETS
from majlis.cli.postgres import programs
from tests.plugins import database
from tests.upgrade.test_upgrade import RELEASES

from .conftest import Place
from .test_moving import assert_equal

DUMPS = Path(__file__).resolve().parents[1] / "upgrade"


@pytest.mark.parametrize(
    "version", [*(pytest.param(older, marks=pytest.mark.soak) for older in RELEASES[:-1]), RELEASES[-1]]
)
def test_an_export_of_an_older_version_comes_in_as_an_upgrade_of_its_database_would(
    version: str, makes_places: Callable[..., Place], empty: Place, tmp_path: Path
) -> None:
    old = makes_places(key="the key of the dumps, good for nothing else", is_migrated=False)
    old.data.mkdir()
    url = database.database_url(old.name)
    restoring = [str(programs() / "pg_restore"), "--no-owner", "--exit-on-error", "-d", url]
    subprocess.run([*restoring, str(DUMPS / f"{version}.dump")], check=True)
    exporting.export(old.config, tmp_path / "desk", say=lambda text: None)
    assert empty.query("select count(*) from people_teammate") == [(0,)]

    done = empty.majlis("import", tmp_path / "desk")
    upgraded = old.majlis("upgrade")

    assert done.returncode == 0, done.stderr
    assert upgraded.returncode == 0, upgraded.stderr
    for table in EXPORTED:
        left_out = ("digest",) if table == FILES else ()
        here, there = (
            [
                {name: value for name, value in row.items() if name not in left_out}
                for row in place.rows(table)
            ]
            for place in (empty, old)
        )
        for row in there:  # the key did not come along, and so no secret did
            row |= {name: LEFT_OUT_SECRET for name in SECRETS.get(table, ()) if row[name]}
        assert here == there, table
    assert empty.query("select nspname from pg_namespace where nspname like 'majlis%'") == []
    for table in ("conversations_entry", "people_customer"):
        numbered = f"select nextval(pg_get_serial_sequence('{table}', 'id'))"
        assert empty.query(numbered) == old.query(numbered)


_STAGED = """
import sys
from majlis.cli.main import main
from majlis.cli.moving import older
older.is_older = lambda *given: True
sys.exit(main(sys.argv[1:]))
"""


def test_tables_of_todays_state_can_be_made_beside_the_desks(
    full: Place, exported: Path, empty: Place
) -> None:
    """So the next version will find the state of this one."""
    done = empty.python("-c", _STAGED, "import", str(exported))

    assert done.returncode == 0, done.stderr
    assert_equal(full, empty, same_key=False)
