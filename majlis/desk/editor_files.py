"""The one file of the editor's package that pages load, among the static files; its map, icons and styles stay away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage

NAME = "editor.js"
PREFIX = "editor"


def _folder() -> Path:
    spec = find_spec("django_prose_editor")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(next(iter(spec.submodule_search_locations))) / "static" / "django_prose_editor"


class EditorStorage(FileSystemStorage):
    """The package's folder, its script without the line that names a map."""

    prefix = PREFIX

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        content = Path(self.path(name)).read_bytes()
        return ContentFile(content.partition(b"//# sourceMappingURL=")[0])


class EditorFinder(BaseFinder):
    """Finds that file."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = EditorStorage(location=str(_folder()))

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = [self.storage.path(NAME)] if path == f"{PREFIX}/{NAME}" else []
        return found if find_all else found[0] if found else []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, EditorStorage]]:
        yield NAME, self.storage
