"""Hard messages of every kind, most of them Arabic: charsets, headers, names and parts as bad programs write them."""

from __future__ import annotations

from tests.corpus.writing import DATE, MIME, TO, b64, message, plain, qp

HELLO = "السلام عليكم، أين طلبي رقم 4417؟ لم يصلني حتى الآن."
PDF = "JVBERi0xLjQK"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def _text(number: str, charset: str, codec: str, text: str = HELLO, *, how: str = "8bit") -> bytes:
    content = text.encode(codec)
    body = b64(text, codec) if how == "base64" else qp(text, codec) if how == "quoted-printable" else content
    return message(
        *plain(number),
        "Subject: x",
        *([f"Content-Type: text/plain; charset={charset}"] if charset else []),
        f"Content-Transfer-Encoding: {how}",
        body=body,
    )


def _parts(number: str, *parts: str, kind: str = "mixed", head: tuple[bytes | str, ...] = ()) -> bytes:
    body = "".join(f"--p\n{part}\n" for part in parts)
    return message(
        *plain(number),
        "Subject: x",
        *head,
        f"Content-Type: multipart/{kind}; boundary=p",
        body=f"{body}--p--",
    )


def _named(number: str, *head: bytes | str) -> bytes:
    lines = b"\n".join(line.encode() if isinstance(line, str) else line for line in head)
    return message(
        *plain(number),
        "Subject: x",
        "Content-Type: multipart/mixed; boundary=p",
        body=b"--p\nContent-Type: text/plain\n\nfile\n--p\n"
        + lines
        + b"\nContent-Transfer-Encoding: base64\n\n"
        + PDF.encode()
        + b"\n--p--",
    )


