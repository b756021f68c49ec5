"""Forms of one word meet, in Arabic and English; numbers and addresses are found whole and by their parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.lib.arabic import normalise
from majlis.lib.stems import forms, query, stems, tsquery
from tests.letters import LETTERS

# What somebody searches for, and a text that says it in other forms.
PAIRS = (
    ("البطاقة", "خُصم المبلغ من بطاقتي مرتين"),
    ("بطاقة", "وبطاقاتكم لا تعمل"),
    ("طلب", "والطلب لم يصل"),
    ("الطلب", "أين طلبي؟"),
    ("طلباتي", "ألغيت طلبًا واحدًا"),
    ("كتاب", "وصلني الكتاب ممزقًا"),
    ("الكتب", "كتبكم رائعة"),
    ("فاتورة", "أرسلوا لي الفاتوره"),
    ("الفاتورة", "فاتورتي فيها خطأ"),
    ("فواتير", "بالفواتير القديمة"),
    ("عنوان", "للعنوان الجديد"),
    ("العنوان", "عنواني تغيّر"),
    ("شحنة", "الشحنات متأخرة"),
    ("الشحن", "كم رسوم شحنكم؟"),
    ("حساب", "لا أدخل إلى حسابي"),
    ("حسابات", "بحسابنا لديكم"),
    ("اشتراك", "اشتراكي انتهى"),
    ("الاشتراك", "جددت اشتراكها"),
    ("موظف", "الموظفون والموظفات"),
    ("الموظفين", "قال لي موظفكم"),
    ("سعر", "بالسعر القديم"),
    ("أسعار", "ارتفعت الاسعار"),
    ("استرداد", "لاسترداد المبلغ"),
    ("إرجاع", "ارجاع المنتج"),
    ("هدية", "وصلت الهديّة"),
    ("مسؤول", "كلّمت المسئولين ومسؤوليكم"),
    ("مدرسة", "لمدرستنا ثلاث نسخ"),
    ("جوال", "الجوّالات المكسورة"),
    ("مكسور", "مكسورة من الزاوية"),
    ("شكرا", "شكرًاااا لكم"),
    ("توصيل", "فالتوصيل تأخر"),
    ("رقم التتبع", "برقم تتبّعٍ خاطئ"),
    ("٤٨٢١٣", "الطلب رقم 48213"),
    ("48213", "طلب #٤٨٢١٣ لم يصل"),
    ("INV-2024-001", "رقمها inv-2024-001."),
    ("layla@customers.test", "اكتبوا إلى Layla@customers.test"),
    ("+966 55 014 2210", "جوالي 966550142210"),
    ("order", "my orders are late"),
    ("refund", "when was it refunded"),
    ("shipping", "it was shipped yesterday"),
    ("deliveries", "no delivery yet"),
    ("charge", "you are charging me twice"),
)
# Of these, all stems alone do not find: a broken plural, another root form, a typo, another word. Later steps do.
BEYOND = (
    ("قميص", "القمصان"),
    ("استبدال", "استبدلت"),
    ("مكسروة", "مكسورة"),
    ("فلوس", "المبلغ"),
)


def finds(asked: str, text: str) -> bool:
    there = set(stems(text))
    return all(any(there.issuperset(all_of) for all_of in any_of) for any_of in query(asked))


@pytest.mark.parametrize(("asked", "text"), PAIRS)
def test_other_forms_of_a_word_are_found(asked: str, text: str) -> None:
    assert finds(asked, text)


@pytest.mark.parametrize(("asked", "text"), BEYOND)
def test_another_word_is_not_found_by_stems(asked: str, text: str) -> None:
    assert not finds(asked, text)


@pytest.mark.parametrize(
    ("asked", "text"), [("طلب", "طبل"), ("بيت", "بنت"), ("order", "border"), ("481", "4813")]
)
def test_words_that_only_look_alike_do_not_meet(asked: str, text: str) -> None:
    assert not finds(asked, text)


@pytest.mark.parametrize("word", ["من", "على", "وصل", "بنك", "id", "bus", "ship", "boss", "thing"])
def test_short_words_stay_as_they_are(word: str) -> None:
    assert normalise(word) in forms(normalise(word))


def test_words_that_say_nothing_are_asked_for_only_when_there_is_nothing_else() -> None:
    assert query("أين هو الطلب من المتجر") == query("أين الطلب المتجر")
    assert query("من على") != []


def test_a_query_is_safe_to_hand_to_the_database() -> None:
    assert tsquery("x'y \\ ' | ! & (ab") == "(('ab'))"
    assert tsquery("  ؟؟ … ") == ""


# Letters that are neither clitics nor found in endings.
ROOTS = st.text(alphabet="جحخدذرزسشصضطظعغق", min_size=3, max_size=7).filter(
    lambda word: normalise(word) == word
)


@given(
    root=ROOTS,
    before=st.sampled_from(
        ["", "و", "ف", "ب", "ك", "ل", "ال", "وال", "بال", "فبال", "كال", "وكال", "لل", "ولل"]
    ),
    after=st.sampled_from(
        ["", "ه", "ي", "ها", "هم", "نا", "كم", "ات", "ين", "ون", "تي", "تهم", "اتكم", "ية"]
    ),
)
def test_clitics_and_endings_never_part_a_word_from_its_root(root: str, before: str, after: str) -> None:
    assert root in forms(normalise(before + root + after))


@given(st.text(LETTERS, max_size=80))
def test_any_text_finds_itself_and_its_stems_are_words(text: str) -> None:
    found = stems(text)
    assert all(stem and len(stem.encode()) < 2046 and not stem.isspace() for stem in found)
    assert len(found) == len(set(found))
    assert finds(text, text)


@given(st.text(alphabet="ابتةىأإؤئءوفكلم ًّـ\u200f", max_size=30))
def test_spelling_variants_have_the_same_stems(text: str) -> None:
    assert stems(text) == stems(normalise(text))
