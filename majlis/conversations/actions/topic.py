"""Why customers write: the team's list of topics, and the one a conversation is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils import timezone

from majlis.conversations.models import Topic
from majlis.journal.actions import record
from majlis.lib.errors import Refused
from majlis.people.models import Role, Teammate

from .changing import Change

LONGEST = 60


def set_topic(change: Change, topic_id: int | None, *, teammate: Teammate) -> bool:
    """Say what it is about, None for nothing said; False when it stands so already. Raises Refused("no_such_topic")."""
    conversation = change.conversation
    if conversation.topic_id == topic_id:
        return False
    topic = Topic.objects.filter(pk=topic_id, is_active=True).first() if topic_id else None
    if topic_id and topic is None:
        raise Refused("no_such_topic")
    conversation.topic = topic
    name = topic.name if topic else ""
    change.record("topic.set", actor_id=teammate.pk, data={"topic": topic_id, "name": name})
    return True


def may_keep_topics(teammate: Teammate) -> bool:
    """Claims that this teammate may change the list of topics: owners, admins and managers."""
    return teammate.is_admin or teammate.role == Role.MANAGER


def add_topic(by: Teammate, name: str) -> Topic:
    """A new topic. Raises Refused: `not_allowed`, `empty_name`, `name_too_long`, `name_taken`."""
    name = _checked(by, name)
    with _once(name):
        topic = Topic.objects.create(name=name, created_at=timezone.now())
        record("topic.made", actor_id=by.pk, data={"topic": topic.pk, "name": name})
    return topic


def rename_topic(by: Teammate, topic: Topic, name: str) -> bool:
    """Call it something else everywhere; False when it is called so. Raises as `add_topic`."""
    name = _checked(by, name)
    if topic.name == name:
        return False
    with _once(name):
        topic.name = name
        topic.save(update_fields=["name"])
        record("topic.changed", actor_id=by.pk, data={"topic": topic.pk, "what": "name"})
    return True


def switch_topic(by: Teammate, topic: Topic, *, is_active: bool) -> bool:
    """Offer it or not; conversations keep it. False when it stands so. Raises Refused("not_allowed")."""
    if not may_keep_topics(by):
        raise Refused("not_allowed")
    if topic.is_active == is_active:
        return False
    with transaction.atomic():
        topic.is_active = is_active
        topic.save(update_fields=["is_active"])
        record("topic.changed", actor_id=by.pk, data={"topic": topic.pk, "what": "is_active"})
    return True


def _checked(by: Teammate, name: str) -> str:
    if not may_keep_topics(by):
        raise Refused("not_allowed")
    name = " ".join(name.split())
    if not name:
        raise Refused("empty_name")
    if len(name) > LONGEST:
        raise Refused("name_too_long", longest=LONGEST)
    return name


@contextmanager
def _once(name: str) -> Iterator[None]:
    """In one transaction; a name that stands already, in whatever case, is refused."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as problem:
        raise Refused("name_taken", name=name) from problem
