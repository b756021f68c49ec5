"""Live visitors at one gateway: memory each, from a commit to their browsers, and nothing lost while lines break."""

from __future__ import annotations

import os
import secrets
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

import psycopg

from majlis.cli.benches import reckoning
from majlis.cli.benches.asking import Site
from majlis.cli.benches.clocks import Stopwatch, of_process
from majlis.cli.benches.figures import Figure
from majlis.cli.benches.idle import Idle, listening
from majlis.cli.benches.measuring import Run
from majlis.cli.benches.memory import pss_kib
from majlis.cli.benches.place import Place, place
from majlis.cli.benches.post import serve
from majlis.cli.children import Child

IDLE, ACTIVE, SECONDS, COMMITS = 5_000, 200, 600.0, 300
FIFTY: Final = 50
_SETTLED_SECONDS = 10.0
_WARM_UP = 30
_FIRST = 10
_GAP_SECONDS = 0.01

_REPLY = """
with held as (
  update conversations_conversation set seq = seq + 1, last_activity_at = now() where id = %(id)s
  returning id, mailbox_id, seq),
entered as (
  insert into conversations_entry (conversation_id, mailbox_id, seq, changed_seq, kind, teammate_id, from_name,
    from_address, "to", cc, subject, text, quoted, html, has_remote_images, message_id, automatic, is_historic,
    is_new_participant, is_same_id, is_withdrawn, submission_key, written_at, created_at)
  select id, mailbox_id, seq, seq, 'reply', %(teammate)s, 'زميل', '', '[]', '[]', '', 'نعم، يصل الأربعاء.', '', '', false,
    '', '', false, false, false, false, gen_random_uuid(), now(), now() from held
  returning id),
told as (
  insert into journal_event (kind, conversation_id, seq, mailbox_id, actor_id, at, data, reacted_at, attempts, error)
  select 'reply.posted', h.id, h.seq, h.mailbox_id, %(teammate)s, now(), jsonb_build_object('entry', e.id), now(), 0, ''
  from held h, entered e)
select seq, mailbox_id from held
"""
_NUDGE = (
    "select pg_notify('majlis', json_build_object('c', %s::bigint, 's', %s::int, 'k', 'reply.posted', 'm', %s::bigint)"
    "::text)"
)


def run(measured: Run) -> list[Figure]:
    """connections.kb, connections.one_p50_ms, connections.fifty_p50_ms and connections.lost."""
    idle, active = measured.count(IDLE, least=20), measured.count(ACTIVE, least=3)
    seconds = max(4.0, min(SECONDS, SECONDS * measured.size))
    with place(measured.folder, "connections") as at:
        at.start_database()
        made = at.stage("shop", visitors=idle, browsers=FIFTY)
        owner, here, fifty = made["owner"], made["visitors"], made["browsers"]
        web = serve(at)
        port, shop = at.config.port, made["site"]
        site = Site(port, **shop, teammate=teammate_cookies(made["session"]))
        used = Stopwatch(_families(at, web))
        first, others = here["tokens"][:_FIRST], here["tokens"][_FIRST:]
        # What the first streams load is not theirs; and who shares the process's pages is there before and after.
        with listening(port, tokens=first, **shop) as streams:
            before = _settled(measured, web)
            opened_at, cpu = time.monotonic(), of_process(web.pid)
            streams.more(others)
            opening, cpu = time.monotonic() - opened_at, of_process(web.pid) - cpu
            each = (_settled(measured, web) - before) * 1.024 / len(others)
            one = _taken(measured, at, streams, here["conversations"], teammate=owner, of=1)
            with listening(port, tokens=fifty["tokens"], **shop) as together:
                many = _taken(measured, at, together, fifty["conversations"], teammate=owner, of=FIFTY)
            came = _talk(measured, at, site, talkers=active, seconds=seconds)
            still_open = streams.count()
        elsewhere = used.stop().others
    measured.say(
        f"connections: {idle} streams opened in {opening:.1f} s ({cpu:.1f} s of CPU), {still_open} at the end; "
        f"others used {elsewhere:.2f} CPUs"
    )
    noisy = measured.is_noisy(elsewhere)
    lost = len(came.lost) + len(came.doubled) + len(came.disordered) + (idle - still_open)
    return [
        Figure("connections.kb", round(each, 1), "kB", 20, "lower", "–", noisy=False),
        Figure("connections.one_p50_ms", round(statistics.median(one), 2), "ms", 1.5, "lower", "–", noisy),
        Figure("connections.fifty_p50_ms", round(statistics.median(many), 2), "ms", 5, "lower", "–", noisy),
        Figure("connections.lost", float(lost), "", 0, "lower", "–", noisy=False),
    ]


