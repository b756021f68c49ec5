"""Invitations: asked, moved, called off, answered; zones of every kind, whole days, repetitions, and broken ones."""

from __future__ import annotations

from tests.corpus.writing import b64, message, plain

_HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//AR\r\n"


def _calendar(method: str, *lines: str, zone: str = "") -> str:
    event = "\r\n".join(["BEGIN:VEVENT", "UID:m@x", "DTSTAMP:20251101T000000Z", *lines, "END:VEVENT"])
    return f"{_HEAD}METHOD:{method}\r\n{zone}{event}\r\nEND:VCALENDAR\r\n"


def _mail(number: str, calendar: str | bytes, *, method: str = "REQUEST", kind: str = "") -> bytes:
    content = calendar.encode() if isinstance(calendar, str) else calendar
    kind = kind or f"text/calendar; charset=utf-8; method={method}"
    body = (
        b"--c\nContent-Type: text/plain; charset=utf-8\n\nmeeting\n--c\nContent-Type: " + kind.encode()
        + b"\nContent-Transfer-Encoding: base64\n\n" + b64(content.decode("latin-1"), "latin-1") + b"\n--c--"
    )  # fmt: skip
    return message(
        *plain(number), "Subject: meeting", "Content-Type: multipart/alternative; boundary=c", body=body
    )


