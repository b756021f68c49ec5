"""The goods themselves: scents, abayas, dates, things for the home; praise, and doubts."""

from __future__ import annotations

from majlis.demo.matter import Matter

MATTERS = (
    Matter(
        key="scent",
        topic="products",
        box="care",
        subjects={"ar": ("استشارة عطور", "أي عطر تنصحون؟"), "en": ("Which perfume for a gift?",)},
        asks={
            "sa": (
                "هلا والله، أبي عطر رجالي فخم للعيد، عود بس مو قوي مرة. ميزانيتي {amount}. وش ترشحون؟ 🎁",
            ),
            "eg": (
                "محتاجين برفان هدية لعريس، بيحب الحاجات الخشبية. حاجة في حدود {amount} ريال. ترشحولي إيه؟",
            ),
            "lv": ("بدي عطر نسائي ناعم مو حلو كتير، للجامعة يعني. شو بتنصحوني؟",),
            "ma": ("بغيت شي ريحة زوينة للعرس، مسك ولا عنبر. شنو تقترحو عليا؟",),
            "fs": ("ما الفرق بين ماء العطر والزيت المركّز في مجموعة «ليالي واحة»؟ وأيهما أثبت؟",),
            "en": (
                "I am looking for a gift for my father: woody, not sweet, around {amount} SAR. What would you suggest?",
            ),
            "az": ("shu btensa7ouni ka hdiyye la emmi? b7eb el misk bas mish 2awi 😊",),
        },
        answers={
            "ar": (
                "أهلًا {first}، نقترح «سدر»: خشبي هادئ وثباته طويل، ومعه عيّنة من «مسك الليل» هدية حتى تقارن.",
            ),
            "en": (
                "Hi {first}, have a look at Sidr: dry wood, quiet, lasts all day. We add a sample of Night Musk to compare.",
            ),
        },
    ),
    Matter(
        key="weak",
        topic="products",
        box="care",
        subjects={"ar": ("العطر غير ثابت", "هل العطر أصلي؟"), "en": ("Different smell this time",)},
        asks={
            "sa": (
                "أنا من زباينكم القدام وأعرف «عود المجلس» زين، القارورة الأخيرة ريحتها خفيفة وما تثبت ساعة. غيرتوا التركيبة؟",
            ),
            "eg": ("الإزازة دي مش زي اللي قبلها خالص، الريحة بتروح في نص ساعة. دي أصلية؟",),
            "fs": ("لاحظت اختلافًا واضحًا في رائحة العطر الأخير وثباته. هل طرأ تغيير على التركيبة؟",),
            "en": (
                "This is my third bottle and it smells thinner than the last two. Did you change the formula?",
            ),
        },
        answers={
            "ar": (
                "أهلًا {first}، لم تتغير التركيبة، لكن دفعة واحدة خُزّنت في حر زائد. نستبدل القارورة، وهذه صفحة الإرجاع المجاني.",
            ),
            "en": (
                "Hi {first}, same formula, but one batch was stored too warm. We will swap the bottle at our cost.",
            ),
        },
        notes=("الدفعة 2207، راجع المستودع قبل الرد.",),
        tags=("جودة",),
        is_angry=True,
    ),
    Matter(
        key="dates",
        topic="products",
        box="care",
        subjects={"ar": ("تمر سكري أم خلاص؟", "سؤال عن التمور"), "en": ("Dates: storage and shelf life",)},
        asks={
            "sa": ("السلام عليكم، التمر السكري عندكم من محصول هالسنة؟ وكم يصبر برا الثلاجة؟",),
            "eg": ("التمر المحشي لوز ده صلاحيته قد إيه؟ هجيبه لرمضان من دلوقتي.",),
            "ma": ("التمر ديالكم فيه السكر مزيود ولا طبيعي؟ الوالد فيه السكري.",),
            "en": ("How long do the almond-stuffed dates keep, and do they need the fridge?",),
        },
        answers={
            "ar": (
                "أهلًا {first}، كله من محصول هذه السنة، بلا سكر مضاف، ويبقى ستة أشهر في مكان بارد وسنة في الثلاجة.",
            ),
            "en": ("Hi {first}, six months somewhere cool, a year in the fridge. No sugar added.",),
        },
    ),
    Matter(
        key="stock",
        topic="products",
        box="care",
        subjects={"ar": ("متى يتوفر؟",), "en": ("Back in stock?",)},
        asks={
            "sa": ("متى يرجع {product}؟ كل ما أدخل الموقع مخلّص 😩",),
            "lv": ("{product} خلص؟ إيمت بيرجع؟",),
            "eg": ("{product} هيرجع تاني إمتى؟ حطوني في قايمة الانتظار.",),
            "fs": ("هل من موعد متوقع لتوفر {product}؟",),
            "en": ("When will {product} be back?",),
            "az": ("meta yerja3 {product}? 5allas mn usbu3ein",),
        },
        answers={
            "ar": ("أهلًا {first}، نتوقع وصوله الأسبوع القادم. أضفناك إلى قائمة التنبيه.",),
            "en": ("Hi {first}, next week. You are on the list and will hear first.",),
        },
        priority=-1,
    ),
    Matter(
        key="gift",
        topic="products",
        box="care",
        subjects={"ar": ("تغليف هدية وبطاقة",), "en": ("Gift wrap and a card",)},
        asks={
            "sa": (
                "أبي تغليف هدية للطلب {order} وتكتبون على البطاقة: «إلى أغلى أم، كل عام وأنتِ بخير» ❤️ وبدون سعر لو سمحتوا",
            ),
            "lv": ("فيكن تلفوها هدية وتكتبو عالكرت «مبروك البيت الجديد»؟ بدون فاتورة جوا.",),
            "en": (
                "Please wrap order {order} as a gift and write: “Congratulations on the new home!”. No price inside.",
            ),
        },
        answers={
            "ar": ("أهلًا {first}، تم التغليف والبطاقة كما كتبت، ولا سعر داخل العلبة 🎁",),
            "en": ("Hi {first}, wrapped, card written, no price inside.",),
        },
        tags=("هدية",),
    ),
    Matter(
        key="praise",
        topic="thanks",
        box="care",
        subjects={"ar": ("شكرًا لكم", "كلمة شكر 🌹"), "en": ("Thank you!",)},
        asks={
            "sa": (
                "بس حبيت أشكركم، الطلب وصل قبل موعده والتغليف يفتح النفس، وخصوصًا الأخت اللي ردت علي. الله يوفقكم 🌹🌹",
            ),
            "eg": ("بجد شكرًا جدًا، الحاجة تحفة والخدمة محترمة. هطلب تاني أكيد إن شاء الله ❤️",),
            "lv": ("يسلمو إيديكن، كل شي وصل متل ما بدي وأكتر 😍",),
            "ma": ("تبارك الله عليكم، خدمة في المستوى. شكرا بزاف 🙏",),
            "en": ("No question today, just wanted to say the lamp is beautiful and your team is lovely.",),
        },
        answers={
            "ar": ("شكرًا لكلماتك يا {first}، نقلناها إلى الفريق كله 🌹",),
            "en": ("Thank you, {first}! I have passed it on to everybody here.",),
        },
        priority=-1,
    ),
    Matter(
        key="allergy",
        topic="products",
        box="care",
        subjects={"ar": ("تحسس من كريم", "مكونات الكريم"), "en": ("Skin reaction, ingredients?",)},
        asks={
            "sa": ("بنتي طلع لها احمرار بعد كريم العود. أبي المكونات كاملة الحين لأننا عند الدكتور.",),
            "fs": ("ظهر تحسس جلدي بعد استعمال كريم المسك. أرجو إرسال قائمة المكونات كاملة في أقرب وقت.",),
            "en": (
                "My skin reacted to the musk cream. I need the full list of ingredients for my doctor, today if possible.",
            ),
        },
        answers={
            "ar": (
                "أهلًا {first}، سلامتها أولًا. قائمة المكونات كاملة مرفقة، ورقم مسؤول الجودة للطبيب: {phone}.",
            ),
            "en": (
                "Dear {first}, I hope it settles quickly. The full list is attached, and your doctor may call our quality lead on {phone}.",
            ),
        },
        notes=("أبلغت الجودة هاتفيًا فورًا، الدفعة محجوزة حتى الفحص.",),
        tags=("مستعجل", "جودة"),
        sends="leaflet",
        priority=2,
    ),
)
