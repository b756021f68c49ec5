"""What is said in any matter: how letters begin, go on and end, in each way of speaking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Lines = Mapping[str, tuple[str, ...]]

THANKS: Final[Lines] = {
    "sa": ("مشكورين وما قصرتوا 🌹", "الله يعطيكم العافية، وصل وكل شي تمام", "تمام، شكرًا على سرعة الرد 👍"),
    "eg": ("تمام شكرًا جدًا لذوقكم ❤️", "وصل الحمد لله، ألف شكر", "ربنا يكرمكم"),
    "lv": ("يسلمو كتير، وصل كل شي ✨", "تمام، الله يعطيكن العافية", "شكرا إلكن 🙏"),
    "ma": ("شكرا بزاف، الله يحفظكم", "وصلات، بارك الله فيكم 🙏"),
    "fs": ("شكرًا جزيلًا لسرعة استجابتكم.", "وصلني الطلب، بارك الله فيكم."),
    "en": (
        "Perfect, thank you!",
        "It arrived today, all good. Thanks for the quick help.",
        "Great, much appreciated 👍",
    ),
    "az": ("shukran kteer, wesal 👍", "tamam, thank you!"),
}
MORE: Final[Lines] = {
    "sa": ("رقم الطلب {order} والجوال {phone}", "هذا رقم الطلب: {order}، والوقت اللي يناسبني بعد العصر"),
    "eg": ("رقم الأوردر {order} والموبايل {phone}", "هكون في البيت بعد الساعة خمسة"),
    "lv": ("رقم الطلبية {order} وتلفوني {phone}", "فيني استلم بعد ال٤، وشكرا"),
    "ma": ("النمرة ديال الطلب {order} و التيليفون {phone}",),
    "fs": ("رقم الطلب {order}، ويناسبني ما بعد الرابعة عصرًا.",),
    "en": ("The order number is {order}, phone {phone}. Any time after 4 works.", "Sure: {order}."),
    "az": ("order {order}, phone {phone}, ay wa2t ba3d el 4",),
}
WAITING: Final[Lines] = {
    "sa": ("في أحد يرد؟؟", "يا جماعة الخير صار لي يومين أنتظر ردكم", "للحين ما صار شي 😤"),
    "eg": ("هو مفيش حد بيرد؟", "لسه مفيش رد منكم من امبارح"),
    "lv": ("في حدا هون؟", "صرلي يومين عم انطر 😔"),
    "ma": ("واش كاين شي واحد؟ باقي كنتسنى",),
    "fs": ("أرجو الرد، فما زلت أنتظر منذ يومين.",),
    "en": ("Any news on this?", "Hello? Still waiting since Tuesday."),
    "az": ("fi 7ada? lessa mestani",),
}
ANGRY: Final[Lines] = {
    "sa": ("إذا ما انحل الموضوع اليوم برفع شكوى لوزارة التجارة 😡",),
    "eg": ("ده اسمه نصب! لو متحلش النهارده هعمل محضر في حماية المستهلك.",),
    "lv": ("هالشي مو مقبول أبدًا، رح احكي عالسوشال ميديا.",),
    "ma": ("هادشي عيب، غادي ندير شكاية.",),
    "fs": ("إن لم يُحل الأمر خلال يوم فسأتقدم بشكوى رسمية.",),
    "en": ("This is not acceptable. If it is not solved today I will dispute the payment.",),
    "az": ("3eib walla, ra7 a3mel shakwa",),
}
AGAIN: Final[Lines] = {
    "ar": (
        "أهلًا {first}، شكرًا على البيانات. تم التحديث عندنا، وستصلك رسالة عند خروج الشحنة.",
        "أهلًا {first}، نعتذر عن انتظارك. الموضوع عند المسؤول الآن ونوافيك اليوم قبل السادسة.",
        "تم يا {first}. هل بقي شيء نساعدك فيه؟",
    ),
    "en": (
        "Hi {first}, thanks for the details. All updated; you get a message when it leaves.",
        "Hi {first}, sorry to keep you. It is with our lead now, and you hear from me today before six.",
        "Done, {first}. Is there anything else?",
    ),
}
ENDS: Final[Lines] = {
    "ar": ("\n\nمع التحية،\n{teammate}\nمتجر واحة", "\n\n{teammate} – واحة", ""),
    "en": ("\n\nBest,\n{teammate}\nWaha", "\n\n{teammate}, Waha", ""),
}
SENT_FROM: Final[Lines] = {
    "ar": ("\n\nأُرسلت من الـ iPhone", "", "", ""),
    "en": ("\n\nSent from my iPhone", "", "", ""),
}
NOTES: Final[tuple[str, ...]] = (
    "اتصلت بالعميل، ينتظر منا تأكيدًا اليوم.",
    "تحققت من المستودع، القطعة متوفرة.",
    "Checked with the warehouse: two left.",
    "يرجى المتابعة غدًا صباحًا إن لم يصل رد.",
    "العميل لطيف ويستحق كود خصم صغيرًا.",
)
MENTIONS: Final[tuple[str, ...]] = (
    "@{colleague} ممكن تشوف هذا معي؟ أظنه يحتاج موافقتك.",
    "@{colleague} هل وعدنا هذا العميل بشيء في المرة السابقة؟",
    "@{colleague} could you take over after three?",
)
DRAFTS: Final[Lines] = {
    "ar": ("أهلًا {first}، راجعت طلبك {order} مع المستودع و", "أهلًا {first}، نعتذر عن التأخير. "),
    "en": ("Hi {first}, I have just spoken to the warehouse about {order} and",),
}
CALLS: Final[tuple[str, ...]] = (
    "مكالمة عن موعد التوصيل: قلنا غدًا بعد العصر.",
    "Called to ask whether the size can still be changed. Said yes, until tonight.",
)
