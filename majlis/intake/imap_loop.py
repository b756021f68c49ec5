"""One thread for each mailbox that is fetched, by IMAP or by POP3, and one that starts and ends them."""

from __future__ import annotations

import logging
import random
import threading
import time
from contextlib import suppress

from django.conf import settings
from django.db import Error, connection
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from majlis.channels.actions import cursor
from majlis.channels.connections import imap_settings
from majlis.channels.email.bounded import bound
from majlis.channels.email.mailserver import connect, problems
from majlis.channels.models import MailConnection, Protocol
from majlis.channels.problems import ConnectionProblem, pack
from majlis.intake.imap import NotKept, Stopped
from majlis.intake.imap_account import Account
from majlis.intake.imap_fetch import Suspects
from majlis.intake.pop3 import Memory, visit
from majlis.lib.full import is_disk_full

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 5.0
REST_SECONDS = 60.0  # between looks where no mailbox is fetched; a change wakes
POLL_SECONDS = 60.0  # where the server has no IDLE, and for the folders beside the first
POP3_SECONDS = 60.0
POP3_NEWS_SECONDS = 15.0  # after a visit that found something
RENEW_SECONDS = 300.0  # RFC 2177 allows 29 minutes; routers on the way forget sooner
TICK_SECONDS = 1.0
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 120.0
LOGIN_PAUSE_SECONDS = 60.0  # servers lock out who tries a wrong password too often
FETCH_LOCK = 7102  # class of the session advisory locks: one fetcher for each mailbox


def run(stop: threading.Event, woken: threading.Event | None = None) -> None:
    """Keep a watcher for every enabled connection until `stop`; `woken` is set when one changed.

    The locks belong to this thread's database session: when that is lost, all watchers end and begin again.
    """
    woken = woken or threading.Event()
    watchers: dict[int, Watcher] = {}
    try:
        while not stop.is_set():
            woken.clear()
            pause = LOOK_EVERY_SECONDS
            try:
                if not _look(watchers):
                    connection.close()
                    pause = REST_SECONDS
            except Error:
                log.exception("the mailboxes could not be looked at")
                connection.close()
                for watcher in watchers.values():
                    watcher.end()
            except Exception:
                log.exception("the mailboxes could not be looked at")
            woken.wait(pause)
    finally:
        for watcher in watchers.values():
            watcher.end()
        for watcher in watchers.values():
            watcher.thread.join(3)
        connection.close()


def _look(watchers: dict[int, Watcher]) -> int:
    """End the watchers of connections that changed or went, begin those that are missing.

    Returns how many mailboxes are to be fetched, here or elsewhere, or are not let go yet.
    """
    rows = MailConnection.objects.filter(is_enabled=True).exclude(in_host="")
    wanted = {
        pk: (mailbox, version) for pk, mailbox, version in rows.values_list("pk", "mailbox_id", "version")
    }
    for pk, watcher in list(watchers.items()):
        if wanted.get(pk) != (watcher.mailbox_id, watcher.version):
            watcher.end()
            watcher.thread.join(TICK_SECONDS * 1.5)
        if not watcher.thread.is_alive():
            del watchers[pk]
            _unlock(watcher.mailbox_id)
    for pk, (mailbox_id, version) in wanted.items():
        if pk not in watchers and _lock(mailbox_id):
            watchers[pk] = Watcher(pk, mailbox_id=mailbox_id, version=version)
            watchers[pk].thread.start()
    return len(wanted) + len(watchers)


def _lock(mailbox_id: int) -> bool:
    with connection.cursor() as db:
        db.execute("select pg_try_advisory_lock(%s::int, %s::int)", [FETCH_LOCK, mailbox_id])
        return bool((db.fetchone() or (False,))[0])


def _unlock(mailbox_id: int) -> None:
    with connection.cursor() as db:
        db.execute("select pg_advisory_unlock(%s::int, %s::int)", [FETCH_LOCK, mailbox_id])


