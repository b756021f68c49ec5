"""Files that come with a form; those of a message that was not taken stay for a day, so that nobody sends them twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from majlis.channels.email.naming import safe_name, type_of
from majlis.channels.forms.answers import Problem
from majlis.channels.forms.fields import Field, Kind
from majlis.channels.forms.models import Form
from majlis.files import queries as stored
from majlis.files.actions import store
from majlis.files.models import File
from majlis.flow.form_arrival import Enclosed
from majlis.lib.images import SHOWN_INLINE, kind_of

MB: Final = 1_000_000
MOST_FILES: Final = 5  # of one field
MOST_BYTES: Final = 10 * MB  # of one file
MOST_BYTES_TOGETHER: Final = 20 * MB
_SALT = "majlis.form.file"
_DAY = 24 * 60 * 60


def problems(
    fields: Sequence[Field],
    uploads: Mapping[str, Sequence[UploadedFile[bytes]]],
    before: Mapping[str, list[Enclosed]],
) -> dict[str, Problem]:
    """What is wrong with the files of each field, those of an earlier try counted."""
    found: dict[str, Problem] = {}
    together = 0
    for field in fields:
        if field.kind != Kind.FILE:
            continue
        here = uploads.get(field.key, ())
        sizes = [one.size or 0 for one in here]
        together += sum(sizes) + sum(one.file.size for one in before.get(field.key, ()))
        large = next((one for one, size in zip(here, sizes, strict=True) if size > MOST_BYTES), None)
        empty = next((one for one, size in zip(here, sizes, strict=True) if size == 0), None)
        if len(here) + len(before.get(field.key, ())) > MOST_FILES:
            found[field.key] = Problem("too_many_files", {"most": MOST_FILES})
        elif large is not None:
            said = {"name": safe_name(large.name or ""), "most": MOST_BYTES // MB}
            found[field.key] = Problem("file_too_large", said)
        elif empty is not None:
            found[field.key] = Problem("file_empty", {"name": safe_name(empty.name or "")})
        elif together > MOST_BYTES_TOGETHER:
            found[field.key] = Problem("files_too_large", {"most": MOST_BYTES_TOGETHER // MB})
    return found


def keep(upload: UploadedFile[bytes]) -> Enclosed:
    """Store what came; its type is what its name promises, of a picture what its bytes say."""
    content = upload.read()
    name = safe_name(upload.name or "") or "file"
    kind = type_of(name)
    if kind in SHOWN_INLINE:
        kind = kind_of(content[:16]) or "application/octet-stream"
    return Enclosed(store(content), name, kind)


def ticket(form: Form, field: str, one: Enclosed) -> str:
    """What the page says to name a file that is here already; nobody else can write one."""
    told = [form.pk, field, one.file.pk, one.file.digest[:16], one.name, one.content_type]
    return signing.dumps(told, salt=_SALT)


def kept(form: Form, tickets: Sequence[str]) -> tuple[dict[str, list[Enclosed]], bool]:
    """The files these tickets name, by field, and whether one of them is gone."""
    found: dict[str, list[Enclosed]] = {}
    is_gone = False
    for text in tickets[: 4 * MOST_FILES]:
        try:
            told: list[Any] = signing.loads(text, salt=_SALT, max_age=_DAY)
        except signing.BadSignature:
            is_gone = True
            continue
        form_id, field, file_id, digest, name, kind = told
        # Touched, so that it is not swept away while it is being sent.
        here = File.objects.filter(pk=file_id, digest__startswith=digest)
        file = here.first() if form_id == form.pk and here.update(created_at=timezone.now()) else None
        if file is None or not stored.path(file).exists():
            is_gone = True
        else:
            found.setdefault(field, []).append(Enclosed(file, name, kind))
    return found, is_gone
