"""Which channel a company is advised to begin with, why, and when a team is ready for chat."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from datetime import timedelta
from itertools import product

import pytest

from majlis.channels.advising import Advice, Answers, Figures, Met, Presence, Share, Wait, advise
from majlis.channels.advising_rules import PRESALE, QUESTIONS, RULES, Channel

EMAIL, FORM, CHAT = Channel.EMAIL, Channel.FORM, Channel.CHAT


def said(words: str, presale: str = "") -> Answers:
    """Answers from one word for each question, in their order."""
    found = Answers.of(dict(zip(QUESTIONS, words.split(), strict=True)) | {"presale": presale})
    assert found is not None, words
    return found


# Who asks; to whom they sell, how urgent, how long, same facts, closing by talking, stage, people, experience, growth.
COMPANIES = [
    ("accounting software for small firms", "companies day long no no growing few mixed steady", EMAIL),
    ("the same, founded last month by one person", "companies day long no no starting one new fast", EMAIL),
    ("a payment interface for developers", "companies minutes long no no growing many seasoned fast", EMAIL),
    ("a clothes shop on Instagram", "people minutes short no yes growing few mixed steady", CHAT),
    ("the same, with its owner alone", "people minutes short no yes growing one mixed steady", EMAIL),
    ("a large perfume shop", "people day short no yes settled many seasoned steady", CHAT),
    ("a shop whose questions are about parcels", "people day short yes no settled few mixed steady", FORM),
    ("a dental clinic that takes appointments", "people day short yes no settled few mixed steady", FORM),
    ("a clinic people call in pain", "people minutes short no no settled few seasoned steady", CHAT),
    ("a tour operator who sells by talking", "people day mixed no yes growing few mixed steady", CHAT),
    (
        "a tour operator alone with her telephone",
        "people day mixed no yes growing one seasoned steady",
        EMAIL,
    ),
    ("a tour operator with new people only", "people day mixed no yes growing few new fast", EMAIL),
    ("a municipality", "people days mixed yes no settled many mixed steady", FORM),
    (
        "a ministry that companies send letters to",
        "companies days long yes no settled many seasoned steady",
        EMAIL,
    ),
    ("a university's admission office", "people days mixed yes no settled few mixed fast", FORM),
    ("a law office", "both days long no no settled few seasoned steady", EMAIL),
    ("an estate agent", "people day mixed no yes settled many seasoned steady", CHAT),
    ("a bakery that takes orders for cakes", "people day short yes no settled one mixed steady", FORM),
    ("a food delivery while people are hungry", "people minutes short no no growing many mixed fast", CHAT),
    ("a wholesaler of spare parts", "companies day short yes no settled few seasoned steady", FORM),
    ("an importer of machines", "companies days long no yes settled few seasoned steady", EMAIL),
    ("a game studio", "people day mixed no no growing few mixed fast", EMAIL),
    ("a bank's cards", "people minutes mixed no no settled many seasoned steady", CHAT),
    ("a school", "people days mixed no no settled few mixed steady", EMAIL),
    ("a charity with two new people", "both days mixed no no starting few new steady", EMAIL),
    ("a furniture maker for homes and hotels", "both day mixed no yes settled few mixed steady", EMAIL),
    ("a courier's customer desk", "both minutes short yes no growing many mixed fast", CHAT),
    ("a telecom's sellers", "people minutes short no yes settled many seasoned fast", CHAT),
]


@pytest.mark.parametrize(("who", "words", "channel"), COMPANIES)
def test_a_typical_company_is_advised_one_channel(who: str, words: str, channel: Channel) -> None:
    advice = advise(said(words))

    assert advice.channel is channel, (who, advice)
    assert advice.reasons
    assert set(advice.against) == set(Channel) - {channel}
    assert all(advice.against.values())


def everybody() -> list[Answers]:
    """Every combination of answers."""
    return [said(" ".join(answers)) for answers in product(*QUESTIONS.values())]


def test_whatever_is_answered_chat_is_never_for_somebody_alone_and_every_word_of_the_rules_counts_somewhere() -> (
    None
):
    seen: set[str] = set()
    for answers in everybody():
        advice = advise(answers)
        assert answers.team_size != "one" or advice.channel is not CHAT
        seen |= codes(advice)
        assert advice.reasons, answers

    assert {code for *_, code in RULES} <= seen | {"form_slow"}
    assert {"email_start", "email_less", "form_less", "chat_less"} >= seen - {code for *_, code in RULES}


def codes(advice: Advice) -> set[str]:
    """Every reason's code in an advice."""
    lists = [advice.reasons, *advice.against.values(), advice.start_with_one]
    return {reason.code for reasons in lists for reason in reasons}


def test_the_heaviest_reason_stands_first() -> None:
    advice = advise(said("people days mixed yes no settled many mixed steady"))

    assert [reason.code for reason in advice.reasons] == ["form_facts", "form_can_wait", "form_sorts"]
    assert advice.against[CHAT][0].code == "chat_no_hurry"


