"""Reports of mail that did not arrive, in the manner of the common hosts and servers, in several languages."""

from __future__ import annotations

from tests.corpus.writing import DATE, MIME, b64, message

SHOP = "To: support@shop.example"
_NULL = "Return-Path: <>"
_ORIGINAL = (
    "From: support@shop.example\nTo: layla@customer.example\nSubject: your order\nMessage-ID: {id}\n\nHello"
)


def _report(
    number: str,
    sender: str,
    subject: str,
    prose: str,
    fields: str,
    *,
    original: str = "",
    kind: str = "message/rfc822",
    extra: tuple[str, ...] = (),
    first: str = "text/plain; charset=utf-8",
) -> bytes:
    body = f"--b\nContent-Type: {first}\n\n{prose}\n--b\nContent-Type: message/delivery-status\n\n{fields}\n"
    if original:
        body += f"--b\nContent-Type: {kind}\n\n{original}\n"
    return message(
        _NULL, f"From: {sender}", SHOP, DATE, f"Subject: {subject}", f"Message-ID: <{number}@host.example>", *extra, MIME,
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b", body=f"{body}--b--",
    )  # fmt: skip


def _plain(number: str, sender: str, subject: str, text: str, *extra: str) -> bytes:
    return message(
        _NULL, f"From: {sender}", SHOP, DATE, f"Subject: {subject}", f"Message-ID: <{number}@host.example>", *extra, MIME,
        "Content-Type: text/plain; charset=utf-8", body=text,
    )  # fmt: skip


def _word(text: str) -> str:
    return f"=?UTF-8?B?{b64(text).decode()}?="


def _fields(
    address: str, status: str, diagnostic: str, *, action: str = "failed", mta: str = "dns; mx.host.example"
) -> str:
    return (
        f"Reporting-MTA: {mta}\nArrival-Date: Mon, 3 Nov 2025 00:00:00 +0000\n\nFinal-Recipient: rfc822; {address}\n"
        f"Action: {action}\nStatus: {status}\nDiagnostic-Code: {diagnostic}\n"
    )


