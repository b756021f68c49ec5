"""What the documents must list, they list."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from majlis import __version__
from majlis.journal.kinds import KINDS, SHOWN

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = sorted(
    found.parent.name
    for found in (ROOT / "majlis").glob("*/__init__.py")
    if found.parent.name not in {"locale", "static", "templates"}
)


def test_every_event_kind_stands_on_the_journals_page() -> None:
    page = (ROOT / "docs/rooms/journal.md").read_text()
    listed = set(re.findall(r"`([a-z]+(?:\.[a-z]+)?)`", page.split("Event kinds:")[1]))
    assert listed == set(KINDS)
    assert set(KINDS) >= SHOWN


def test_every_room_has_a_page() -> None:
    assert [room for room in ROOMS if not (ROOT / f"docs/rooms/{room}.md").exists()] == []


def test_the_newest_change_is_of_this_version() -> None:
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest is not None
    assert newest[1] == __version__


def test_every_dependency_has_its_line() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {re.split(r"[\[<>=;~ ]", wanted)[0] for wanted in project["dependencies"]}
    page = (ROOT / "docs/decisions/0005-dependencies.md").read_text()
    assert {name for name in names if name not in page} == set()


def test_every_command_stands_in_the_page_of_the_console() -> None:
    page = (ROOT / "docs/rooms/cli.md").read_text()
    for command in (
        *("run", "web", "worker", "doctor", "backup", "restore"),
        *("export", "import", "import-mail", "import-freescout", "bench", "manage"),
    ):
        assert f"`majlis {command}" in page or f"`{command}" in page, command


def test_links_between_documents_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+?)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