_ATTRIBUTES = "Content-Disposition: attachment;\n filename*0*=utf-8''"
MESSAGES: dict[str, bytes] = {
    "arabic-quoted-charset": _text("h1", '"Windows-1256"', "cp1256"),
    "arabic-single-quoted-charset": _text("h2", "'windows-1256'", "cp1256", how="base64"),
    "arabic-cp-1256-dash": _text("h3", "CP-1256", "cp1256", how="quoted-printable"),
    "arabic-iso-8859-6-quoted-printable": _text("h4", "ISO-8859-6", "iso8859-6", how="quoted-printable"),
    "arabic-dos-720": _text("h5", "DOS-720", "cp720", "السلام عليكم أين طلبي", how="base64"),
    "arabic-utf-16-with-mark": _text("h6", "utf-16", "utf-16", how="base64"),
    "arabic-utf-8-twice-labelled": message(
        *plain("h7"), "Subject: x", "Content-Type: text/plain; charset=windows-1256; charset=utf-8", body=HELLO
    ),
    "arabic-labelled-8859-1-base64": _text("h8", "iso-8859-1", "cp1256", how="base64"),
    "arabic-labelled-binary": _text("h9", "binary", "cp1256"),
    "arabic-8859-6-undeclared": _text("h10", "", "iso8859-6", HELLO.replace("،", "")),
    "arabic-utf-8-cut-inside-a-letter": message(
        *plain("h11"), "Subject: x", "Content-Type: text/plain; charset=utf-8", body=HELLO.encode()[:-2]
    ),
    "arabic-with-tashkeel-and-tatweel": _text("h12", "windows-1256", "cp1256", "السَّلامُ عليكم، شكـــرًا"),
    "arabic-presentation-forms": _text("h13", "utf-8", "utf-8", "ﻣﺮﺣﺒﺎ"),
    "arabic-html-says-another-charset": message(
        *plain("h14"),
        "Subject: x",
        "Content-Type: text/html",
        body="<meta charset=utf-8><p>وصلت الشحنة اليوم كاملة</p>".encode("cp1256"),
    ),
    "arabic-html-entities": message(
        *plain("h15"), "Subject: x", "Content-Type: text/html; charset=us-ascii", body="<p>&#1605;&#1585;&#x62d;&#1576;&#1575;</p>"
    ),
    "subject-word-in-8859-6-i": message(
        *plain("h16"), b"Subject: =?iso-8859-6-i?B?" + b64("استفسار عن الطلب", "iso8859-6") + b"?=", body="x"
    ),
    "subject-word-in-x-mac-arabic": message(
        *plain("h17"), b"Subject: =?x-mac-arabic?Q?" + qp("طلب جديد", "mac-arabic").replace(b" ", b"_") + b"?=", body="x"
    ),
    "subject-words-of-two-charsets": message(
        *plain("h18"),
        b"Subject: =?utf-8?B?" + b64("طلب ") + b"?= =?windows-1256?B?" + b64("جديد", "cp1256") + b"?=",
        body="x",
    ),
    "subject-word-with-language": message(
        *plain("h19"), b"Subject: =?utf-8*ar?B?" + b64("مرحبا") + b"?=", body="x"
    ),
    "subject-word-never-ends": message(*plain("h20"), b"Subject: =?utf-8?B?" + b64("مرحبا"), body="x"),
    "subject-raw-cp1256-folded": message(
        *plain("h21"), "شكوى بخصوص".encode("cp1256").join([b"Subject: ", b""]), " الفاتورة رقم 12".encode("cp1256"), body="x"
    ),
    "subject-empty-words": message(*plain("h22"), "Subject: =?utf-8?Q??= =?utf-8?B??= x", body="x"),
    "subject-twice": message(*plain("h23"), "Subject: الأول", "Subject: second", body="x"),
    "from-name-raw-cp1256-quoted": message(
        b'From: "' + "ليلى الحربي".encode("cp1256") + b'" <layla@customer.example>', TO, DATE,
        "Message-ID: <h24@customer.example>", MIME, "Subject: x", body="x",
    ),
    "from-arabic-comma-in-name": message(
        "From: الحربي، ليلى <layla@customer.example>", TO, DATE, "Message-ID: <h25@x>", MIME, "Subject: x", body="x"
    ),
    "from-bidi-marks-around-address": message(
        "From: ليلى \u200f<\u202alayla@customer.example\u202c>", TO, DATE, "Message-ID: <h26@x>", MIME, "Subject: x", body="x"
    ),
    "from-arabic-address": message(
        "From: ليلى <ليلى@بريد.example>", TO, DATE, "Message-ID: <h27@x>", MIME, "Subject: x", body="x"
    ),
    "from-two-people": message(
        "From: Layla <layla@customer.example>, Omar <omar@customer.example>", TO, DATE, "Message-ID: <h28@x>", MIME, "Subject: x", body="x"
    ),
    "from-via-a-group": message(
        "From: \"'Layla' via Support\" <support-list@shop.example>", "Reply-To: Layla <layla@customer.example>", TO, DATE,
        "Message-ID: <h29@x>", MIME, "Subject: x", body="x",
    ),
    "to-undisclosed": message(
        "From: Layla <layla@customer.example>", "To: undisclosed-recipients:;", DATE, "Message-ID: <h30@x>", "Subject: x", body="x"
    ),
    "date-arabic-month": message(
        "From: Layla <layla@customer.example>", TO, "Date: الاثنين، 3 نوفمبر 2025 10:15:00 +0300", "Message-ID: <h31@x>", "Subject: x", body="x"
    ),
    "date-two-digit-year": message(
        "From: Layla <layla@customer.example>", TO, "Date: Mon, 03 Nov 25 10:15:00 +0300", "Message-ID: <h32@x>", "Subject: x", body="x"
    ),
    "date-with-comment": message(
        "From: Layla <layla@customer.example>", TO, "Date: Mon,  3 Nov 2025 10:15:00 +0300 (Arab Standard Time)", "Message-ID: <h33@x>", "Subject: x", body="x"
    ),
    "date-without-seconds": message(
        "From: Layla <layla@customer.example>", TO, "Date: 3 Nov 2025 10:15 +0300", "Message-ID: <h34@x>", "Subject: x", body="x"
    ),
    "name-raw-8859-6": _named("h35", b"Content-Type: application/pdf", b'Content-Disposition: attachment; filename="' + "فاتورة.pdf".encode("iso8859-6") + b'"'),
    "name-percent-without-charset": _named(
        "h36", "Content-Type: application/pdf", "Content-Disposition: attachment; filename*=%D9%83%D8%B4%D9%81.pdf"
    ),
    "name-continued-unencoded-tail": _named(
        "h37", "Content-Type: application/pdf", f"{_ATTRIBUTES}%D9%83%D8%B4%D9%81;\n filename*1=.pdf"
    ),
    "name-continued-out-of-order": _named(
        "h38",
        "Content-Type: application/pdf",
        "Content-Disposition: attachment;\n filename*1*=%D9%81.pdf;\n filename*0*=utf-8''%D9%83%D8%B4",
    ),
    "name-with-quotes-and-semicolon": _named(
        "h39", "Content-Type: application/pdf", 'Content-Disposition: attachment; filename="كشف; \\"رجب\\".pdf"'
    ),
    "name-only-on-content-type": _named("h40", 'Content-Type: application/pdf; name="=?windows-1256?B?' + b64("كشف.pdf", "cp1256").decode() + '?="'),
    "name-is-a-windows-path": _named("h41", "Content-Type: application/pdf", 'Content-Disposition: attachment; filename="C:\\\\Users\\\\ليلى\\\\كشف.pdf"'),
    "name-is-two-dots": _named("h42", "Content-Type: application/pdf", 'Content-Disposition: attachment; filename=".."'),
    "image-inline-without-html": _parts(
        "h43",
        "Content-Type: text/plain; charset=utf-8\n\nالصورة أدناه",
        f"Content-Type: image/jpeg\nContent-Disposition: inline\nContent-ID: <i>\nContent-Transfer-Encoding: base64\n\n{PIXEL}",
    ),
    "image-related-by-location": _parts(
        "h44",
        'Content-Type: text/html; charset=utf-8\n\n<p>شعار <img src="cid:%3Clogo%40x%3E"></p>',
        f"Content-Type: image/png\nContent-ID: <logo@x>\nContent-Transfer-Encoding: base64\n\n{PIXEL}",
        kind="related",
    ),
    "related-with-start-last": _parts(
        "h45",
        f"Content-Type: image/png\nContent-ID: <pic>\nContent-Transfer-Encoding: base64\n\n{PIXEL}",
        'Content-Type: text/html; charset=utf-8\nContent-ID: <root>\n\n<p>نعم<img src="cid:pic"></p>',
        kind='related; start="<root>"',
    ),
    "alternative-with-attachment-inside": _parts(
        "h46",
        "Content-Type: text/plain; charset=utf-8\n\nالفاتورة مرفقة",
        f'Content-Type: application/pdf; name="f.pdf"\nContent-Transfer-Encoding: base64\n\n{PDF}',
        kind="alternative",
    ),
    "attached-message-base64": _parts(
        "h47",
        "Content-Type: text/plain\n\nfwd",
        "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
        + b64("From: omar@customer.example\nSubject: قديم\n\nold").decode(),
    ),
    "attached-message-named": _parts(
        "h48",
        "Content-Type: text/plain\n\nfwd",
        'Content-Type: message/rfc822; name="رسالة العميل.eml"\nContent-Disposition: attachment\n\nSubject: x\n\nold',
    ),
    "attached-message-in-attached-message": _parts(
        "h49",
        "Content-Type: text/plain\n\nfwd",
        "Content-Type: message/rfc822\n\nSubject: outer\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=q\n\n"
        "--q\nContent-Type: message/rfc822\n\nSubject: inner\n\nold\n--q--",
    ),
    "apple-rich-two-htmls": _parts(
        "h50",
        "Content-Type: text/html; charset=utf-8\n\n<p>قبل</p>",
        f'Content-Type: application/pdf; name="ملف.pdf"\nContent-Disposition: inline; filename="ملف.pdf"\nContent-Transfer-Encoding: base64\n\n{PDF}',
        "Content-Type: text/html; charset=utf-8\n\n<p>بعد</p>",
    ),
    "encoding-in-capitals": message(
        *plain("h51"), "SUBJECT: x", "CONTENT-TYPE: TEXT/PLAIN; CHARSET=UTF-8", "CONTENT-TRANSFER-ENCODING: BASE64", body=b64(HELLO)
    ),
    "base64-with-lines-of-any-length": message(
        *plain("h52"), "Subject: x", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64",
        body=b"\n\n ".join(b64(HELLO)[at : at + 7] for at in range(0, 200, 7)),
    ),
    "quoted-printable-soft-breaks-inside-letters": message(
        *plain("h53"), "Subject: x", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable",
        body=b"=D9=85=D8=B1=D8=AD=D8=\n=A8=D8=A7",
    ),
    "quoted-printable-small-letters": message(
        *plain("h54"), "Subject: x", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable",
        body=b"=d9=86=d8=b9=d9=85 a=3db",
    ),
    "deep-twenty-levels": message(
        *plain("h55"), "Subject: x", "Content-Type: multipart/mixed; boundary=b0",
        body="".join(f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(20))
        + "--b20\nContent-Type: text/plain; charset=utf-8\n\nفي العمق\n--b20--\n",
    ),
    "zero-width-inside-words": _text("h56", "utf-8", "utf-8", "الفا\u200cتورة رقم\u200f 12\u00ad34"),
}  # fmt: skip


