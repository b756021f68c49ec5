"""What mail programs write above a quotation, in the languages they speak: a line, a rule, a block of fields. Pure.

Patterns are matched against spelled text (`folding_lines.spelled`): lower case, one alef, Latin digits, «ة» as «ه».
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .folding_lines import Hint, Line, is_blank

LONGEST = 400  # characters of one attribution, over at most four lines
_LINES = 4

_VERB = re.compile(
    r"(?:\bwrote|\bwrites|\ba [eé]crit|\bschrieb\b.*|\bescribi[oó]|\bha scritto|\bescreveu|\bschreef\b.*|yazdi(?: \(.{0,60}\))?"
    r"|\bнаписала?|\bнаписал\(а\)|\bпишет|\bnapisała?|\bnapisał\(a\)|\bpisze|\bskrev\b.*|\bέγραψε|\bنوشت|نے (?:تحرير كيا|لكها|لکھا)"
    r"|\bכתב(?:ה|/ה)?|\bמאת .*|\bwiadomość napisana przez\b.*"
    r"|(?<!\w)(?:و?كتبت?|كتبه|كتبتها|كتب/ت|كتب\(ت\))(?!\w).*|تمت? كتابه ما يلي بواسطه.*|كتب بواسطه.*|(?:ذكر|قام بكتابه).*بواسطه.*)"
    r"\s*(?::|-{3,})\s*$"
)
_STARTER = re.compile(
    r"[«\"'(\[]?(?:-{3,}\s*)?(?:on|في|بتاريخ|يوم|le|am|den|el|il|em|no dia|op|στις|на|w dniu|dnia|в|در تاريخ|در|بروز|בתאריך|ב-\d+"
    r"|wiadomość)(?:\s|(?<=\d)\b)"
)
_TIME = re.compile(r"\b\d{1,2}[:.h]\d{2}\b")
_DATE = re.compile(r"\b(?:19|20|13|14)\d\d(?!\d)|\b\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}\b")
_ADDRESS = re.compile(r"[^\s<>@]@[^\s<>@]")
_BRACKETED = re.compile(r"<[^\s<>@]{1,100}@[^\s<>]{1,200}>")
_ENCLOSED = re.compile(r"<[^\s<>@]{1,100}@[^\s<>]{1,200}>\)?\s*:\s*$|\[mailto:[^\]\s]{1,200}\]\s*:\s*$")

_ENDS = frozenset("-_=*:")
_RULE = re.compile(r"[_\-=*]{8,}")
_ORIGINAL = re.compile(
    r"[\-_=*]{2,}\s*(?:original (?:message|appointment|e-?mail)|reply message|الرساله الاصليه|رساله اصليه|النص الاصلي|رساله الرد"
    r"|urspr[uü]ngliche (?:nachricht|mail)|originalnachricht|message d'origine|message original|mensaje original|messaggio originale"
    r"|mensagem original|oorspronkelijk bericht|origineel bericht|özgün ileti|orijinal (?:mesaj|ileti)|исходное сообщение"
    r"|(?:oryginalna wiadomość|wiadomość oryginalna)|ursprungligt meddelande|originalmeddelande|oprindelig meddelelse|αρχικό μήνυμα"
    r"|הודעה מקורית|پيام اصلي|اصل پيغام)\s*[\-_=*]{2,}"
)
_FORWARDED = re.compile(
    r"(?:[\-_=*]{2,}\s*)?(?:begin )?(?:(?:the )?forwarded (?:message|by\b.{0,60}|mail)|(?:بدايه )?(?:ال)?رساله (?:ال)?(?:معاد|تمت اعاده) "
    r"توجيهها?|(?:بدايه )?(?:ال)?رساله (?:ال)?محوله|(?:anfang der )?weitergeleitete[n]? (?:nachricht|mail|e-mail)"
    r"|(?:début du )?(?:message|courriel|e-mail) (?:transf[eé]r[eé]|transmis|réexpédié)|(?:inicio del )?mensaje reenviado"
    r"|(?:inizio )?messaggio inoltrato|(?:início da )?mensagem (?:encaminhada|reencaminhada)|(?:begin )?doorgestuurd bericht"
    r"|(?:yönlendirilen|iletilen) (?:ileti|mesaj|e-posta)|пересылаемое сообщение|(?:начало )?переадресованно(?:е|го) "
    r"сообщени[ея]|(?:początek )?przekazan(?:a|ej) wiadomoś(?:ć|ci)|(?:vidarebefordrat|vidarebefordrade) (?:meddelande|mail)"
    r"|προωθημένο μήνυμα|προώθηση μηνύματος|הודעה שהועברה|پيام (?:هدايت|ارسال) شده)\s*(?:[\-_=*]{2,}|:)"
)
FORWARDS = re.compile(
    r"\s*(?:\[[^\]]{0,40}\]\s*)?(?:fwd?|fw|wg|tr|rv|enc|i|ilt|ynt: ilt|doorst|vb|vs|pd|pre?nd|πρθ|הועבר|اعاده توجيه|محول|توجيه|اعاده ارسال)\s*:"
)

_FROM = re.compile(
    r"\*{0,2}(?:from|من|المرسل|مرسل|von|absender|de|expéditeur|da|mittente|remitente|van|afzender|kimden|gönderen|от|od|från|fra|από"
    r"|از|منجانب|מאת)\s*:\s*\*{0,2}\s*(?P<value>.*)"
)
_SENT = re.compile(
    r"\*{0,2}(?:sent|تم الارسال|تاريخ الارسال|ارسلت|ارسل|مرسله|وقت الارسال|gesendet|envoyé|enviado(?: el| em)?|enviada em|inviato"
    r"|verzonden|gönderilme(?: tarihi)?|gönderildi|gönderim|отправлено|wysłano|wysłane|skickat|sendt|στάλθηκε|εστάλη|ارسال شده|נשלח)"
    r"(?: am| le| il| op)?\s*:"
)
_DATED_FIELD = re.compile(
    r"\*{0,2}(?:date|التاريخ|تاريخ|datum|fecha|data|tarih|дата|dato|ημερομηνία|תאריך|تاريخ)\s*:"
)
_TO = re.compile(r"\*{0,2}(?:to|الي|an|à|para|a|aan|kime|alici|кому|do|till|til|προς|به|אל|pour)\s*:")
_SUBJECT = re.compile(
    r"\*{0,2}(?:subject|الموضوع|موضوع|betreff|objet|asunto|oggetto|assunto|onderwerp|konu|тема|temat|ämne|emne|θέμα|נושא)\s*:"
)
_OTHER = re.compile(
    r"\*{0,2}(?:cc|bcc|نسخه(?: الي| كربونيه)?|نسخه|kopie|копия|dw|kopia|bilgi|κοιν|עותק|رونوشت|c\.c\.|reply-?to|الرد علي|importance"
    r"|priority|الاهميه|الاولويه|attachments?|المرفقات|مرفقات|organi[sz]ation|when|where|signed by|security|categories)\s*:"
)
_LISTED = re.compile(r".*[@;].*")


def attribution(lines: Sequence[Line], place: int) -> tuple[int, bool] | None:
    """If an attribution ends on the line `place`, where it begins, and whether it is one even without marks below.

    Without marks the words must name a date, and an address in angle brackets: «on 3/11/2025 at 10:15 I wrote you:» is
    prose.
    """
    last = lines[place]
    if last.hint is Hint.INTRODUCES:
        first = place
        while first > 0 and lines[first - 1].hint is Hint.INTRODUCES:
            first -= 1
        return first, True
    if last.is_marked or not last.words.endswith((":", "---", "----")) or len(last.words) > LONGEST:
        return None
    found: tuple[int, bool] | None = None
    together = ""
    for first in range(place, max(-1, place - _LINES), -1):
        line = lines[first]
        if is_blank(line) or line.is_marked or len(together) + len(line.words) > LONGEST:
            break
        together = f"{line.words} {together}" if together else line.words
        is_dated, has_address = bool(_DATE.search(together)), bool(_ADDRESS.search(together))
        is_timed = bool(_TIME.search(together))
        has_verb = (is_dated or has_address or len(together) <= 120) and bool(_VERB.search(together))
        starts = bool(_STARTER.match(together))
        if has_verb and is_dated and (is_timed or has_address):
            is_named = bool(_BRACKETED.search(together))
            if found is None or starts:
                found = first, is_named
            if starts:
                break
        elif found is None and (has_verb or (_ENCLOSED.search(together) and (is_dated or is_timed))):
            found = first, False
    return found


def is_original(line: Line) -> bool:
    """Claims that the line is «-----Original Message-----» or its kin."""
    return (
        len(line.words) <= 160
        and line.words.startswith(("-", "_", "=", "*"))
        and bool(_ORIGINAL.fullmatch(line.words))
    )


def is_forwarded(line: Line) -> bool:
    """Claims that a message somebody passes on begins here: content, not a quotation."""
    words = line.words
    return words[-1:] in _ENDS and 4 < len(words) <= 160 and bool(_FORWARDED.match(words))


class _Head:
    """The fields below «From:», as far as they were read."""

    def __init__(self, sender: re.Match[str]) -> None:
        self._is_named = bool(sender["value"])
        self._has_address = bool(_ADDRESS.search(sender["value"]))
        self._is_sent = self._is_dated = self._is_timed = self._is_to = self._is_about = False
        self._is_list = True

    @property
    def is_full(self) -> bool:
        return self._is_about and self._is_dated and self._is_to

    @property
    def is_one(self) -> bool:
        """Claims that nothing else looks like this: an address, a time or a word for sending stands in it."""
        is_whole = self._is_named and self._is_dated and (self._is_to or self._is_about)
        return is_whole and (self._is_sent or self._has_address or self._is_timed)

    def takes(self, words: str) -> bool:
        """Claims that a line belongs to the fields, and reads it."""
        if not self._is_named:  # the name stands below its field
            self._is_named = True
            self._has_address = bool(_ADDRESS.search(words))
        elif _FROM.match(words):
            return False
        elif _SENT.match(words) or _DATED_FIELD.match(words):
            self._is_sent = self._is_sent or bool(_SENT.match(words))
            self._is_dated, self._is_timed, self._is_list = True, bool(_TIME.search(words)), False
        elif _TO.match(words) or _OTHER.match(words):
            self._is_to, self._is_list = self._is_to or bool(_TO.match(words)), True
            self._has_address = self._has_address or bool(_ADDRESS.search(words))
        elif _SUBJECT.match(words):
            self._is_about, self._is_list = True, False
        else:
            return self._is_list and bool(_LISTED.fullmatch(words))
        return True


def block(lines: Sequence[Line], place: int, end: int) -> int | None:
    """If the fields of a quoted message (From, Sent, To, Subject) begin at `place`, the line a rule above it stands on,
    else `place`; None when none begin. An address or a time must stand in it, or a word for sending: what a customer
    writes of a parcel has «من:» and «إلى:» too.
    """
    line = lines[place]
    if line.is_marked or ":" not in line.words[:24]:
        return None
    sender = _FROM.match(line.words)
    if sender is None:
        return None
    head = _Head(sender)
    number = 0
    for other in range(place + 1, min(end, place + 30)):
        if is_blank(lines[other]):
            continue
        number += 1
        if number > 10 or lines[other].is_marked or not head.takes(lines[other].words) or head.is_full:
            break
    if not head.is_one:
        return None
    above = place - 1
    while above >= 0 and is_blank(lines[above]):
        above -= 1
    return above if above >= 0 and _RULE.fullmatch(lines[above].words) else place
