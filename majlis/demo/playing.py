"""Playing the stories: mail comes in by its own way, and the made-up team does what teams do, by the same actions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from majlis.channels import outbox
from majlis.channels.actions import settle
from majlis.channels.actions.accept import accept
from majlis.channels.models import Delivery, RawMessage, State
from majlis.conversations.actions import assign, close, prioritise, spam, tag, topic, trash
from majlis.conversations.actions.call import log_call
from majlis.conversations.actions.changing import Change, changing
from majlis.conversations.actions.draft import save_draft
from majlis.conversations.actions.follow import follow
from majlis.conversations.actions.mention import mention
from majlis.conversations.actions.note import add_note
from majlis.conversations.actions.read import mark_read
from majlis.conversations.actions.snooze import snooze
from majlis.conversations.actions.team import set_team
from majlis.conversations.models import Conversation, Tag
from majlis.demo import letters
from majlis.demo.clock import Clock
from majlis.demo.staging import Stage
from majlis.demo.story import Letter, Step, Story
from majlis.flow.arrival import take_in
from majlis.people.models import Teammate

_ENDS: Final = {
    "sent": (State.SENT, ""),
    "failed": (State.FAILED, "550 5.1.1 The email account that you tried to reach does not exist."),
    "held": (State.HELD, "The connection was lost after the message had gone over."),
}


class NotTaken(Exception):  # noqa: N818 - said as a fact
    """A made-up mail was not taken in as mail should be; the shop is not made."""


@dataclass(slots=True)
class Thread:
    """What is known of a story while it is played."""

    number: int = 0
    ids: list[str] = field(default_factory=list)
    said: letters.Said | None = None


class Player:
    """Plays steps one after the other on a standing clock."""

    def __init__(self, stage: Stage, clock: Clock, *, seed: int, now: datetime) -> None:
        self.stage, self.clock, self.now = stage, clock, now
        self.random = Random(seed + 1)  # noqa: S311 - a shop is no secret
        self.threads: dict[int, Thread] = {}
        self.tags = set(Tag.objects.values_list("pk", flat=True))

    def play(self, stories: Iterable[Story], *, progress: Callable[[int, int], None]) -> None:
        """Everything that happens, in the order of its moments; `progress` is told how much of how much is done."""
        moments = [
            (step.at, story.number, place, story, step)
            for story in stories
            for place, step in enumerate(story.steps)
        ]
        moments.sort(key=lambda moment: moment[:3])
        for done, (at, _, _, story, step) in enumerate(moments, start=1):
            self.clock.at = at
            thread = self.threads.setdefault(story.number, Thread())
            act: Callable[[Story, Thread, Step], None] = getattr(self, f"_{step.act}")
            act(story, thread, step)
            progress(done, len(moments))
        new = Tag.objects.exclude(pk__in=self.tags).order_by("pk").values_list("pk", flat=True)
        self.stage.made["tags"] = list(new)

    # What customers do.

    def _mail(self, story: Story, thread: Thread, step: Step) -> None:
        written: Letter = step.said["letter"]
        box = self.stage.boxes[story.box]
        message_id, content = letters.letter(
            self.random, written, to=(box.name, box.address), at=step.at, ids=thread.ids, said=thread.said
        )
        raw = self._take_in(box.pk, content, written.address)
        if raw.entry is None:
            raise NotTaken(raw.error)
        thread.number = raw.entry.conversation_id
        thread.ids.append(message_id)

    def _bounce(self, story: Story, thread: Thread, step: Step) -> None:
        box = self.stage.boxes[story.box]
        content = letters.report(
            self.random, to=box.address, failed=story.person.address, message_id=thread.ids[-1], at=step.at
        )
        raw = self._take_in(box.pk, content, "")
        self.stage.keep("raws", raw.pk)

    def _take_in(self, mailbox_id: int, content: bytes, sender: str) -> RawMessage:
        kept = accept(mailbox_id, content, route="lmtp", envelope_from=sender)
        take_in(kept.pk)
        raw = RawMessage.objects.select_related("entry").get(pk=kept.pk)
        if raw.taken_in_at is None:
            raise NotTaken(raw.error)
        return raw

    # What the team does.

    def _reply(self, story: Story, thread: Thread, step: Step) -> None:
        by = self._who(step)
        uploads = []
        if step.said["sends"]:
            enclosed = letters.enclosure(self.random, step.said["sends"], story.person.name)
            uploads.append(outbox.Upload(*enclosed))
        posted = outbox.send_reply(
            by,
            thread.number,
            text=step.said["text"],
            seen_seq=Conversation.objects.values_list("seq", flat=True).get(pk=thread.number),
            submission_key=self._key(),
            uploads=uploads,
        )
        delivery = Delivery.objects.select_related("entry").get(entry=posted.entry)
        thread.ids.append(delivery.message_id)
        author = f"{by.name} <{self.stage.boxes[story.box].address}>"
        thread.said = letters.Said(author, step.said["text"], step.at)
        self.clock.at += timedelta(seconds=11)
        state, why = _ENDS[step.said["delivery"]]
        settle.move(
            Delivery.objects.filter(state=State.QUEUED),
            delivery,
            f"delivery.{state.value}",
            state=state,
            why=why,
            attempts=1,
            claimed_at=self.clock.at,
            settled_at=self.clock.at,
            data={"why": why} if why else {},
        )

    def _assign(self, story: Story, thread: Thread, step: Step) -> None:
        by = self._who(step)

        def hand_over(change: Change) -> None:
            set_team(change, self.stage.teams[story.box].pk, teammate=by)
            assign.assign(change, by, by=by)

        self._change(thread, hand_over)

    def _note(self, story: Story, thread: Thread, step: Step) -> None:
        by, named = self._who(step), step.said["mentions"]
        with changing(thread.number) as change:
            entry = add_note(change, teammate=by, text=step.said["text"], submission_key=self._key())
            if named is not None:
                mention(change, entry, [self.stage.team[named.local].pk])

    def _call(self, story: Story, thread: Thread, step: Step) -> None:
        call, by = step.said["details"], self._who(step)
        self._change(
            thread,
            lambda change: log_call(
                change, teammate=by, text=step.said["text"], submission_key=self._key(), **call
            ),
        )

    def _tag(self, story: Story, thread: Thread, step: Step) -> None:
        self._change(thread, lambda change: tag.tag(change, step.said["name"], teammate=self._who(step)))

    def _topic(self, story: Story, thread: Thread, step: Step) -> None:
        chosen = self.stage.topics[story.topic].pk
        self._change(thread, lambda change: topic.set_topic(change, chosen, teammate=self._who(step)))

    def _priority(self, story: Story, thread: Thread, step: Step) -> None:
        to = step.said["to"]
        self._change(thread, lambda change: prioritise.prioritise(change, to, teammate=self._who(step)))

    def _follow(self, story: Story, thread: Thread, step: Step) -> None:
        self._change(thread, lambda change: follow(change, teammate=self._who(step)))

    def _close(self, story: Story, thread: Thread, step: Step) -> None:
        kind = step.said["kind"]
        self._change(thread, lambda change: close.close(change, teammate=self._who(step), closed_as=kind))

    def _snooze(self, story: Story, thread: Thread, step: Step) -> None:
        morning = self.now.replace(hour=9, minute=0, second=0, microsecond=0)
        until = morning + timedelta(days=step.said["days"])
        self._change(thread, lambda change: snooze(change, until, teammate=self._who(step)))

    def _spam(self, story: Story, thread: Thread, step: Step) -> None:
        reason = step.said["reason"]
        self._change(thread, lambda change: spam.mark_spam(change, reason, teammate=self._who(step)))

    def _trash(self, story: Story, thread: Thread, step: Step) -> None:
        self._change(thread, lambda change: trash.trash(change, teammate=self._who(step)))

    def _draft(self, story: Story, thread: Thread, step: Step) -> None:
        save_draft(self._who(step), thread.number, "reply", version=0, text=step.said["text"])

    # Beside the stories.

    def hand_to(self, owner: Teammate, stories: Iterable[Story]) -> None:
        """A few open ones are `owner`'s, who has read what is closed."""
        self.clock.at = self.now - timedelta(minutes=4)
        open_ones = [story for story in stories if story.fate in ("in_progress", "reopened")]
        reem = self.stage.team["reem"]
        for story in open_ones[::4][:6]:
            thread = self.threads[story.number]
            self._change(thread, lambda change: assign.assign(change, owner, by=reem))
        for conversation in Conversation.objects.filter(
            mailbox__in=self.stage.boxes.values(), shelf="closed"
        ):
            mark_read(conversation.pk, teammate_id=owner.pk, seq=conversation.seq)

    def _change(self, thread: Thread, act: Callable[[Change], object]) -> None:
        with changing(thread.number) as change:
            act(change)

    def _who(self, step: Step) -> Teammate:
        assert step.by is not None
        return self.stage.team[step.by.local]

    def _key(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)
