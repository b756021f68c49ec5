"""Forms: made, changed, switched on and off, copied, removed and brought back."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from majlis.channels.rule_models import ChannelRule
from majlis.journal.actions import record
from majlis.lib.errors import Refused
from majlis.people.models import Brand, Mailbox, Teammate

from . import fields as shapes
from .answers import lines, one_line
from .fields import MESSAGE, WITH_OPTIONS, Field, Kind
from .models import Form
from .pages import origin

LONGEST_NAME: Final = 60
LONGEST_TITLE: Final = 120
LONGEST_TEXT: Final = 2_000
MOST_SITES: Final = 20
KEPT_REMOVED: Final = timedelta(days=30)
LANGUAGES: Final = frozenset({"auto", "ar", "en"})
_TEXTS: Final = ("intro_ar", "intro_en", "thanks_ar", "thanks_en")


@dataclass(frozen=True, slots=True)
class Shape:
    """Everything about a form that people decide. `sites` are addresses, of which the origin is kept."""

    name: str
    brand_id: int
    mailbox_id: int
    language: str = "auto"
    title_ar: str = ""
    title_en: str = ""
    intro_ar: str = ""
    intro_en: str = ""
    thanks_ar: str = ""
    thanks_en: str = ""
    needs_address: bool = True
    sites: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()


def forms() -> QuerySet[Form]:
    """All that are there, by name."""
    return Form.objects.filter(removed_at=None).select_related("brand", "mailbox").order_by("name", "pk")


def shape_of(form: Form) -> Shape:
    """What was decided of a form."""
    given = {name: getattr(form, name) for name in Shape.__slots__ if name not in ("fields", "sites")}
    return Shape(**given, sites=tuple(form.sites), fields=shapes.read(form.fields))


def create(by: Teammate, shape: Shape) -> Form:
    """A new form, on. Raises Refused as `change` does."""
    values = _checked(by, shape)
    with transaction.atomic():
        form = Form.objects.create(key=secrets.token_hex(8), created_at=timezone.now(), **values)
        _record("made", by, form)
    return form


def change(by: Teammate, form: Form, shape: Shape) -> Form:
    """A form as it shall be from now on.

    Raises Refused: not_allowed, empty_name, name_too_long (longest), text_too_long (longest), no_such_brand,
    no_such_mailbox, no_such_language, not_a_site (name), too_many_sites (most), too_many_fields (most), no_message;
    and of one field, by its `number` from 0: field_key, field_key_taken, field_options, field_too_long, field_condition.
    """
    values = _checked(by, shape)
    what = [name for name, value in values.items() if getattr(form, name) != value]
    for name, value in values.items():
        setattr(form, name, value)
    with transaction.atomic():
        form.save(update_fields=list(values))
        if what:
            _record("changed", by, form, what=[name.removesuffix("_id") for name in what])
    return form


def switch(by: Teammate, form: Form, *, is_on: bool) -> None:
    """Take messages by it, or none. Raises Refused("not_allowed")."""
    _allowed(by)
    if form.is_on == is_on:
        return
    form.is_on = is_on
    with transaction.atomic():
        form.save(update_fields=["is_on"])
        _record("changed", by, form, what=["is_on"])


def duplicate(by: Teammate, form: Form, *, name: str) -> Form:
    """A copy with an address of its own, offered on the same pages at the same hours; off until somebody has looked at it.

    Raises Refused as `change` does.
    """
    with transaction.atomic():
        made = create(by, replace(shape_of(form), name=name[:LONGEST_NAME]))
        switch(by, made, is_on=False)
        rule = ChannelRule.objects.filter(form=form).first()
        if rule is not None:
            rule.pk, rule.form = None, made
            rule.save(force_insert=True)
    return made


def remove(by: Teammate, form: Form) -> None:
    """Its address leads nowhere from now on; what came by it stays. Raises Refused("not_allowed")."""
    _allowed(by)
    with transaction.atomic():
        if Form.objects.filter(pk=form.pk, removed_at=None).update(removed_at=timezone.now()):
            _record("removed", by, form)


def bring_back(by: Teammate, form: Form) -> None:
    """Undo a removal. Raises Refused("not_allowed")."""
    _allowed(by)
    with transaction.atomic():
        if Form.objects.filter(pk=form.pk).exclude(removed_at=None).update(removed_at=None):
            _record("changed", by, form, what=["brought_back"])


def forget_removed(*, now: datetime) -> int:
    """Forms that were removed a month ago go for good; how many went."""
    return Form.objects.filter(removed_at__lt=now - KEPT_REMOVED).delete()[0]


def _record(what_happened: str, by: Teammate, form: Form, **data: Any) -> None:
    record(f"form.{what_happened}", actor_id=by.pk, data={"form": form.pk, "name": form.name, **data})


def _allowed(by: Teammate) -> None:
    if not by.is_admin:
        raise Refused("not_allowed")


def _checked(by: Teammate, shape: Shape) -> dict[str, Any]:
    _allowed(by)
    values = asdict(replace(shape, fields=(), sites=()))
    values |= {name: one_line(values[name]) for name in ("name", "title_ar", "title_en")}
    values |= {name: lines(values[name]) for name in _TEXTS}
    if not values["name"]:
        raise Refused("empty_name")
    if len(values["name"]) > LONGEST_NAME:
        raise Refused("name_too_long", longest=LONGEST_NAME)
    if max(len(values["title_ar"]), len(values["title_en"])) > LONGEST_TITLE:
        raise Refused("text_too_long", longest=LONGEST_TITLE)
    if max(len(values[name]) for name in _TEXTS) > LONGEST_TEXT:
        raise Refused("text_too_long", longest=LONGEST_TEXT)
    if shape.language not in LANGUAGES:
        raise Refused("no_such_language")
    if not Brand.objects.filter(pk=shape.brand_id).exists():
        raise Refused("no_such_brand")
    if not Mailbox.objects.filter(pk=shape.mailbox_id).exists():
        raise Refused("no_such_mailbox")
    values["sites"] = _sites(shape.sites)
    values["fields"] = shapes.kept(_fields(shape.fields))
    values["fields_version"] = shapes.VERSION
    return values


def _sites(given: Sequence[str]) -> list[str]:
    found = []
    for one in given:
        address = one.strip().lower()
        if not address:
            continue
        site = origin(address if "://" in address else f"https://{address}")
        if not site or ("." not in site and "localhost" not in site):
            raise Refused("not_a_site", name=one.strip())
        found.append(site)
    if len(found) > MOST_SITES:
        raise Refused("too_many_sites", most=MOST_SITES)
    return list(dict.fromkeys(found))


def _fields(given: Sequence[Field]) -> list[Field]:
    found: list[Field] = []
    for number, field in enumerate(given):
        clean = _field(field, number)
        if clean.key in {one.key for one in found}:
            raise Refused("field_key_taken", number=number, name=clean.key)
        earlier = {one.key: one for one in found}
        if clean.condition is not None and not _may_hang(clean, earlier):
            raise Refused("field_condition", number=number)
        found.append(clean)
    if len(found) > shapes.MOST_FIELDS:
        raise Refused("too_many_fields", most=shapes.MOST_FIELDS)
    if not any(field.key == MESSAGE and field.kind == Kind.LONG for field in found):
        raise Refused("no_message")
    return found


def _may_hang(field: Field, earlier: dict[str, Field]) -> bool:
    assert field.condition is not None
    other = earlier.get(field.condition.field)
    if other is None or field.key == MESSAGE or other.kind == Kind.FILE:
        return False
    if other.kind in WITH_OPTIONS and field.condition.test != shapes.When.FILLED:
        return field.condition.value in {str(number) for number in range(len(other.options))}
    return True


def _field(field: Field, number: int) -> Field:
    clean = replace(
        field,
        key=one_line(field.key).lower(),
        label_ar=one_line(field.label_ar),
        label_en=one_line(field.label_en),
        help_ar=one_line(field.help_ar),
        help_en=one_line(field.help_en),
        options=tuple(
            (one_line(arabic), one_line(english))
            for arabic, english in field.options
            if arabic.strip() or english.strip()
        )
        if field.kind in WITH_OPTIONS
        else (),
    )
    words = [clean.label_ar, clean.label_en, *(word for pair in clean.options for word in pair)]
    if (
        max(map(len, words)) > shapes.LONGEST_LABEL
        or max(len(clean.help_ar), len(clean.help_en)) > shapes.LONGEST_HELP
    ):
        raise Refused("field_too_long", number=number, longest=shapes.LONGEST_LABEL)
    if clean.key != MESSAGE and not shapes.is_key(clean.key):
        raise Refused("field_key", number=number)
    if clean.kind in WITH_OPTIONS and not 1 < len(clean.options) <= shapes.MOST_OPTIONS:
        raise Refused("field_options", number=number, most=shapes.MOST_OPTIONS)
    return clean
