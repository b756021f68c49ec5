"""Who appears in the made-up shop: its team, its customers, the companies they work for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from majlis.people.demo import DOMAIN


@dataclass(frozen=True, slots=True)
class Person:
    """A customer. `speaks` is one of `matter.SPOKEN`; `company` the key of a company, or nothing."""

    name: str
    local: str
    speaks: str
    city: str
    company: str = ""
    job: str = ""
    plan: str = ""
    note: str = ""
    is_technical: bool | None = None
    form: str = ""

    @property
    def address(self) -> str:
        """Where they write from."""
        return f"{self.local}@{self.company}.{DOMAIN}" if self.company else f"{self.local}@{DOMAIN}"

    @property
    def language(self) -> str:
        """The language they are answered in."""
        return "en" if self.speaks == "en" else "ar"

    @property
    def first(self) -> str:
        """What they are called in a reply."""
        return self.name.split()[0]


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of the made-up team; `boxes` are the keys of the mailboxes they see."""

    name: str
    name_latin: str
    local: str
    role: str
    team: str
    boxes: tuple[str, ...]
    language: str = "ar"


# key -> name by language
BOXES: Final[dict[str, dict[str, str]]] = {
    "care": {"ar": "واحة · العناية بالعملاء", "en": "Waha · Customer care"},
    "orders": {"ar": "واحة · الطلبات والمرتجعات", "en": "Waha · Orders and returns"},
    "trade": {"ar": "واحة · الجملة والشركات", "en": "Waha · Wholesale"},
}
DEPARTMENTS: Final[dict[str, dict[str, str]]] = {
    "service": {"ar": "واحة: خدمة العملاء", "en": "Waha: Service"},
    "sales": {"ar": "واحة: المبيعات", "en": "Waha: Sales"},
}
# key -> department, name by language
TEAMS: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "care": ("service", {"ar": "واحة: فريق العناية", "en": "Waha: Care team"}),
    "orders": ("service", {"ar": "واحة: فريق الطلبات", "en": "Waha: Orders team"}),
    "trade": ("sales", {"ar": "واحة: فريق الجملة", "en": "Waha: Wholesale team"}),
}
TOPICS: Final[dict[str, dict[str, str]]] = {
    "shipping": {"ar": "الشحن والتوصيل", "en": "Shipping"},
    "returns": {"ar": "الاستبدال والإرجاع", "en": "Returns"},
    "payment": {"ar": "الدفع والفواتير", "en": "Payment"},
    "products": {"ar": "أسئلة المنتجات", "en": "Products"},
    "trade": {"ar": "الجملة والشراكات", "en": "Wholesale"},
    "complaints": {"ar": "شكاوى", "en": "Complaints"},
    "account": {"ar": "الحساب والدخول", "en": "Account"},
    "thanks": {"ar": "شكر وثناء", "en": "Praise"},
    "other": {"ar": "أخرى", "en": "Other"},
}
TEAM: Final[tuple[Colleague, ...]] = (
    Colleague("ريم القحطاني", "Reem Alqahtani", "reem", "manager", "care", ("care", "orders", "trade")),
    Colleague("ماجد العتيبي", "Majed Alotaibi", "majed", "agent", "care", ("care", "orders")),
    Colleague("هبة مصطفى", "Heba Mostafa", "heba", "agent", "care", ("care", "orders")),
    Colleague("ديما خوري", "Dima Khoury", "dima", "agent", "care", ("care",), "en"),
    Colleague("يوسف بن عمر", "Youssef Benomar", "youssef", "agent", "orders", ("orders", "care")),
    Colleague("طارق الزهراني", "Tariq Alzahrani", "tariq", "agent", "orders", ("orders",)),
    Colleague("خالد بامطرف", "Khalid Bamatraf", "khalid", "manager", "trade", ("trade", "care")),
    Colleague("سارة ويلسون", "Sara Wilson", "sara", "agent", "trade", ("trade", "care"), "en"),
)
# key -> name, attributes
COMPANIES: Final[dict[str, tuple[str, dict[str, str | int]]]] = {
    "rimal": ("شركة رمال للمقاولات", {"السجل التجاري": "1010998812", "عدد الموظفين": 220}),
    "noor": ("عيادات نور", {"الفرع": "جدة", "عدد الموظفين": 64}),
    "atlas": ("Atlas Concept Stores", {"stores": 3, "country": "DE"}),
    "sahab": ("سحاب للتقنية", {"عدد الموظفين": 45}),
    "bayan": ("مكتب بيان للمحاسبة", {"الرقم الضريبي": "310122393500003"}),
    "palm": ("Palm Events", {"city": "Dubai"}),
}
CUSTOMERS: Final[tuple[Person, ...]] = (
    Person("نوف الشمري", "nouf.shammari", "sa", "الرياض", plan="ذهبية", note="تحب أن نتصل بها قبل التوصيل."),
    Person("عبدالله الدوسري", "a.dosari", "sa", "الدمام"),
    Person("غادة الحربي", "ghada.h", "sa", "المدينة", plan="فضية", form="أخت غادة"),
    Person("فهد المطيري", "fahad.m", "sa", "بريدة"),
    Person("أمل العنزي", "amal.anazi", "sa", "حائل", note="اشترت ثلاث عبايات هذا العام، تعرف المقاسات جيدًا."),
    Person("سلطان الغامدي", "sultan.gh", "sa", "جدة", company="rimal", job="مدير المشتريات", plan="شركات"),
    Person("موضي السبيعي", "moudi", "sa", "الرياض", plan="ذهبية"),
    Person("بدرية الكندري", "badriya.k", "sa", "الكويت"),
    Person("راشد المنصوري", "rashed.m", "sa", "أبوظبي"),
    Person("لولوة الدوسري", "lulwa", "sa", "المنامة", plan="فضية"),
    Person("جواهر القحطاني", "jawaher.q", "sa", "أبها"),
    Person("تركي الشهري", "turki.sh", "sa", "جدة", company="sahab", job="مطوّر", is_technical=True),
    Person("منى عبد العزيز", "mona.abdelaziz", "eg", "القاهرة", plan="فضية"),
    Person("كريم شوقي", "karim.shawky", "eg", "الإسكندرية"),
    Person("ياسمين فؤاد", "yasmin.f", "eg", "الجيزة", note="تفضل الرد كتابةً لا بالهاتف."),
    Person("أحمد الشناوي", "ahmed.sh", "eg", "طنطا"),
    Person("نهى سالم", "noha.salem", "eg", "المنصورة"),
    Person("دعاء حسن", "doaa.hassan", "eg", "القاهرة", company="noor", job="مديرة الموارد البشرية"),
    Person("مروان عز", "marwan.ezz", "eg", "بورسعيد"),
    Person("رنا حداد", "rana.haddad", "lv", "بيروت", plan="ذهبية"),
    Person("ماهر قباني", "maher.q", "lv", "دمشق"),
    Person("تالا النابلسي", "tala.n", "lv", "نابلس"),
    Person("سامر عواد", "samer.awwad", "lv", "عمّان", note="يسأل دائمًا عن الضمان."),
    Person("جنى الأسعد", "jana.asaad", "lv", "طرابلس"),
    Person("رامي خليل", "rami.khalil", "lv", "إربد", company="sahab", job="مسؤول النظم", is_technical=True),
    Person("لين شاهين", "leen.sh", "lv", "حمص"),
    Person("فاطمة الزهراء العلوي", "fz.alaoui", "ma", "الدار البيضاء", plan="فضية"),
    Person("إيمان بنجلون", "imane.b", "ma", "الرباط"),
    Person("ياسين الإدريسي", "yassine.i", "ma", "فاس"),
    Person("سناء العمراني", "sanae.a", "ma", "طنجة"),
    Person("مهدي بناني", "mehdi.b", "ma", "مراكش"),
    Person("د. هند الراوي", "h.rawi", "fs", "بغداد", form="دكتورة هند"),
    Person("صالح باوزير", "saleh.bawazir", "fs", "المكلا"),
    Person("مريم الخطيب", "maryam.kh", "fs", "الرياض", company="bayan", job="محاسبة", plan="شركات"),
    Person("عمر الطيب", "omar.tayeb", "fs", "الخرطوم"),
    Person("آمنة ولد سيدي", "amna.ws", "fs", "نواكشوط"),
    Person("أ. حسن الموسوي", "hassan.m", "fs", "البصرة", form="أستاذ حسن"),
    Person("سعاد بن يحيى", "souad.by", "fs", "تونس"),
    Person(
        "Emily Carter",
        "emily.carter",
        "en",
        "Riyadh",
        plan="Gold",
        note="Prefers e-mail. Three-year customer.",
    ),
    Person("Daniel Osei", "d.osei", "en", "Jeddah"),
    Person("Priya Nair", "priya.nair", "en", "Dubai", company="palm", job="Event manager", plan="Business"),
    Person("Thomas Berger", "thomas.b", "en", "Berlin", company="atlas", job="Buyer", plan="Business"),
    Person("Aisha Khan", "aisha.khan", "en", "Khobar", plan="Silver"),
    Person("Lucas Moreau", "lucas.m", "en", "Doha"),
    Person("Hannah Schmidt", "hannah.s", "en", "Munich"),
    Person("Joseph Mwangi", "j.mwangi", "en", "Jeddah", is_technical=True),
    Person("Sofia Rossi", "sofia.rossi", "en", "Riyadh", company="palm", job="Assistant"),
    Person("Nada K.", "nada.k", "az", "بيروت"),
    Person("Hamoudi", "7amoudi", "az", "عمّان", note="يكتب بالحروف اللاتينية ونجيبه بالعربية."),
    Person("Reema Saleh", "reema.s", "az", "الرياض"),
    Person("Ziad H", "ziad.h", "az", "القاهرة"),
    Person("Dr. Maya Aziz", "maya.aziz", "az", "دبي"),
)
# by language: Arabic, English
PRODUCTS: Final[tuple[tuple[str, str], ...]] = (
    ("عطر «سدر» ١٠٠ مل", "Sidr eau de parfum"),
    ("دهن العود المعتّق", "Aged oud oil"),
    ("عباية كتان سوداء", "the black linen abaya"),
    ("عباية زيتية مطرّزة", "the embroidered olive abaya"),
    ("تمر سكري فاخر ٢ كجم", "Sukkari dates, 2 kg"),
    ("تمر محشو باللوز", "almond-stuffed dates"),
    ("مبخرة كهربائية", "the electric incense burner"),
    ("طقم فناجين قهوة", "the coffee cup set"),
    ("شمعة بخور", "an incense candle"),
    ("سجادة صلاة مخملية", "the velvet prayer rug"),
    ("مصباح خشب الزيتون", "the olive wood lamp"),
    ("طقم ضيافة خزفي", "the ceramic serving set"),
)
