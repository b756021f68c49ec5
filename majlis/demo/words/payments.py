"""Money: paid twice, invoices, coupons, points."""

from __future__ import annotations

from majlis.demo.matter import Matter

MATTERS = (
    Matter(
        key="twice",
        topic="payment",
        box="care",
        subjects={"ar": ("انخصم المبلغ مرتين", "خصم مكرر"), "en": ("Charged twice",)},
        asks={
            "sa": (
                (
                    "السلام عليكم، انسحب من حسابي {amount} ريال مرتين لنفس الطلب {order}! أرفقت لكم كشف البنك. "
                    "أبي المبلغ يرجع بأسرع وقت لأن عندي التزامات."
                ),
            ),
            "eg": ("الفلوس اتسحبت مرتين من الفيزا، {amount} ريال كل مرة. الإيصال مرفق. لازم حل النهارده.",),
            "lv": ("انسحب المبلغ مرتين من بطاقتي! {amount} ريال. بعتلكن صورة كشف الحساب.",),
            "fs": ("تبيّن لي خصم مبلغ {amount} ريالًا مرتين عن الطلب {order}. مرفق كشف الحساب للمراجعة.",),
            "en": (
                "I was charged {amount} SAR twice for order {order}. Bank statement attached. Please reverse one of them.",
            ),
        },
        answers={
            "ar": (
                (
                    "أهلًا {first}، وجدنا العملية المكررة: كانت حجزًا لا خصمًا، ويُفك تلقائيًا خلال ٣ أيام عمل. "
                    "طلبنا من البنك فكّه اليوم، وسنتابع حتى يظهر عندك."
                ),
            ),
            "en": (
                "Hi {first}, the second one is a hold, not a charge. We asked the bank to lift it today; it can take 3 working days.",
            ),
        },
        notes=("تأكدت من بوابة الدفع: عملية واحدة فقط مقبوضة والثانية حجز.",),
        tags=("دفع", "مستعجل"),
        shows="receipt",
        priority=2,
        is_angry=True,
    ),
    Matter(
        key="invoice",
        topic="payment",
        box="trade",
        subjects={
            "ar": ("فاتورة ضريبية للطلب {order}", "طلب فاتورة باسم المنشأة"),
            "en": ("VAT invoice needed",),
        },
        asks={
            "sa": ("نحتاج فاتورة ضريبية باسم المؤسسة للطلب {order}، والرقم الضريبي في المرفق. شاكرين لكم.",),
            "fs": (
                (
                    "السادة المحترمون،\n\nنأمل تزويدنا بالفاتورة الضريبية للطلب {order} بمبلغ {amount} ريالًا "
                    "صادرةً باسم المنشأة، وذلك لإقفال حسابات الشهر.\n\nمع التحية،\nقسم المحاسبة"
                ),
            ),
            "eg": (
                "محتاجين فاتورة ضريبية رسمية للأوردر {order} باسم الشركة لو سمحتم، المحاسب مستعجل عليها.",
            ),
            "en": (
                "Dear team,\n\nCould you issue a VAT invoice for order {order} ({amount} SAR) in our company's name?\n\nKind regards,\n{name}",
            ),
        },
        answers={
            "ar": ("أهلًا {first}، الفاتورة الضريبية مرفقة بصيغة PDF، ونسخة منها في حسابك لدينا.",),
            "en": ("Hi {first}, the VAT invoice is attached as a PDF.",),
        },
        tags=("فاتورة",),
        sends="invoice",
    ),
    Matter(
        key="coupon",
        topic="payment",
        box="care",
        subjects={"ar": ("الكود ما يشتغل", "كود الخصم"), "en": ("Coupon does not work",)},
        asks={
            "sa": ("كود WAHA15 يقول منتهي وأنتم مرسلينه اليوم بالرسايل 🤔",),
            "eg": ("الكوبون مش راضي يشتغل معايا، بيقولي غير صالح. الكود WAHA15",),
            "lv": ("الكود WAHA15 مو ماشي معي، جربتو أكتر من مرة.",),
            "ma": ("الكود ديال الروميز ما خدامش، WAHA15.",),
            "en": ("WAHA15 says expired, but your message came this morning?",),
            "az": ("el code WAHA15 mish sha3'al, 7awalt 3 marrat",),
        },
        answers={
            "ar": (
                "أهلًا {first}، الكود يعمل على ما يزيد على ٢٠٠ ريال. هذا كود خاص بك بلا حد أدنى: HALA-{code} صالح أسبوعًا.",
            ),
            "en": (
                "Hi {first}, it needs a basket above 200 SAR. Here is one without a minimum, valid for a week: HALA-{code}.",
            ),
        },
        tags=("خصم",),
        priority=-1,
    ),
    Matter(
        key="points",
        topic="payment",
        box="care",
        subjects={"ar": ("نقاطي اختفت",), "en": ("Missing points",)},
        asks={
            "sa": ("كان عندي ١٢٠٠ نقطة واليوم صفر! وين راحت؟",),
            "lv": ("وين راحو النقط؟ كانو ٨٠٠ مبارح.",),
            "fs": ("لاحظت أن رصيد النقاط في حسابي أصبح صفرًا دون أن أستعمله. أرجو التوضيح.",),
            "en": ("My 1,200 points are gone. Did they expire?",),
        },
        answers={
            "ar": ("أهلًا {first}، تأخر تحديث الرصيد ليلة أمس. عادت نقاطك كاملة وأضفنا إليها ١٠٠ اعتذارًا.",),
            "en": (
                "Hi {first}, the balance was late to update last night. They are all back, plus 100 from us.",
            ),
        },
        priority=-1,
    ),
)
