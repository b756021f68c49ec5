"""Other companies: large orders, partnerships, work; and the account itself."""

from __future__ import annotations

from majlis.demo.matter import Matter

MATTERS = (
    Matter(
        key="bulk",
        topic="trade",
        box="trade",
        subjects={"ar": ("عرض سعر ٢٠٠ علبة تمر", "هدايا موظفين"), "en": ("Quotation for corporate gifts",)},
        asks={
            "sa": (
                (
                    "السلام عليكم، نحن شركة في {city} ونبي ٢٠٠ علبة تمر فاخر بشعارنا قبل رمضان. "
                    "ممكن عرض سعر شامل التوصيل؟ المواصفات في الملف."
                ),
            ),
            "fs": (
                (
                    "السادة متجر واحة المحترمون،\n\nنرغب في الحصول على عرض سعر لتوريد ١٥٠ طقم هدايا (عطر وتمر) لموظفينا، "
                    "مع طباعة الشعار. نأمل موافاتنا بالعرض قبل {date}.\n\nوتقبلوا تحياتنا"
                ),
            ),
            "eg": ("محتاجين عرض سعر لـ ٣٠٠ بوكس هدايا للموظفين، وهل في خصم كميات؟",),
            "en": (
                (
                    "Hello,\n\nWe would like 250 gift boxes (dates and a small oud) with our logo, delivered to {city} "
                    "before {date}. Please send a quotation including VAT.\n\nBest regards,\n{name}"
                ),
            ),
        },
        answers={
            "ar": (
                "أهلًا {first}، العرض مرفق بصيغة PDF وهو صالح أسبوعين. تُطبع العينة الأولى مجانًا خلال ثلاثة أيام.",
            ),
            "en": (
                "Hi {first}, the quotation is attached and valid for two weeks. A printed sample takes three days and is free.",
            ),
        },
        notes=("هامش ١٨٪ يكفي لهذه الكمية. وافق خالد.", "اتفقنا على دفعتين، نصف مقدمًا."),
        tags=("جملة", "عرض سعر"),
        shows="letterhead",
        sends="quotation",
        priority=1,
    ),
    Matter(
        key="partner",
        topic="trade",
        box="trade",
        subjects={"ar": ("تعاون ومحتوى",), "en": ("Partnership proposal",)},
        asks={
            "sa": ("عندي حساب عن العناية والعطور يتابعه ٨٠ ألف. يهمكم تعاون لموسم العيد؟ ✨",),
            "lv": ("عنا محل هدايا ببيروت وحابين نبيع منتجاتكن. كيف فينا نحكي بالتفاصيل؟",),
            "ma": ("عندنا محل فالرباط و بغينا نكونو موزعين ديالكم فالمغرب. مع من نهضرو؟",),
            "en": (
                "We run three concept stores and would love to carry your home line. Who should I talk to?",
            ),
        },
        answers={
            "ar": ("أهلًا {first}، يسعدنا ذلك. خالد من قسم الجملة يتصل بك هذا الأسبوع.",),
            "en": ("Hi {first}, happy to. Khalid from wholesale will call you this week.",),
        },
        tags=("شراكة",),
    ),
    Matter(
        key="job",
        topic="other",
        box="care",
        subjects={"ar": ("طلب توظيف",), "en": ("Application: shop assistant",)},
        asks={
            "fs": ("السلام عليكم، أتقدم بطلب للعمل في خدمة العملاء لديكم، وسيرتي الذاتية مرفقة.",),
            "eg": ("مساء الخير، هل في وظائف متاحة في خدمة العملاء؟ عندي خبرة ٣ سنين. السي في مرفق.",),
            "en": ("Dear hiring team, please find my CV attached. I speak Arabic, English and some Urdu.",),
        },
        answers={
            "ar": ("أهلًا {first}، شكرًا لاهتمامك. حوّلنا طلبك إلى الموارد البشرية، وهم يجيبون خلال أسبوعين.",),
            "en": (
                "Hi {first}, thank you. Your application is with our people team, who answer within two weeks.",
            ),
        },
        shows="letterhead",
        priority=-1,
    ),
    Matter(
        key="password",
        topic="account",
        box="care",
        subjects={"ar": ("ما أقدر أدخل حسابي",), "en": ("Cannot sign in",)},
        asks={
            "sa": ("الرمز ما يوصلني على الجوال {phone} وأنا محتاج أدخل حسابي",),
            "eg": ("مش بعرف أدخل على الحساب، كود التحقق مش بيوصل.",),
            "lv": ("ما عم يوصلني كود التفعيل، جربت ٣ مرات.",),
            "ma": ("ما كيوصلنيش الكود فالتيليفون، شنو ندير؟",),
            "en": ("I never get the code on my phone ({phone}). Can you check that the number is right?",),
            "az": ("el code mish 3am yousal 3al phone {phone}, please help",),
        },
        answers={
            "ar": ("أهلًا {first}، كان الرقم مسجلًا بلا مفتاح الدولة. صححناه، جرّب الآن.",),
            "en": ("Hi {first}, the number was stored without its country code. Fixed, please try again.",),
        },
    ),
    Matter(
        key="lamp",
        topic="products",
        box="care",
        subjects={
            "ar": ("ضمان المصباح", "مشكلة في المبخرة الكهربائية"),
            "en": ("Warranty: burner stopped working",),
        },
        asks={
            "sa": (
                "المبخرة الكهربائية طفت بعد شهر من الاستخدام، عليها ضمان؟ جربت فيش ثاني ونفس الشي. {order}",
            ),
            "lv": ("المصباح بيضوي وبيطفي لحالو، عليه كفالة؟",),
            "fs": (
                "توقفت المبخرة الكهربائية عن العمل بعد خمسة أسابيع. هل يشملها الضمان؟ رقم الطلب {order}.",
            ),
            "en": (
                (
                    "The electric burner from order {order} stopped heating after five weeks.\n\n"
                    "1. Is it under warranty?\n2. Do I send it back or will you collect it?\n3. Can I have the black one instead?"
                ),
            ),
        },
        answers={
            "ar": ("أهلًا {first}، الضمان سنة كاملة. نستلمها من بيتك ونرسل بديلة في اليوم نفسه.",),
            "en": ("Hi {first}, yes, one year. We collect it and bring a black one on the same trip.",),
        },
        tags=("ضمان",),
    ),
    Matter(
        key="long",
        topic="complaints",
        box="care",
        subjects={"ar": ("ملاحظات من زبائنكم القدامى",), "en": ("Some feedback from a regular",)},
        asks={
            "sa": (
                (
                    "السلام عليكم ورحمة الله،\n\nأتعامل معكم من ثلاث سنين وأكتب لكم لأني أحبكم وأبي لكم الخير.\n\n"
                    "أولًا: الموقع الجديد أبطأ من قبل، وصفحة الدفع ترجعني للسلة أحيانًا.\n"
                    "ثانيًا: كنتم تحطون بطاقة صغيرة بخط اليد مع كل طلب، وصارت مطبوعة. التفاصيل هذي هي اللي خلتني أرجع لكم كل مرة.\n"
                    "ثالثًا: خدمة العملاء ترد بسرعة، ولكن أحيانًا الرد ما يجاوب على السؤال كله: أسأل سؤالين وترجع لي إجابة واحدة.\n\n"
                    "طلبي الأخير {order} وصل سليم والحمد لله. أتمنى تاخذون كلامي بصدر رحب.\n\n{name}"
                ),
            ),
            "en": (
                (
                    "Hello,\n\nI have been ordering for three years, so please take this as it is meant.\n\n"
                    "The new site is slower, and the payment page sometimes throws me back to the basket. The handwritten "
                    "card in every parcel is now a printed one, and that was the thing I told my friends about. And your "
                    "answers come fast, but when I ask two questions I tend to get one answer.\n\n"
                    "Order {order} came in good shape, thank you for that.\n\nWarm regards,\n{name}"
                ),
            ),
        },
        answers={
            "ar": (
                (
                    "أهلًا {first}،\n\nقرأنا رسالتك كاملة في اجتماع الصباح. أما البطء فعطل في صفحة الدفع أُصلح أمس، "
                    "وأما البطاقة فستعود بخط اليد، وأما الإجابات فملاحظتك في محلها. شكرًا لأنك كتبت لنا."
                ),
            ),
            "en": (
                (
                    "Dear {first},\n\nWe read your letter aloud this morning. The payment page was fixed yesterday, the "
                    "handwritten cards are coming back, and you are right about the answers. Thank you for writing."
                ),
            ),
        },
        notes=("أرسلتها إلى الإدارة، تستحق القراءة.",),
        tags=("عميل مميز",),
    ),
)
