"""To whom, where and when a channel is shown: a golden table, and what must be so of any rule."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.channels.showing import NOBODY, Ask, Condition, Facts, Hours, Joined, Rule, amount, decide
from majlis.channels.showing_pages import is_on, pattern

LAYLA = Facts(
    is_known=True,
    plan="ذهبي",
    pays="١٬٤٩٠ ر.س في السنة",
    company="سِدرة",
    language="ar-SA",
    attributes={"VIP": "نعم", "الطلبات": "7", "city": "Jeddah, Al-Balad"},
    tags=frozenset({"كبار العملاء"}),
)
OMAR = Facts(is_known=True, plan="Free", pays="0", language="en", attributes={"vip": "no", "الطلبات": "many"})
FRESH = Facts(is_known=True)
SITE = "https://shop.example"


def condition(ask: str, *values: str, name: str = "") -> Condition:
    return Condition(Ask(ask), values, name)


# ask, values, name of an attribute; whether it holds of Layla, of Omar, of somebody known of whom nothing is told.
@pytest.mark.parametrize(
    ("asked", "layla", "omar", "fresh"),
    [
        (condition("known"), True, True, True),
        (condition("plan_is", "ذهبى"), True, False, False),
        (condition("plan_is", "Gold", "  FREE "), False, True, False),
        (condition("plan_is_not", "free"), True, False, True),
        (condition("pays"), True, False, False),
        (condition("company_is", "سدره"), True, False, False),
        (condition("company_is_not", "سدرة"), False, True, True),
        (condition("language_is", "ar"), True, False, False),
        (condition("tagged", "كبار العملاء"), True, False, False),
        (condition("attribute_is", "yes", "نعم", name="vip"), True, False, False),
        (condition("attribute_is_not", "no", name="vip"), True, False, True),
        (condition("attribute_contains", "البلد", "al-balad", name="City"), True, False, False),
        (condition("attribute_contains", "", name="city"), False, False, False),
        (condition("attribute_at_least", "٧", name="الطلبات"), True, False, False),
        (condition("attribute_at_least", "8", name="الطلبات"), False, False, False),
    ],
)
def test_each_condition_says_whether_it_holds(asked, layla, omar, fresh):
    rule = Rule(conditions=(asked,))
    found = [decide(rule, who, "", None).is_shown for who in (LAYLA, OMAR, FRESH, NOBODY)]
    assert found == [layla, omar, fresh, False]


def test_somebody_unknown_meets_only_the_condition_to_be_unknown():
    stranger = replace(LAYLA, is_known=False)
    for ask in Ask:
        rule = Rule(conditions=(Condition(ask, ("ذهبي", "7", "نعم", "سدرة", "ar"), "vip"),))
        assert decide(rule, stranger, "", None).is_shown is (ask == Ask.UNKNOWN), ask
    assert not decide(Rule(conditions=(condition("unknown"),)), LAYLA, "", None).is_shown
    (_on, reason) = decide(Rule(conditions=(condition("plan_is", "ذهبي"),)), stranger, "", None).reasons
    assert reason.data["found"] is None


@pytest.mark.parametrize(
    ("wanted", "page", "holds"),
    [
        ("/checkout/*", f"{SITE}/checkout/pay", True),
        ("/checkout/*", f"{SITE}/Checkout/", True),
        ("/checkout/*", f"{SITE}/checkout", True),
        ("/checkout", f"{SITE}/checkout/", True),
        ("/checkout", f"{SITE}/checkout/pay", False),
        ("/checkout", f"{SITE}/my/checkout", False),
        ("/*", SITE, True),
        ("/", f"{SITE}/", True),
        ("/", f"{SITE}/x", False),
        ("*/help/*.html", f"{SITE}/ar/help/returns.HTML?x=1#top", True),
        ("shop.example/*", f"{SITE}/anything", True),
        ("https://SHOP.example/*", "http://shop.example:8080/x", True),
        ("shop.example:8080/*", f"{SITE}/x", False),
        ("*.shop.example/*", f"{SITE}/x", False),
        ("*.shop.example/*", "https://m.shop.example/x", True),
        ("shop.example/*", "https://shop.example.evil.test/x", False),
        ("shop.example/*", "https://evil.test/shop.example/x", False),
        ("/قهوة/*", f"{SITE}/%D9%82%D9%87%D9%88%D8%A9/%D8%AF%D9%84%D8%A9", True),
        ("/%D9%82%D9%87%D9%88%D8%A9/*", f"{SITE}/قهوة/دلة", True),
        ("متجر.example/*", "https://xn--pgbep1f.example/x", True),
        ("/*a*a*a*a*a*a*a*a*a*b", f"{SITE}/{'a' * 1_900}", False),
        ("/.*", f"{SITE}/x", False),
        ("/*", "", False),
        ("/*", "javascript:alert(1)", False),
    ],
)
def test_a_pattern_means_these_pages(wanted, page, holds):
    assert is_on(pattern(wanted), page) is holds


@pytest.mark.parametrize("typed", ["checkout", "", "   ", "*", "shop example/x", "\u202e"])
def test_what_is_no_pattern_is_none(typed):
    assert pattern(typed) == ""


@pytest.mark.parametrize(
    ("hours", "is_open", "holds"),
    [
        (Hours.ALWAYS, False, True),
        (Hours.OPEN, True, True),
        (Hours.OPEN, False, False),
        (Hours.CLOSED, True, False),
        (Hours.CLOSED, False, True),
        (Hours.OPEN, None, True),
        (Hours.CLOSED, None, True),
    ],
)
def test_hours_keep_out_only_where_hours_are_kept(hours, is_open, holds):
    assert decide(Rule(hours=hours), NOBODY, "", is_open).is_shown is holds


def test_every_condition_is_named_with_whether_it_holds():
    rule = Rule(
        needs_identity=True,
        conditions=(condition("plan_is", "ذهبي", "فضي"), condition("tagged", "مورّد")),
        joined=Joined.ANY,
        shown_on=("/shop/*",),
        never_on=("/shop/cart",),
        hours=Hours.OPEN,
    )
    decision = decide(rule, LAYLA, f"{SITE}/shop/cart", True)
    assert not decision.is_shown
    assert [(one.code, one.holds) for one in decision.reasons] == [
        ("on", True),
        ("signed_in", True),
        ("plan_is", True),
        ("tagged", False),
        ("shown_on", True),
        ("never_on", False),
        ("hours_open", True),
    ]
    assert [one.code for one in decision.against] == ["never_on"]
    assert [one.code for one in decide(rule, OMAR, f"{SITE}/shop/x", True).against] == ["plan_is", "tagged"]


def test_a_channel_that_is_off_is_shown_to_nobody():
    assert not decide(Rule(is_on=False), LAYLA, SITE, True).is_shown
    assert decide(Rule(), NOBODY, "", None).is_shown
    assert not Rule().is_asked


@pytest.mark.parametrize(
    ("text", "number"),
    [("49 SAR", 49), ("١٬٤٩٠٫٥", 1490.5), ("-3", -3), ("free", None), ("", None), ("9" * 90, int("9" * 40))],
)
def test_the_first_number_of_a_text_is_its_amount(text, number):
    assert amount(text) == number


WORDS = st.sampled_from(["ذهبي", "Free", "yes", "7", "", "سدرة", "ar"])
CONDITIONS = st.builds(
    Condition, st.sampled_from(Ask), st.lists(WORDS, max_size=3).map(tuple), st.sampled_from(["vip", "x", ""])
)
PATTERNS = st.text("/*ab.:%٥", min_size=1, max_size=12).map(lambda text: f"/{text}")
FACTS = st.builds(
    Facts,
    is_known=st.booleans(),
    plan=WORDS,
    pays=WORDS,
    company=WORDS,
    language=WORDS,
    attributes=st.dictionaries(st.sampled_from(["vip", "x"]), st.one_of(WORDS, st.booleans(), st.integers())),
    tags=st.frozensets(WORDS),
)
RULES = st.builds(
    Rule,
    is_on=st.booleans(),
    needs_identity=st.booleans(),
    conditions=st.lists(CONDITIONS, max_size=3).map(tuple),
    joined=st.sampled_from(Joined),
    shown_on=st.lists(PATTERNS, max_size=2).map(tuple),
    never_on=st.lists(PATTERNS, max_size=2).map(tuple),
    hours=st.sampled_from(Hours),
)
# Anything a browser may claim to be at: also what is no address, and letters that are none.
PAGES = st.one_of(
    st.text(st.characters(), max_size=60),
    st.text("/ab.:%xn-@?#*٥\ud800", max_size=30).map(lambda text: f"https://{text}"),
)
OPEN = st.sampled_from([True, False, None])


@given(RULES, FACTS, PAGES, OPEN)
def test_any_page_is_decided_and_always_alike(rule, facts, page, is_open):
    decision = decide(rule, facts, page, is_open)
    assert decision == decide(rule, facts, page, is_open)
    assert decision.is_shown or decision.against
    if decision.is_shown:
        assert rule.is_on
        assert facts.is_known or not rule.needs_identity


@given(RULES, CONDITIONS, PATTERNS, FACTS, PAGES, OPEN)
def test_more_conditions_widen_or_narrow_and_never_the_other_way(rule, more, page_more, facts, page, is_open):
    def is_shown(rule: Rule) -> bool:
        return decide(rule, facts, page, is_open).is_shown

    was = is_shown(rule)
    with_more = replace(rule, conditions=(*rule.conditions, more))
    if rule.joined == Joined.ALL or not rule.conditions:
        assert was or not is_shown(with_more)
    else:
        assert is_shown(with_more) or not was
    assert was or not is_shown(replace(rule, never_on=(*rule.never_on, page_more)))
    if rule.shown_on:
        assert is_shown(replace(rule, shown_on=(*rule.shown_on, page_more))) or not was
