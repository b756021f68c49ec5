"""The ninety days of the made-up shop, from a seed: the same seed and moment, the same stories. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final

from majlis.demo import fates, rhythm
from majlis.demo.cast import CUSTOMERS, PRODUCTS, TEAM, Person
from majlis.demo.matter import Matter
from majlis.demo.story import Letter, Step, Story
from majlis.demo.telling import Teller
from majlis.demo.words import delivery, oddities, payments, products, returns, trade
from majlis.people.demo import DOMAIN

DAYS: Final = 90
MATTERS: Final[tuple[Matter, ...]] = (
    *delivery.MATTERS,
    *returns.MATTERS,
    *payments.MATTERS,
    *products.MATTERS,
    *trade.MATTERS,
)


def stories(*, seed: int, now: datetime, number: int) -> list[Story]:
    """So many stories that end before `now`, which carries the zone of the shop's days and nights."""
    random = Random(seed)  # noqa: S311 - a shop is no secret
    people = _people(random, number)
    by_speech = {
        speaks: [matter for matter in MATTERS if speaks in matter.asks]
        for speaks in {one.speaks for one in people}
    }
    told = []
    for place, fate in enumerate(fates.shares(random, number)):
        person = people[place]
        matter = random.choice(by_speech[person.speaks])
        told.append(_story(random, place, person, matter, fate, now))
    return told


def _people(random: Random, number: int) -> list[Person]:
    """Everybody once, then again whoever it may be; regulars more often than others."""
    everybody = list(CUSTOMERS)
    random.shuffle(everybody)
    weights = [3 if one.plan else 1 for one in everybody]
    again = random.choices(everybody, weights=weights, k=max(0, number - len(everybody)))
    return [*everybody, *again][:number]


def _story(random: Random, number: int, person: Person, matter: Matter, fate: str, now: datetime) -> Story:
    if fate == "spam":
        return _unwanted(random, number, person, now)
    if fate in ("not_for_us", "trash") or (fate == "no_reply" and random.random() < 0.5):
        return _newsletter(random, number, person, fate, now)
    if fate == "no_reply":
        praise = next(one for one in MATTERS if one.key == "praise")
        if person.speaks not in praise.asks:
            return _newsletter(random, number, person, fate, now)
        matter = praise
    is_fresh = fate in fates.FRESH
    oldest = 6 if is_fresh else DAYS
    at = rhythm.written_at(random, now, oldest_days=oldest, newest_days=0.05 if is_fresh else 3)
    story = Story(number, person, matter.box, fate, matter.topic)
    teller = Teller(random, story, matter, at, _slots(random, person, at), colleagues(matter.box, random))
    teller.tell(fate)
    return _before(story, now)


def colleagues(box: str, random: Random) -> Sequence[int]:
    """The places in the team of those who see a box, in any order."""
    seeing = [place for place, one in enumerate(TEAM) if box in one.boxes]
    random.shuffle(seeing)
    return seeing


def _before(story: Story, now: datetime) -> Story:
    """The whole story moved back when its end would lie ahead."""
    late = max(step.at for step in story.steps) + timedelta(minutes=5) - now
    if late > timedelta(0):
        story.steps = [Step(step.at - late, step.act, step.by, step.said) for step in story.steps]
    return story


def _slots(random: Random, person: Person, at: datetime) -> dict[str, str]:
    arabic, english = random.choice(PRODUCTS)
    is_latin = person.speaks in ("en", "az")
    day = at - timedelta(days=random.randrange(2, 9))
    return {
        "order": f"WH-{random.randrange(20_000, 48_000)}",
        "product": english if is_latin else arabic,
        "phone": f"05{random.randrange(10_000_000, 99_999_999)}",
        "amount": str(random.randrange(8, 90) * 10 - 1),
        "date": f"{day.day}/{day.month}/{day.year}",
        "name": person.name,
        "first": person.form or person.first,
        "city": person.city,
        "code": f"{random.randrange(1000, 9999)}",
    }


def _unwanted(random: Random, number: int, person: Person, now: datetime) -> Story:
    name, at_domain, subject, text, reason = oddities.SPAM[number % len(oddities.SPAM)]
    story = Story(number, person, "care", "spam")
    at = rhythm.written_at(random, now, oldest_days=60, newest_days=1)
    address = f"{at_domain}.{DOMAIN}"
    story.steps = [
        Step(at, "mail", None, {"letter": Letter(name, address, subject, text)}),
        Step(rhythm.worked_at(random, at, minutes=90), "spam", TEAM[0], {"reason": reason}),
    ]
    return _before(story, now)


def _newsletter(random: Random, number: int, person: Person, fate: str, now: datetime) -> Story:
    name, at_domain, subject, text = oddities.NEWSLETTERS[number % len(oddities.NEWSLETTERS)]
    address = f"{at_domain}.{DOMAIN}"
    story = Story(number, person, "care", fate, "other")
    # What lies in the trash goes for good after a month.
    oldest = 14 if fate == "trash" else DAYS
    at = rhythm.written_at(random, now, oldest_days=oldest, newest_days=2)
    headers = (("List-Id", f"<news.{address.partition('@')[2]}>"), ("Precedence", "bulk"))
    letter = Letter(name, address, subject, text, has_html=True, headers=headers)
    act, said = ("trash", {}) if fate == "trash" else ("close", {"kind": fate})
    story.steps = [
        Step(at, "mail", None, {"letter": letter}),
        Step(rhythm.worked_at(random, at, minutes=60), act, TEAM[1], said),
    ]
    return _before(story, now)