LAYLA = "layla@customer.example"
DAEMON = "Mail Delivery Subsystem <mailer-daemon@googlemail.example>"
MESSAGES: dict[str, bytes] = {
    "report-gmail-arabic": _report(
        "r1",
        DAEMON,
        _word("إشعار حالة التسليم (إخفاق)"),
        "** لم يتم العثور على العنوان **\n\nتعذر تسليم رسالتك إلى layla@customer.example.",
        _fields(LAYLA, "5.1.1", "smtp; 550-5.1.1 The email account does not exist.\n 550 5.1.1 NoSuchUser"),
        original=_ORIGINAL.format(id="<o1@shop.example>"),
        extra=(f"X-Failed-Recipients: {LAYLA}", "Auto-Submitted: auto-replied"),
    ),
    "report-gmail-delayed": _report(
        "r2",
        DAEMON,
        "Delivery Status Notification (Delay)",
        "** Delivery incomplete **\n\nThere was a temporary problem. Gmail will retry for 46 more hours.",
        _fields(
            LAYLA,
            "4.4.1",
            "smtp; The recipient server did not accept our requests to connect.",
            action="delayed",
        )
        + "Will-Retry-Until: Wed, 5 Nov 2025 00:00:00 -0800\n",
        original="Message-ID: <o2@shop.example>",
        kind="text/rfc822-headers",
    ),
    "report-microsoft-365": _report(
        "r3",
        "postmaster@customer.example",
        "Undeliverable: your order",
        "Delivery has failed to these recipients or groups:\n\nlayla@customer.example\nThe address wasn't found.",
        "Reporting-MTA: dns;AM0PR01.prod.outlook.example\nReceived-From-MTA: dns;mx.shop.example\n\n"
        "Final-Recipient: rfc822;layla@customer.example\nAction: failed\nStatus: 5.1.10\n"
        "Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP address lookup\n",
        original=_ORIGINAL.format(id="<o3@shop.example>"),
        extra=("X-MS-Exchange-Message-Is-Ndr:",),
    ),
    "report-microsoft-arabic": _report(
        "r4",
        "=?UTF-8?B?TWljcm9zb2Z0IE91dGxvb2s=?= <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@customer.example>",
        _word("غير قابل للتسليم: طلبك"),
        "فشل التسليم إلى هؤلاء المستلمين أو المجموعات:",
        _fields(LAYLA, "5.2.2", "smtp;552 5.2.2 mailbox full"),
        original=_ORIGINAL.format(id="<o4@shop.example>"),
    ),
    "report-exchange-without-status-part": _plain(
        "r5",
        "postmaster@customer.example",
        _word("تعذر التسليم: طلبك"),
        "تعذر تسليم رسالتك إلى:\n\nlayla@customer.example\n\nمعلومات تشخيصية للمسؤولين:\n\n"
        "layla@customer.example\nRemote Server returned '550 5.1.1 user unknown'\n\n"
        "Original message headers:\n\nMessage-ID: <o5@shop.example>\n",
    ),
    "report-yahoo": _plain(
        "r6",
        "MAILER-DAEMON@yahoo.example",
        "Failure Notice",
        "Sorry, we were unable to deliver your message to the following address.\n\n<layla@customer.example>:\n"
        "554: 554 delivery error: dd This user doesn't have an account (layla@customer.example) [0] - mta.mail.example\n\n"
        "--- Below this line is a copy of the message.\n\nReceived: by 192.0.2.1\nMessage-ID: <o6@shop.example>\n",
    ),
    "report-icloud": _report(
        "r7",
        "Mail Delivery System <postmaster@icloud.example>",
        "Delivery Status Notification (Failure)",
        "The following message to <layla@customer.example> was undeliverable.\nThe reason for the problem:\n5.1.1 unknown",
        _fields(LAYLA, "5.0.0", "smtp; 550 5.1.1 <layla@customer.example>: user does not exist"),
        original=_ORIGINAL.format(id="<o7@shop.example>"),
    ),
    "report-postfix-two-addresses": _report(
        "r8",
        "MAILER-DAEMON@mx.shop.example (Mail Delivery System)",
        "Undelivered Mail Returned to Sender",
        "This is the mail system at host mx.shop.example.\n\n<layla@customer.example>: no such user\n<omar@customer.example>: too",
        "Reporting-MTA: dns; mx.shop.example\nX-Postfix-Queue-ID: 4ABC\n\nFinal-Recipient: rfc822; layla@customer.example\n"
        "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user\n\n"
        "Final-Recipient: rfc822; omar@customer.example\nAction: failed\nStatus: 5.2.1\nDiagnostic-Code: smtp; 550 5.2.1 disabled\n",
        original="Message-ID: <o8@shop.example>",
        kind="text/rfc822-headers",
    ),
    "report-postfix-partly": _report(
        "r9",
        "MAILER-DAEMON@mx.shop.example",
        "Undelivered Mail Returned to Sender",
        "one failed, one was relayed",
        "Reporting-MTA: dns; mx.shop.example\n\nFinal-Recipient: rfc822; omar@customer.example\nAction: relayed\nStatus: 2.0.0\n\n"
        "Final-Recipient: rfc822; layla@customer.example\nAction: failed\nStatus: 5.7.1\nDiagnostic-Code: smtp; 554 5.7.1 refused\n",
        original="Message-ID: <o9@shop.example>",
        kind="text/rfc822-headers",
    ),
    "report-exim-cpanel": _report(
        "r10",
        "Mail Delivery System <Mailer-Daemon@cpanel.shop.example>",
        "Mail delivery failed: returning message to sender",
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be "
        "delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n"
        "  layla@customer.example\n    host mx.customer.example [192.0.2.9]\n    SMTP error from remote mail server after "
        "RCPT TO:<layla@customer.example>:\n    550 5.1.1 User unknown",
        "Reporting-MTA: dns; cpanel.shop.example\n\nAction: failed\nFinal-Recipient: rfc822;layla@customer.example\n"
        "Status: 5.0.0\nRemote-MTA: dns; mx.customer.example\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n",
        original=_ORIGINAL.format(id="<o10@shop.example>"),
        extra=(f"X-Failed-Recipients: {LAYLA}", "Auto-Submitted: auto-replied"),
    ),
    "report-exim-warning": _plain(
        "r11",
        "Mail Delivery System <Mailer-Daemon@cpanel.shop.example>",
        "Warning: message 1vF delayed 24 hours",
        "This message was created automatically by mail delivery software.\nA message that you sent has not yet been "
        "delivered to one or more of its\nrecipients after more than 24 hours on the queue on cpanel.shop.example.\n\n"
        "The message identifier is:     1vF\nThe address to which the message has not yet been delivered is:\n\n"
        "  layla@customer.example\n    host mx.customer.example [192.0.2.9]: connection timed out\n\n"
        "No action is required on your part.",
        "Auto-Submitted: auto-replied",
        "References: <o11@shop.example>",
    ),
    "report-qmail-arabic-subject": _plain(
        "r12",
        "MAILER-DAEMON@q.shop.example",
        "failure notice",
        "Hi. This is the qmail-send program at q.shop.example.\nI'm afraid I wasn't able to deliver your message to the "
        "following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        "<layla@customer.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the "
        f"message.\n\nReturn-Path: <support@shop.example>\nSubject: {_word('طلبك')}\nMessage-ID: <o12@shop.example>\n",
    ),
    "report-sendmail": _report(
        "r13",
        "Mail Delivery Subsystem <MAILER-DAEMON@send.shop.example>",
        "Returned mail: see transcript for details",
        "The original message was received at Mon, 3 Nov 2025\n\n   ----- The following addresses had permanent fatal errors "
        "-----\n<layla@customer.example>\n    (reason: 550 5.1.1 User unknown)\n\n   ----- Transcript of session follows -----",
        _fields(LAYLA, "5.1.1", "SMTP; 550 5.1.1 <layla@customer.example>... User unknown"),
        original="Message-ID: <o13@shop.example>",
        kind="text/rfc822-headers",
    ),
    "report-amazon-ses": _report(
        "r14",
        "MAILER-DAEMON@amazonses.example",
        "Delivery Status Notification (Failure)",
        "An error occurred while trying to deliver the mail to the following recipients:\nlayla@customer.example",
        "Reporting-MTA: dns; a8-1.smtp-out.amazonses.example\n\nAction: failed\n"
        "Final-Recipient: rfc822; layla@customer.example\nDiagnostic-Code: smtp; 550 5.4.1 Recipient address rejected\nStatus: 5.4.1\n",
        original="From: support@shop.example\nMessage-ID: <0102-made-by-ses@email.amazonses.example>\n"
        "X-Original: 1\nIn-Reply-To: <a@customer.example>\n\nHello",
    ),
    "report-zoho": _plain(
        "r15",
        "mailer-daemon@mail.zoho.example",
        "Undelivered Mail Returned to Sender",
        "This message was created automatically by mail delivery software.\n A message that you sent could not be delivered "
        "to one or more of its recipients. This is a permanent error.\n\nlayla@customer.example Invalid Recipients, "
        "ERROR CODE :550 - 5.1.1 mailbox unavailable\n\nReceived:from mail.zoho.example\nMessage-ID: <o15@shop.example>\n",
        f"X-Failed-Recipients: {LAYLA}",
    ),
    "report-yandex": _report(
        "r16",
        "mailer-daemon@yandex.example",
        _word("Недоставленное сообщение"),
        "Это письмо отправлено почтовым сервером yandex.\n\nК сожалению, мы вынуждены сообщить, что Ваше письмо не может "
        "быть отправлено.\n\n<layla@customer.example>: user not found",
        _fields(LAYLA, "5.1.1", "smtp; 550 5.1.1 No such user!"),
        original="Message-ID: <o16@shop.example>",
        kind="text/rfc822-headers",
    ),
    "report-gmx-german": _plain(
        "r17",
        "GMX Mailer Daemon <mailer-daemon@gmx.example>",
        "Mail delivery failed: returning message to sender",
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered "
        "to\none or more of its recipients. This is a permanent error.\nThe following address failed:\n\n"
        "layla@customer.example:\nSMTP error from remote server for RCPT TO command, host: mx.customer.example (192.0.2.9) "
        "reason: 550 5.1.1 unknown\n\n\n--- The header of the original message is following. ---\n\n"
        "Received: from [192.0.2.3]\nMessage-ID: <o17@shop.example>\n",
    ),
    "report-german-prose": _plain(
        "r18",
        "MAILER-DAEMON@web.example",
        "Unzustellbar: Ihre Bestellung",
        "Ihre Nachricht konnte nicht zugestellt werden.\n\n<layla@customer.example>: 550 5.1.1 Benutzer unbekannt\n\n"
        "Message-ID: <o18@shop.example>",
    ),
    "report-french-prose": _plain(
        "r19",
        "MAILER-DAEMON@orange.example",
        _word("Échec de la remise : votre commande"),
        "Votre message n'a pas pu être remis.\n\n<layla@customer.example>: 550 5.1.1 Adresse inconnue\n\nMessage-ID: <o19@shop.example>",
    ),
    "report-spanish-prose": _plain(
        "r20",
        "postmaster@correo.example",
        "No se puede entregar: su pedido",
        "No se pudo entregar el mensaje.\n\nlayla@customer.example\n550 5.2.2 Buzón lleno\n\nMessage-ID: <o20@shop.example>",
    ),
    "report-turkish-prose": _plain(
        "r21",
        "MAILER-DAEMON@posta.example",
        _word("Teslim edilemedi: siparişiniz"),
        "İletiniz teslim edilemedi.\n\n<layla@customer.example>: 550 5.1.1 kullanıcı yok\n\nMessage-ID: <o21@shop.example>",
    ),
    "report-arabic-prose": _plain(
        "r22",
        "MAILER-DAEMON@host.sa.example",
        _word("فشل تسليم الرسالة"),
        "عذرا، لم نتمكن من تسليم رسالتك إلى العنوان التالي:\n\n<layla@customer.example>: 550 5.1.1 المستخدم غير موجود\n\n"
        "Message-ID: <o22@shop.example>",
    ),
    "report-utf8-address": message(
        _NULL,
        "From: MAILER-DAEMON@mx.shop.example",
        SHOP,
        DATE,
        "Subject: Undelivered Mail Returned to Sender",
        "Message-ID: <r23@host.example>",
        MIME,
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
        body="--b\nContent-Type: text/plain; charset=utf-8\n\nno\n--b\nContent-Type: message/global-delivery-status\n"
        "Content-Transfer-Encoding: 8bit\n\nReporting-MTA: dns; mx.shop.example\n\nFinal-Recipient: utf-8; ليلى@customer.example\n"
        "Action: failed\nStatus: 5.6.7\n\n--b\nContent-Type: message/global-headers\n\nMessage-ID: <o23@shop.example>\n--b--",
    ),
    "report-inside-a-mixed": message(
        _NULL,
        "From: postmaster@gate.example",
        SHOP,
        DATE,
        "Subject: Delivery report",
        "Message-ID: <r24@host.example>",
        MIME,
        "Content-Type: multipart/mixed; boundary=m",
        body="--m\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nfailed\n--b\n"
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; gate.example\n\n"
        "Final-Recipient: rfc822; <layla@customer.example>\nAction: failed (bad address)\nStatus: 5.1.1 (user unknown)\n--b--\n"
        "--m\nContent-Type: text/plain\n\nscanned\n--m--",
    ),
    "report-of-a-virus-wall-is-no-bounce": _plain(
        "r25",
        "scanner@gate.example",
        "Your message was checked",
        "Nothing was found in layla@customer.example's mail.",
    ),
    "customer-forwards-a-bounce": message(
        "From: Layla <layla@customer.example>",
        SHOP,
        DATE,
        "Subject: Fwd: Undeliverable: your order",
        "Message-ID: <r26@customer.example>",
        MIME,
        "Content-Type: multipart/mixed; boundary=m",
        body="--m\nContent-Type: text/plain\n\nwhy this?\n--m\nContent-Type: message/rfc822\n\nFrom: postmaster@x.example\n"
        "Subject: Undeliverable\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\n\nno\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b.example\n"
        "Action: failed\nStatus: 5.1.1\n--b--\n--m--",
    ),
}


