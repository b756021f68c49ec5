"""What happens between the first message of a made-up conversation and its end. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from majlis.demo import rhythm
from majlis.demo.cast import TEAM
from majlis.demo.matter import Matter
from majlis.demo.story import Letter, Step, Story
from majlis.demo.words import lines, oddities


class Teller:
    """Tells one story, moment by moment: every line is later than the one before."""

    def __init__(
        self,
        random: Random,
        story: Story,
        matter: Matter,
        at: datetime,
        slots: Mapping[str, str],
        colleagues: Sequence[int],
    ) -> None:
        self.random, self.story, self.matter, self.at = random, story, matter, at
        self.person = story.person
        self.agent = TEAM[colleagues[0]]
        self.other = TEAM[colleagues[1 % len(colleagues)]]
        english = self.person.language == "en"
        mine = self.agent.name_latin if english else self.agent.name
        self.slots = {**slots, "teammate": mine, "colleague": self.other.name}
        subjects = matter.subjects["en" if self.person.speaks in ("en", "az") else "ar"]
        self.subject = self._fill(random.choice(subjects))

    def tell(self, fate: str) -> None:
        """The whole of it, up to this end."""
        self._asks()
        getattr(self, f"_{fate}")()

    # How it ends.

    def _answered(self) -> None:
        self._handled()
        if self.random.random() < 0.45:
            self._customer(lines.MORE)
            self._reply(lines.AGAIN)
        if self.random.random() < 0.3:
            self._customer(lines.THANKS)
        self._close("answered")

    def _settled(self) -> None:
        """A quarrel, in many letters."""
        self._handled()
        self._customer(lines.ANGRY if self.matter.is_angry else lines.WAITING)
        self._note(lines.MENTIONS, mentions=True)
        self._reply(lines.AGAIN)
        self._customer(lines.MORE)
        self._reply(lines.AGAIN, by_other=True)
        self._customer(lines.THANKS)
        self._close("answered")

    def _no_reply(self) -> None:
        self._later(90)
        self._close("no_reply")

    def _duplicate(self) -> None:
        self._note(("أرسل العميل السؤال نفسه مرتين.",))
        self._close("duplicate")

    def _waiting(self) -> None:
        self._handled()

    def _failed(self) -> None:
        self._handled(delivery="failed")

    def _held(self) -> None:
        self._handled(delivery="held")

    def _bounced(self) -> None:
        self._handled()
        self._later(3)
        self._step("bounce")

    def _away(self) -> None:
        """A machine answers for the customer."""
        self._handled()
        self._later(1)
        subject, text = oddities.AUTO_REPLIES[self.person.language]
        headers = (("Auto-Submitted", "auto-replied"),)
        letter = Letter(self.person.name, self.person.address, subject, text, is_answer=True, headers=headers)
        self._step("mail", letter=letter)

    def _in_progress(self) -> None:
        self._taken()
        if self.random.random() < 0.4:
            self._reply(self.matter.answers)
            self._customer(lines.WAITING)
        if self.random.random() < 0.4:
            self._note(lines.MENTIONS, mentions=True)
            self._step("follow", self.other)

    def _drafted(self) -> None:
        self._taken()
        self._later(20)
        self._step("draft", self.agent, text=self._fill(self._one(lines.DRAFTS[self.person.language])))

    def _open(self) -> None:
        if self.random.random() < 0.3:
            self._customer(lines.WAITING)

    def _reopened(self) -> None:
        self._answered()
        self._step("follow", self.other)
        self._customer(lines.WAITING)

    def _called(self) -> None:
        self._taken()
        self._later(45)
        call = {
            "direction": self.random.choice(("in", "out")),
            "seconds": self.random.randrange(40, 600),
            "number": self.slots["phone"],
        }
        self._step("call", self.agent, text=self._one(lines.CALLS), details=call)

    def _snoozed(self) -> None:
        self._handled()
        self._later(30)
        self._step("snooze", self.agent, days=self.random.randrange(1, 9))

    # What it is made of.

    def _asks(self) -> None:
        person, matter, random = self.person, self.matter, self.random
        sent_from = self._one(lines.SENT_FROM["en" if person.speaks in ("en", "az") else "ar"])
        shows = matter.shows
        is_inline = shows == "picture" and random.random() < 0.5
        copies = (
            (f"{person.local}.team@{person.address.partition('@')[2]}",)
            if person.company and random.random() < 0.4
            else ()
        )
        letter = Letter(
            person.name,
            person.address,
            self.subject,
            self._fill(self._one(matter.asks[person.speaks])) + sent_from,
            has_html=is_inline or random.random() < 0.4,
            shows="" if is_inline else shows,
            inline=shows if is_inline else "",
            forwards=not shows and random.random() < 0.04,
            copies=copies,
        )
        self._step("mail", letter=letter)
        if matter.priority:
            self._later(15)
            self._step("priority", self.other, to=matter.priority)

    def _taken(self) -> None:
        self._later(50)
        self._step("assign", self.other if self.random.random() < 0.6 else self.agent)
        self._step("topic", self.agent)
        for tag in self.matter.tags:
            self._step("tag", self.agent, name=tag)
        if self.random.random() < 0.3:
            self._note(self.matter.notes or lines.NOTES)

    def _handled(self, *, delivery: str = "sent") -> None:
        self._taken()
        self._reply(self.matter.answers, sends=self.matter.sends, delivery=delivery)

    def _reply(
        self,
        said: Mapping[str, tuple[str, ...]],
        *,
        sends: str = "",
        delivery: str = "sent",
        by_other: bool = False,
    ) -> None:
        self._later(35)
        by = self.other if by_other else self.agent
        language = self.person.language
        slots = self.slots | {"teammate": by.name_latin if language == "en" else by.name}
        text = (self._one(said[language]) + self._one(lines.ENDS[language])).format_map(slots)
        self._step("reply", by, text=text, sends=sends, delivery=delivery)

    def _customer(self, said: Mapping[str, tuple[str, ...]]) -> None:
        self.at += timedelta(minutes=self.random.randrange(8, 400))
        text = self._fill(self._one(said[self.person.speaks]))
        letter = Letter(
            self.person.name,
            self.person.address,
            self.subject,
            text,
            is_answer=True,
            has_html=self.random.random() < 0.3,
        )
        self._step("mail", letter=letter)

    def _note(self, said: Sequence[str], *, mentions: bool = False) -> None:
        self._later(10)
        self._step(
            "note", self.agent, text=self._fill(self._one(said)), mentions=self.other if mentions else None
        )

    def _close(self, kind: str) -> None:
        self._later(25)
        self._step("close", self.agent, kind=kind)

    def _step(self, act: str, by: Any = None, **said: Any) -> None:
        self.story.steps.append(Step(self.at, act, by, said))
        self.at += timedelta(seconds=self.random.randrange(4, 40))

    def _later(self, minutes: float) -> None:
        self.at = rhythm.worked_at(self.random, self.at, minutes=minutes)

    def _fill(self, text: str) -> str:
        return text.format_map(self.slots)

    def _one(self, of: Sequence[str]) -> str:
        return self.random.choice(of)
