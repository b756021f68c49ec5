"""What machines write: bounces of several servers, absence notes, lists, reports."""

from __future__ import annotations

from tests.corpus.writing import DATE, LAYLA, MIME, TO, b64, message

_NULL = "Return-Path: <>"


def _auto(number: str, *lines: bytes | str, body: str = "I am away.") -> bytes:
    return message(LAYLA, TO, DATE, f"Message-ID: <{number}@customer.example>", *lines, body=body)


MESSAGES: dict[str, bytes] = {
    "bounce-postfix": message(
        _NULL,
        "From: MAILER-DAEMON@mx.shop.example (Mail Delivery System)",
        "To: support@shop.example",
        DATE,
        "Subject: Undelivered Mail Returned to Sender",
        "Auto-Submitted: auto-replied",
        "Message-ID: <p1@mx.shop.example>",
        MIME,
        'Content-Type: multipart/report; report-type=delivery-status; boundary="9B/mx"',
        body="This is a MIME-encapsulated message.\n\n--9B/mx\nContent-Description: Notification\n"
        "Content-Type: text/plain; charset=us-ascii\n\nThis is the mail system at host mx.shop.example.\n\n"
        "<Layla@customer.example>: host mx.customer.example said: 550 5.1.1 no such user\n\n--9B/mx\n"
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.shop.example\n\n"
        "Final-Recipient: rfc822; Layla@customer.example\nOriginal-Recipient: rfc822;Layla@customer.example\n"
        "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user\n\n--9B/mx\n"
        "Content-Type: message/rfc822\n\nFrom: support@shop.example\nMessage-ID: <out1@shop.example>\n"
        "Subject: your order\n\nHello\n--9B/mx--",
    ),
    "bounce-postfix-delay": message(
        _NULL,
        "From: MAILER-DAEMON@mx.shop.example",
        "To: support@shop.example",
        DATE,
        "Subject: Delayed Mail (still being retried)",
        "Message-ID: <p2@mx.shop.example>",
        MIME,
        "Content-Type: multipart/report; report-type=delivery-status; boundary=d",
        body="--d\nContent-Type: text/plain\n\nYour message could not yet be delivered.\n\n--d\n"
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.shop.example\n\n"
        "Final-Recipient: rfc822; layla@customer.example\nAction: delayed\nStatus: 4.4.1\n"
        "Diagnostic-Code: X-Postfix; connect to mx.customer.example: Connection timed out\n\n--d\n"
        "Content-Type: text/rfc822-headers\n\nMessage-ID: <out2@shop.example>\n--d--",
    ),
    "report-of-success": message(
        _NULL,
        "From: MAILER-DAEMON@mx.shop.example",
        "To: support@shop.example",
        DATE,
        "Subject: Successful Mail Delivery Report",
        "Message-ID: <p3@mx.shop.example>",
        MIME,
        "Content-Type: multipart/report; report-type=delivery-status; boundary=d",
        body="--d\nContent-Type: text/plain\n\nYour message was delivered.\n\n--d\n"
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.shop.example\n\n"
        "Final-Recipient: rfc822; layla@customer.example\nAction: delivered\nStatus: 2.0.0\n--d--",
    ),
    "bounce-exim-old": message(
        _NULL,
        "X-Failed-Recipients: layla@customer.example",
        "Auto-Submitted: auto-replied",
        "From: Mail Delivery System <Mailer-Daemon@host.shop.example>",
        "To: support@shop.example",
        DATE,
        "Subject: Mail delivery failed: returning message to sender",
        "Message-ID: <E1@host.shop.example>",
        body="This message was created automatically by mail delivery software.\n\n"
        "A message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. "
        "The following address(es) failed:\n\n  layla@customer.example\n    SMTP error from remote mail server:\n"
        "    550 Unrouteable address\n\n------ This is a copy of the message, including all the headers. ------\n\n"
        "Return-path: <support@shop.example>\nMessage-ID: <out3@shop.example>\nTo: layla@customer.example\n\nHello",
    ),
    "bounce-qmail": message(
        _NULL,
        "From: MAILER-DAEMON@q.shop.example",
        "To: support@shop.example",
        DATE,
        "Subject: failure notice",
        "Message-ID: <q1@q.shop.example>",
        body="Hi. This is the qmail-send program at q.shop.example.\nI'm afraid I wasn't able to deliver your message to "
        "the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        "<layla@customer.example>:\n192.0.2.7 does not like recipient.\nRemote host said: 554 5.7.1 mailbox full of rules\n"
        "Giving up on 192.0.2.7.\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <support@shop.example>\n"
        "Message-ID: <out4@shop.example>\nTo: layla@customer.example\n\nHello",
    ),
    "bounce-exchange": message(
        "From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@customer.example>",
        "To: support@shop.example",
        DATE,
        b"Subject: =?utf-8?B?" + b64("تعذر التسليم: طلبك") + b"?=",
        "Message-ID: <x1@customer.example>",
        "In-Reply-To: <out5@shop.example>",
        "References: <out5@shop.example>",
        "Auto-Submitted: auto-replied",
        MIME,
        'Content-Type: multipart/report; report-type=delivery-status;\r\n boundary="ex_1"',
        body="--ex_1\nContent-Type: multipart/alternative; boundary=ex_2\n\n--ex_2\n"
        "Content-Type: text/plain; charset=utf-8\n\nتعذر تسليم رسالتك إلى layla@customer.example.\n--ex_2\n"
        "Content-Type: text/html; charset=utf-8\n\n<p dir=rtl>تعذر تسليم رسالتك</p>\n--ex_2--\n--ex_1\n"
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns;EX.customer.example\nReceived-From-MTA: dns;mx\n\n"
        "Original-Recipient: rfc822;layla@customer.example\nFinal-Recipient: rfc822;layla@customer.example\n"
        "Action: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp;554 5.2.2 mailbox full;\n"
        " STOREDRV.Deliver.Exception: QuotaExceeded\n\n--ex_1\nContent-Type: message/rfc822\n\n"
        "From: support@shop.example\nTo: layla@customer.example\nMessage-ID: <out5@shop.example>\n\nHello\n--ex_1--",
    ),
    "bounce-gmail": message(
        _NULL,
        "From: Mail Delivery Subsystem <mailer-daemon@googlemail.example>",
        "To: support@shop.example",
        DATE,
        "Auto-Submitted: auto-replied",
        "Subject: Delivery Status Notification (Failure)",
        "Message-ID: <g1@mx.example>",
        "References: <out6@shop.example>",
        "In-Reply-To: <out6@shop.example>",
        "X-Failed-Recipients: layla@gmail.example, omar@gmail.example",
        MIME,
        'Content-Type: multipart/report; boundary="000g"; report-type=delivery-status',
        body="--000g\nContent-Type: text/plain; charset=UTF-8\n\n** Address not found **\n\n--000g\n"
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; googlemail.example\n\n"
        "Final-Recipient: rfc822; layla@gmail.example\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.\n\n"
        "Final-Recipient: rfc822; omar@gmail.example\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.\n--000g--",
    ),
    "bounce-temporary-given-up": message(
        _NULL,
        "From: postmaster@mx.shop.example",
        "To: support@shop.example",
        DATE,
        "Subject: Undeliverable: order",
        "Message-ID: <t1@mx.shop.example>",
        MIME,
        "Content-Type: multipart/report; report-type=delivery-status; boundary=t",
        body="--t\nContent-Type: text/plain\n\nGiven up after five days.\n\n--t\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.shop.example\n\nFinal-Recipient: rfc822; layla@customer.example\nAction: failed\n"
        "Status: 4.4.7\n\n--t\nContent-Type: message/rfc822\n\nMessage-ID: <out7@shop.example>\n\nHello\n--t--",
    ),
    "reply-about-a-bounce": message(
        LAYLA,
        TO,
        DATE,
        "Message-ID: <h1@customer.example>",
        "Subject: Re: Undelivered Mail Returned to Sender",
        body="I got this strange mail, what does <omar@customer.example>: 550 mean?",
    ),
    "auto-replied": _auto("a1", "Subject: away", "Auto-Submitted: auto-replied (vacation)"),
    "auto-generated": _auto("a2", "Subject: Invoice 77", "Auto-Submitted: auto-generated"),
    "auto-submitted-no": _auto("a3", "Subject: hello", "Auto-Submitted: no"),
    "auto-exchange-absence": _auto(
        "a4",
        b"Subject: =?utf-8?B?" + b64("رد تلقائي: طلبك") + b"?=",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
    ),
    "auto-x-autoreply": _auto("a5", "Subject: away", "X-Autoreply: yes"),
    "auto-precedence": _auto("a6", "Subject: away", "Precedence: auto_reply"),
    "auto-subject-only": _auto("a7", "Subject: Out of Office: order 4417"),
    "auto-suppress": _auto("a8", "Subject: Ticket 9 was opened", "X-Auto-Response-Suppress: OOF, AutoReply"),
    "auto-null-return-path": _auto("a9", _NULL, "Subject: note"),
    "auto-no-reply": message(
        "From: Shop <no-reply@partner.example>",
        TO,
        DATE,
        "Message-ID: <a10@partner.example>",
        "Subject: parcel",
        body="sent",
    ),
    "auto-read-receipt": _auto(
        "a11",
        "Subject: Read: order",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=m",
        body="--m\nContent-Type: text/plain\n\nread\n--m\nContent-Type: message/disposition-notification\n\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\n--m--",
    ),
    "list-id": _auto(
        "a12", "Subject: [users] hello", "List-Id: Users <users.lists.example>", "Precedence: list"
    ),
    "bulk": _auto("a13", "Subject: offers", "Precedence: bulk"),
    "bulk-newsletter": _auto("a14", "Subject: offers", "List-Unsubscribe: <https://news.example/u>"),
}
