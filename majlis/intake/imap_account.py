"""The folders of one IMAP account, read in turn over one connection."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.conf import settings
from imapclient import IMAPClient

from majlis.channels.actions import backfill, cursor
from majlis.channels.models import Backfill, MailConnection
from majlis.channels.problems import ConnectionProblem, pack
from majlis.intake.imap import Folder
from majlis.intake.imap_fetch import Suspects


def older_since(row: MailConnection, since: date | None, running: Backfill | None) -> date | None:
    """The first day whose mail is wanted: by the settings, by an earlier back-fill (`since`), by one that runs."""
    wanted = [one for one in (row.older_since_on, since) if one is not None]
    if running is not None:
        wanted.append(running.since_on or backfill.EVERYTHING)
    return min(wanted, default=None)


class Account:
    """A signed-in client and the folders it reads. `suspects` outlives it, by folder and UIDVALIDITY."""

    def __init__(
        self,
        client: IMAPClient,
        row: MailConnection,
        *,
        suspects: dict[object, Suspects],
        is_stopping: Callable[[], bool],
    ) -> None:
        self._client, self._row = client, row
        self._running = backfill.running_for(row)
        self._suspects = suspects
        self.folders = [
            Folder(
                client,
                folder,
                suspects.setdefault((folder.pk, folder.uidvalidity), Suspects()),
                settings.CONFIG.mail_max_bytes,
                is_stopping=is_stopping,
                older_since=older_since(row, folder.older_since_on, self._running),
                on_older=self._older_came,
            )
            for folder in cursor.folders(row)
        ]
        self._open: Folder | None = None

    @property
    def is_single(self) -> bool:
        """Claims that one folder is read."""
        return len(self.folders) == 1

    def open(self) -> None:
        """Open the folder whose news are waited for. Raises as `Folder.open`."""
        self._select(self.folders[0])

    def catch_up(self) -> None:
        """Bring every folder up to what the server holds; the first is open in the end.

        A folder beside the first that cannot be read says so, and holds up no other. New mail comes before the rest
        of much older mail, in every folder. Raises as `Folder.open` and `Folder.catch_up` for all else.
        """
        first, *others = self.folders
        trouble = ""
        while True:
            self._select(first)
            is_done = first.catch_up()
            for folder in others:
                is_there, is_over = self._look_at(folder)
                is_done = is_done and is_over
                trouble = trouble or ("" if is_there else folder.row.problem)
            if self._open is not first:  # what came there meanwhile would not be told of by IDLE
                self._select(first)
                is_done = first.catch_up() and is_done
            if is_done:
                break
        if self._running is not None:
            backfill.end(self._running)
            self._running = None
        if trouble:
            cursor.trouble(self._row.pk, trouble)
        else:
            cursor.well(self._row)

    def _look_at(self, folder: Folder) -> tuple[bool, bool]:
        """Whether this folder can be read, and whether nothing is left to fetch."""
        if not folder.has_older_left and not folder.has_news():
            cursor.checked(folder.row)
            return True, True
        try:
            self._select(folder)
        except ConnectionProblem as problem:
            if problem.code not in ("folder", "no_uidl"):
                raise
            code = "folder_gone" if problem.code == "folder" else problem.code
            folder.row.problem = pack(code, detail=folder.row.name)
            cursor.folder_trouble(folder.row, folder.row.problem)
            return False, True
        return True, folder.catch_up()

    def _select(self, folder: Folder) -> None:
        if self._open is not folder:
            self._open = None
            folder.open()
            folder.suspects = self._suspects.setdefault((folder.row.pk, folder.row.uidvalidity), Suspects())
            self._open = folder

    def _older_came(self, number: int) -> None:
        if self._running is not None:
            backfill.came(self._running, number)
