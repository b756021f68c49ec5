"""What stands at the end of a mail and is not said by it: signatures, a telephone's line, disclaimers, scanners. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from . import introductions
from .folding_lines import Hint, Line, end_of, is_blank

_LONGEST_SIGNATURE = 20  # lines that say something below «-- », 1500 characters
_LONGEST_DASHED = 8  # below a «--» without its blank, 400 characters
_MOST = 12  # things of the kind below one mail
_REACH = 60  # lines from the end that a disclaimer may begin in

_DEVICE = (
    r"(?:i-?phone|i-?pad|i-?pod|apple watch|mac(?:book)?|galaxy|samsung|huawei|honor|android|xiaomi|redmi|oppo|vivo|realme|oneplus|pixel"
    r"|nokia|sony|xperia|htc|lg|motorola|blackberry|windows(?: phone| mail)?|mail for windows|smartphone|smart ?phone|mobile(?: phone)?"
    r"|cell ?phone|phone|tablet|handy|handphone|outlook|yahoo|proton ?mail|proton|spark|gmail|zoho|aol|hotmail|k-9|fairemail|bluemail"
    r"|edison|aqua mail|mailbird|mymail|mail\.ru|e-?mail app|mobil|mobiltelefon|telefon|telefoon|teléfono|móvil|celular|telemóvel"
    r"|téléphone|telefono|cellulare|cep telefon|телефона?|смартфона?|telefonu|κινητό|ايفون|ايباد|جالكسي|جلاكسي|سامسونج|سامسونغ|هواوي"
    r"|اندرويد|شاومي|هاتفي|هاتف|جوالي|جوال|موبايلي|موبايل|محمول(?:ي)?|جهازي|اوتلوك|ياهو|تلفن|گوشي|موبايل)"
)
# What may follow the device; any other word is somebody's own: «sent from my phone the pictures you wanted».
_TAIL = (
    r"(?:[ ,]+(?:for|on|in|via|using|with|an?|the|by|from|my|mobile|device|smart ?\w*|\w*phone|tablet|app|mail|e-?mail|secure|secured|pro|max|plus"
    r"|ultra|mini|air|note|fold|flip|edge|lte|network|at&t|verizon|t-mobile|vodafone|stc|mobily|zain|wireless|ios|android|windows|outlook|iphone"
    r"|ipad|galaxy|samsung|huawei|please|excuse|forgive|sorry|typos|brevity|any|errors|and|[\w.+-]*\d[\w.+-]*|[a-z]\w?))*[.!]?"
)
_TAIL_AR = (
    r"(?: +(?:الخاص(?:ه)? بي|الذكي|المحمول|علي|لنظام|نظام|ل|لل\w+|لاجهزه|من|هاتف|جهاز|تطبيق|ال\w*phone|ايفون|اندرويد|جالكسي|سامسونج|سامسونغ|هواوي"
    r"|[a-z0-9][\w.+-]*))*\.?"
)
# A whole line, its links taken away: whoever writes more on it says something.
_MOBILE = re.compile(
    rf"(?:sent|written|typed|scanned) (?:from|with|via|using|by|on) (?:my |the |a |an )?(?:[\w&.+'/-]+ ){{0,3}}?{_DEVICE}\b{_TAIL}"
    r"|(?:get|download|try) (?:the )?(?:new )?(?:outlook|yahoo mail|bluemail|spark|proton ?mail|aol)\b.{0,60}|get <?outlook>? for .{0,30}"
    r"|yahoo mail: search, organi[sz]e, conquer.{0,20}|(?:secured|sent) (?:with|by|using) (?:proton|tuta)\w*.{0,40}"
    rf"|(?:تم )?(?:ال)?(?:ارسلته?ا?|ارسال|ارسل|مرسله?|ارسلت هذه الرساله|تم ارسال هذه الرساله|مرسل هذا البريد|كتبت) (?:من|بواسطه|عبر|باستخدام|عن طريق) "
    rf"(?:(?:ال|جهاز|جهازي|هاتف|هاتفي|جوال|جوالي|تطبيق|بريد|البريد|برنامج|هاتفي الذكي|من|ل) ?){{0,3}}(?:ال)?{_DEVICE}{_TAIL_AR}"
    r"|(?:احصل|الحصول|حمل|قم بتنزيل|تنزيل) (?:علي )?(?:تطبيق )?(?:outlook|yahoo|بريد yahoo|اوتلوك).{0,40}"
    rf"|envoyé (?:de|depuis|à partir de|avec|via|par) (?:mon |ma |l')?(?:[\w-]+ ){{0,2}}?{_DEVICE}.{{0,25}}"
    r"|(?:obtenez|obtenir|télécharge[rz]?) outlook .{0,40}"
    rf"|(?:gesendet|verfasst) (?:von|mit|über|aus) (?:meinem |meiner |der )?(?:[\w-]+ ){{0,2}}?{_DEVICE}.{{0,25}}"
    rf"|(?:von|mit) (?:meinem?|meiner) (?:[\w-]+ ){{0,2}}?{_DEVICE}.{{0,40}}(?:gesendet|geschickt|verfasst)\.?"
    r"|(?:outlook für .{0,30}(?:beziehen|herunterladen|laden)|(?:laden|holen) sie (?:sich )?outlook .{0,30})|diese nachricht wurde von meinem .{0,60} gesendet.{0,20}"
    rf"|enviad[oa] (?:desde|do|da|de|a partir d[oe]|com|con|pelo|por) (?:mi |meu |minha |el |o |la )?(?:[\w-]+ ){{0,2}}?{_DEVICE}.{{0,25}}"
    r"|(?:obt[eé]n|obtener|obter|obtenha|baixar|descargar?|transferir) (?:o )?outlook .{0,40}"
    rf"|inviat[oa] (?:da|dal|dallo|con|tramite) (?:mio |il mio )?(?:[\w-]+ ){{0,2}}?{_DEVICE}.{{0,25}}|(?:ottieni|scarica) outlook .{{0,40}}"
    rf"|(?:verstuurd|verzonden) (?:vanaf|vanuit|met|van) (?:mijn |m'n )?(?:[\w-]+ ){{0,2}}?{_DEVICE}.{{0,25}}"
    r"|(?:download|haal) outlook .{0,40}|outlook voor .{0,30}(?:downloaden|ophalen)"
    rf"|(?:[\w-]+ ){{0,2}}{_DEVICE}[\w']{{0,12}} gönderildi\.?|.{{0,20}}için outlook'?[uı]? (?:edinin|alın|indirin|alin)\.?"
    rf"|отправлено (?:с|из|через) (?:моего |моей )?(?:[\w-]+ ){{0,2}}?(?:{_DEVICE}|мобильн|почты|яндекс).{{0,25}}|(?:скачать|получить|загрузить) outlook .{{0,40}}"
    rf"|wysłan[eoy] (?:z|za pomocą|przy użyciu) (?:mojego )?(?:[\w-]+ ){{0,2}}?{_DEVICE}.{{0,25}}|pobierz (?:aplikację |program )?outlook .{{0,40}}"
    rf"|skickat från (?:min |mitt )?(?:[\w-]+ ){{0,2}}?{_DEVICE}.{{0,25}}|(?:hämta|skaffa) outlook .{{0,40}}|sendt fra (?:min )?{_DEVICE}.{{0,40}}"
    rf"|στάλθηκε από (?:το )?(?:[\w-]+ ){{0,2}}?{_DEVICE}.{{0,25}}|λήψη του outlook .{{0,40}}"
    rf"|ارسال شده (?:از|با) .{{0,20}}{_DEVICE}.{{0,40}}|נשלח (?:מה|מ|באמצעות).{{0,25}}"
)
_LINKS = re.compile(r"\s*[<(\[]?\s*(?:https?://|www\.)[^\s>)\]]*\s*[>)\]]?")
_SCANNED = re.compile(
    r".{0,80}(?:virus-?free|virenfrei|sans virus|libre de virus|sin virus|privo di virus|virusvrij|без вирусов|خال(?:ي|يه)? من الفيروسات)"
    r"\W.{0,80}|.{0,60}(?:checked for viruses by|scanned by|scanned for viruses|on viren geprüft|auf viren geprüft|فحص (?:هذا|هذه) (?:ال)?(?:بريد|رساله)"
    r"|تم فحص).{0,80}(?:avast|avg|eset|norton|mcafee|mailscanner|kaspersky|sophos|clamav|symantec|bitdefender|الفيروسات).{0,80}"
    r"|_{6,} information from eset.{0,120}|the message was checked by eset.{0,80}"
    r"|(?:(?:please )?consider|think of|think about|before|save|فضلا|من فضلك|فكر|حافظ|يرجي|الرجاء|حفاظا).{0,40}(?:environment|trees?|paper|البيئه).{0,80}"
    r"(?:print|طباعه).{0,60}|.{0,40}(?:before printing|قبل (?:ان )?(?:تطبع|طباعه)).{0,100}(?:environment|e-?mail|البيئه|الرساله|البريد).{0,60}"
)
_BEGINS_DISCLAIMER = re.compile(
    r"[*_\-=\s(«\"]*(?:(?:confidentiality|legal|privacy|important|privileged)[\w /&-]{0,40}(?:notice|note|statement|disclaimer)|disclaimer|confidential\b|notice:"
    r"|(?:this|the (?:information|content|contents)\b).{0,60}(?:e-?mail|message|communication|transmission|information|attach)"
    r"|(?:اخلاء|اخلاء ال)?\s?(?:ال)?مسؤوليه|اخلاء (?:طرف|(?:ال)?مسؤوليه|(?:ال)?مسئوليه)|تنويه|تنبيه|اشعار|ملاحظه|بيان (?:ال)?سريه|سريه (?:المعلومات|الرساله)|(?:ال)?سريه"
    r"|(?:ان )?(?:هذه|هذا|محتوي|محتويات|المعلومات).{0,40}(?:رساله|بريد|المعلومات|مرفق|الوارده|الايميل)|تحتوي هذه|يحتوي هذا|قد تحتوي|قد يحتوي"
    r"|dies?e (?:e-?mail|nachricht)|der inhalt|ce (?:message|courriel|mail)|ce courrier|les informations|este (?:mensaje|correo|e-?mail)|esta mensagem|la información|aviso"
    r"|quest[oa] (?:messaggio|e-?mail)|le informazioni|dit (?:e-?mail)?bericht|deze e-?mail|de informatie|bu (?:e-?posta|mesaj|ileti)|это (?:сообщение|письмо)"
    r"|настоящее|ta wiadomość|niniejsza|treść|detta (?:e-?post)?meddelande|το παρόν|אין)"
)
_MEANT_FOR = re.compile(
    r"intended (?:solely|only|exclusively)?\s*(?:for|to be)|intended recipient|addressee|sole use|named (?:recipient|above)|المرسل(?:ه)? اليه|الموجهه? اليه|المعني(?:ين)? ب"
    r"|المستلم|المتلقي|الشخص (?:او|المعني|المقصود)|الجهه (?:او|المعنيه|المرسل)|للشخص|لمن وجهت|موجهه? الي|empfänger|adressat|destinataire|destinatari[oa]|geadresseerde"
    r"|bestemd voor|alici|адресат|предназначен|adresat|mottagare|avsedd|αποδέκτη|παραλήπτη"
)
_GROUPS = tuple(
    re.compile(pattern)
    for pattern in (
        r"confidential|privileged|سري|خاص[هة]? و|vertraulich|confidentiel|confidencial|riservat|vertrouwelijk|gizli|конфиденциальн|poufn|konfidentiell|εμπιστευτικ",
        (r"in error|by mistake|erroneously|not the intended|بالخطا|بطريق الخطا|عن طريق الخطا|خطا|لم تكن|irrtümlich|par erreur|por error|por erro|per errore|ten onrechte|abusievelijk"
        r"|yanlişlikla|ошибочно|omyłkowo|błędnie|av misstag|κατά λάθος|εκ παραδρομής"),
        r"notify|inform the sender|contact the sender|ابلاغ|اخطار|اشعار المرسل|اعلام|informieren|avertir|prévenir|notifi|avisar|informar|avvisare|avvertire|verwittig|bildir|уведом|powiadom|meddela|ενημερώσ",
        r"delet|destroy|حذف|احذف|اتلاف|مسحها|löschen|vernichten|supprim|détrui|elimin|borr|destru|cancell|verwijder|vernietig|silin|удал|usun|radera|διαγράψ",
        r"unauthori[sz]ed|prohibited|disclos|disseminat|distribut|copying|مصرح|يمنع|يحظر|محظور|الافصاح|نسخ|نشر|توزيع|unbefugt|interdit|prohibid|proibid|vietat|verboden|yasak|запрещ|zabronion|förbjud|απαγορεύ",
        r"virus|liab|responsib|فيروس|مسؤول|مسئول|تتحمل|haft|responsab|aansprakelijk|sorumlu|ответственн|odpowiedzialn|ansvar|ευθύν",
        r"views|opinions|الاراء|وجهه نظر|represent|تعبر عن|ansicht",
    )
)  # fmt: skip
_FIRST_PERSON = re.compile(r"\b(?:i|i'm|i've|my|انا|انني|اني|لست|وصلتني|استلمت|طلبي|ich|je|yo|io)\b")
_LONGEST_HEADING = 60
_LONG_NUMBER = re.compile(r"\d{3}")
_NUMBERED = re.compile(r"(?:\d{1,2}[.)\-]|[-*•]) ?\S")
_ORDER = re.compile(
    r"#\s?\d|order|invoice|tracking|طلب|فاتوره|شحنه|مرجع|رقم (?:ال)?(?:طلب|فاتوره|شحنه|حساب|بوليصه|تتبع)|bestell|commande|pedido|ordine"
)


def begins(lines: Sequence[Line], first: int, end: int) -> int:
    """Where what the mail does not say begins, of `lines[first:end]`; `end` when there is nothing of the kind."""
    whole, end = end, end_of(lines, end)
    for _ in range(_MOST):
        found = _one(lines, first, end) if end > first else None
        if found is None:
            break
        whole, end = found, end_of(lines, found)
    return whole


def _one(lines: Sequence[Line], first: int, end: int) -> int | None:
    last = lines[end - 1]
    if last.is_marked:
        return None
    if last.hint is Hint.SIGNS:
        found = end - 1
        while found > first and (lines[found - 1].hint is Hint.SIGNS or is_blank(lines[found - 1])):
            found -= 1
        if _size(lines, found, end)[0] <= _LONGEST_SIGNATURE:
            return _with_dashes(lines, first, found)
    if len(last.words) <= 300 and _is_line(last.words):
        return end - 1
    if end - 2 >= first and _is_line(f"{lines[end - 2].words} {last.words}"[:300]) and lines[end - 2].words:
        return end - 2
    return _signature(lines, first, end) or _disclaimer(lines, first, end)


def _is_line(words: str) -> bool:
    bare = (
        _LINKS.sub("", words).strip(" .-*_<>[]()") if "/" in words or "www" in words else words.strip(" .-*_")
    )
    return bool(_MOBILE.fullmatch(bare) or _SCANNED.fullmatch(words))


def _with_dashes(lines: Sequence[Line], first: int, place: int) -> int:
    above = end_of(lines, place)
    return above - 1 if above > first and lines[above - 1].words == "--" else place


def _size(lines: Sequence[Line], first: int, end: int) -> tuple[int, int]:
    filled = [len(line.words) for line in lines[first:end] if line.words]
    return len(filled), sum(filled)


def _signature(lines: Sequence[Line], first: int, end: int) -> int | None:
    """The line «-- » (RFC 3676 §4.3) with what may be a signature below it, or «--» with what cannot be anything else."""
    number = 0
    for place in range(end - 1, first - 1, -1):
        line = lines[place]
        if line.words == "--" and not line.is_marked:
            break
        number += bool(line.words)
        if number > _LONGEST_SIGNATURE or line.is_marked or introductions.is_forwarded(line):
            return None
    else:
        return None
    rows = lines[place + 1 : end]
    below = [row.words for row in rows if row.words]
    size = sum(map(len, below))
    if (
        not below
        or size > 1500
        or any(introductions.block(rows, spot, len(rows)) is not None for spot in range(len(rows)))
    ):
        return None
    if lines[place].is_delimiter:
        return place
    if len(below) > _LONGEST_DASHED or size > 400 or max(map(len, below)) > 100:
        return None
    if any(row.endswith(("?", "؟")) or _NUMBERED.match(row) or _ORDER.search(row) for row in below):
        return None
    if any(row.words == "--" for row in lines[max(first, place - 40) : place]):
        return None  # lines between parts of a text
    return place


def _disclaimer(lines: Sequence[Line], first: int, end: int) -> int | None:
    """The earliest line near the end that a disclaimer begins on; whatever follows must belong to it."""
    found = None
    words = ""
    for place in range(end - 1, max(first, end - _REACH) - 1, -1):
        line = lines[place]
        if line.is_marked or introductions.is_forwarded(line):
            break
        words = f"{line.words}\n{words}"
        if len(words) > 6000:
            break
        is_opening = place == first or is_blank(lines[place - 1]) or len(line.words) > 30
        if is_opening and line.words and _BEGINS_DISCLAIMER.match(line.words) and _is_disclaimer(words):
            found = place
    return found


def _is_disclaimer(words: str) -> bool:
    if "؟" in words or "?" in words or _FIRST_PERSON.search(words):
        return False
    paragraphs = [part for part in re.split(r"\n\s*\n", words) if part.strip()]
    if len(paragraphs) > 1 and len(paragraphs[0]) <= _LONGEST_HEADING:
        paragraphs = paragraphs[1:]
    said = [_said(part) for part in paragraphs]
    if not all(said) or sum(said[0]) < 2 or _LONG_NUMBER.search(paragraphs[0]):
        return False
    of_all = [any(each) for each in zip(*said, strict=True)]
    return sum(of_all) >= 3 and (of_all[0] or of_all[1])


def _said(paragraph: str) -> tuple[bool, ...]:
    """Which things that disclaimers say a paragraph says, whom it is meant for first, that it is secret second; empty
    when it says none of them."""
    found = tuple(bool(group.search(paragraph)) for group in (_MEANT_FOR, *_GROUPS))
    return found if any(found) else ()