class Watcher:
    """The thread that keeps one mailbox up to date and never dies of anything the server does."""

    def __init__(self, connection_id: int, *, mailbox_id: int, version: int) -> None:
        self.connection_id = connection_id
        self.mailbox_id = mailbox_id
        self.version = version
        self._stop = threading.Event()
        self._suspects: dict[object, Suspects] = {}
        self._pop3 = Memory()
        self._was_well = False
        self.thread = threading.Thread(target=self._run, name=f"imap-{mailbox_id}", daemon=True)

    def end(self) -> None:
        """Ask the thread to end; it does within a second, or when the server's answer has timed out."""
        self._stop.set()

    def _run(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        while not self._stop.is_set():
            problem = ""
            self._was_well = False
            try:
                self._attend()
            except (Stopped, cursor.Changed):
                break
            except MailConnection.DoesNotExist:
                break
            except ConnectionProblem as error:
                problem = str(error)
                if error.code in ("login", "token"):
                    pause = max(pause, LOGIN_PAUSE_SECONDS)
            except NotKept as error:
                problem = pack("disk_full") if is_disk_full(error) else pack("not_kept", detail=str(error))
            except Error as error:
                log.warning("mailbox %s waits for the database: %s", self.mailbox_id, error)
                problem = pack("disk_full") if is_disk_full(error) else ""
            except Exception as error:
                log.exception("mailbox %s could not be fetched", self.mailbox_id)
                problem = pack("other", detail=f"{type(error).__name__}: {error}")
            if self._was_well:
                pause, problem = (
                    FIRST_PAUSE_SECONDS,
                    "",
                )  # cut off after it went well: try again before saying so
            self._say(problem)
            connection.close()
            self._stop.wait(pause * random.uniform(0.8, 1.2))  # noqa: S311 - spreads reconnects, nothing secret
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        connection.close()

    def _say(self, problem: str) -> None:
        if problem:
            log.warning("mailbox %s: %s", self.mailbox_id, problem)
            with suppress(Error):
                cursor.trouble(self.connection_id, problem)

    def _attend(self) -> None:
        """Connect, catch up, wait for news, and so on until something breaks."""
        row = MailConnection.objects.get(pk=self.connection_id)
        if row.version != self.version:
            raise Stopped
        if row.protocol == Protocol.POP3:
            self._poll(row)
            return
        settled = imap_settings(row)
        if settled is None:
            raise Stopped
        client = connect(settled)
        try:
            bound(client, largest=settings.CONFIG.mail_max_bytes)
            account = Account(client, row, suspects=self._suspects, is_stopping=self._stop.is_set)
            account.open()
            with problems():
                can_idle = bool(client.has_capability("IDLE"))
            while not self._stop.is_set():
                account.catch_up()
                self._was_well = True
                connection.close()  # waiting takes minutes, and a database session takes memory
                if can_idle:
                    with problems():
                        self._idle(client, RENEW_SECONDS if account.is_single else POLL_SECONDS)
                else:
                    self._stop.wait(POLL_SECONDS)
        finally:
            with suppress(OSError, IMAPClientError):
                if self._stop.is_set():
                    client.logout()
                else:
                    client.shutdown()

    def _poll(self, row: MailConnection) -> None:
        """Visit again and again by POP3: the server shows what is new at the next signing in only (RFC 1939 §3)."""
        pause = POP3_SECONDS
        while not self._stop.is_set():
            found = visit(row, memory=self._pop3, is_stopping=self._stop.is_set)
            self._was_well = True
            connection.close()
            if found.has_more:
                continue
            pause = POP3_NEWS_SECONDS if found.news else min(pause * 2, POP3_SECONDS)
            self._stop.wait(pause)

    def _idle(self, client: IMAPClient, seconds: float) -> None:
        """Wait until the server speaks of new mail, or it is time to ask (RFC 2177)."""
        client.idle()
        until = time.monotonic() + seconds
        while not self._stop.is_set() and time.monotonic() < until:
            began = time.monotonic()
            told = client.idle_check(timeout=TICK_SECONDS)
            if any(len(one) > 1 and one[1] == b"EXISTS" for one in told):
                break
            if not told and time.monotonic() - began < TICK_SECONDS / 2:
                break  # readable, yet nothing to read: the server hung up, which the next word will show
        client.idle_done()
