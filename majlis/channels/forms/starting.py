"""What a new form may begin as: words that work as they are, in both languages, for a team to make its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from .fields import MESSAGE, Condition, Field, Kind, When


@dataclass(frozen=True, slots=True)
class Start:
    """A form to begin from."""

    name_ar: str
    name_en: str
    title_ar: str
    title_en: str
    intro_ar: str
    intro_en: str
    fields: tuple[Field, ...]


def _message(label_ar: str, label_en: str) -> Field:
    return Field(MESSAGE, Kind.LONG, label_ar, label_en, is_required=True)


_ORDER = Field(
    "order",
    Kind.ORDER,
    "رقم الطلب",
    "Order number",
    "تجده في رسالة تأكيد الطلب.",
    "You find it in the confirmation of your order.",
)
_FILES = Field("files", Kind.FILE, "صور أو ملفات", "Pictures or files")

STARTS: Final[dict[str, Start]] = {
    "contact": Start(
        "تواصل",
        "Contact",
        "راسلنا",
        "Write to us",
        "اكتب لنا ما تحتاج إليه، وسيجيبك واحد منا.",
        "Tell us what you need. One of us will answer you.",
        (_message("رسالتك", "Your message"), _FILES),
    ),
    "order": Start(
        "سؤال عن طلب",
        "Order question",
        "سؤال عن طلب",
        "A question about an order",
        "معك رقم الطلب؟ نجيبك به أسرع.",
        "With the order number we can answer you sooner.",
        (
            Field(
                "about",
                Kind.CHOICE,
                "عمّ تسأل؟",
                "What is it about?",
                is_required=True,
                options=(
                    ("أين طلبي؟", "Where is my order?"),
                    ("تغيير في الطلب", "A change to the order"),
                    ("الدفع والفاتورة", "Payment and invoice"),
                    ("أمر آخر", "Something else"),
                ),
            ),
            _ORDER,
            _message("سؤالك", "Your question"),
            _FILES,
        ),
    ),
    "return": Start(
        "إرجاع واستبدال",
        "Returns",
        "إرجاع أو استبدال",
        "A return or an exchange",
        "قل لنا ما حدث، ونخبرك بالخطوة التالية.",
        "Tell us what happened, and we tell you the next step.",
        (
            Field(
                "order",
                Kind.ORDER,
                _ORDER.label_ar,
                _ORDER.label_en,
                _ORDER.help_ar,
                _ORDER.help_en,
                is_required=True,
            ),
            Field(
                "wish",
                Kind.CHOICE,
                "ماذا تريد؟",
                "What would you like?",
                is_required=True,
                options=(("استرداد المبلغ", "My money back"), ("استبدال", "An exchange")),
            ),
            Field(
                "instead",
                Kind.TEXT,
                "بماذا نستبدله؟",
                "What would you like instead?",
                "مقاس آخر مثلًا، أو لون آخر.",
                "Another size, for example, or another colour.",
                condition=Condition("wish", When.IS, "1"),
            ),
            Field("damaged", Kind.YES_NO, "هل وصل تالفًا؟", "Did it arrive damaged?"),
            Field(
                "pictures",
                Kind.FILE,
                "صور الضرر",
                "Pictures of the damage",
                condition=Condition("damaged", When.IS, "yes"),
            ),
            _message("ما الذي حدث؟", "What happened?"),
        ),
    ),
}
