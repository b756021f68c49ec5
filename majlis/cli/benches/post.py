"""A reply posted over HTTP: CPU a post, and commits a second against the database's own limit."""

from __future__ import annotations

import re
import statistics
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

from majlis.cli.benches.clocks import Stopwatch
from majlis.cli.benches.figures import Figure
from majlis.cli.benches.measuring import Run
from majlis.cli.benches.place import Place, is_listening, place
from majlis.cli.benches.visitor import TEXT, Visitor
from majlis.cli.children import Child
from majlis.cli.postgres import programs

FULL_POSTS = 4_000
CLIENTS = 8
PARTS = 8
PAIRS = 5
_FULL_SECONDS = 10.0
_WARM_UP = 30
_MOST_PER_SECOND = 600
_WEB = (
    "import sys; from majlis.config import load; from majlis.gateway.server import main; "
    "sys.exit(main(load(), reuse_port=True))"
)

# A first reply as the desk makes it, in as many statements: what it reads while it takes the lock, then all it writes.
# The limit is what the database alone can do of them. Notices are not part of it, and no other request of a browser.
_TRANSACTION = """
\\set place random(1, :number)
select id as c from bench_conversation where place = :place \\gset
begin;
HOLD \\gset
with entered as (insert into conversations_entry (id, conversation_id, mailbox_id, seq, changed_seq, kind, teammate_id,
  from_name, from_address, "to", cc, subject, text, quoted, html, has_remote_images, message_id, automatic,
  is_historic, is_new_participant, is_same_id, is_withdrawn, submission_key, written_at, created_at)
  values (:nextval, :c, :mailbox_id, :seq + 2, :seq + 2, 'reply', :teammate, 'زميل', '', '["customer@customers.test"]',
  '[]', 'أين طلبي؟', 'TEXT', '', '', false, '<mj-' || :c || '-' || :nextval || '@majlis.test>', '', false, false, false,
  false, gen_random_uuid(), now(), now())),
named as (insert into conversations_messageid (mailbox_id, conversation_id, entry_id, value, is_own)
  values (:mailbox_id, :c, :nextval, '<mj-' || :c || '-' || :nextval || '@majlis.test>', true)),
queued as (insert into channels_delivery (entry_id, mailbox_id, message_id, state, due_at, attempts, claimed_by, why,
  created_at) values (:nextval, :mailbox_id, '<mj-' || :c || '-' || :nextval || '@majlis.test>', 'queued',
  now() + interval '1 day', 0, '', '', now())),
read as (insert into conversations_readmark as r (conversation_id, teammate_id, seq) values (:c, :teammate, :seq + 3)
  on conflict (conversation_id, teammate_id) do update set seq = excluded.seq where r.seq < excluded.seq),
told as (insert into journal_event (kind, conversation_id, seq, mailbox_id, actor_id, at, data, attempts, error)
  values ('assigned', :c, :seq + 1, :mailbox_id, :teammate, now(), '{"to": 1, "name": "x"}', 0, ''),
  ('reply.posted', :c, :seq + 2, :mailbox_id, :teammate, now(), '{"entry": 1}', 0, ''),
  ('status.changed', :c, :seq + 3, :mailbox_id, :teammate, now(), '{"before": "open", "after": "waiting"}', 0, '')),
counted as (insert into conversations_counter as c (mailbox_id, assignee_id, shelf, number)
  values (:mailbox_id, 0, 'desk', -1), (:mailbox_id, :teammate, 'desk', 1)
  on conflict (mailbox_id, assignee_id, shelf) do update set number = c.number + excluded.number)
update conversations_conversation set seq = :seq + 3, assignee_id = :teammate, status = 'waiting', snippet = 'x',
  waiting_since = null, last_activity_at = now() where id = :c;
commit;
"""


def run(measured: Run) -> list[Figure]:
    """post.cpu_ms and post.vs_limit."""
    posts, seconds = measured.count(FULL_POSTS, least=3), max(0.3, min(_FULL_SECONDS, 60 * measured.size))
    with place(measured.folder, "post") as at:
        at.start_database()
        mailbox = at.stage("company")["mailbox"]
        signed_in = at.stage("sessions", number=CLIENTS)
        wanted = _WARM_UP + posts + PAIRS * CLIENTS * _WARM_UP + int(PAIRS * seconds * _MOST_PER_SECOND)
        ids = iter(at.stage("conversations", number=wanted, mailbox=mailbox)["ids"])
        webs = [serve(at)]
        cpu = _cpu(measured, at, ids, webs=webs, signed_in=signed_in, posts=posts)
        webs.append(serve(at))
        limit = _vs_limit(measured, at, ids, webs=webs, signed_in=signed_in, seconds=seconds)
    return [cpu, limit]


def serve(at: Place) -> Child:
    """One web process of the installation, ready to answer."""
    child = at.spawn("web", (sys.executable, "-c", _WEB))
    port = at.config.port
    listening = at.log().count("Listening on")
    at.wait(lambda: at.log().count("Listening on") > listening, "a web process")
    at.wait(lambda: is_listening(port), "an answer of the web process")
    return child


def _visitor(at: Place, signed_in: dict[str, Any], number: int) -> Visitor:
    return Visitor(
        at.config.port,
        session=signed_in["keys"][number],
        cookie=signed_in["cookie"],
        csrf=signed_in["csrf"],
    )


def _families(at: Place, webs: Sequence[Child]) -> dict[str, list[int]]:
    assert at.server is not None
    assert at.server.child is not None
    return {"web": [web.pid for web in webs], "postgresql": [at.server.child.pid]}


