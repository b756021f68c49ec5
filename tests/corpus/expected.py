"""What each message of the corpus says, written by hand from its bytes.

Of each only what it is there to show; unnamed fields are not compared. `attachments` are (name, type, is it inline);
`bounce` is (addresses, original id, is it permanent, diagnostic, status).
"""

from __future__ import annotations

from typing import Any

from tests.corpus import bounced, hard, inside, meetings, sealed

LAYLA = ("Layla", "layla@customer.example")
OMAR = ("Omar", "omar@customer.example")
HELLO = "السلام عليكم، أين طلبي رقم 4417؟ لم يصلني حتى الآن."
THANKS = "شكرا لكم على سرعة الرد والمتابعة، وصلت الشحنة اليوم كاملة."
MORNING = "2025-11-03T07:15:00+00:00"

CHARSETS: dict[str, dict[str, Any]] = {
    "windows-1256": {"text": HELLO, "sender": LAYLA, "date": MORNING, "message_id": "<c1@customer.example>"},
    "iso-8859-6": {"text": HELLO},
    "iso-8859-6-i": {"text": HELLO},
    "iso-8859-6-e": {"text": THANKS},
    "x-mac-arabic": {"text": HELLO},
    "asmo-708": {"text": THANKS},
    "cp1256-labelled-latin1": {"text": HELLO},
    "cp1256-labelled-ascii": {"text": THANKS},
    "cp1256-undeclared": {"text": HELLO},
    "cp1256-labelled-utf8": {"text": THANKS},
    "cp1256-labelled-iso-8859-6": {"text": HELLO},
    "utf8-labelled-latin1": {"text": HELLO},
    "utf8-labelled-cp1256": {"text": THANKS},
    "utf8-undeclared": {"text": HELLO},
    "unknown-charset": {"text": THANKS},
    "codec-that-is-no-charset": {"text": HELLO},
    "french-latin1": {"text": "Où est ma commande ? Le café est arrivé cassé, hélas."},
    "german-undeclared": {"text": "Schöne Grüße aus München, bitte prüfen Sie die Lieferung."},
    "russian-koi8": {"text": "Здравствуйте, где мой заказ?"},
    "utf16-base64": {"text": "مرحبا، أريد فاتورة"},
    "utf8-bom": {"text": HELLO},
    "html-meta-cp1256": {"text": "وصلت الشحنة اليوم", "html_has": "<p>وصلت الشحنة اليوم</p>"},
    "subject-raw-cp1256": {
        "subject": "شكوى بخصوص الفاتورة",
        "sender": ("ليلى الحربي", "layla@customer.example"),
    },
    "subject-raw-utf8": {
        "subject": "شكوى بخصوص الفاتورة",
        "sender": ("ليلى الحربي", "layla@customer.example"),
    },
    "subject-raw-8859-6-hinted": {"subject": "مرحبا", "text": HELLO},
    "subject-encoded-word": {"subject": "استفسار عن الطلب"},
    "subject-encoded-q-cp1256": {"subject": "استفسار عن الطلب"},
    "subject-split-inside-letter": {"subject": "مرحبا"},
    "subject-q-split-inside-letter": {"subject": "مرحبا 4417"},
    "subject-base64-unpadded": {"subject": "شكر"},
    "subject-base64-cut-anywhere": {"subject": "استفسار عن الطلب"},
    "subject-words-glued": {"subject": "Re:طلب(4417)"},
    "subject-q-with-spaces": {"subject": "order طلب"},
    "subject-mislabelled-word": {"subject": "استفسار عن الفاتورة"},
    "subject-bidi-and-nul": {"subject": "\u202bطلب\u202c جديد", "text": "\u200fنعم لا"},
    "name-rfc2231": {"text": "الملف مرفق", "attachments": [("فاتورة.pdf", "application/pdf", False)]},
    "name-rfc2231-continued": {"attachments": [("كشف حساب.pdf", "application/pdf", False)]},
    "name-rfc2231-split-inside-letter": {"attachments": [("عقد.pdf", "application/pdf", False)]},
    "name-rfc2231-cp1256": {"attachments": [("صورة الإيصال.pdf", "application/pdf", False)]},
    "name-rfc2047-quoted": {"attachments": [("فاتورة.pdf", "application/pdf", False)]},
    "name-rfc2047-two-words": {"attachments": [("صورة.pdf", "application/pdf", False)]},
    "name-raw-cp1256": {"attachments": [("تقرير المبيعات.pdf", "application/pdf", False)]},
    "name-raw-utf8-unquoted": {"attachments": [("كشف حساب.pdf", "application/pdf", False)]},
    "name-with-folders-and-override": {"attachments": [("تقرير.pdf", "application/pdf", False)]},
    "name-missing": {"attachments": [("attachment-1.pdf", "application/pdf", False)]},
    "header-only-mime-name": {"sender": ("نورة", "noura@customer.example"), "subject": "مرحبا"},
}

