"""Messages nobody should send: no library builds them, mailboxes are full of them."""

from __future__ import annotations

from tests.corpus.writing import DATE, LAYLA, MIME, TO, b64, message, plain


def _from(number: str, value: bytes | str) -> bytes:
    written = value.encode() if isinstance(value, str) else value
    return message(
        b"From: " + written, TO, DATE, f"Message-ID: <{number}@customer.example>", "Subject: from", body="hi"
    )


def _dated(number: str, *lines: str) -> bytes:
    return message(LAYLA, TO, *lines, f"Message-ID: <{number}@customer.example>", "Subject: date", body="hi")


MESSAGES: dict[str, bytes] = {
    "boundary-missing": message(
        *plain("b1"),
        "Subject: b",
        "Content-Type: multipart/mixed",
        body="--XYZ\nContent-Type: text/plain\n\ntext\n--XYZ\nContent-Type: text/plain; name=a.txt\n"
        "Content-Disposition: attachment\n\nfile\n--XYZ--",
    ),
    "boundary-wrong": message(
        *plain("b2"),
        "Subject: b",
        "Content-Type: multipart/alternative; boundary=other",
        body="--real\nContent-Type: text/plain\n\nplain\n--real\nContent-Type: text/html\n\n<b>rich</b>\n--real--",
    ),
    "multipart-without-parts": message(
        *plain("b3"), "Subject: b", "Content-Type: multipart/mixed; boundary=none", body="only text, no parts"
    ),
    "multipart-unclosed": message(
        *plain("b4"),
        "Subject: b",
        "Content-Type: multipart/mixed; boundary=u",
        body="--u\nContent-Type: text/plain\n\nbefore\n--u\nContent-Type: application/pdf; name=cut.pdf\n"
        "Content-Transfer-Encoding: base64\n\nJVBERi0x",
    ),
    "boundary-prefix-of-another": message(
        *plain("b5"),
        "Subject: b",
        "Content-Type: multipart/mixed; boundary=ab",
        body="--ab\nContent-Type: multipart/alternative; boundary=abc\n\n--abc\nContent-Type: text/plain\n\nplain\n"
        "--abc\nContent-Type: text/html\n\n<i>rich</i>\n--abc--\n--ab--",
    ),
    "nested-same-boundary": message(
        *plain("b6"),
        "Subject: b",
        "Content-Type: multipart/mixed; boundary=s",
        body="--s\nContent-Type: multipart/alternative; boundary=s\n\n--s\nContent-Type: text/plain\n\ninside\n--s--\n--s--",
    ),
    "no-message-id": message(LAYLA, TO, DATE, "Subject: none", body="hi"),
    "message-id-empty": message(LAYLA, TO, DATE, "Message-ID: <>", "Subject: none", body="hi"),
    "message-id-bare": message(
        LAYLA, TO, DATE, "Message-ID: 77.abc@printer.example", "Subject: id", body="hi"
    ),
    "message-id-folded": message(
        LAYLA, TO, DATE, "Message-ID:\r\n <b10 \r\n @customer.example>", "Subject: id", body="hi"
    ),
    "ids-as-encoded-words": message(
        *plain("b11"),
        "Subject: id",
        "In-Reply-To: =?utf-8?q?=3Clong=40shop=2Eexample=3E?=",
        "References: <a@shop.example><b@shop.example>,<a@shop.example>",
        body="hi",
    ),
    "in-reply-to-with-words": message(
        *plain("b12"), "Subject: id", 'In-Reply-To: "Your message of Sunday" <q@shop.example>', body="hi"
    ),
    "date-31-february": _dated("d1", "Date: Tue, 31 Feb 2025 10:00:00 +0300"),
    "date-garbage": _dated("d2", "Date: yesterday evening"),
    "date-missing": _dated("d3"),
    "date-no-zone": _dated("d4", "Date: Mon, 3 Nov 2025 10:15:00"),
    "date-iso": _dated("d5", "Date: 2025-11-03T10:15:00+03:00"),
    "date-arabic-digits": _dated("d6", "Date: Mon, ٣ Nov ٢٠٢٥ ١٠:١٥:٠٠ +0300"),
    "date-absurd-zone": _dated("d7", "Date: Mon, 3 Nov 2025 10:15:00 +9999"),
    "from-twice": message(
        LAYLA,
        "From: Other <other@customer.example>",
        TO,
        DATE,
        "Message-ID: <b13@customer.example>",
        "Subject: two",
        body="hi",
    ),
    "from-missing": message(
        "Return-Path: <layla@customer.example>",
        TO,
        DATE,
        "Message-ID: <b14@customer.example>",
        "Subject: from",
        body="hi",
    ),
    "from-name-only": message(
        "From: Layla",
        "Sender: layla@customer.example",
        TO,
        DATE,
        "Message-ID: <b15@customer.example>",
        "Subject: from",
        body="hi",
    ),
    "from-quote-open": _from("b16", '"Layla Al-Harbi <layla@customer.example>'),
    "from-angle-open": _from("b17", "Layla <layla@customer.example"),
    "from-no-angles": _from("b18", "Layla Al-Harbi layla@customer.example"),
    "from-comment": _from("b19", "layla@customer.example (Layla Al-Harbi)"),
    "from-commas-unquoted": _from("b20", "Al-Harbi, Layla, Ms. <layla@customer.example>"),
    "from-encoded-whole": _from("b21", b"=?utf-8?B?" + b64("ليلى <layla@customer.example>") + b"?="),
    "from-encoded-with-comma": _from(
        "b22", b"=?utf-8?B?" + b64("الحربي, ليلى") + b"?= <Layla@Customer.Example>"
    ),
    "from-encoded-in-quotes": _from(
        "b23", b'"=?utf-8?B?' + b64("ليلى الحربي") + b'?=" <layla@customer.example>'
    ),
    "from-address-as-name": _from("b24", '"layla@customer.example" <layla@customer.example>'),
    "from-mailto": _from("b25", "Layla <mailto:layla@customer.example>"),
    "from-spaces-in-address": _from("b26", "Layla < layla @ customer.example >"),
    "from-square-brackets": _from("b27", "Layla [layla@customer.example]"),
    "to-semicolons": message(
        LAYLA,
        "To: Salma <salma@shop.example>; Badr <badr@shop.example>",
        DATE,
        "Message-ID: <b28@customer.example>",
        "Subject: to",
        body="hi",
    ),
    "qp-broken": message(
        *plain("b29"),
        "Subject: qp",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        body="price =ZZ 100% = good =D9=8",
    ),
    "base64-broken": message(
        *plain("b30"),
        "Subject: b64",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        body=b64("مرحبا بكم")[:4] + b"!*\n" + b64("مرحبا بكم")[4:].rstrip(b"=") + b"\n",
    ),
    "base64-is-plain": message(
        *plain("b31"),
        "Subject: b64",
        "Content-Transfer-Encoding: base64",
        body="this was never encoded, sorry about that",
    ),
    "base64-with-footer": message(
        *plain("b32"),
        "Subject: b64",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        body=b64("مرحبا بكم.") + b"\n_______\nlist footer, in plain text\n",
    ),
    "body-8bit-nul": message(
        *plain("b33"), "Subject: nul", "Content-Type: text/plain; charset=utf-8", body="مرحبا\x00 بك"
    ),
    "lone-cr": message(
        LAYLA, TO, DATE, "Message-ID: <b34@customer.example>", "Subject: old", body="one\ntwo", end=b"\r"
    ),
    "lf-only": message(
        LAYLA, TO, DATE, "Message-ID: <b35@customer.example>", "Subject: unix", body="one\ntwo", end=b"\n"
    ),
    "cr-in-body": message(
        LAYLA, TO, DATE, "Message-ID: <b36@customer.example>", "Subject: cr", body=b"one\rtwo"
    ),
    "no-headers": b"just text\r\nand more\r\n",
    "empty": b"",
    "headers-only-no-end": b"From: layla@customer.example\r\nSubject: cut",
    "subject-fold-lost-indent": message(
        LAYLA,
        TO,
        "Subject: a subject that was broken\r\nwithout indentation",
        DATE,
        "Message-ID: <b37@customer.example>",
        body="hi",
    ),
    "mbox-line-first": b"From layla@customer.example Mon Nov  3 10:15:00 2025\r\n"
    + message(LAYLA, TO, DATE, "Message-ID: <b38@customer.example>", "Subject: mbox", body="hi"),
    "content-type-nonsense": message(
        *plain("b39"), "Subject: ct", "Content-Type: ;;; text", body="still text"
    ),
    "transfer-encoding-nonsense": message(
        *plain("b40"),
        "Subject: cte",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: utf-8",
        body="نعم",
    ),
    "part-without-empty-line": message(
        *plain("b41"),
        "Subject: p",
        "Content-Type: multipart/mixed; boundary=p",
        body="--p\ntext right away, no headers\n--p--",
    ),
    "surrogates-utf7": message(
        *plain("b42"), "Subject: s", "Content-Type: text/plain; charset=utf-7", body=b"a +2AA- b"
    ),
    "mime-without-version": message(
        LAYLA,
        TO,
        DATE,
        "Message-ID: <b43@customer.example>",
        "Subject: v",
        "Content-Type: text/html; charset=utf-8",
        body="<p>نعم</p>",
    ),
    "attachment-as-text-octets": message(
        *plain("b44"),
        MIME,
        "Subject: oct",
        "Content-Type: application/octet-stream",
        "Content-Disposition: attachment",
        body="data",
    ),
}