def _file(name: str, kind: str = "application/pdf", *, is_inline: bool = False) -> tuple[str, str, bool]:
    return name, kind, is_inline


LAYLA = ("Layla", "layla@customer.example")
MORNING = "2025-11-03T07:15:00+00:00"
EXPECTED: dict[str, dict[str, object]] = {
    **{
        f"arabic-{name}": {"text": HELLO}
        for name in (
            *("quoted-charset", "single-quoted-charset", "cp-1256-dash", "iso-8859-6-quoted-printable"),
            *("utf-16-with-mark", "utf-8-twice-labelled", "labelled-8859-1-base64", "labelled-binary"),
        )
    },
    "arabic-dos-720": {"text": "السلام عليكم أين طلبي"},
    "arabic-8859-6-undeclared": {"text": HELLO.replace("،", "")},
    "arabic-utf-8-cut-inside-a-letter": {"text_has": "السلام عليكم، أين طلبي رقم 4417؟ لم يصلني حتى الآ"},
    "arabic-with-tashkeel-and-tatweel": {"text": "السَّلامُ عليكم، شكـــرًا"},
    "arabic-presentation-forms": {"text": "ﻣﺮﺣﺒﺎ"},
    "arabic-html-says-another-charset": {"text": "وصلت الشحنة اليوم كاملة"},
    "arabic-html-entities": {"text": "مرحبا"},
    "subject-word-in-8859-6-i": {"subject": "استفسار عن الطلب"},
    "subject-word-in-x-mac-arabic": {"subject": "طلب جديد"},
    "subject-words-of-two-charsets": {"subject": "طلب جديد"},
    "subject-word-with-language": {"subject": "مرحبا"},
    "subject-word-never-ends": {"subject": "مرحبا"},
    "subject-raw-cp1256-folded": {"subject": "شكوى بخصوص الفاتورة رقم 12"},
    "subject-empty-words": {"subject": "x"},
    "subject-twice": {"subject": "الأول"},
    "from-name-raw-cp1256-quoted": {"sender": ("ليلى الحربي", "layla@customer.example")},
    "from-arabic-comma-in-name": {"sender": ("الحربي، ليلى", "layla@customer.example")},
    "from-bidi-marks-around-address": {"sender": ("ليلى", "layla@customer.example")},
    "from-arabic-address": {"sender": ("ليلى", "ليلى@بريد.example")},
    "from-two-people": {"sender": LAYLA},
    "from-via-a-group": {
        "sender": ("'Layla' via Support", "support-list@shop.example"),
        "reply_to": [LAYLA],
    },
    "to-undisclosed": {"to": [], "sender": LAYLA},
    "date-arabic-month": {"date": MORNING},
    "date-two-digit-year": {"date": MORNING},
    "date-with-comment": {"date": MORNING},
    "date-without-seconds": {"date": MORNING},
    "name-raw-8859-6": {"attachments": [_file("فاتورة.pdf")]},
    "name-percent-without-charset": {"attachments": [_file("كشف.pdf")]},
    "name-continued-unencoded-tail": {"attachments": [_file("كشف.pdf")]},
    "name-continued-out-of-order": {"attachments": [_file("كشف.pdf")]},
    "name-with-quotes-and-semicolon": {"attachments": [_file("كشف; _رجب_.pdf")]},
    "name-only-on-content-type": {"attachments": [_file("كشف.pdf")]},
    "name-is-a-windows-path": {"attachments": [_file("كشف.pdf")]},
    "name-is-two-dots": {"attachments": [_file("attachment-1.pdf")]},
    "image-inline-without-html": {
        "text": "الصورة أدناه",
        "attachments": [_file("image-1.jpg", "image/jpeg")],
    },
    "image-related-by-location": {"attachments": [_file("image-1.png", "image/png", is_inline=True)]},
    "related-with-start-last": {
        "text": "نعم",
        "attachments": [_file("image-1.png", "image/png", is_inline=True)],
    },
    "alternative-with-attachment-inside": {"text": "الفاتورة مرفقة", "attachments": [_file("f.pdf")]},
    "attached-message-base64": {"text": "fwd", "attachments": [_file("قديم.eml", "message/rfc822")]},
    "attached-message-named": {"attachments": [_file("رسالة العميل.eml", "message/rfc822")]},
    "attached-message-in-attached-message": {"attachments": [_file("outer.eml", "message/rfc822")]},
    "apple-rich-two-htmls": {"text": "قبل\n\nبعد", "attachments": [_file("ملف.pdf")]},
    "encoding-in-capitals": {"text": HELLO, "subject": "x"},
    "base64-with-lines-of-any-length": {"text": HELLO},
    "quoted-printable-soft-breaks-inside-letters": {"text": "مرحبا"},
    "quoted-printable-small-letters": {"text": "نعم a=b"},
    "deep-twenty-levels": {"text": "في العمق", "attachments": []},
    "zero-width-inside-words": {"text": "الفا\u200cتورة رقم\u200f 12\u00ad34"},
}
