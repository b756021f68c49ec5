"""Parcels: late, lost, to another address, left at the wrong door."""

from __future__ import annotations

from majlis.demo.matter import Matter

MATTERS = (
    Matter(
        key="late",
        topic="shipping",
        box="orders",
        subjects={
            "ar": ("وين طلبي؟", "تأخر الطلب {order}", "استفسار عن شحنة"),
            "en": ("Where is my order {order}?", "Delivery overdue"),
        },
        asks={
            "sa": (
                (
                    "السلام عليكم\n\nطلبت {product} من أسبوع ورقم الطلب {order} وإلى الآن ما وصلني شي 😕\n"
                    "المندوب ما اتصل ولا أرسل رسالة. لو سمحتوا شيكوا لي عليه، محتاجه قبل الخميس ضروري.\n\nجوالي {phone}"
                ),
                "يعطيكم العافية، طلبي {order} مكتوب «خرج للتوصيل» له ثلاثة أيام. وينه؟",
            ),
            "eg": (
                (
                    "مساء الخير،\nطلبت {product} من عشر أيام والأوردر رقم {order} لسه موصلش. "
                    "كل ما أكلم شركة الشحن يقولولي بكرة بكرة. ممكن حد يرد ويقولي هيوصل إمتى بالظبط؟"
                ),
                "الأوردر {order} فين يا جماعة؟ الأبلكيشن بيقول اتسلم وأنا مستلمتش حاجة خالص!",
            ),
            "lv": (
                (
                    "مرحبا، كيفكم؟\nطلبت {product} من عندكم ولسا ما وصل. رقم الطلبية {order}. "
                    "بدي أعرف وينها لأنو عندي سفر السبت. يسلمو كتير 🙏"
                ),
            ),
            "ma": (
                (
                    "السلام عليكم، كوموندي {product} هادي سيمانة و لحد الآن ما وصلاتنيش. "
                    "النمرة ديال الطلب {order}. عافاكم شوفو ليا فين وصلات."
                ),
            ),
            "fs": (
                (
                    "السلام عليكم ورحمة الله وبركاته،\n\nأودّ الاستفسار عن الطلب رقم {order} الذي كان من المقرر "
                    "وصوله يوم {date}. لم يصلني أي إشعار من شركة الشحن حتى الآن.\n\nوتفضلوا بقبول فائق الاحترام،\n{name}"
                ),
            ),
            "en": (
                (
                    "Hi there,\n\nMy order {order} ({product}) was supposed to arrive on {date} and the tracking "
                    "page has not moved since. Could you check with the courier?\n\nMy number is {phone}.\n\nThanks,\n{name}"
                ),
                "Order {order} — tracking says delivered, nothing here. Please look into it.",
            ),
            "az": (
                (
                    "salam, talabt {product} men usbu3 w lel7een ma wesal. ra8am el talab {order}. "
                    "momken ta3rfoly weino? shukran"
                ),
            ),
        },
        answers={
            "ar": (
                (
                    "أهلًا {first}،\n\nنعتذر عن هذا التأخير. راجعنا الشحنة مع شركة التوصيل: هي في مستودع {city} "
                    "وستصلك غدًا بين الرابعة والثامنة مساءً، وسيتصل بك المندوب قبل وصوله بنصف ساعة.\n\nإن لم تصل غدًا فأخبرنا ونرسل بديلًا فورًا."
                ),
                (
                    "أهلًا {first}، وجدنا الطلب {order}: كان رقم الجوال ناقصًا خانة فلم يستطع المندوب الاتصال. "
                    "صححناه وخرجت الشحنة صباح اليوم."
                ),
            ),
            "en": (
                (
                    "Hi {first},\n\nI am sorry about the wait. Your parcel is at the {city} depot and goes out "
                    "tomorrow between 4 and 8 pm; the driver will call half an hour ahead.\n\nIf it does not come, "
                    "write back here and we send a new one the same day."
                ),
            ),
        },
        notes=(
            "كلمت شركة الشحن: الطرد في المستودع منذ يومين لأن العنوان ناقص. طلبت إعادة المحاولة غدًا.",
            "Courier ticket opened. They promise a call back before noon.",
        ),
        tags=("تأخر الشحن",),
        priority=1,
    ),
    Matter(
        key="address",
        topic="shipping",
        box="orders",
        subjects={"ar": ("تغيير عنوان التوصيل", "عنوان الطلب {order}"), "en": ("Change of address",)},
        asks={
            "sa": (
                "هلا، سجلت العنوان القديم بالغلط. ممكن تغيرونه إلى حي الياسمين شارع أنس بن مالك؟ الطلب {order} الله يسعدكم 🌹",
            ),
            "eg": ("معلش يا فندم كتبت العنوان غلط في الأوردر {order}، ينفع يتغير لمدينة نصر شارع الطيران؟",),
            "lv": (
                "مرحبا، نقلت عبيت جديد، فيكن تبعتو الطلبية {order} عالعنوان الجديد؟ شارع الحمرا بناية الزهور ط٣",
            ),
            "fs": (
                "أرجو تعديل عنوان تسليم الطلب {order} إلى: {city}، حي الروضة، مبنى ١٢، شقة ٤. شاكرًا تعاونكم.",
            ),
            "en": (
                "Hello, I have moved. Please send order {order} to 14 Palm Street, flat 3, {city}. Same phone number.",
            ),
            "az": ("hi momken a3'ayar el 3enwan? order {order}, el jadid: {city}, shari3 el ta7leya",),
        },
        answers={
            "ar": ("أهلًا {first}، عدّلنا العنوان قبل خروج الشحنة، ووصلتك رسالة بالعنوان الجديد للتأكيد.",),
            "en": ("Hi {first}, done: the parcel had not left yet and now goes to the new address.",),
        },
    ),
    Matter(
        key="driver",
        topic="complaints",
        box="care",
        subjects={"ar": ("شكوى على المندوب", "تعامل سيئ من التوصيل"), "en": ("Rude courier",)},
        asks={
            "sa": (
                (
                    "بصراحة أول مرة أتعامل معكم وآخر مرة!! المندوب رمى الكرتون عند الباب وراح، وعلبة العطر وصلت مكسورة "
                    "والريحة في كل الكرتون 😡\nدفعت {amount} ريال وأبي حل اليوم مو بكرة.\nرقم الطلب {order}"
                ),
            ),
            "eg": (
                "أسلوب المندوب كان مش محترم خالص وزعق لوالدتي على السلم. الموضوع مش فلوس، الموضوع اعتذار. الأوردر {order}.",
            ),
            "ma": ("الليفرور ما بغاش يطلع و قال ليا هبطي نتي ولا نرجع الكوموند. هادشي ماشي معقول. {order}",),
            "en": (
                (
                    "Your courier left a GLASS bottle at the gate in the sun, in July heat, without ringing. "
                    "I paid {amount} for this. Order {order}. I expect an answer today."
                ),
            ),
        },
        answers={
            "ar": (
                (
                    "أهلًا {first}،\n\nما حدث غير مقبول ونعتذر عنه بوضوح. رفعنا الأمر إلى مدير شركة التوصيل، "
                    "وأرسلنا إليك بديلًا اليوم بلا مقابل. سيتواصل معك مسؤول الفرع غدًا للاعتذار."
                ),
            ),
            "en": (
                (
                    "Dear {first},\n\nThat should not have happened and I am sorry. A replacement leaves today at our "
                    "cost, and the courier company has been told in writing."
                ),
            ),
        },
        notes=(
            "عميل مهم، يُرجى عدم إغلاق المحادثة قبل مكالمة الفرع.",
            "ثالث شكوى على المندوب نفسه هذا الشهر.",
        ),
        tags=("شكوى", "توصيل"),
        shows="picture",
        priority=2,
        is_angry=True,
    ),
    Matter(
        key="abroad",
        topic="shipping",
        box="care",
        subjects={"ar": ("هل توصلون خارج السعودية؟",), "en": ("Shipping to Germany?", "Do you ship abroad?")},
        asks={
            "lv": ("يعطيكن العافية، بتوصلو ع عمّان؟ وقديش بيكلف التوصيل ل {product}؟",),
            "ma": ("واش كتوصلو للمغرب؟ بغيت نصيفط {product} لماما فكازا. شحال الثمن ديال التوصيل؟",),
            "eg": ("هو في شحن لمصر؟ وبيتحاسب جمارك ولا لأ؟ نفسي في {product}.",),
            "fs": ("هل يشمل التوصيل مدينة {city}؟ وهل تُحتسب رسوم جمركية على {product}؟",),
            "en": ("Do you ship {product} to Berlin, and are customs included in the price at checkout?",),
        },
        answers={
            "ar": (
                (
                    "أهلًا {first}، نعم: التوصيل من ٤ إلى ٧ أيام عمل، ورسمه ٤٥ ريالًا، ومجاني فوق ٤٠٠ ريال. "
                    "تُدفع الجمارك عند الاستلام إن وُجدت."
                ),
            ),
            "en": (
                "Hi {first}, yes: 5–8 working days, 60 SAR, free above 500. Customs, if any, are paid on delivery.",
            ),
        },
    ),
)