STRUCTURE: dict[str, dict[str, Any]] = {
    "plain-english": {
        "sender": OMAR,
        "to": [("", "support@shop.example")],
        "cc": [("Salma", "salma@shop.example")],
        "subject": "Where is my order?",
        "text": "Hello,\n\nwhere is order 4417?\n\nOmar",
        "html": None,
        "auto": None,
        "attachments": [],
        "defects": (),
        "date": MORNING,
        "message_id": "<s1@customer.example>",
    },
    "mixed-languages": {"text": "مرحبا Salma\nThe order رقم 4417 لم يصل yet."},
    "empty-body": {"text": "", "html": None, "attachments": [], "subject": "nothing"},
    "alternative": {"text": "مرحبا", "html": '<div dir="rtl">مرحبا</div>', "attachments": [], "defects": ()},
    "alternative-empty-plain": {"text": "نعم", "html": "<p>نعم</p>"},
    "html-only": {
        "text": "مرحبا\n\n• قميص\n• حذاء\n\nالطلب (https://shop.example/o/1)",
        "html_has": 'dir="rtl"',
    },
    "related-inline-image": {"text": "see", "attachments": [("image-1.png", "image/png", True)]},
    "related-in-alternative-in-mixed": {
        "text": "plain side",
        "html_has": "html side",
        "attachments": [("logo.png", "image/png", True), ("bill.pdf", "application/pdf", False)],
    },
    "related-unused-image": {"attachments": [("image-1.png", "image/png", False)]},
    "text-image-text": {
        "text": "before\n\nafter",
        "html": None,
        "attachments": [("IMG_1.png", "image/png", False)],
    },
    "html-then-text-footer": {"text": "body\n\nlist footer", "html_has": "list footer", "attachments": []},
    "attached-message": {"text": "see below", "attachments": [("شكوى قديمة.eml", "message/rfc822", False)]},
    "attached-message-without-subject": {"attachments": [("message-1.eml", "message/rfc822", False)]},
    "digest": {
        "text": "",
        "attachments": [("first.eml", "message/rfc822", False), ("second.eml", "message/rfc822", False)],
    },
    "attached-text-file": {"text": "log attached", "attachments": [("app.log", "text/plain", False)]},
    "signed": {"text": "signed text", "attachments": [("signature.asc", "application/pgp-signature", False)]},
    "calendar": {"text": "meeting", "attachments": [("invite.ics", "text/calendar", False)]},
    "attachment-alone": {"text": "", "attachments": [("x.pdf", "application/pdf", False)]},
    "flowed": {"text": "This line is long.\n> quoted text\n-- \nOmar"},
    "flowed-delsp": {"text": "مرحبا"},
    "quoted-printable": {"text": "مرحبا 1=1"},
    "threaded-reply": {
        "subject": "رد: طلب",
        "in_reply_to": ("<a1@shop.example>",),
        "references": ("<a0@shop.example>", "<a1@shop.example>"),
        "text": "نعم",
    },
    "groups-in-to": {
        "to": [("Salma", "salma@shop.example"), ("", "badr@shop.example"), ("", "noura@shop.example")],
        "cc": [],
    },
    "reply-to": {"sender": ("Form", "form@site.example"), "reply_to": [("ليلى", "layla@customer.example")]},
    "arabic-attribution": {"visible": "وصلت، شكرا."},
    "arabic-outlook": {"visible": "نعم وصلت."},
    "uuencoded-part": {"text": "old program", "attachments": [("a.txt", "application/octet-stream", False)]},
}

