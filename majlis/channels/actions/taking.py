"""A raw message in hand: its attempt counted before anything is tried, and what became of it."""

from __future__ import annotations

from django.db import DEFAULT_DB_ALIAS, connection
from django.utils import timezone

from majlis.channels.models import RawMessage
from majlis.files.models import File

_RAW = [field.attname for field in RawMessage._meta.concrete_fields]
_FILE = [field.attname for field in File._meta.concrete_fields]
_COLUMNS = ", ".join([*(f"r.{name}" for name in _RAW), *(f"f.{name}" for name in _FILE)])
_LOOK = f"select {_COLUMNS} from channels_rawmessage r join files_file f on f.id = r.file_id where r.id = %s"  # noqa: S608
_COUNT = (
    "update channels_rawmessage r set attempts = r.attempts + 1 from files_file f"  # noqa: S608
    f" where f.id = r.file_id and r.id = %s returning {_COLUMNS}"
)


def take(raw_id: int, *, is_counted: bool = True) -> RawMessage:
    """The raw message with its file. Raises RawMessage.DoesNotExist.

    `is_counted`: this is an attempt, and stands on the row before anything else happens.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNT if is_counted else _LOOK, [raw_id])
        row = cursor.fetchone()
    if row is None:
        raise RawMessage.DoesNotExist
    raw = RawMessage.from_db(DEFAULT_DB_ALIAS, _RAW, row[: len(_RAW)])
    raw.file = File.from_db(DEFAULT_DB_ALIAS, _FILE, row[len(_RAW) :])
    return raw


def settle(raw_id: int, entry_id: int | None) -> None:
    """It has been taken in: as this entry, or as none (a bounce that stands on its reply)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update channels_rawmessage set taken_in_at = %s, entry_id = %s, error = '' where id = %s",
            [timezone.now(), entry_id, raw_id],
        )
