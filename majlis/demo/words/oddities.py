"""Mail that no customer wrote: newsletters, spam, answers of machines."""

from __future__ import annotations

from typing import Final

# (name, address before the domain, subject, text)
NEWSLETTERS: Final[tuple[tuple[str, str, str, str], ...]] = (
    (
        "نشرة التجارة الإلكترونية",
        "news@tijara",
        "خمس نصائح لموسم التخفيضات",
        "مرحبًا،\n\nفي عدد هذا الأسبوع: كيف تستعد لموسم التخفيضات، وثلاثة أخطاء في صفحات المنتجات، ولقاء مع صاحبة متجر.",
    ),
    (
        "Parcel Weekly",
        "hello@parcel-weekly",
        "What cold chains teach us about perfume",
        "This week: shipping liquids by air, a tour of a sorting centre, and five open positions.",
    ),
    (
        "معرض الهدايا",
        "expo@gifts",
        "سجّل الآن: معرض الهدايا والعطور",
        "يسرنا دعوتكم إلى معرض الهدايا والعطور في دورته السابعة. الدخول مجاني للتجار.",
    ),
    (
        "Cloud Till",
        "updates@till",
        "Your monthly summary is ready",
        "Your shop took 1,284 orders last month. Open the dashboard to read more.",
    ),
)
SPAM: Final[tuple[tuple[str, str, str, str, str], ...]] = (
    (
        "SEO Expert",
        "rank@top-seo",
        "Page 1 guaranteed!!!",
        "Dear Sir/Madam, we checked your website and found 147 errors. We guarantee page one in 30 days. Reply YES.",
        "advertising",
    ),
    (
        "جائزة الموسم",
        "prize@lucky",
        "مبروك! ربحت ٥٠٬٠٠٠ ريال",
        "عزيزي العميل، تم اختيار رقمك. لاستلام الجائزة أرسل صورة البطاقة ورمز التحقق الآن.",
        "fraud",
    ),
    (
        "Bank Security",
        "alert@secure-login",
        "Your account will be suspended",
        "Unusual activity was noticed. Confirm your password within 24 hours at the link below.",
        "fraud",
    ),
    (
        "مورد كراتين",
        "sales@boxes",
        "أرخص كراتين شحن في المملكة",
        "كراتين بجميع المقاسات، أسعار تبدأ من ٣٠ هللة. اطلب الكتالوج الآن. رسالة مرسلة إلى جميع المتاجر.",
        "advertising",
    ),
    (
        "Crypto Desk",
        "win@coins",
        "10x in a week, last chance",
        "Our members made 10x last week. Only today: no fee. Join the group.",
        "fraud",
    ),
)
AUTO_REPLIES: Final[dict[str, tuple[str, str]]] = {
    "ar": (
        "رد تلقائي: خارج المكتب",
        "شكرًا لرسالتك. أنا في إجازة حتى يوم الأحد، وسأرد عليك عند عودتي إن شاء الله.",
    ),
    "en": (
        "Automatic reply: Out of office",
        "Thank you for your message. I am travelling until Sunday and will answer then.",
    ),
}
FORWARDED: Final[tuple[str, ...]] = (
    "أحوّل إليكم رسالة المورد أدناه، هل هذا يخصكم؟",
    "Forwarding what the courier wrote to me, see below.",
)