BROKEN: dict[str, dict[str, Any]] = {
    "boundary-missing": {"text": "text", "attachments": [("a.txt", "text/plain", False)]},
    "boundary-wrong": {"text": "plain", "html": "<b>rich</b>"},
    "multipart-without-parts": {"text": "only text, no parts", "attachments": []},
    "multipart-unclosed": {"text": "before", "attachments": [("cut.pdf", "application/pdf", False)]},
    "boundary-prefix-of-another": {"text": "plain", "html": "<i>rich</i>", "attachments": []},
    "nested-same-boundary": {"text": "inside", "attachments": []},
    "no-message-id": {"message_id": None, "sender": LAYLA},
    "message-id-empty": {"message_id": None},
    "message-id-bare": {"message_id": "<77.abc@printer.example>"},
    "message-id-folded": {"message_id": "<b10@customer.example>"},
    "ids-as-encoded-words": {
        "in_reply_to": ("<long@shop.example>",),
        "references": ("<a@shop.example>", "<b@shop.example>"),
    },
    "in-reply-to-with-words": {"in_reply_to": ("<q@shop.example>",)},
    "date-31-february": {"date": None},
    "date-garbage": {"date": None},
    "date-missing": {"date": None},
    "date-no-zone": {"date": "2025-11-03T10:15:00+00:00"},
    "date-iso": {"date": MORNING},
    "date-arabic-digits": {"date": MORNING},
    "date-absurd-zone": {"date": None},
    "from-twice": {"sender": LAYLA, "defects": ("from",)},
    "from-missing": {"sender": ("", "layla@customer.example"), "return_path": "layla@customer.example"},
    "from-name-only": {"sender": ("", "layla@customer.example")},
    "from-quote-open": {"sender": ("Layla Al-Harbi", "layla@customer.example")},
    "from-angle-open": {"sender": LAYLA},
    "from-no-angles": {"sender": ("Layla Al-Harbi", "layla@customer.example")},
    "from-comment": {"sender": ("Layla Al-Harbi", "layla@customer.example")},
    "from-commas-unquoted": {"sender": ("Al-Harbi, Layla, Ms.", "layla@customer.example")},
    "from-encoded-whole": {"sender": ("ليلى", "layla@customer.example")},
    "from-encoded-with-comma": {"sender": ("الحربي, ليلى", "layla@customer.example")},
    "from-encoded-in-quotes": {"sender": ("ليلى الحربي", "layla@customer.example")},
    "from-address-as-name": {"sender": ("", "layla@customer.example")},
    "from-mailto": {"sender": LAYLA},
    "from-spaces-in-address": {"sender": LAYLA},
    "from-square-brackets": {"sender": LAYLA},
    "to-semicolons": {"to": [("Salma", "salma@shop.example"), ("Badr", "badr@shop.example")]},
    "qp-broken": {"text_has": "100%", "defects": ("quoted-printable",)},
    "base64-broken": {"text": "مرحبا بكم"},
    "base64-is-plain": {"text": "this was never encoded, sorry about that", "defects": ("base64",)},
    "base64-with-footer": {"text": "مرحبا بكم.\n_______\nlist footer, in plain text"},
    "body-8bit-nul": {"text": "مرحبا بك"},
    "lone-cr": {"text": "one\ntwo", "sender": LAYLA, "subject": "old"},
    "lf-only": {"text": "one\ntwo", "sender": LAYLA, "defects": ()},
    "cr-in-body": {"text": "one\ntwo"},
    "no-headers": {"text": "just text\nand more", "sender": None, "subject": "", "message_id": None},
    "empty": {"text": "", "sender": None, "attachments": [], "html": None, "auto": None},
    "headers-only-no-end": {"sender": ("", "layla@customer.example"), "subject": "cut", "text": ""},
    "subject-fold-lost-indent": {
        "subject": "a subject that was broken without indentation",
        "date": MORNING,
        "text": "hi",
    },
    "mbox-line-first": {"sender": LAYLA, "subject": "mbox", "text": "hi"},
    "content-type-nonsense": {"text": "still text", "attachments": []},
    "transfer-encoding-nonsense": {"text": "نعم"},
    "part-without-empty-line": {"text": "text right away, no headers"},
    "surrogates-utf7": {"text": "a \ufffd b"},
    "mime-without-version": {"html": "<p>نعم</p>\n", "text": "نعم"},
    "attachment-as-text-octets": {
        "text": "",
        "attachments": [("attachment-1.bin", "application/octet-stream", False)],
    },
}

