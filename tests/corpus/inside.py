"""What lies inside parts: winmail.dat, uuencoded files, old rich text, and long lines that flow."""

from __future__ import annotations

import base64
import binascii

from tests.corpus.packing import MESSAGE, attribute, file, named, packed, prop, props, stream
from tests.corpus.writing import b64, message, plain, qp

PRICES = "الصنف,السعر\nقميص,120\n".encode()
HELLO = "السلام عليكم، أين طلبي رقم 4417؟"
PNG = base64.b64decode(
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_RTF_TEXT = (
    rb"{\rtf1\ansi\ansicpg1256\deff0{\fonttbl{\f0\fnil\fcharset178 Tahoma;}{\f1\fswiss\fcharset0 Arial;}}"
    rb"{\*\generator Riched20}\pard\rtlpar\f0 " + "".join(f"\\'{b:02x}" for b in "مرحبا".encode("cp1256")).encode()
    + rb"\par\f1 order 4417 \u1608?\u1589?\u1604?\par}"
)  # fmt: skip
_RTF_HTML = (
    rb"{\rtf1\ansi\ansicpg1256\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}}"
    rb"{\*\htmltag19 <html>}{\*\htmltag64 <p dir=\'22rtl\'22>}\htmlrtf {\htmlrtf0 \u1606?\u1593?\u1605? {\*\htmltag84 &amp;}"
    rb"{\*\htmltag84 <b>}\htmlrtf {\b\htmlrtf0 4417\htmlrtf }\htmlrtf0 {\*\htmltag92 </b>}\htmlrtf\par}\htmlrtf0"
    rb"{\*\htmltag72 </p>}{\*\htmltag27 </html>}}"
)


def _winmail(
    number: str, content: bytes, *, text: str | None = None, kind: str = "application/ms-tnef"
) -> bytes:
    part = (
        f'Content-Type: {kind}; name="winmail.dat"\nContent-Disposition: attachment; filename="winmail.dat"\n'
        "Content-Transfer-Encoding: base64\n\n"
    ).encode() + base64.b64encode(content)
    if text is None:
        head, _, body = part.partition(b"\n\n")
        return message(*plain(number), "Subject: outlook", *head.split(b"\n"), body=body)
    first = f"--t\nContent-Type: text/plain; charset=utf-8\n\n{text}\n--t\n".encode()
    return message(
        *plain(number),
        "Subject: outlook",
        "Content-Type: multipart/mixed; boundary=t",
        body=first + part + b"\n--t--",
    )


_INNER = stream(
    attribute(1, 0x8004, 1, "شكوى قديمة".encode("cp1256") + b"\0"),
    attribute(
        1, 0x9003, 6,
        props(prop(0x1000, "نص قديم"), prop(0x0C1A, "عمر"), prop(0x5D01, "omar@customer.example"),
              prop(0x0037, "شكوى قديمة")),
    ),
    file("سر.txt".encode("cp1256"), b"inner file"),
)  # fmt: skip


def _uu(name: str, content: bytes) -> str:
    lines = [binascii.b2a_uu(content[at : at + 45]).decode() for at in range(0, len(content), 45)]
    return f"begin 644 {name}\n{''.join(lines)}`\nend\n"


MESSAGES: dict[str, bytes] = {
    "tnef-files-with-arabic-names": _winmail(
        "i1",
        stream(
            attribute(
                1, 0x9003, 6, props(named("other"), prop(0x1000, "ignored: the mail has its own text"))
            ),
            file(
                "كشف.pdf".encode("cp1256"),
                b"%PDF-1.4",
                prop(0x3707, "كشف الحساب لشهر رجب.pdf"),
                prop(0x370E, "application/pdf"),
            ),
            file("صورة.jpg".encode("cp1256"), b"\xff\xd8\xff"),
        ),
        text=HELLO,
    ),
    "tnef-alone-with-html": _winmail(
        "i2",
        stream(
            attribute(
                1,
                0x9003,
                6,
                props(
                    prop(0x3FDE, 1256),
                    prop(0x1013, f'<p dir="rtl">{HELLO}</p><img src="cid:logo@x">'.encode("cp1256")),
                ),
            ),
            file(b"logo.png", PNG, prop(0x3712, "logo@x"), prop(0x370E, "image/png")),
        ),
    ),
    "tnef-with-rich-text": _winmail(
        "i3", stream(attribute(1, 0x9003, 6, props(prop(0x1009, packed(_RTF_TEXT)))))
    ),
    "tnef-with-html-in-rich-text": _winmail(
        "i4", stream(attribute(1, 0x9003, 6, props(prop(0x1009, packed(_RTF_HTML)))))
    ),
    "tnef-old-body-in-code-page": _winmail(
        "i5", stream(attribute(1, 0x800C, 2, HELLO.encode("cp1256") + b"\0")), kind="application/octet-stream"
    ),
    "tnef-holds-a-message": _winmail(
        "i6",
        stream(file(b"x", b"", prop(0x3001, "شكوى قديمة"), prop(0x3701, MESSAGE + _INNER, is_object=True))),
        text="see inside",
    ),
    "tnef-cut-off": _winmail(
        "i7",
        stream(file(b"whole.txt", b"first", prop(0x3707, "whole.txt")), file(b"cut.bin", b"0123456789" * 20))[
            :-150
        ],
        text="cut",
    ),
    "tnef-that-is-none": _winmail("i8", b"this is no such thing", text="none"),
    "tnef-claims-four-gigabytes": _winmail(
        "i9",
        stream(file(b"small.txt", b"small")) + b"\x02\x0f\x80\x06\x00\xff\xff\xff\xff" + b"x",
        text="large",
    ),
    "uuencoded-in-text": message(
        *plain("i10"),
        "Subject: list",
        "Content-Type: text/plain; charset=utf-8",
        body=f"القائمة مرفقة.\n\n{_uu('prices.csv', PRICES)}\nشكرا\n",
    ),
    "uuencoded-two-files": message(
        *plain("i11"),
        "Subject: two",
        body=f"both\n{_uu('a.txt', b'first' * 20)}\n{_uu('b.bin', bytes(range(100)))}bye",
    ),
    "uuencoded-with-stripped-blanks": message(
        *plain("i12"), "Subject: blanks", body="here\n\nbegin 644 zeros.bin\n#\n#0V%T\n \nend\n"
    ),
    "uuencode-in-prose": message(
        *plain("i13"),
        "Subject: prose",
        body="We begin at nine:\nbegin 644 words that follow\nand this is no file at all.\nend\n",
    ),
    "uuencode-without-end": message(
        *plain("i14"), "Subject: cut", body=_uu("cut.bin", b"x" * 90).replace("`\nend\n", "")
    ),
    "yenc-left-as-it-is": message(
        *plain("i15"),
        "Subject: news",
        body="=ybegin line=128 size=3 name=a.bin\nqrs\n=yend size=3 crc32=00000000",
    ),
    "enriched": message(
        *plain("i16"),
        "Subject: old",
        "Content-Type: text/enriched; charset=utf-8",
        body="<bold>مرحبا</bold> أين\nطلبي؟\n\n<color><param>red</param>رقم</color> << 4417\n<nofill>سطر\nسطر</nofill> <italic>غير مغلق",
    ),
    "enriched-beside-plain": message(
        *plain("i17"),
        "Subject: old",
        "Content-Type: multipart/alternative; boundary=e",
        body="--e\nContent-Type: text/plain; charset=utf-8\n\nنص\n--e\nContent-Type: text/enriched; charset=utf-8\n\n<bold>نص</bold>\n--e--",
    ),
    "richtext": message(
        *plain("i18"),
        "Subject: older",
        "Content-Type: text/richtext; charset=iso-8859-6",
        "Content-Transfer-Encoding: quoted-printable",
        body=qp("<bold>مرحبا</bold>", "iso8859-6") + b"<nl>2 <lt> 3<comment>hidden</comment>",
    ),
    "flowed-arabic-marks-at-the-end": message(
        *plain("i19"),
        "Subject: flowed",
        "Content-Type: text/plain; charset=utf-8; format=flowed",
        "Content-Transfer-Encoding: base64",
        body=b64("السلام عليكم \u200f\nأين طلبي؟ \u200f\nرقم 4417\n\n> قلتم \n> غدا\n>> سؤال\n> جواب \nمني"),
    ),
    "flowed-arabic-delsp": message(
        *plain("i20"),
        "Subject: flowed",
        "Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes",
        "Content-Transfer-Encoding: base64",
        body=b64("أين طلبي  \nرقم 44 \n17؟\n> نعم  \n> لا"),
    ),
    "flowed-space-stuffed": message(
        *plain("i21"),
        "Subject: flowed",
        'Content-Type: text/plain; charset=us-ascii; format="Flowed"',
        body=" >not a quote\n From me\n-- \nOmar \nKhalid",
    ),
}


def _file(
    name: str, kind: str = "application/octet-stream", *, is_inline: bool = False
) -> tuple[str, str, bool]:
    return name, kind, is_inline


_PACKED = _file("winmail.dat", "application/ms-tnef")
EXPECTED: dict[str, dict[str, object]] = {
    "tnef-files-with-arabic-names": {
        "text": HELLO,
        "attachments": [
            _file("كشف الحساب لشهر رجب.pdf", "application/pdf"),
            _file("صورة.jpg", "image/jpeg"),
            _PACKED,
        ],
    },
    "tnef-alone-with-html": {
        "text": HELLO,
        "html": f'<p dir="rtl">{HELLO}</p><img src="cid:logo@x">',
        "attachments": [_file("logo.png", "image/png", is_inline=True), _PACKED],
    },
    "tnef-with-rich-text": {"text": "مرحبا\norder 4417 وصل", "html": None, "attachments": [_PACKED]},
    "tnef-with-html-in-rich-text": {
        "text": "نعم &4417",
        "html": '<html><p dir="rtl">نعم &amp;<b>4417</b></p></html>',
        "attachments": [_PACKED],
    },
    "tnef-old-body-in-code-page": {"text": HELLO, "attachments": [_file("winmail.dat")]},
    "tnef-holds-a-message": {
        "text": "see inside",
        "attachments": [_file("شكوى قديمة.eml", "message/rfc822"), _PACKED],
    },
    "tnef-cut-off": {
        "text": "cut",
        "attachments": [_file("whole.txt", "text/plain"), _file("cut.bin"), _PACKED],
    },
    "tnef-that-is-none": {"text": "none", "attachments": [_PACKED]},
    "tnef-claims-four-gigabytes": {
        "text": "large",
        "attachments": [_file("small.txt", "text/plain"), _PACKED],
    },
    "uuencoded-in-text": {"text": "القائمة مرفقة.\n\nشكرا", "attachments": [_file("prices.csv", "text/csv")]},
    "uuencoded-two-files": {
        "text": "both\n\nbye",
        "attachments": [_file("a.txt", "text/plain"), _file("b.bin")],
    },
    "uuencoded-with-stripped-blanks": {"text": "here", "attachments": [_file("zeros.bin")]},
    "uuencode-in-prose": {
        "text": "We begin at nine:\nbegin 644 words that follow\nand this is no file at all.\nend",
        "attachments": [],
    },
    "uuencode-without-end": {"text_has": "begin 644 cut.bin\nM", "attachments": []},
    "yenc-left-as-it-is": {
        "text": "=ybegin line=128 size=3 name=a.bin\nqrs\n=yend size=3 crc32=00000000",
        "attachments": [],
    },
    "enriched": {
        "text": "مرحبا أين طلبي؟\nرقم < 4417 سطر\nسطر غير مغلق",
        "html_has": "<b>مرحبا</b> أين طلبي؟<br>",
    },
    "enriched-beside-plain": {"text": "نص", "html": None, "attachments": []},
    "richtext": {"text": "مرحبا\n2 < 3", "html_has": "<b>مرحبا</b><br>"},
    "flowed-arabic-marks-at-the-end": {
        "text": "السلام عليكم \u200fأين طلبي؟ \u200fرقم 4417\n\n> قلتم غدا\n>> سؤال\n> جواب\nمني"
    },
    "flowed-arabic-delsp": {"text": "أين طلبي رقم 4417؟\n> نعم لا"},
    "flowed-space-stuffed": {"text": ">not a quote\nFrom me\n-- \nOmar Khalid"},
}
