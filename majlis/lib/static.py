"""Static files under names that carry their digest, so that browsers may keep them for ever."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Names with digests, compressed once; imports between modules follow the new names."""

    support_js_module_import_aggregation = True
    manifest_strict = True
