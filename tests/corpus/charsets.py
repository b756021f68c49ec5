"""Arabic in every charset and under every wrong label, in bodies, headers and file names."""

from __future__ import annotations

from tests.corpus.writing import DATE, MIME, TO, b64, message, plain, qp

HELLO = "السلام عليكم، أين طلبي رقم 4417؟ لم يصلني حتى الآن."
THANKS = "شكرا لكم على سرعة الرد والمتابعة، وصلت الشحنة اليوم كاملة."
SUBJECT = "استفسار عن الطلب"


def _body(name: str, label: str | None, charset: str, text: str = HELLO) -> bytes:
    kind = f"Content-Type: text/plain; charset={label}" if label else "Content-Type: text/plain"
    return message(
        *plain(name), "Subject: order", kind, "Content-Transfer-Encoding: 8bit", body=text.encode(charset)
    )


MESSAGES: dict[str, bytes] = {
    "windows-1256": _body("c1", "windows-1256", "cp1256"),
    "iso-8859-6": _body("c2", "ISO-8859-6", "iso8859_6"),
    "iso-8859-6-i": _body("c3", "iso-8859-6-i", "iso8859_6"),
    "iso-8859-6-e": _body("c4", '"ISO-8859-6-E"', "iso8859_6", THANKS),
    "x-mac-arabic": _body("c5", "x-mac-arabic", "mac_arabic"),
    "asmo-708": _body("c6", "ASMO-708", "iso8859_6", THANKS),
    "cp1256-labelled-latin1": _body("c7", "iso-8859-1", "cp1256"),
    "cp1256-labelled-ascii": _body("c8", "us-ascii", "cp1256", THANKS),
    "cp1256-undeclared": _body("c9", None, "cp1256"),
    "cp1256-labelled-utf8": _body("c10", "utf-8", "cp1256", THANKS),
    "cp1256-labelled-iso-8859-6": _body("c11", "iso-8859-6", "cp1256"),
    "utf8-labelled-latin1": _body("c12", "iso-8859-1", "utf-8"),
    "utf8-labelled-cp1256": _body("c13", "windows-1256", "utf-8", THANKS),
    "utf8-undeclared": _body("c14", None, "utf-8"),
    "unknown-charset": _body("c15", "x-user-defined", "cp1256", THANKS),
    "codec-that-is-no-charset": _body("c16", "rot13", "utf-8"),
    "french-latin1": _body(
        "c17", "iso-8859-1", "cp1252", "Où est ma commande ? Le café est arrivé cassé, hélas."
    ),
    "german-undeclared": _body(
        "c18", None, "cp1252", "Schöne Grüße aus München, bitte prüfen Sie die Lieferung."
    ),
    "russian-koi8": _body("c19", "koi8-r", "koi8_r", "Здравствуйте, где мой заказ?"),
    "utf16-base64": message(
        *plain("c20"),
        "Subject: order",
        "Content-Type: text/plain; charset=utf-16le",
        "Content-Transfer-Encoding: base64",
        body=b64("مرحبا، أريد فاتورة", "utf-16-le"),
    ),
    "utf8-bom": message(
        *plain("c21"), "Subject: order", "Content-Type: text/plain", body=b"\xef\xbb\xbf" + HELLO.encode()
    ),
    "html-meta-cp1256": message(
        *plain("c22"),
        "Subject: order",
        "Content-Type: text/html",
        body=b'<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1256"></head>'
        + "<body><p>وصلت الشحنة اليوم</p></body></html>".encode("cp1256"),
    ),
    "subject-raw-cp1256": message(
        b"From: " + "ليلى الحربي".encode("cp1256") + b" <layla@customer.example>",
        TO,
        DATE,
        "Message-ID: <c23@customer.example>",
        b"Subject: " + "شكوى بخصوص الفاتورة".encode("cp1256"),
        body=b"ok",
    ),
    "subject-raw-utf8": message(
        "From: ليلى الحربي <layla@customer.example>",
        TO,
        DATE,
        "Message-ID: <c24@customer.example>",
        "Subject: شكوى بخصوص الفاتورة",
        body=b"ok",
    ),
    "subject-raw-8859-6-hinted": message(
        *plain("c25"),
        b"Subject: " + "مرحبا".encode("iso8859_6"),
        "Content-Type: text/plain; charset=iso-8859-6",
        "Content-Transfer-Encoding: 8bit",
        body=HELLO.encode("iso8859_6"),
    ),
    "subject-encoded-word": message(*plain("c26"), b"Subject: =?UTF-8?B?" + b64(SUBJECT) + b"?=", body=b"ok"),
    "subject-encoded-q-cp1256": message(
        *plain("c27"), b"Subject: =?windows-1256?Q?" + qp(SUBJECT, "cp1256") + b"?=", body=b"ok"
    ),
    "subject-split-inside-letter": message(
        *plain("c28"),
        b"Subject: =?UTF-8?B?" + b64("مرحبا")[:8] + b"?=",
        b" =?UTF-8?B?" + b64("مرحبا")[8:] + b"?=",
        body=b"ok",
    ),
    "subject-q-split-inside-letter": message(
        *plain("c29"), "Subject: =?utf-8?Q?=D9=85=D8=B1=D8?= =?utf-8?Q?=AD=D8=A8=D8=A7?= 4417", body=b"ok"
    ),
    "subject-base64-unpadded": message(
        *plain("c30"), b"Subject: =?utf-8?B?" + b64("شكر").rstrip(b"=") + b"?=", body=b"ok"
    ),
    "subject-base64-cut-anywhere": message(
        *plain("c31"),
        b"Subject: =?utf-8?B?" + b64(SUBJECT)[:13] + b"?= =?utf-8?B?" + b64(SUBJECT)[13:] + b"?=",
        body=b"ok",
    ),
    "subject-words-glued": message(
        *plain("c32"), b"Subject: Re:=?utf-8?B?" + b64("طلب") + b"?=(4417)", body=b"ok"
    ),
    "subject-q-with-spaces": message(
        *plain("c33"), "Subject: =?utf-8?Q?order =D8=B7=D9=84=D8=A8?=", body=b"ok"
    ),
    "subject-mislabelled-word": message(
        *plain("c34"), b"Subject: =?iso-8859-1?B?" + b64("استفسار عن الفاتورة", "cp1256") + b"?=", body=b"ok"
    ),
    "subject-bidi-and-nul": message(
        *plain("c35"),
        "Subject: \u202bطلب\u202c\x00 جديد",
        "Content-Type: text/plain; charset=utf-8",
        body="\u200fنعم\x00 لا",
    ),
}


