"""The worker process: drains what came in, reacts, delivers, and listens for mail."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable
from functools import partial

from majlis.config import Config

log = logging.getLogger("majlis.worker")

WATCH_SECONDS = 5.0
NET_SECONDS = 600.0  # for who is woken by others and by the watch
REST_SECONDS = 15.0  # after which nobody holds a connection for what may come
DELIVERERS = 2


def main(config: Config) -> int:
    """Run until SIGTERM or SIGINT; returns 0."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "majlis.settings")
    import django

    django.setup()
    Worker(config).run()
    return 0


class Worker:
    """The threads of one worker process and the events that wake them."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.stop = threading.Event()
        self.topics = {
            name: threading.Event()
            for name in "raw react deliver connections snooze imports bulk demo notices letters copies signins".split()
        }

    def run(self) -> None:
        """Start every thread, wait for the signal, stop them."""
        from majlis.cli import drains
        from majlis.flow import limit
        from majlis.intake import imap_loop, lmtp

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._end())
        limit.watch()
        self._wait_for_database()
        listener = lmtp.start(self.config) if self.config.lmtp_port else None

        sending = partial(drains.send, self.stop)
        threads = [
            self._loop("arrival", "raw", drains.take_in),
            self._loop("reactions", "react", partial(drains.react, self.stop)),
            self._loop("clock", "", drains.keep_time, every=3600.0),
            self._loop("watch", "snooze", self._watch, every=WATCH_SECONDS, until=drains.until_wake),
            self._loop("letters", "letters", drains.mail_letters, every=60.0, until=drains.until_letter),
            self._loop("bulk", "bulk", drains.change_many, every=60.0),
            self._loop("push", "notices", drains.push, every=60.0, until=drains.until_push),
            self._loop("copies", "copies", drains.copy_sent, every=60.0, until=drains.until_copy),
            self._loop("signins", "signins", drains.ask_sign_ins, until=drains.until_sign_in),
            self._loop("imports", "imports", drains.bring_in, every=600.0),
            self._loop("demo", "demo", partial(drains.make_demo, self.stop), every=60.0),
            *(
                self._loop(f"deliver-{n}", "deliver", sending, until=drains.until_due)
                for n in range(DELIVERERS)
            ),
            threading.Thread(target=imap_loop.run, args=(self.stop, self.topics["connections"]), name="imap"),
            threading.Thread(target=self._listen, name="listen", daemon=True),
        ]
        for thread in threads:
            thread.start()
        log.info("worker ready")
        self.stop.wait()
        if listener is not None:
            listener.stop()
        for thread in threads:
            if not thread.daemon:
                thread.join(timeout=2)

    def _end(self) -> None:
        self.stop.set()
        for topic in self.topics.values():
            topic.set()

    def _loop(
        self,
        name: str,
        topic: str,
        work: Callable[[], object],
        *,
        every: float = NET_SECONDS,
        until: Callable[[], float | None] | None = None,
    ) -> threading.Thread:
        """A thread that works when woken, and every so often as a net; a long wait holds no connection."""
        from django.db import close_old_connections, connection

        woken = self.topics.get(topic) or threading.Event()

        def run() -> None:
            while not self.stop.is_set():
                woken.clear()
                pause = every
                try:
                    close_old_connections()
                    work()
                    due = until() if until else None
                    pause = every if due is None else max(0.02, min(every, due))
                except Exception:
                    log.exception("%s stumbled; it goes on in %s s", name, pause)
                    self.stop.wait(1.0)
                _rest(woken if topic else self.stop, pause)
            connection.close()

        # Threads of this process end with it: what they held is released and found again.
        return threading.Thread(target=run, name=name, daemon=name != "arrival")

    def _watch(self) -> None:
        """The one that asks every few seconds, so that the others can rest without a connection."""
        from majlis.cli import drains

        for topic in drains.waiting():
            self.topics[topic].set()
        drains.keep_watch()

    def _wait_for_database(self) -> None:
        from django.db import OperationalError, connection

        while not self.stop.is_set():
            try:
                connection.ensure_connection()
                connection.close()
                return
            except OperationalError:
                self.stop.wait(0.05)

    def _listen(self) -> None:
        """Wake the topics other processes tell of; after a gap, wake them all."""
        import psycopg
        from django.db import connection

        from majlis.flow.pulse import WORKER_LOCK
        from majlis.journal.actions import WORKERS

        while not self.stop.is_set():
            try:
                parameters = connection.get_connection_params()
                known = ("host", "port", "dbname", "user", "password", "sslmode")
                info = {key: value for key, value in parameters.items() if key in known}
                with psycopg.connect(autocommit=True, **info) as listening:
                    listening.execute(f"listen {WORKERS}")
                    # By it others see that a worker is here, for as long as this process lives.
                    listening.execute("select pg_advisory_lock_shared(%s::bigint)", [WORKER_LOCK])
                    for topic in self.topics.values():
                        topic.set()
                    while not self.stop.is_set():
                        for notice in listening.notifies(timeout=10):
                            if notice.payload in self.topics:
                                self.topics[notice.payload].set()
            except psycopg.OperationalError:
                self.stop.wait(0.5)
            except Exception:
                log.exception("listening stumbled")
                self.stop.wait(1.0)


def _rest(told: threading.Event, seconds: float) -> None:
    """Wait until told, at most so long; a long wait holds no connection."""
    from django.db import connection

    if seconds > REST_SECONDS:
        if told.wait(REST_SECONDS):
            return
        connection.close()
        seconds -= REST_SECONDS
    told.wait(seconds)