_ORGANISER = 'ORGANIZER;CN="ليلى الحربي":mailto:Layla@customer.example'
_GUESTS = "ATTENDEE;CN=a:mailto:a@x.example\r\nATTENDEE:mailto:b@x.example"
_RIYADH = (
    "BEGIN:VTIMEZONE\r\nTZID:Shop Time\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:+0300\r\n"
    "TZOFFSETTO:+0300\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)
MESSAGES: dict[str, bytes] = {
    "invitation-google": _mail(
        "m1",
        _calendar(
            "REQUEST",
            "DTSTART:20251201T070000Z",
            "DTEND:20251201T080000Z",
            "SUMMARY:مراجعة الطلب",
            "LOCATION:الرياض\\, برج المملكة",
            "X-GOOGLE-CONFERENCE:https://meet.google.com/abc-defg-hij",
            _ORGANISER,
            _GUESTS,
        ),
    ),
    "invitation-windows-zone": _mail(
        "m2",
        _calendar(
            "REQUEST",
            "DTSTART;TZID=Arab Standard Time:20251201T100000",
            "DTEND;TZID=Arab Standard Time:20251201T113000",
            "SUMMARY:اجتماع",
        ),
    ),
    "invitation-zone-unquoted": _mail(
        "m3",
        _calendar(
            "REQUEST",
            "DTSTART;TZID=(UTC+03:00) Kuwait, Riyadh:20251201T100000",
            "DURATION:PT45M",
            "SUMMARY:اجتماع",
        ),
    ),
    "invitation-zone-of-its-own": _mail(
        "m4", _calendar("REQUEST", "DTSTART;TZID=Shop Time:20251201T100000", "SUMMARY:own", zone=_RIYADH)
    ),
    "invitation-floating": _mail(
        "m5", _calendar("PUBLISH", "DTSTART:20251201T100000", "SUMMARY:floating"), method="PUBLISH"
    ),
    "invitation-whole-days": _mail(
        "m6", _calendar("REQUEST", "DTSTART;VALUE=DATE:20251201", "DTEND;VALUE=DATE:20251204", "SUMMARY:معرض")
    ),
    "invitation-repeating": _mail(
        "m7",
        _calendar(
            "REQUEST",
            "DTSTART;TZID=Asia/Dubai:20251201T100000",
            "RRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=20260301T000000Z;BYDAY=SU,TU",
            "SUMMARY:كل أسبوعين",
        ),
    ),
    "invitation-called-off": _mail(
        "m8",
        _calendar("CANCEL", "STATUS:CANCELLED", "DTSTART:20251201T070000Z", "SUMMARY:ملغى"),
        method="CANCEL",
    ),
    "invitation-answered": _mail(
        "m9",
        _calendar(
            "REPLY",
            "DTSTART:20251201T070000Z",
            "SUMMARY:قبول",
            "ATTENDEE;CN=عمر;PARTSTAT=ACCEPTED:mailto:Omar@customer.example",
        ),
        method="REPLY",
    ),
    "invitation-as-a-file-too": message(
        *plain("m10"),
        "Subject: twice",
        "Content-Type: multipart/mixed; boundary=f",
        body="--f\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\n\n"
        + _calendar("REQUEST", "DTSTART:20251201T070000Z", "SUMMARY:once").replace("\r\n", "\n")
        + '--f\nContent-Type: application/ics; name="invite.ics"\nContent-Disposition: attachment; filename="invite.ics"\n\n'
        + _calendar("REQUEST", "DTSTART:20251201T070000Z", "SUMMARY:once").replace("\r\n", "\n")
        + "--f--",
    ),
    "invitation-alone-in-cp1256": message(
        *plain("m11"),
        "Subject: alone",
        "Content-Type: text/calendar; method=REQUEST",
        "Content-Transfer-Encoding: base64",
        body=b64(
            _calendar("REQUEST", "DTSTART:20251201T070000Z", "SUMMARY:اجتماع العملاء الأسبوعي"), "cp1256"
        ),
    ),
    "invitation-teams-link-in-description": _mail(
        "m12",
        _calendar(
            "REQUEST",
            "DTSTART:20251201T070000Z",
            "SUMMARY:Teams",
            "DESCRIPTION:انضم\\nhttps://teams.microsoft.com/l/meetup-join/19%3ameeting",
        ),
    ),
    "invitation-broken-start": _mail("m13", _calendar("REQUEST", "DTSTART:tomorrow", "SUMMARY:broken")),
    "invitation-cut-off": _mail("m14", _calendar("REQUEST", "DTSTART:20251201T070000Z", "SUMMARY:cut")[:150]),
    "invitation-octets-named-ics": _mail(
        "m15",
        _calendar("REQUEST", "DTSTART:20251201T070000Z", "SUMMARY:octets"),
        kind='application/octet-stream; name="موعد.ics"',
    ),
}


def _one(**said: object) -> dict[str, object]:
    return {
        "method": "request", "summary": "", "start": "2025-12-01T07:00:00+00:00", "end": "", "zone": "",
        "is_all_day": False, "place": "", "organiser": {"name": "", "address": ""}, "attendees": 0, "answer": None,
        "url": "", "rule": None, **said,
    }  # fmt: skip


EXPECTED: dict[str, dict[str, object]] = {
    "invitation-google": {
        "text": "meeting",
        "attachments": [("invite.ics", "text/calendar", False)],
        "invitations": (
            _one(
                summary="مراجعة الطلب",
                end="2025-12-01T08:00:00+00:00",
                zone="UTC",
                place="الرياض, برج المملكة",
                organiser={"name": "ليلى الحربي", "address": "layla@customer.example"},
                attendees=2,
                url="https://meet.google.com/abc-defg-hij",
            ),
        ),
    },
    "invitation-windows-zone": {
        "invitations": (_one(summary="اجتماع", end="2025-12-01T08:30:00+00:00", zone="Asia/Riyadh"),)
    },
    "invitation-zone-unquoted": {"invitations": (_one(summary="اجتماع", end="2025-12-01T07:45:00+00:00"),)},
    "invitation-zone-of-its-own": {"invitations": (_one(summary="own"),)},
    "invitation-floating": {
        "invitations": (_one(method="publish", summary="floating", start="2025-12-01T10:00:00"),)
    },
    "invitation-whole-days": {
        "invitations": (_one(summary="معرض", start="2025-12-01", end="2025-12-03", is_all_day=True),)
    },
    "invitation-repeating": {
        "invitations": (
            _one(
                summary="كل أسبوعين",
                start="2025-12-01T06:00:00+00:00",
                zone="Asia/Dubai",
                rule={
                    "every": "weekly",
                    "interval": 2,
                    "count": 0,
                    "until": "2026-03-01",
                    "days": ["SU", "TU"],
                },
            ),
        )
    },
    "invitation-called-off": {"invitations": (_one(method="cancel", summary="ملغى", zone="UTC"),)},
    "invitation-answered": {
        "invitations": (
            _one(
                method="reply",
                summary="قبول",
                zone="UTC",
                attendees=1,
                answer={"name": "عمر", "address": "omar@customer.example", "answer": "accepted"},
            ),
        )
    },
    "invitation-as-a-file-too": {
        "text": "",
        "invitations": (_one(summary="once", zone="UTC"),),
        "attachments": [("invite.ics", "text/calendar", False), ("invite.ics", "application/ics", False)],
    },
    "invitation-alone-in-cp1256": {
        "text": "",
        "invitations": (_one(summary="اجتماع العملاء الأسبوعي", zone="UTC"),),
    },
    "invitation-teams-link-in-description": {
        "invitations": (
            _one(summary="Teams", zone="UTC", url="https://teams.microsoft.com/l/meetup-join/19%3ameeting"),
        )
    },
    "invitation-broken-start": {"text": "meeting", "invitations": ()},
    "invitation-cut-off": {"text": "meeting", "invitations": ()},
    "invitation-octets-named-ics": {"invitations": (_one(summary="octets", zone="UTC"),)},
}
