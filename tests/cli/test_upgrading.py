"""`majlis upgrade`, which every start goes through: a backup before anything changes, and no way backwards."""

from __future__ import annotations

import tarfile

from majlis.cli import database

from .conftest import Installation


def test_tables_are_made_saved_before_they_change_and_kept_from_older_programs(
    new_installation: Installation,
) -> None:
    new_installation.extra = {"DJANGO_SETTINGS_MODULE": "tests.plain"}
    made = new_installation.majlis("upgrade")
    assert made.returncode == 0, made.stderr
    assert not (new_installation.data / "backups").exists()
    back = new_installation.majlis("manage", "migrate", "account", "0008")
    assert back.returncode == 0, back.stderr

    again = new_installation.majlis("upgrade")

    assert again.returncode == 0, again.stderr
    (saved,) = (new_installation.data / "backups").iterdir()
    assert f"saving the database to {saved} before 1 migration" in again.stdout
    with tarfile.open(saved) as tar:
        assert tar.getnames() == ["database.dump", "secret.key", "manifest.json"]
    told = new_installation.majlis("doctor")
    assert told.returncode == 0, told.stdout
    assert "ok      tables: up to date" in told.stdout


def test_a_database_of_a_newer_version_is_refused(installation: Installation) -> None:
    with database.reachable(installation.config, "test") as live, database.connect(live.database) as session:
        session.execute(
            "create table django_migrations (id bigserial, app text, name text, applied timestamptz)"
        )
        session.execute("insert into django_migrations (app, name) values ('people', '9999_later')")

    refused = installation.majlis("upgrade")

    assert refused.returncode == 1
    assert "last used by a newer version (it holds people.9999_later)" in refused.stderr
