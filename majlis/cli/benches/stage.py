"""What benchmarks work on, made inside the installation: run as a process of its own, it answers in JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

ADDRESS = "support@majlis.test"
_WORDS = "وصل الطلب ناقصا وأود معرفة موعد وصول القطعة الباقية مع الشكر الجزيل لكم على حسن تعاملكم".split()

# Conversations of one customer's mail each, as arrival leaves them. One statement: a bench of thousands starts soon.
_CONVERSATIONS = """
with numbers as (select n from generate_series(1, %(number)s::int) n),
customers as (
  insert into people_customer (name, name_key, language, created_at)
  select 'عميل ' || n, 'عميل ' || n, 'ar', now() from numbers returning id, name),
addresses as (
  insert into people_customeraddress (customer_id, address, created_at)
  select id, 'customer-' || id || '@customers.test', now() from customers),
conversations as (
  insert into conversations_conversation (mailbox_id, customer_id, subject, channel, status, seq, message_seq,
    snippet, waiting_since, last_activity_at, created_at, is_historic)
  select %(mailbox)s::bigint, id, 'أين طلبي؟', 'email', 'open', 1, 1, left(%(text)s, 140), now(), now(), now(), false
  from customers returning id, customer_id),
participants as (
  insert into conversations_participant (conversation_id, address, name, is_customer)
  select id, 'customer-' || customer_id || '@customers.test', 'عميل', true from conversations),
entries as (
  insert into conversations_entry (conversation_id, mailbox_id, seq, changed_seq, kind, customer_id, from_name,
    from_address, "to", cc, subject, text, quoted, html, has_remote_images, message_id, message_key, automatic,
    is_historic, is_new_participant, is_same_id, is_withdrawn, created_at)
  select id, %(mailbox)s::bigint, 1, 1, 'message', customer_id, 'عميل', 'customer-' || customer_id
    || '@customers.test', '[]', '[]', 'أين طلبي؟', %(text)s, '', '', false, '<' || id || '@customers.test>',
    lpad(id::text, 64, '0'), '', false, false, false, false, now() from conversations
  returning id, conversation_id, message_id),
ids as (
  insert into conversations_messageid (mailbox_id, conversation_id, entry_id, value, is_own)
  select %(mailbox)s::bigint, conversation_id, id, message_id, true from entries),
events as (
  insert into journal_event (kind, conversation_id, seq, mailbox_id, at, data, reacted_at, attempts, error)
  select 'customer.wrote', conversation_id, 1, %(mailbox)s::bigint, now(), jsonb_build_object('entry', id), now(), 0, ''
  from entries),
counted as (
  insert into conversations_counter as c (mailbox_id, assignee_id, shelf, number)
  values (%(mailbox)s::bigint, 0, 'desk', %(number)s::int)
  on conflict (mailbox_id, assignee_id, shelf) do update set number = c.number + excluded.number)
select id from conversations order by id
"""

# The same without what was said in them, for lists: a customer to twenty of them, all states, the newest first in the list.
_LISTED = """
with customers as (
  insert into people_customer (name, name_key, language, created_at)
  select 'عميل ' || n, 'عميل ' || n, 'ar', now() from generate_series(1, greatest(1, %(number)s::int / 20)) n
  returning id, name),
addresses as (
  insert into people_customeraddress (customer_id, address, created_at)
  select id, 'listed-' || id || '@customers.test', now() from customers),
placed as (select id, row_number() over (order by id) as place, count(*) over () as all_of_them from customers),
conversations as (
  insert into conversations_conversation (mailbox_id, customer_id, subject, channel, status, shelf, seq, message_seq,
    snippet, waiting_since, last_activity_at, created_at, is_historic, closed_at)
  select %(mailbox)s::bigint, k.id, 'أين طلبي رقم ' || n || '؟', 'email', s.status,
    case when s.status = 'closed' then 'closed' else 'desk' end, 1, 1, left(%(text)s, 140),
    case when s.status = 'open' then t.at end, t.at, t.at, false, case when s.status = 'closed' then t.at end
  from generate_series(1, %(number)s::int) n
  join placed k on k.place = 1 + n %% k.all_of_them
  cross join lateral (select now() - n * interval '20 seconds' as at) t
  cross join lateral (select (array['open', 'waiting', 'in_progress', 'closed', 'closed'])[1 + n %% 5] as status) s
  returning shelf),