def _cpu(
    measured: Run,
    at: Place,
    ids: Iterator[int],
    *,
    webs: Sequence[Child],
    signed_in: dict[str, Any],
    posts: int,
) -> Figure:
    measured.pace()  # before the visitor comes: the server hangs up on who says nothing for some seconds
    visitor = _visitor(at, signed_in, 0)
    for _ in range(min(_WARM_UP, posts)):
        visitor.reply(next(ids), seen=1)
    watch = Stopwatch(_families(at, webs))
    taken = []
    for part in range(PARTS):
        for _ in range(posts * part // PARTS, posts * (part + 1) // PARTS):
            begun = time.perf_counter()
            visitor.reply(next(ids), seen=1)
            taken.append(time.perf_counter() - begun)
        if part + 1 < PARTS:
            measured.pace()  # a machine may change its pace while this runs
            visitor.close()
            visitor = _visitor(at, signed_in, 0)
    used = watch.stop()
    measured.pace()
    visitor.close()
    scale = measured.scale(readings=PARTS + 1)
    split = {name: cpu * scale * 1000 / posts for name, cpu in used.cpu_seconds.items()}
    told = ", ".join(f"{name} {value:.2f}" for name, value in split.items())
    p50 = statistics.median(taken) * 1000
    measured.say(
        f"post: {posts} replies, ms of CPU each: {told}; p50 {p50:.1f} ms; others used {used.others:.2f} CPUs"
    )
    noisy = measured.is_noisy(used.others)
    return Figure("post.cpu_ms", round(sum(split.values()), 3), "ms", 4, "lower", "25–42 ms", noisy)


def _vs_limit(
    measured: Run,
    at: Place,
    ids: Iterator[int],
    *,
    webs: Sequence[Child],
    signed_in: dict[str, Any],
    seconds: float,
) -> Figure:
    lock = threading.Lock()

    def work(visitor: Visitor, deadline: float) -> int:
        done = 0
        while time.monotonic() < deadline:
            with lock:
                number = next(ids)
            visitor.reply(number, seen=1)
            done += 1
        return done

    script = _prepare(at)
    ours, limits = [], []
    with ThreadPoolExecutor(CLIENTS) as pool:
        watch = Stopwatch(_families(at, webs))
        for _ in range(PAIRS):
            visitors = _balanced(at, webs, signed_in)
            for visitor in visitors * _WARM_UP:
                visitor.reply(next(ids), seen=1)
            begun = time.monotonic()
            done = sum(pool.map(work, visitors, [begun + seconds] * CLIENTS))
            ours.append(done / (time.monotonic() - begun))
            for visitor in visitors:
                visitor.close()
            limits.append(_pgbench(at, script, seconds))
        used = watch.stop()
    ratio = statistics.median(ours) / statistics.median(limits)
    told = ", ".join(f"{mine:.0f} / {theirs:.0f}" for mine, theirs in zip(ours, limits, strict=True))
    measured.say(f"post: commits a second, ours / pgbench: {told}; others used {used.others:.2f} CPUs")
    noisy = measured.is_noisy(used.others)
    return Figure(
        "post.vs_limit",
        round(ratio, 3),
        "x",
        0.35,
        "higher",
        "pgbench, the same transaction, 8 clients",
        noisy,
    )


def _balanced(at: Place, webs: Sequence[Child], signed_in: dict[str, Any]) -> list[Visitor]:
    """One visitor a client, as many at each web process: the kernel alone would deal them out at random."""
    room = {web.pid: CLIENTS // len(webs) for web in webs}
    visitors: list[Visitor] = []
    for _ in range(CLIENTS * 50):
        if len(visitors) == CLIENTS:
            break
        before = {pid: _sockets(pid) for pid in room}
        visitor = _visitor(at, signed_in, len(visitors))
        visitor.get("/health")
        pid = max(room, key=lambda pid: _sockets(pid) - before[pid])
        if room[pid]:
            room[pid] -= 1
            visitors.append(visitor)
        else:
            visitor.close()
            time.sleep(0.05)
    return visitors


def _sockets(pid: int) -> int:
    links = (link for link in Path(f"/proc/{pid}/fd").iterdir())
    count = 0
    for link in links:
        try:
            count += str(link.readlink()).startswith("socket:")
        except OSError:
            continue
    return count


def _prepare(at: Place) -> Path:
    """The script for pgbench, over conversations of its own that nobody posts to."""
    mailbox = at.stage("company")["mailbox"]
    number = len(at.stage("conversations", number=1000, mailbox=mailbox)["ids"])
    with at.connect() as connection:
        connection.execute(
            "create table bench_conversation as select id, row_number() over (order by id) as place"
            " from (select id from conversations_conversation order by id desc limit 1000) as newest"
        )
        connection.execute("create unique index on bench_conversation (place)")
        connection.execute("analyze bench_conversation")
        row = connection.execute("select min(id) from people_teammate").fetchone()
    path = at.data.parent / "reply.sql"
    values = f"\\set number {number}\n\\set teammate {row[0] if row else 0}\n"
    given = iter([":teammate", f"'{uuid4()}'", "1", ":teammate", ":c", f"'{{{mailbox}}}'"])
    hold = re.sub("%s", lambda _: next(given), at.stage("holding")["sql"])
    path.write_text(values + _TRANSACTION.replace("TEXT", TEXT).replace("HOLD", hold))
    return path


def _pgbench(at: Place, script: Path, seconds: float) -> float:
    database = at.config.database
    said = at.run(
        str(programs() / "pgbench"), "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2",
        "-T", str(max(1, round(seconds))), "-f", str(script), "-h", database.host, "-p", str(database.port),
        "-U", database.user, database.name,
    )  # fmt: skip
    return float(next(line for line in said.splitlines() if line.startswith("tps")).split()[2])
