"""Removing bytes that nobody owns any more: rows without an owner, files without a row."""

from __future__ import annotations

import time
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

from django.apps import apps
from django.db import transaction
from django.db.models import Exists, ForeignKey, OuterRef
from django.utils import timezone

from .models import File
from .queries import folder, path


def _owned() -> list[Exists]:
    """One question per column, in any room, that points to a file."""
    return [
        Exists(model._base_manager.filter(**{f"{field.name}_id": OuterRef("pk")}))
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and field.related_model is File
    ]


def remove_unowned(*, older_than: timedelta, among: Collection[int] | None = None) -> int:
    """Remove files without an owner, and bytes without a row, that are older than this; `among`: of these files only.

    A row is locked while it goes: an upload of the same bytes touches the same row and then looks
    again whether the bytes are there. Returns how many were removed.
    """
    limit = timezone.now() - older_than
    candidates = File.objects.filter(created_at__lt=limit)
    if among is not None:
        candidates = candidates.filter(pk__in=among)
    for owned in _owned():
        candidates = candidates.exclude(owned)
    removed = 0
    for file_id in list(candidates.values_list("pk", flat=True)):
        with transaction.atomic():
            locked = File.objects.select_for_update().filter(pk=file_id, created_at__lt=limit)
            for owned in _owned():
                locked = locked.exclude(owned)
            file = locked.first()
            if file is None:
                continue
            path(file).unlink(missing_ok=True)
            file.delete()
            removed += 1
    return (
        removed if among is not None else removed + _remove_rowless(time.time() - older_than.total_seconds())
    )


def _remove_rowless(before: float) -> int:
    removed = 0
    for shelf in folder().glob("??"):
        old = {found for found in shelf.iterdir() if _age(found) < before}
        names = {f"{shelf.name}{found.name}": found for found in old}
        known = set(File.objects.filter(digest__in=list(names)).values_list("digest", flat=True))
        for digest, found in names.items():
            if digest not in known:
                found.unlink(missing_ok=True)
                removed += 1
    return removed


def _age(found: Path) -> float:
    try:
        return found.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