def _bounce(
    number: int,
    status: str,
    diagnostic: str,
    *,
    is_permanent: bool = True,
    failed: tuple[str, ...] = (LAYLA,),
    original: str | None = "",
) -> dict[str, object]:
    return {
        "auto": "bounce",
        "bounce": (
            failed,
            f"<o{number}@shop.example>" if original == "" else original,
            is_permanent,
            diagnostic,
            status,
        ),
    }


EXPECTED: dict[str, dict[str, object]] = {
    "report-gmail-arabic": _bounce(
        1, "5.1.1", "550-5.1.1 The email account does not exist. 550 5.1.1 NoSuchUser"
    ),
    "report-gmail-delayed": _bounce(
        2, "4.4.1", "The recipient server did not accept our requests to connect.", is_permanent=False
    ),
    "report-microsoft-365": _bounce(
        3, "5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP address lookup"
    ),
    "report-microsoft-arabic": _bounce(4, "5.2.2", "552 5.2.2 mailbox full"),
    "report-exchange-without-status-part": _bounce(
        5, "5.1.1", "Remote Server returned '550 5.1.1 user unknown'"
    ),
    "report-yahoo": _bounce(
        6,
        "",
        "554: 554 delivery error: dd This user doesn't have an account (layla@customer.example) [0] - mta.mail.example",
    ),
    "report-icloud": _bounce(7, "5.1.1", "550 5.1.1 <layla@customer.example>: user does not exist"),
    "report-postfix-two-addresses": _bounce(
        8, "5.1.1", "550 5.1.1 no such user\n550 5.2.1 disabled", failed=(LAYLA, "omar@customer.example")
    ),
    "report-postfix-partly": _bounce(9, "5.7.1", "554 5.7.1 refused"),
    "report-exim-cpanel": _bounce(10, "5.1.1", "550 5.1.1 User unknown"),
    "report-exim-warning": _bounce(
        11, "", "host mx.customer.example [192.0.2.9]: connection timed out", is_permanent=False
    ),
    "report-qmail-arabic-subject": _bounce(12, "5.1.1", "Sorry, no mailbox here by that name. (#5.1.1)"),
    "report-sendmail": _bounce(13, "5.1.1", "550 5.1.1 <layla@customer.example>... User unknown"),
    "report-amazon-ses": _bounce(
        14,
        "5.4.1",
        "550 5.4.1 Recipient address rejected",
        original="<0102-made-by-ses@email.amazonses.example>",
    ),
    "report-zoho": _bounce(15, "5.1.1", "Invalid Recipients, ERROR CODE :550 - 5.1.1 mailbox unavailable"),
    "report-yandex": _bounce(16, "5.1.1", "550 5.1.1 No such user!"),
    "report-gmx-german": _bounce(
        17,
        "5.1.1",
        "SMTP error from remote server for RCPT TO command, host: mx.customer.example (192.0.2.9) reason: 550 5.1.1 unknown",
    ),
    "report-german-prose": _bounce(18, "5.1.1", "550 5.1.1 Benutzer unbekannt"),
    "report-french-prose": _bounce(19, "5.1.1", "550 5.1.1 Adresse inconnue"),
    "report-spanish-prose": _bounce(20, "5.2.2", "550 5.2.2 Buzón lleno"),
    "report-turkish-prose": _bounce(21, "5.1.1", "550 5.1.1 kullanıcı yok"),
    "report-arabic-prose": _bounce(22, "5.1.1", "550 5.1.1 المستخدم غير موجود"),
    "report-utf8-address": _bounce(23, "5.6.7", "", failed=("ليلى@customer.example",)),
    "report-inside-a-mixed": _bounce(24, "5.1.1", "", original=None),
    "report-of-a-virus-wall-is-no-bounce": {"auto": "auto-generated", "bounce": None},
    "customer-forwards-a-bounce": {"auto": None, "bounce": None, "text": "why this?"},
}