counted as (
  insert into conversations_counter as c (mailbox_id, assignee_id, shelf, number)
  select %(mailbox)s::bigint, 0, shelf, count(*) from conversations group by shelf
  on conflict (mailbox_id, assignee_id, shelf) do update set number = c.number + excluded.number)
select count(*) from conversations
"""
_AT_ONCE = 50_000


def company() -> dict[str, Any]:
    """An installation with one owner, and one mailbox without a server behind it: their ids."""
    from majlis.people.actions import installation, mailboxes
    from majlis.people.models import Mailbox

    installation.choose_language("ar")
    installation.describe(company="متجر سدرة", team="الفريق", region="SA", time_zone="Asia/Riyadh")
    owner = teammate(0)
    found = Mailbox.objects.filter(address=ADDRESS).first()
    made = found or mailboxes.create(owner, name="الدعم", address=ADDRESS)
    return {"mailbox": made.pk, "address": ADDRESS, "owner": owner.pk}


def teammate(number: int) -> Any:
    """The owner (0) or one of the other teammates, made if missing."""
    from django.utils import timezone

    from majlis.lib.arabic import sort_key
    from majlis.people.models import Role, Teammate

    email, name = f"teammate-{number}@majlis.test", f"زميل {number}"
    return Teammate.objects.get_or_create(
        email=email,
        defaults={
            "name": name,
            "name_key": sort_key(name),
            "role": Role.ADMIN if number else Role.OWNER,
            "language": "ar",
            "time_zone": "Asia/Riyadh",
            "created_at": timezone.now(),
        },
    )[0]


def sessions(*, number: int) -> dict[str, Any]:
    """So many signed-in sessions, each of a teammate of its own, as signing in leaves them: their cookies."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from majlis.people.sessions import SessionStore

    keys = []
    for place in range(number):
        who = teammate(place)
        session = SessionStore()
        session[SESSION_KEY] = str(who.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = who.get_session_auth_hash()
        session.create()
        keys.append(session.session_key)
    return {"cookie": settings.SESSION_COOKIE_NAME, "csrf": settings.CSRF_COOKIE_NAME, "keys": keys}


def conversations(*, number: int, mailbox: int) -> dict[str, Any]:
    """So many open conversations that wait for a first reply: their ids."""
    from django.db import connection

    text = " ".join(_WORDS * 4)
    with connection.cursor() as cursor:
        cursor.execute(_CONVERSATIONS, {"number": number, "mailbox": mailbox, "text": text})
        ids = [row[0] for row in cursor.fetchall()]
        cursor.execute("analyze")
    return {"ids": ids}


def listed(*, number: int, mailbox: int) -> dict[str, Any]:
    """So many conversations that a list can show, nothing said in them: how many."""
    from django.db import connection

    left = number
    with connection.cursor() as cursor:
        while left > 0:
            part = min(_AT_ONCE, left)
            cursor.execute(_LISTED, {"number": part, "mailbox": mailbox, "text": " ".join(_WORDS * 4)})
            left -= part
        cursor.execute("vacuum analyze")
    return {"number": number}


def listing(*, mailbox: int) -> dict[str, Any]:
    """The statement that answers the list of all open conversations, with its values."""
    from django.db import connection

    from majlis.conversations import inbox

    seen: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        inbox.page("all", teammate_id=teammate(0).pk, mailbox_ids=[mailbox])
    sql, values = seen[-1]
    return {
        "sql": sql,
        "values": [value.isoformat() if hasattr(value, "isoformat") else value for value in values],
    }


def holding() -> dict[str, Any]:
    """The statement that holds a conversation for a reply, its values as `%s`."""
    from majlis.conversations.actions.answering import HOLD

    return {"sql": HOLD}


def main(word: str) -> None:
    """Do what `word` says with the arguments on standard input."""
    import django

    django.setup()
    from majlis.cli.benches import chats

    makers: dict[str, Callable[..., dict[str, Any]]] = {
        "company": company,
        "sessions": sessions,
        "conversations": conversations,
        "holding": holding,
        "listed": listed,
        "listing": listing,
        "shop": chats.shop,
    }
    sys.stdout.write(json.dumps(makers[word](**json.load(sys.stdin))))


if __name__ == "__main__":
    main(sys.argv[1])