def teammate_cookies(signed_in: dict[str, Any]) -> str:
    """Header lines that make a question a signed-in teammate's."""
    secret = secrets.token_hex(16)
    return (
        f"Cookie: {signed_in['cookie']}={signed_in['keys'][0]}; {signed_in['csrf']}={secret}\r\n"
        f"X-CSRFToken: {secret}\r\n"
    )


def truth_of(connect: Callable[[], psycopg.Connection[Any]]) -> reckoning.Truth:
    """What the database holds of what was said."""

    def truth() -> list[tuple[int, int, str]]:
        with connect() as connection:
            return connection.execute(reckoning.TRUTH).fetchall()

    return truth


def _families(at: Place, web: Child) -> dict[str, list[int]]:
    assert at.server is not None
    assert at.server.child is not None
    return {"web": [web.pid], "postgresql": [at.server.child.pid]}


def _settled(measured: Run, web: Child) -> float:
    """KiB that the web process keeps, after a while of nothing."""
    time.sleep(min(_SETTLED_SECONDS, 200 * measured.size))
    return pss_kib(web.pid)


def _taken(
    measured: Run, at: Place, streams: Idle, conversations: Sequence[int], *, teammate: int, of: int
) -> list[float]:
    """Milliseconds from the return of each commit until the last of so many streams had heard of it."""
    commits = max(5, min(COMMITS, measured.count(20 * COMMITS)))
    taken = []
    with at.connect() as connection:
        for index in range(_WARM_UP + commits):
            number = conversations[index * 7919 % len(conversations)]
            with connection.transaction():
                row = connection.execute(_REPLY, {"id": number, "teammate": teammate}).fetchone()
            begun = time.monotonic()
            assert row is not None
            connection.execute(_NUDGE, [number, *row])
            heard = max(streams.heard(number, row[0], of=of))
            if index >= _WARM_UP:
                taken.append((heard - begun) * 1000)
            time.sleep(_GAP_SECONDS)
    taken.sort()
    p99 = taken[round(0.99 * (len(taken) - 1))]
    measured.say(
        f"connections: commit to {of}: ms: best {taken[0]:.2f}, p50 {statistics.median(taken):.2f}, p99 {p99:.2f}, "
        f"worst {taken[-1]:.2f} of {len(taken)}"
    )
    return taken


def _talk(measured: Run, at: Place, site: Site, *, talkers: int, seconds: float) -> reckoning.Outcome:
    seed = int(os.environ.get("MAJLIS_TEST_SEED") or secrets.randbits(32))
    came = reckoning.run(site, truth_of(at.connect), talkers=talkers, seconds=seconds, seed=seed)
    for name in ("lost", "doubled", "disordered"):
        for line in getattr(came, name)[:20]:
            measured.say(f"connections: {name}: {line}")
    measured.say(
        f"connections: {talkers} visitors said {came.said} things and got {came.answered} answers in {came.seconds:.0f} s; "
        f"{came.cut_streams} streams and {came.cut_questions} questions cut; refused: {came.refused}; seed {seed}"
    )
    return came
