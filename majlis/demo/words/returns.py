"""What comes back: wrong sizes, broken things, orders nobody wants any more."""

from __future__ import annotations

from majlis.demo.matter import Matter

MATTERS = (
    Matter(
        key="size",
        topic="returns",
        box="orders",
        subjects={"ar": ("استبدال مقاس عباية", "المقاس غير مناسب"), "en": ("Exchange for a smaller size",)},
        asks={
            "sa": (
                (
                    "السلام عليكم، وصلتني العباية ما شاء الله القماش يجنن 😍 بس المقاس واسع علي مرة. "
                    "أقدر أبدلها بمقاس ٥٤؟ رقم الطلب {order} والبطاقة عليها ما انشالت."
                ),
            ),
            "eg": ("العباية جت طويلة عليا أوي، ينفع أبدلها بمقاس أصغر؟ أعمل إيه؟ الأوردر {order}",),
            "lv": ("العباية كتير حلوة بس واسعة شوي، فيني بدلها؟ مقاسي ٥٢. رقم الطلب {order}",),
            "ma": ("العباية زوينة بزاف ولكن جات كبيرة عليا، واش يمكن ليا نبدلها؟ {order}",),
            "fs": (
                "استلمت العباءة في الطلب {order} وتبيّن أن المقاس أكبر من المطلوب. أرغب في استبدالها بمقاس ٥٤.",
            ),
            "en": (
                "Hi, the abaya from order {order} is lovely but too long. Can I swap it for size 54? Tags are still on.",
            ),
            "az": ("el 3abaya wes3a 3alay, abi abadelha b size 54 plz. order {order} 🌸",),
        },
        answers={
            "ar": (
                (
                    "أهلًا {first}، يسعدنا أنها أعجبتك. المقاس ٥٤ متوفر وحجزناه لك. يمر المندوب غدًا بالجديدة ويستلم الأولى، "
                    "ولا رسوم عليك."
                ),
            ),
            "en": (
                "Hi {first}, size 54 is here and reserved for you. The courier brings it and takes the first one back; no charge.",
            ),
        },
        notes=("حجزت المقاس ٥٤ من فرع {city}.",),
        tags=("استبدال",),
    ),
    Matter(
        key="broken",
        topic="returns",
        box="orders",
        subjects={
            "ar": ("وصل مكسور", "منتج تالف – الطلب {order}"),
            "en": ("Arrived broken", "Damaged item {order}"),
        },
        asks={
            "sa": (
                "يا هلا، فتحت الكرتون ولقيت {product} مكسور من طرفه. مرفق صورة. وش الحل معكم؟ الطلب {order}",
                "للأسف التغليف ضعيف، وصلني {product} متشقق. الصورة تحت 👇",
            ),
            "eg": ("الحاجة وصلت مكسورة يا جماعة، الصورة أهي. الأحسن استرداد مش استبدال لو سمحتوا. {order}",),
            "lv": ("للأسف وصل {product} مكسور، شوفو الصورة. بدي بدالو لأنو هدية لعيد ميلاد إمي 😢",),
            "ma": ("وصلاتني السلعة مهرسة، ها التصويرة. بغيت فلوسي و لا وحدة جديدة. الطلب {order}",),
            "fs": (
                "وصل المنتج ({product}) متضررًا كما يظهر في الصورة المرفقة، وأطلب استبداله وفق سياسة المتجر.",
            ),
            "en": (
                "The {product} in order {order} arrived with a crack right through it, see photo. I would like a replacement please.",
            ),
        },
        answers={
            "ar": (
                (
                    "أهلًا {first}، شكرًا على الصورة، ونأسف لما وصل. أرسلنا قطعة جديدة بتغليف مضاعف، "
                    "ولا حاجة إلى إعادة المكسورة."
                ),
            ),
            "en": (
                "Hi {first}, thank you for the photo. A new one leaves today, double-wrapped; keep or recycle the broken one.",
            ),
        },
        notes=(
            "التغليف الجديد لم يصل بعد إلى فرع جدة، وهذا سبب الكسر.",
            "رابع كسر في الصنف نفسه، أبلغت المستودع.",
        ),
        tags=("تالف", "استبدال"),
        shows="picture",
        priority=1,
    ),
    Matter(
        key="wrong",
        topic="returns",
        box="orders",
        subjects={"ar": ("وصلني منتج مختلف", "خطأ في الطلب {order}"), "en": ("Wrong item in the box",)},
        asks={
            "sa": ("طلبت {product} وجاني شي ثاني تمامًا! كيف كذا؟ {order}",),
            "eg": ("أنا طلبت {product} وجالي حاجة تانية خالص 🤦‍♀️ ممكن تبعتولي الصح؟ الأوردر {order}",),
            "lv": ("وصلني غير يلي طلبتو، أنا طلبت {product}. شو بعمل هلق؟",),
            "fs": ("وصلني صنف غير الذي طلبته. الطلب: {product}. رقمه: {order}. أرجو المعالجة.",),
            "en": (
                "I ordered {product} and got two candles instead. Order {order}. How do we sort this out?",
            ),
            "az": ("ya jama3a wesalni shay 3'alat! ana 6alabt {product}. order {order}",),
        },
        answers={
            "ar": ("أهلًا {first}، الخطأ من مستودعنا. يصلك الصحيح خلال يومين ويستلم المندوب الآخر معه.",),
            "en": (
                "Hi {first}, our warehouse mixed up two labels. The right one is on its way; the courier takes the other.",
            ),
        },
        tags=("استبدال",),
        shows="picture",
    ),
    Matter(
        key="refund",
        topic="returns",
        box="orders",
        subjects={"ar": ("متى يرجع المبلغ؟", "استرداد مبلغ الطلب {order}"), "en": ("Refund for {order}",)},
        asks={
            "sa": (
                "رجعت الطلب {order} من أسبوعين والمبلغ {amount} ريال ما رجع للحين. البنك يقول ما عندهم شي من طرفكم.",
            ),
            "eg": ("رجعت الأوردر {order} ولسه الفلوس منزلتش على الفيزا. بقالي ١٥ يوم مفيش حاجة!",),
            "lv": ("إيمت بترجع المصاري؟ رجعت الطلبية {order} من عشر تيام 🙏",),
            "ma": ("فوقاش غادي ترجع ليا الفلوس؟ رجعت الكوموند {order} هادي جوج سيمانات.",),
            "fs": ("أعدتُ الطلب {order} بتاريخ {date} ولم يُردّ المبلغ {amount} ريالًا إلى بطاقتي حتى اليوم.",),
            "en": (
                "I returned order {order} two weeks ago and the {amount} SAR has not come back to my card. When can I expect it?",
            ),
        },
        answers={
            "ar": (
                (
                    "أهلًا {first}، أُرسل المبلغ {amount} ريالًا إلى بنكك يوم {date}، ويستغرق ظهوره من ٥ إلى ١٠ أيام عمل. "
                    "أرفقنا إيصال العملية لتعرضه على البنك إن لزم."
                ),
            ),
            "en": (
                "Hi {first}, {amount} SAR went to your bank on {date}; it takes 5–10 working days to show. The receipt is attached.",
            ),
        },
        notes=("المحاسبة أكدت التحويل، الإيصال في الرد.",),
        tags=("استرداد",),
        sends="receipt",
    ),
    Matter(
        key="cancel",
        topic="returns",
        box="orders",
        subjects={"ar": ("إلغاء الطلب {order}",), "en": ("Please cancel {order}",)},
        asks={
            "sa": ("ابغى ألغي الطلب {order} قبل لا ينشحن لو سمحتوا، طلبته مرتين بالغلط 😅",),
            "eg": ("ممكن ألغي الأوردر {order}، جاتلي نفس الحاجة هدية من أختي 😂",),
            "lv": ("فيكن تلغو الطلب {order}؟ غيرت رأيي، بعتذر منكن.",),
            "fs": ("أرغب في إلغاء الطلب {order} وإعادة المبلغ إلى وسيلة الدفع نفسها.",),
            "en": ("Please cancel order {order}, I bought it twice by mistake.",),
            "az": ("momken tel3'oun el order {order}? mokarar bel 3'alat",),
        },
        answers={
            "ar": ("أهلًا {first}، أُلغي الطلب {order} ويعود المبلغ كاملًا خلال أيام.",),
            "en": ("Hi {first}, cancelled; the full amount goes back to your card.",),
        },
        tags=("إلغاء",),
    ),
)