def test_who_wants_everything_is_told_one_and_why() -> None:
    shop = said("people minutes short no yes growing few mixed steady")
    advice = advise(replace(shop, wants_all=True))

    assert advice.channel is CHAT
    assert [reason.code for reason in advice.start_with_one] == [
        "all_few_people",
        "all_learn_one",
        "all_later",
    ]
    assert advise(shop).start_with_one == ()


def test_answers_come_back_as_they_were_kept_and_others_do_not() -> None:
    shop = said("people minutes short no yes growing few mixed steady", presale="some")

    assert Answers.of(asdict(shop)) == shop
    assert Answers.of(asdict(shop) | {"of_later": "x"}) == shop
    assert Answers.of(asdict(shop) | {"urgency": "never"}) is None
    assert Answers.of({}) is None


# The week of a team of two on Sunday to Thursday, two hours a day.
WEEK = {(weekday, hour): 4 for weekday in (6, 0, 1, 2, 3) for hour in (10, 11)}
HOUR = timedelta(hours=1)


def team(
    *, p90: timedelta | None = HOUR, n: int = 20, short: Share | None = None, presence: Presence | None = None
):
    """The figures of a team that is ready, but for what is said."""
    return Figures(
        first_response=Wait(n + 10, HOUR, 20 * HOUR, 0),
        first_response_staffed=Wait(n, p90 and p90 / 2, p90, 0),
        short=short or Share(40, 20),
        presence=presence or Presence(60, 4, WEEK),
    )


SAAS = said("companies day long no no growing few mixed steady", presale="some")


def met(figures: Figures, code: str, answers: Answers = SAAS) -> Met:
    """How one condition stands."""
    return next(one.met for one in advise(answers, figures).readiness if one.code == code)


def test_a_team_at_the_very_bars_is_ready_for_chat_whatever_it_began_with() -> None:
    advice = advise(SAAS, team())

    assert [one.met for one in advice.readiness] == [Met.YES] * 4
    assert advice.is_ready is True
    assert advice.channel is EMAIL
    assert [(one.code, one.value, one.bar, one.n) for one in advice.readiness] == [
        ("first_response", 3600.0, 3600.0, 20),
        ("short", 0.5, 0.5, 40),
        ("presale", None, None, None),
        ("hours", 10.0, 10.0, 60),
    ]


@pytest.mark.parametrize(
    ("code", "figures"),
    [
        ("first_response", team(p90=HOUR + timedelta(seconds=1))),
        ("short", team(short=Share(40, 19))),
        ("hours", team(presence=Presence(60, 4, dict(list(WEEK.items())[1:])))),
        ("hours", team(presence=Presence(60, 4, {**WEEK, (0, 10): 1}))),
    ],
)
def test_a_little_below_a_bar_it_is_not(code: str, figures: Figures) -> None:
    assert met(figures, code) is Met.NO
    assert advise(SAAS, figures).is_ready is False


@pytest.mark.parametrize(
    ("code", "figures"),
    [
        ("first_response", team(n=19)),
        ("first_response", team(p90=None, n=0)),
        ("short", team(short=Share(4, 4))),
        ("hours", team(presence=Presence(4, 4, WEEK))),
        ("hours", team(presence=Presence(60, 1, WEEK))),
    ],
)
def test_of_too_few_nothing_is_claimed(code: str, figures: Figures) -> None:
    assert met(figures, code) is Met.UNKNOWN
    assert next(one.value for one in advise(SAAS, figures).readiness if one.code == code) is None
    assert advise(SAAS, figures).is_ready is None


@pytest.mark.parametrize("presale", ["", *PRESALE])
def test_questions_before_buying_are_what_the_manager_estimates(presale: str) -> None:
    expected = {"": Met.UNKNOWN, "few": Met.NO, "some": Met.YES, "most": Met.YES}[presale]

    assert met(team(), "presale", replace(SAAS, presale=presale)) is expected
    assert met(team(), "presale", replace(SAAS, presale=presale, urgency="minutes")) is Met.YES


@pytest.mark.parametrize("figures", [team(p90=3 * HOUR), team(presence=Presence(60, 4, {}))])
def test_a_team_whose_figures_do_not_bear_it_is_led_away_from_chat(figures: Figures) -> None:
    shop = said("people minutes short no yes growing few mixed steady")
    assert advise(shop).channel is CHAT

    advice = advise(shop, figures)

    assert advice.channel is EMAIL
    assert advice.against[CHAT][0].code == "chat_figures"


def test_long_messages_alone_do_not_lead_away_from_what_the_answers_say() -> None:
    shop = said("people minutes short no yes growing few mixed steady")

    assert advise(shop, team(short=Share(40, 1))).channel is CHAT
    assert advise(shop).is_ready is None


def test_the_rules_name_only_what_can_be_answered() -> None:
    assert all(answer in QUESTIONS[question] for question, answer, *_ in RULES)
    assert len({code for *_, code in RULES}) == len(RULES)
    assert [one.name for one in fields(Answers)][: len(QUESTIONS)] == list(QUESTIONS)
