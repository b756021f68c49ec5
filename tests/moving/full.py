"""A desk with something in every table, made by what makes it every day and, where nothing did, by rows of any kind.

Run as a program, it fills the database and folder that the settings name.
"""

from __future__ import annotations

import sys
from datetime import time, timedelta
from typing import Any
from uuid import UUID, uuid4

CONVERSATIONS = 12
# Every kind of character that a way out or in may stumble over.
AWKWARD = 'سطر "أول"\\ثانٍ\n\ttab\r\n\\N \\. \u202bرتل\u200f \u2028 😀 \x7f </script> {"a": [1]}'


def fill() -> None:
    """The demo shop, part of the corpus of mails, and what a day brings."""
    from majlis.channels import outbox
    from majlis.channels.actions import rules
    from majlis.channels.models import Delivery, MailConnection, RawMessage, State
    from majlis.channels.secrets import encrypt
    from majlis.conversations.actions.changing import changing
    from majlis.conversations.actions.merge import merge
    from majlis.conversations.actions.note import add_note
    from majlis.conversations.actions.spam import mark_spam
    from majlis.conversations.actions.tag import tag
    from majlis.conversations.actions.trash import trash
    from majlis.conversations.models import Conversation
    from majlis.coverage import actions as coverage
    from majlis.demo.making import make
    from majlis.people import queries as people
    from majlis.people.actions.block import block
    from tests import cast
    from tests.upgrade.make import CORPUS

    salma, badr = cast.salma(), cast.badr()
    cast.noura()
    make(number=CONVERSATIONS)
    for number, path in enumerate(sorted(CORPUS.rglob("*.eml"))[::4]):
        cast.arrive(path.read_bytes(), is_historic=number % 5 == 0)
    for number in range(8):
        cast.arrive(cast.letter(f"{AWKWARD}\n{number}", sender=f"person{number}@customers.test"))
    newest = list(Conversation.objects.filter(mailbox=cast.support()).order_by("-pk")[:8])
    for number, state in enumerate(State.values):
        outbox.send_reply(
            badr,
            newest[number].pk,
            text=AWKWARD,
            seen_seq=newest[number].seq,
            submission_key=UUID(int=number + 1),
        )
        Delivery.objects.filter(entry__conversation=newest[number]).update(state=state)
    with changing(newest[0].pk) as change:
        add_note(change, teammate=salma, text=f"@بدر {AWKWARD}", submission_key=uuid4())
        tag(change, "شحن، متابعة", teammate=salma)
    with changing(newest[5].pk) as change:
        trash(change, teammate=salma)
    with changing(newest[4].pk) as change:
        mark_spam(change, "reported", teammate=salma)
    merge(newest[6].pk, newest[7].pk, teammate=salma, mailbox_ids=people.mailbox_ids_visible_to(salma))
    raw = RawMessage.objects.order_by("-pk").first()
    assert raw is not None
    raw.pk, raw.quarantined_at, raw.taken_in_at, raw.error = None, raw.received_at, None, AWKWARD
    raw.save()
    MailConnection.objects.create(
        mailbox=cast.support(),
        in_host="mail.majlis.test",
        in_user="support",
        in_password=encrypt("the password of a mailbox"),
        smtp_host="",
        smtp_password="",
    )
    Conversation.objects.create(  # its number was given and is never given again
        mailbox=cast.support(),
        customer=newest[0].customer,
        created_at=raw.received_at,
        last_activity_at=raw.received_at,
    ).delete()
    block(salma, "spam@customers.test", reason=AWKWARD)
    coverage.start(salma, None, country="SA")
    rules.set_rule(
        salma, cast.support(), rules.Said(hours="open", texts={"ar": AWKWARD.strip()[:20], "en": "Later."})
    )
    fill_the_rest()


def fill_the_rest() -> None:
    """A row of any kind in every table that still has none, new ones included."""
    from django.apps import apps
    from django.db import IntegrityError, transaction

    for model in apps.get_models():
        if model._meta.db_table.partition("_")[0] in ("auth", "django") or model._default_manager.exists():
            continue
        for is_full in (True, False):
            try:
                with transaction.atomic():
                    model._default_manager.create(**_values(model, is_full=is_full))
                break
            except IntegrityError:
                continue


def _values(model: Any, *, is_full: bool) -> dict[str, Any]:
    """A value for each field; with `is_full` also for those that need none."""
    from django.db import models
    from django.utils import timezone

    now = timezone.now() + timedelta(microseconds=123_457)
    of_kind: list[tuple[type[models.Field[Any, Any]], Any]] = [
        (models.BooleanField, True),
        (models.DateTimeField, now),
        (models.DateField, now.date()),
        (models.TimeField, time(22, 30)),
        (models.UUIDField, uuid4()),
        (models.JSONField, {"نص": [AWKWARD, None, 1.5, True], "id": 2**53 + 1}),
        (models.GenericIPAddressField, "2001:db8::1"),
        (models.EmailField, "somebody@customers.test"),
        (models.IntegerField, 7),
    ]
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        is_needless = field.null or field.has_default()
        if (field.primary_key and not field.is_relation) or (is_needless and not is_full):
            continue
        if field.is_relation:
            values[field.name] = field.related_model._default_manager.order_by("pk").first()
        elif field.choices:
            values[field.name] = field.choices[0][0]
        elif type(field).__name__ == "ArrayField":
            values[field.name] = [1, 2**40]
        else:
            fitting = [value for kind, value in of_kind if isinstance(field, kind)]
            values[field.name] = fitting[0] if fitting else AWKWARD[: field.max_length or None]
    return values


def main() -> int:
    """Make the tables of a fresh database, and fill them."""
    import django
    from django.core.management import call_command

    django.setup()
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    call_command("migrate", verbosity=0)
    fill()
    return 0


if __name__ == "__main__":
    sys.exit(main())
