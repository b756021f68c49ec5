"""Static files under names that carry their digest, so that browsers may keep them for ever."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

OWN_SCRIPTS = ("majlis/js/", "majlis/widget/")


class HashedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Names with digests, compressed once; imports between modules follow the new names; own scripts lose their comments."""

    support_js_module_import_aggregation = True
    manifest_strict = True

    def post_process(
        self, paths: dict[str, tuple[Any, str]], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        """What is served of our own scripts is what a browser needs of them; as they were written they lie beside it."""
        shortened = {
            name: (
                Shortened(storage) if name.startswith(OWN_SCRIPTS) and name.endswith(".js") else storage,
                path,
            )
            for name, (storage, path) in paths.items()
        }
        yield from super().post_process(shortened, dry_run, **options)


class Content(BytesIO):
    """Bytes that are handed out as a storage's file hands them out."""

    def chunks(self) -> Iterator[bytes]:
        """All of them at once: scripts are small."""
        yield self.getvalue()


class Shortened:
    """A storage whose scripts are read without comments and without what white space does not matter."""

    def __init__(self, storage: Any) -> None:
        self._storage = storage

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)

    def open(self, path: str, mode: str = "rb") -> Content:
        """The script `path`, shortened."""
        import rjsmin  # needed where files are collected and nowhere else

        with self._storage.open(path, mode) as written:
            return Content(rjsmin.jsmin(written.read().decode()).encode())
