"""Parts in parts: alternatives, pictures inside the text, attached messages, flowed text, HTML alone."""

from __future__ import annotations

from tests.corpus.writing import DATE, OMAR, TO, b64, message, plain

PIXEL = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

MESSAGES: dict[str, bytes] = {
    "plain-english": message(
        OMAR,
        TO,
        "Cc: Salma <salma@shop.example>",
        DATE,
        "Message-ID: <s1@customer.example>",
        "Subject: Where is my order?",
        body="Hello,\n\nwhere is order 4417?\n\nOmar",
    ),
    "mixed-languages": message(
        *plain("s2"),
        "Subject: order",
        "Content-Type: text/plain; charset=utf-8",
        body="مرحبا Salma\nThe order رقم 4417 لم يصل yet.",
    ),
    "empty-body": message(*plain("s3"), "Subject: nothing"),
    "alternative": message(
        *plain("s4"),
        "Subject: both",
        'Content-Type: multipart/alternative; boundary="=_a"',
        body="--=_a\nContent-Type: text/plain; charset=utf-8\n\nمرحبا\n--=_a\nContent-Type: text/html; charset=utf-8\n\n"
        '<div dir="rtl">مرحبا</div>\n--=_a--',
    ),
    "alternative-empty-plain": message(
        *plain("s5"),
        "Subject: both",
        "Content-Type: multipart/alternative; boundary=a",
        body="--a\nContent-Type: text/plain\n\n \n--a\nContent-Type: text/html; charset=utf-8\n\n<p>نعم</p>\n--a--",
    ),
    "html-only": message(
        *plain("s6"),
        "Subject: page",
        "Content-Type: text/html; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        body=b64(
            '<html><body dir="rtl"><p>مرحبا</p><ul><li>قميص</li><li>حذاء</li></ul>'
            '<p><a href="https://shop.example/o/1">الطلب</a></p></body></html>'
        ),
    ),
    "related-inline-image": message(
        *plain("s7"),
        "Subject: picture",
        'Content-Type: multipart/related; boundary=r; type="text/html"',
        body=b'--r\nContent-Type: text/html\n\n<p>see <img src="cid:pic1@x"></p>\n--r\nContent-Type: image/png\n'
        b"Content-ID: <pic1@x>\nContent-Disposition: inline\nContent-Transfer-Encoding: base64\n\n"
        + PIXEL
        + b"\n--r--",
    ),
    "related-in-alternative-in-mixed": message(
        *plain("s8"),
        "Subject: deep",
        "Content-Type: multipart/mixed; boundary=m",
        body=b"--m\nContent-Type: multipart/alternative; boundary=m-a\n\n--m-a\nContent-Type: text/plain\n\nplain side\n"
        b"--m-a\nContent-Type: multipart/related; boundary=m-a-r\n\n--m-a-r\nContent-Type: text/html\n\n"
        b'<p>html side <img src="cid:one"></p>\n--m-a-r\nContent-Type: image/png; name="logo.png"\n'
        b"Content-ID: <one>\nContent-Transfer-Encoding: base64\n\n" + PIXEL + b"\n--m-a-r--\n--m-a--\n--m\n"
        b'Content-Type: application/pdf; name="bill.pdf"\nContent-Disposition: attachment; filename="bill.pdf"\n'
        b"Content-Transfer-Encoding: base64\n\nJVBERi0xLjQK\n--m--",
    ),
    "related-unused-image": message(
        *plain("s9"),
        "Subject: picture",
        "Content-Type: multipart/related; boundary=r",
        body=b"--r\nContent-Type: text/html\n\n<p>no picture here</p>\n--r\nContent-Type: image/png\n"
        b"Content-ID: <unused>\nContent-Transfer-Encoding: base64\n\n" + PIXEL + b"\n--r--",
    ),
    "text-image-text": message(
        *plain("s10"),
        "Subject: phone",
        "Content-Type: multipart/mixed; boundary=Apple-Mail-1",
        body=b"--Apple-Mail-1\nContent-Type: text/plain\n\nbefore\n--Apple-Mail-1\n"
        b'Content-Type: image/png; name="IMG_1.png"\nContent-Disposition: inline; filename="IMG_1.png"\n'
        b"Content-Transfer-Encoding: base64\n\n"
        + PIXEL
        + b"\n--Apple-Mail-1\nContent-Type: text/plain\n\nafter\n"
        b"--Apple-Mail-1--",
    ),
    "html-then-text-footer": message(
        *plain("s11"),
        "Subject: footer",
        "Content-Type: multipart/mixed; boundary=f",
        body="--f\nContent-Type: text/html\n\n<p>body</p>\n--f\nContent-Type: text/plain\n\nlist footer\n--f--",
    ),
    "attached-message": message(
        *plain("s12"),
        "Subject: Fwd",
        "Content-Type: multipart/mixed; boundary=x",
        body=b"--x\nContent-Type: text/plain\n\nsee below\n--x\nContent-Type: message/rfc822\n\n"
        b"From: omar@customer.example\nSubject: =?utf-8?B?" + b64("شكوى قديمة") + b"?=\n\nold text\n--x--",
    ),
    "attached-message-without-subject": message(
        *plain("s13"),
        "Subject: Fwd",
        "Content-Type: multipart/mixed; boundary=x",
        body="--x\nContent-Type: text/plain\n\nsee below\n--x\nContent-Type: message/rfc822\n\n"
        "From: omar@customer.example\n\nold text\n--x--",
    ),
    "digest": message(
        *plain("s14"),
        "Subject: digest",
        "Content-Type: multipart/digest; boundary=x",
        body="--x\n\nSubject: first\n\none\n--x\n\nSubject: second\n\ntwo\n--x--",
    ),
    "attached-text-file": message(
        *plain("s15"),
        "Subject: log",
        "Content-Type: multipart/mixed; boundary=x",
        body='--x\nContent-Type: text/plain\n\nlog attached\n--x\nContent-Type: text/plain; name="app.log"\n'
        'Content-Disposition: attachment; filename="app.log"\n\nline 1\n--x--',
    ),
    "signed": message(
        *plain("s16"),
        "Subject: signed",
        'Content-Type: multipart/signed; protocol="application/pgp-signature"; boundary=x',
        body="--x\nContent-Type: text/plain\n\nsigned text\n--x\nContent-Type: application/pgp-signature\n\n"
        "-----BEGIN PGP SIGNATURE-----\n--x--",
    ),
    "calendar": message(
        *plain("s17"),
        "Subject: meet",
        "Content-Type: multipart/alternative; boundary=x",
        body="--x\nContent-Type: text/plain\n\nmeeting\n--x\nContent-Type: text/calendar; method=REQUEST\n\n"
        "BEGIN:VCALENDAR\nEND:VCALENDAR\n--x--",
    ),
    "attachment-alone": message(
        *plain("s18"),
        "Subject: pdf",
        'Content-Type: application/pdf; name="x.pdf"',
        "Content-Transfer-Encoding: base64",
        body=b"JVBERi0xLjQK",
    ),
    "flowed": message(
        *plain("s19"),
        "Subject: flowed",
        "Content-Type: text/plain; charset=utf-8; format=flowed",
        body="This line is \nlong.\n> quoted \n> text\n-- \nOmar",
    ),
    "flowed-delsp": message(
        *plain("s20"),
        "Subject: flowed",
        "Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes",
        body="مرح \nبا",
    ),
    "quoted-printable": message(
        *plain("s21"),
        "Subject: qp",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        body="=D9=85=D8=B1=D8=AD=\n=D8=A8=D8=A7 1=3D1",
    ),
    "threaded-reply": message(
        *plain("s22"),
        "Subject: =?utf-8?B?2LHYrzog2LfZhNio?=",
        "In-Reply-To: <a1@shop.example>",
        "References: <a0@shop.example>\r\n <a1@shop.example>",
        body="نعم",
    ),
    "groups-in-to": message(
        "From: Omar <omar@customer.example>",
        "To: Team: Salma <salma@shop.example>, badr@shop.example;, noura@shop.example",
        "Cc: undisclosed-recipients:;",
        DATE,
        "Message-ID: <s23@customer.example>",
        "Subject: group",
        body="hi",
    ),
    "reply-to": message(
        "From: Form <form@site.example>",
        "Reply-To: =?utf-8?Q?=D9=84=D9=8A=D9=84=D9=89?= <layla@customer.example>",
        TO,
        DATE,
        "Message-ID: <s24@site.example>",
        "Subject: form",
        body="hi",
    ),
    "arabic-attribution": message(
        *plain("s25"),
        "Subject: re",
        "Content-Type: text/plain; charset=utf-8",
        body="وصلت، شكرا.\n\n\u202bفي الأحد، ٢ نوفمبر ٢٠٢٥ في ١٠:١٥ ص تمت كتابة ما يلي بواسطة \u202aSalma\u202c <salma@shop.example>:\u202c\n\n"
        "> هل وصلت الشحنة؟\n",
    ),
    "arabic-outlook": message(
        *plain("s26"),
        "Subject: re",
        "Content-Type: text/plain; charset=utf-8",
        body="نعم وصلت.\n\n________________________________\nمن: Salma <salma@shop.example>\nتم الإرسال: الأحد, 2 نوفمبر 2025 10:15 ص\n"
        "إلى: ليلى\nالموضوع: طلبك\n\nهل وصلت؟",
    ),
    "uuencoded-part": message(
        *plain("s27"),
        "Subject: uu",
        "Content-Type: multipart/mixed; boundary=x",
        body=b"--x\nContent-Type: text/plain\n\nold program\n--x\nContent-Type: application/octet-stream; name=a.txt\n"
        b"Content-Transfer-Encoding: x-uuencode\n\nbegin 644 a.txt\n#0V%T\n`\nend\n--x--",
    ),
}
