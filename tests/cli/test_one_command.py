"""Nothing is behind a price, one command is all there is, and every release upgrades in one step (LESSONS 18, 19, 20)."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from majlis import __version__
from majlis.cli.supervisor import own_commands

from .conftest import Installation

ROOT = Path(__file__).resolve().parents[2]
_PRICES = re.compile(
    r"licen[cs]e[_ ]?key|is_premium|feature_flag|enterprise|subscription_plan|paywall|trial_ends", re.I
)


def first_lines(number: int) -> str:
    """What a visitor reads first."""
    return "\n".join((ROOT / "README.md").read_text().splitlines()[:number])


def test_nothing_in_the_program_asks_for_a_price_or_a_licence() -> None:
    """LESSONS 18."""
    pages = [
        *ROOT.glob("majlis/**/*.py"),
        *ROOT.glob("majlis/**/*.html"),
        *ROOT.glob("majlis/static/majlis/js/*.js"),
    ]

    assert len(pages) > 300
    assert [page.name for page in pages if _PRICES.search(page.read_text())] == []
    assert "Nothing is locked behind a price" in first_lines(8)


def test_every_release_of_the_changelog_has_a_dump_to_upgrade_from() -> None:
    """LESSONS 19: `tests/upgrade` upgrades each of them in one step."""
    released = set(re.findall(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE))

    assert __version__ in released
    assert released == {path.stem for path in (ROOT / "tests/upgrade").glob("*.dump")}


def test_one_process_tree_is_all_that_runs(installation: Installation) -> None:
    """LESSONS 20: nothing but the database, the pages and the worker, and nothing is left when it stops."""
    installation.start()

    # Besides: what PostgreSQL starts for itself, and who asks for the first visit's link for a moment.
    assert set(installation.look()) - {"postgres:", "link"} == {"supervisor", "web", "worker", "postgres"}
    commands = own_commands()
    assert [words[-1] for words in (commands.web, commands.worker)] == ["web", "worker"]
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert not [name for name in needed if re.match(r"celery|redis|valkey|elasticsearch|kombu|rq\b", name)]
    assert installation.stop() == 0
    assert installation.left() == []


def test_the_readme_says_how_much_memory_it_takes_as_it_was_measured() -> None:
    """LESSONS 20."""
    first = first_lines(25)

    assert re.search(r"about \d+ MB of memory when nothing happens", first)
    assert "[measured](docs/performance.md)" in first