_LAYLA = ("layla@customer.example",)
QMAIL_SAID = """192.0.2.7 does not like recipient.
Remote host said: 554 5.7.1 mailbox full of rules
Giving up on 192.0.2.7."""
AUTOMATIC: dict[str, dict[str, Any]] = {
    "bounce-postfix": {
        "auto": "bounce",
        "return_path": "",
        "text_has": "This is the mail system",
        "bounce": (_LAYLA, "<out1@shop.example>", True, "550 5.1.1 no such user", "5.1.1"),
    },
    "bounce-postfix-delay": {
        "auto": "bounce",
        "bounce": (
            _LAYLA,
            "<out2@shop.example>",
            False,
            "connect to mx.customer.example: Connection timed out",
            "4.4.1",
        ),
    },
    "report-of-success": {"auto": "auto-generated", "bounce": None},
    "bounce-exim-old": {
        "auto": "bounce",
        "bounce": (
            _LAYLA,
            "<out3@shop.example>",
            True,
            "SMTP error from remote mail server:\n550 Unrouteable address",
            "",
        ),
    },
    "bounce-qmail": {
        "auto": "bounce",
        "bounce": (
            _LAYLA,
            "<out4@shop.example>",
            True,
            QMAIL_SAID,
            "5.7.1",
        ),
    },
    "bounce-exchange": {
        "auto": "bounce",
        "subject": "تعذر التسليم: طلبك",
        "text": "تعذر تسليم رسالتك إلى layla@customer.example.",
        "bounce": (
            _LAYLA,
            "<out5@shop.example>",
            True,
            "554 5.2.2 mailbox full; STOREDRV.Deliver.Exception: QuotaExceeded",
            "5.2.2",
        ),
    },
    "bounce-gmail": {
        "auto": "bounce",
        "bounce": (
            ("layla@gmail.example", "omar@gmail.example"),
            "<out6@shop.example>",
            True,
            "550-5.1.1 The email account that you tried to reach does not exist.",
            "5.1.1",
        ),
    },
    "bounce-temporary-given-up": {"bounce": (_LAYLA, "<out7@shop.example>", False, "", "4.4.7")},
    "reply-about-a-bounce": {"auto": None, "bounce": None},
    "auto-replied": {"auto": "auto-reply"},
    "auto-generated": {"auto": "auto-generated"},
    "auto-submitted-no": {"auto": None},
    "auto-exchange-absence": {"auto": "auto-reply", "subject": "رد تلقائي: طلبك"},
    "auto-x-autoreply": {"auto": "auto-reply"},
    "auto-precedence": {"auto": "auto-reply"},
    "auto-subject-only": {"auto": "auto-reply"},
    "auto-suppress": {"auto": "auto-generated"},
    "auto-null-return-path": {"auto": "auto-generated", "return_path": ""},
    "auto-no-reply": {"auto": "auto-generated"},
    "auto-read-receipt": {"auto": "auto-generated", "bounce": None},
    "list-id": {"auto": "list"},
    "bulk": {"auto": "bulk"},
    "bulk-newsletter": {"auto": "bulk"},
}

EXPECTED: dict[str, dict[str, Any]] = CHARSETS | STRUCTURE | BROKEN | AUTOMATIC
for _more in (inside, sealed, meetings, bounced, hard):
    EXPECTED |= _more.EXPECTED
