"""What is known of one customer, in one statement: it is asked for with every conversation that is opened."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from django.db import connection

from majlis.people.models import ContextLink

_CARD = """
select k.id, k.name, k.language, k.created_at, k.job, coalesce(f.name, ''), k.plan, k.pays, k.customer_since_on,
 k.time_zone, k.attributes, k.talk, k.is_unwilling, k.merged_into_id,
 coalesce((select json_agg(json_build_array(a.id, a.address) order by a.id)
  from people_customeraddress a where a.customer_id = k.id), '[]'),
 coalesce((select json_agg(json_build_array(n.id, n.text, n.teammate_id, coalesce(t.name, ''), n.created_at)
   order by n.id desc)
  from people_customernote n left join people_teammate t on t.id = n.teammate_id
  where n.customer_id = k.id and n.removed_at is null), '[]'),
 coalesce((select json_agg(json_build_array(l.name, l.template) order by l.id) from people_contextlink l), '[]'),
 coalesce((select json_agg(json_build_array(m.id, coalesce(m.moved ->> 'name', ''), m.at) order by m.id desc)
  from people_customermerge m where m.into_id = k.id and m.undone_at is null), '[]')
from people_customer k left join people_company f on f.id = k.company_id where k.id = %s
"""
_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Note:
    """A note with whoever wrote it."""

    id: int
    text: str
    teammate_id: int | None
    teammate_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Merged:
    """Somebody who was merged into a customer, as they were called."""

    id: int
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """A customer as the panel shows them; `addresses` are (id, address), `links` (name, address)."""

    id: int
    name: str
    language: str
    created_at: datetime
    job: str
    company: str
    plan: str
    pays: str
    customer_since_on: date | None
    time_zone: str
    attributes: Mapping[str, Any]
    talk: Mapping[str, Any]
    is_unwilling: bool
    merged_into_id: int | None
    addresses: Sequence[tuple[int, str]]
    notes: Sequence[Note]
    links: Sequence[tuple[str, str]]
    merges: Sequence[Merged]


def card(customer_id: int) -> Card | None:
    """What is known of this customer, None when there is no such row. Whether it may be seen was decided before."""
    with connection.cursor() as cursor:
        cursor.execute(_CARD, [customer_id])
        row = cursor.fetchone()
    if row is None:
        return None
    known = list(row[:14])
    addresses, notes, links, merges = row[14:]
    known[10], known[11] = _mapping(known[10]), _mapping(known[11])
    pairs = [(int(number), str(address)) for number, address in _parsed(addresses)]
    values = values_of(known[0], known[1], [address for _, address in pairs], known[10])
    known += [
        pairs,
        [
            Note(number, text, teammate_id, name, datetime.fromisoformat(at))
            for number, text, teammate_id, name, at in _parsed(notes)
        ],
        [(name, filled(template, values)) for name, template in _parsed(links)],
        [Merged(number, name, datetime.fromisoformat(at)) for number, name, at in _parsed(merges)],
    ]
    return Card(*known)


def values_of(
    customer_id: int, name: str, addresses: Sequence[str], attributes: Mapping[str, Any]
) -> dict[str, str]:
    """What a link's places may stand for: email, name, id, and the attributes by their names."""
    own = {str(key): str(value) for key, value in attributes.items()}
    return own | {"email": addresses[0] if addresses else "", "name": name, "id": str(customer_id)}


def filled(template: str, values: Mapping[str, str]) -> str:
    """A link's address with its places filled, each value percent-encoded whole (RFC 3986 §2.1); unknown ones empty."""
    return _PLACE.sub(lambda found: quote(values.get(found[1].strip(), ""), safe=""), template)


def links() -> list[ContextLink]:
    """The links, in the order they were made."""
    return list(ContextLink.objects.order_by("pk"))


def _parsed(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str | bytes) else value


def _mapping(value: Any) -> dict[str, Any]:
    found = _parsed(value)
    return found if isinstance(found, dict) else {}