def _attached(name: str, *lines: bytes) -> bytes:
    part = b"\r\n".join(
        [b"--b1", *lines, b"Content-Transfer-Encoding: base64", b"", b"JVBERi0xLjQK", b"--b1--"]
    )
    text = b"--b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + "الملف مرفق".encode() + b"\r\n"
    return message(
        *plain(name), "Subject: file", "Content-Type: multipart/mixed; boundary=b1", body=text.replace(b"\r\n", b"\n")
        + part.replace(b"\r\n", b"\n"),
    )  # fmt: skip


def _percent(text: str, charset: str = "utf-8") -> bytes:
    return b"".join(b"%%%02X" % byte for byte in text.encode(charset))


MESSAGES |= {
    "name-rfc2231": _attached(
        "n1",
        b"Content-Type: application/pdf",
        b"Content-Disposition: attachment; filename*=UTF-8''" + _percent("فاتورة") + b".pdf",
    ),
    "name-rfc2231-continued": _attached(
        "n2",
        b"Content-Type: application/pdf",
        b"Content-Disposition: attachment;\r\n filename*0*=utf-8''"
        + _percent("كشف")
        + b";\r\n filename*1*="
        + _percent(" حساب")
        + b";\r\n filename*2=.pdf",
    ),
    "name-rfc2231-split-inside-letter": _attached(
        "n3",
        b"Content-Type: application/pdf",
        b"Content-Disposition: attachment; filename*1*=%B9%D9%82%D8%AF.pdf; filename*0*=utf-8'ar'%D8",
    ),
    "name-rfc2231-cp1256": _attached(
        "n4",
        b"Content-Type: application/pdf",
        b"Content-Disposition: attachment; filename*=windows-1256''"
        + _percent("صورة الإيصال", "cp1256")
        + b".pdf",
    ),
    "name-rfc2047-quoted": _attached(
        "n5",
        b'Content-Type: application/pdf; name="=?UTF-8?B?' + b64("فاتورة.pdf") + b'?="',
        b'Content-Disposition: attachment; filename="=?UTF-8?B?' + b64("فاتورة.pdf") + b'?="',
    ),
    "name-rfc2047-two-words": _attached(
        "n6",
        b"Content-Type: application/pdf",
        b'Content-Disposition: attachment; filename="=?utf-8?Q?=D8=B5=D9=88=D8=B1=D8?=\r\n =?utf-8?Q?=A9.pdf?="',
    ),
    "name-raw-cp1256": _attached(
        "n7",
        b"Content-Type: application/pdf",
        b'Content-Disposition: attachment; filename="' + "تقرير المبيعات".encode("cp1256") + b'.pdf"',
    ),
    "name-raw-utf8-unquoted": _attached(
        "n8",
        b"Content-Type: application/pdf",
        b"Content-Disposition: attachment; filename=" + "كشف حساب.pdf".encode(),
    ),
    "name-with-folders-and-override": _attached(
        "n9",
        b"Content-Type: application/pdf",
        b'Content-Disposition: attachment; filename="../../etc/' + "\u202eتقرير".encode() + b'.pdf"',
    ),
    "name-missing": _attached("n10", b"Content-Type: application/pdf", b"Content-Disposition: attachment"),
    "header-only-mime-name": message(
        b"From: =?windows-1256?B?" + b64("نورة", "cp1256") + b"?= <noura@customer.example>",
        TO,
        DATE,
        MIME,
        "Message-ID: <c36@customer.example>",
        b"Subject: =?windows-1256?B?" + b64("مرحبا", "cp1256") + b"?=",
        body=b"ok",
    ),
}
