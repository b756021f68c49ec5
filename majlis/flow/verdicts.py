"""Whose word on SPF, DKIM and DMARC is believed: the mailbox's own server's, and nobody else's (RFC 8601 §7.1)."""

from __future__ import annotations

from django.db import connection

from majlis.channels.email.checks import Checks, organisation

# Who removes forged results before writing its own, as each says: the organisation of the host that is fetched from,
# and of the name its results carry; none is named in Microsoft's.
_STRIPS_FORGED = {
    "gmail.com": "google.com",
    "googlemail.com": "google.com",
    "office365.com": "",
    "outlook.com": "",
    "yahoo.com": "yahoo.com",
    "me.com": "icloud.com",
    "fastmail.com": "messagingengine.com",
    "zoho.com": "zohomail.com",
}
_ENOUGH = 20
_LOOKED_AT = 20_000  # entries of the whole desk, the newest
_LEARN = (
    "with latest as (select e.mailbox_id, e.details #>> '{checks,by}' as by, row_number() over"
    "   (partition by e.mailbox_id order by e.id desc) as place from conversations_entry e"
    "  where e.kind = 'message' and e.raw_id is not null and e.id > %s),"
    " counted as (select mailbox_id, by, count(*) as number, sum(count(*)) over (partition by mailbox_id) as of"
    "  from latest where place <= 200 group by mailbox_id, by)"
    " insert into channels_mailoptions (mailbox_id, learned_server)"
    " select mailbox_id, by from counted where by <> '' and of >= %s and number >= of * 0.9"
    " on conflict (mailbox_id) do update set learned_server = excluded.learned_server"
    " where channels_mailoptions.learned_server <> excluded.learned_server"
)


def is_believed(checks: Checks, believed: tuple[str, str, str]) -> bool:
    """Claims that these are the results of the mailbox's own server.

    `believed`: the host it is fetched from, and the server's name as the administrator says, and as was learned. A
    name that was said decides alone.
    """
    host, said, learned = believed
    if said:
        return checks.by != "" and organisation(checks.by) == organisation(said)
    expected = _STRIPS_FORGED.get(organisation(host)) if host else None
    if expected is not None:
        return (organisation(checks.by) if checks.by else "") == expected
    return bool(learned) and checks.by == learned


def shown(checks: Checks | None, believed: tuple[str, str, str]) -> dict[str, object] | None:
    """What an entry keeps of `checks`: who says so, whether that is believed, and each result; None without any."""
    if checks is None or not (checks.spf or checks.dkim or checks.dmarc):
        return None
    kept: dict[str, object] = {"by": checks.by, "is_believed": is_believed(checks, believed)}
    for name in ("spf", "dkim", "dmarc", "domain", "verdict"):
        if value := getattr(checks, name):
            kept[name] = value
    return kept


def is_forged(checks: Checks | None, believed: tuple[str, str, str]) -> bool:
    """Claims that a believed server found that the message does not come from where it says."""
    return checks is not None and checks.verdict == "fail" and is_believed(checks, believed)


def learn() -> int:
    """See whose results nearly every recent mail of a mailbox carries, and believe those from now on; how many changed.

    A sender can write such a line too, but stands then for one mail of many, and its own server's would be missing.
    """
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(max(id), 0) - %s from conversations_entry", [_LOOKED_AT])
        (first,) = cursor.fetchone() or (0,)
        cursor.execute(_LEARN, [first, _ENOUGH])
        return int(cursor.rowcount)
