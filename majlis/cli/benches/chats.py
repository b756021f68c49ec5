"""A widget and visitors with a conversation each, made inside an installation as chatting leaves them (see `stage`)."""

from __future__ import annotations

from typing import Any, Final

SITE: Final = "https://shop.test"
_TEXT = "هل يصل الطقم إلى جدة قبل الخميس؟"

# A visitor of each digest, a customer of theirs and what they said first; those with an identity are one person, whose
# conversation is that of their first browser. One statement: a bench of thousands starts soon.
_VISITORS = """
with given as (select digest, n from unnest(%(digests)s::text[]) with ordinality as t(digest, n)),
customers as (
  insert into people_customer (name, name_key, language, created_at)
  select '', '', 'ar', now() from given where %(identity)s = '' or n = 1 returning id),
placed as (select id, row_number() over (order by id) as n from customers),
visitors as (
  insert into channels_visitor (widget_id, digest, customer_id, identity, name, language, time_zone, page, created_at,
    seen_at)
  select %(widget)s::bigint, g.digest, p.id, %(identity)s, '', 'ar', 'Asia/Riyadh', %(page)s, now(), now()
  from given g join placed p on p.n = case when %(identity)s = '' then g.n else 1 end
  returning id, customer_id),
firsts as (select min(id) as id, customer_id from visitors group by customer_id),
conversations as (
  insert into conversations_conversation (mailbox_id, customer_id, subject, channel, status, seq, message_seq,
    snippet, waiting_since, last_activity_at, created_at, is_historic)
  select %(mailbox)s::bigint, customer_id, %(text)s, 'chat', 'open', 1, 1, %(text)s, now(), now(), now(), false
  from firsts returning id, customer_id),
participants as (
  insert into conversations_participant (conversation_id, address, name, is_customer)
  select id, '', '', true from conversations),
entries as (
  insert into conversations_entry (conversation_id, mailbox_id, seq, changed_seq, kind, customer_id, from_name,
    from_address, "to", cc, subject, text, quoted, html, has_remote_images, message_id, message_key, automatic,
    is_historic, is_new_participant, is_same_id, is_withdrawn, details, created_at)
  select c.id, %(mailbox)s::bigint, 1, 1, 'message', c.customer_id, '', '', '[]', '[]', '', %(text)s, '', '', false,
    '', encode(sha256(convert_to('chat ' || f.id || ' ' || c.id, 'UTF8')), 'hex'), '', false, false, false, false,
    jsonb_build_object('key', gen_random_uuid(), 'page', %(page)s), now()
  from conversations c join firsts f on f.customer_id = c.customer_id
  returning id, conversation_id),
threads as (
  insert into channels_chatthread (conversation_id, visitor_id, widget_id, read_seq, read_at)
  select c.id, f.id, %(widget)s::bigint, 1, now()
  from conversations c join firsts f on f.customer_id = c.customer_id),
events as (
  insert into journal_event (kind, conversation_id, seq, mailbox_id, at, data, reacted_at, attempts, error)
  select 'customer.wrote', conversation_id, 1, %(mailbox)s::bigint, now(), jsonb_build_object('entry', id), now(), 0, ''
  from entries),
counted as (
  insert into conversations_counter as c (mailbox_id, assignee_id, shelf, number)
  select %(mailbox)s::bigint, 0, 'desk', count(*) from conversations having count(*) > 0
  on conflict (mailbox_id, assignee_id, shelf) do update set number = c.number + excluded.number)
select id from conversations order by id
"""


def shop(*, visitors: int, browsers: int = 0) -> dict[str, Any]:
    """A company with a widget at one site and a signed-in owner; `visitors` with a conversation each, and one person
    whom the site knows at so many `browsers`.

    site: what a page of the site knows (key, site). session: the owner's cookies. visitors and browsers: their tokens
    and their conversations, in the same order (those at browsers have one conversation together).
    """
    from majlis.cli.benches import stage

    company = stage.company()
    made = _widget(company["mailbox"], stage.teammate(0))
    given = {"widget": made.pk, "mailbox": company["mailbox"]}
    return {
        **company,
        "site": {"key": made.key, "site": SITE},
        "session": stage.sessions(number=1),
        "visitors": _visitors(visitors, "", given),
        "browsers": _visitors(browsers, "c-17", given),
    }


def _widget(mailbox: int, owner: Any) -> Any:
    from django.utils import timezone

    from majlis.channels.chat import widgets
    from majlis.people.models import Brand, Mailbox

    brand = Brand.objects.get_or_create(name="متجر سدرة", defaults={"created_at": timezone.now()})[0]
    at = Mailbox.objects.get(pk=mailbox)
    return widgets.create(owner, brand=brand, mailbox=at, name="المتجر", sites=(SITE,))


def _visitors(number: int, identity: str, given: dict[str, int]) -> dict[str, Any]:
    from django.db import connection

    from majlis.channels.chat import tokens

    made = [tokens.new() for _ in range(number)]
    values: dict[str, Any] = {
        **given,
        "digests": [tokens.digest(token) for token in made],
        "identity": identity,
        "text": _TEXT,
        "page": f"{SITE}/coffee/dallah",
    }
    with connection.cursor() as cursor:
        cursor.execute(_VISITORS, values)
        ids = [row[0] for row in cursor.fetchall()]
        cursor.execute("analyze")
    return {"tokens": made, "conversations": ids}
