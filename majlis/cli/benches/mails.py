"""Mail as it comes to a desk: mostly Arabic, some in HTML, some with a file, a third answering earlier ones."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from random import Random

_ARABIC = (
    "السلام عليكم ورحمة الله اشتريت من متجركم قبل أسبوع حقيبة جلدية ووصلت اليوم لكن اللون مختلف عما ظهر في "
    "الصورة أرجو إخباري كيف يمكن استبدالها وهل أتحمل أجرة الشحن رقم الطلب موجود في الفاتورة المرفقة وشكرا لكم على "
    "سرعة الرد وحسن التعامل بانتظار جوابكم متى يصل المندوب إلى الرياض فقد تأخر التسليم يومين عن الموعد المحدد"
).split()
_ENGLISH = (
    "Hello I bought a leather bag from your shop last week and it arrived today but the colour is not the one in the "
    "picture please tell me how to exchange it and whether I pay for shipping the order number is on the attached "
    "invoice thank you for the quick answer and kind regards when does the courier reach Jeddah"
).split()
_FILE_BYTES = 30_000
_GAP = 64  # how far back the answered mail lies: it has been taken in by then, however many connections send


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail and its envelope's sender."""

    sender: str
    content: bytes


def letters(number: int, *, to: str, seed: int = 7, mark: str = "a") -> list[Letter]:
    """So many mails, always the same for the same seed; `mark` keeps Message-IDs of several batches apart."""
    random = Random(seed)  # noqa: S311 - the same mail every time
    made: list[Letter] = []
    known: list[tuple[str, str, str, bool]] = []
    for place in range(number):
        answered = random.choice(known[: place - _GAP]) if place > _GAP and random.random() < 1 / 3 else None
        sender = (
            answered[1]
            if answered
            else f"customer-{mark}{random.randrange(max(1, number // 2))}@example.test"
        )
        is_arabic = answered[3] if answered else random.random() < 0.6
        message_id = f"<{mark}{place}.{random.getrandbits(64):016x}@example.test>"
        mail = _mail(random, sender=sender, to=to, is_arabic=is_arabic, answered=answered)
        mail["Message-ID"] = message_id
        known.append((message_id, sender, str(mail["Subject"]), is_arabic))
        made.append(Letter(sender, mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")))
    return made


def write_mbox(path: Path, batch: list[Letter]) -> None:
    """The mails as one file that `majlis import-mail` takes."""
    with path.open("wb") as target:
        for letter in batch:
            content = letter.content.replace(b"\r\n", b"\n").replace(b"\nFrom ", b"\n>From ")
            target.write(b"From %b Thu Jan  1 12:00:00 2026\n%b\n" % (letter.sender.encode(), content))


def _mail(
    random: Random, *, sender: str, to: str, is_arabic: bool, answered: tuple[str, str, str, bool] | None
) -> EmailMessage:
    words = _ARABIC if is_arabic else _ENGLISH
    text = "\n\n".join(
        " ".join(random.choices(words, k=random.randint(15, 70))) for _ in range(random.randint(1, 3))
    )
    mail = EmailMessage()
    for hop in range(4):
        mail["Received"] = (
            f"from relay{hop}.example.test (relay{hop}.example.test [192.0.2.{hop}]) by mx.majlis.test"
        )
    mail["DKIM-Signature"] = f"v=1; a=rsa-sha256; d=example.test; s=mail; b={_filler(random, 256)}"
    mail["From"] = f"{Header('ليلى الحربي' if is_arabic else 'Omar Haddad', 'utf-8').encode()} <{sender}>"
    mail["To"] = to
    mail["Date"] = format_datetime(
        datetime(2026, 1, 5, tzinfo=UTC) + timedelta(seconds=random.randrange(10**6))
    )
    mail["X-Mailer"] = "Mail 16.0"
    if answered:
        mail["Subject"] = answered[2] if answered[2].startswith(("Re: ", "رد: ")) else f"Re: {answered[2]}"
        mail["In-Reply-To"] = mail["References"] = answered[0]
        line = "في الأحد، ٤ يناير ٢٠٢٦ كتب الدعم:" if is_arabic else "On Sun, 4 Jan 2026, Support wrote:"
        quoted = " ".join(random.choices(words, k=40))
        text += f"\n\n{line}\n> {quoted}\n"
    else:
        mail["Subject"] = " ".join(random.choices(words, k=5))
    mail.set_content(text, cte="base64" if is_arabic else "quoted-printable")
    if random.random() < 0.35:
        mail.add_alternative(_html(text), subtype="html", cte="quoted-printable")
    if random.random() < 0.12:
        content = random.randbytes(_FILE_BYTES)
        mail.add_attachment(content, maintype="image", subtype="jpeg", filename="صورة.jpg")
    return mail


def _html(text: str) -> str:
    rows = "".join(
        f'<tr><td style="font-family:Tahoma,Arial;font-size:14px;color:#222;padding:4px 8px">{line}</td></tr>'
        for line in text.split("\n\n")
    )
    style = "<style>.sig{color:#777;font-size:12px}</style>"
    footer = '<p class="sig"><b>example.test</b><br><a href="https://example.test/">example.test</a></p>'
    body = f'<table width="100%" cellpadding="0" border="0">{rows}</table>'
    return f'<html><head>{style}</head><body dir="auto"><div>{body}{footer}</div></body></html>'


def _filler(random: Random, count: int) -> str:
    return base64.b64encode(random.randbytes(count)).decode()
