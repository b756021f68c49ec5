"""Brands: made, changed, removed."""

from __future__ import annotations

import re
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone

from majlis.files.actions import store
from majlis.journal.actions import record
from majlis.lib.errors import Refused
from majlis.lib.images import kind_of
from majlis.people.brands import house
from majlis.people.models import Brand, Mailbox, Teammate
from majlis.people.models.brand import COLOUR

LONGEST_NAME: Final = 60
MOST_LOGO_BYTES: Final = 512 * 1024
LOGO_KINDS: Final = frozenset({"image/png", "image/jpeg", "image/webp"})
LANGUAGES: Final = frozenset({"ar", "en"})
_COLOUR = re.compile(r"#[0-9a-f]{6}")


def name_house(name: str, language: str) -> None:
    """The company was named: the house's own brand is called so, unless it was named apart."""
    found = house()
    if found._state.adding and name.strip():
        Brand.objects.get_or_create(
            name=name.strip()[:LONGEST_NAME], defaults={"language": language, "created_at": timezone.now()}
        )


def create(
    by: Teammate, *, name: str, name_latin: str = "", colour: str = COLOUR, language: str = "ar"
) -> Brand:
    """A new brand. Raises Refused: not_allowed, empty_name, name_too_long (data: longest), not_a_colour, no_such_language, name_taken."""
    values = _checked(by, name=name, name_latin=name_latin, colour=colour, language=language)
    try:
        with transaction.atomic():
            brand = Brand.objects.create(**values, created_at=timezone.now())
            record("brand.made", actor_id=by.pk, data={"brand": brand.pk, "name": brand.name})
    except IntegrityError as error:
        raise Refused("name_taken", name=name) from error
    return brand


def change(by: Teammate, brand: Brand, *, name: str, name_latin: str, colour: str, language: str) -> Brand:
    """Name, colour and language, as they shall be from now on. Raises Refused as `create` does."""
    values = _checked(by, name=name, name_latin=name_latin, colour=colour, language=language)
    what = [field for field, value in values.items() if getattr(brand, field) != value]
    for field, value in values.items():
        setattr(brand, field, value)
    try:
        with transaction.atomic():
            brand.save(update_fields=list(values))
            if what:
                _record_change(by, brand, what)
    except IntegrityError as error:
        raise Refused("name_taken", name=name) from error
    return brand


def set_logo(by: Teammate, brand: Brand, content: bytes | None) -> Brand:
    """Show `content` as the logo, or none. Raises Refused: not_allowed, picture_too_large, not_a_picture."""
    if not by.is_admin:
        raise Refused("not_allowed")
    if content is not None and len(content) > MOST_LOGO_BYTES:
        raise Refused("picture_too_large")
    if content is not None and kind_of(content[:16]) not in LOGO_KINDS:
        raise Refused("not_a_picture")
    brand.logo = None if content is None else store(content)
    with transaction.atomic():
        brand.save(update_fields=["logo"])
        _record_change(by, brand, ["logo"])
    return brand


def give_mailboxes(by: Teammate, brand: Brand, mailbox_ids: set[int]) -> None:
    """Let exactly these mailboxes belong to the brand; those taken from it belong to the house's own."""
    if not by.is_admin:
        raise Refused("not_allowed")
    with transaction.atomic():
        taken = Mailbox.objects.filter(brand=brand).exclude(pk__in=mailbox_ids).update(brand=None)
        others = Q(brand=None) | ~Q(brand=brand)
        given = Mailbox.objects.filter(others, pk__in=mailbox_ids).update(brand=brand)
        if taken or given:
            _record_change(by, brand, ["mailboxes"])


def remove(by: Teammate, brand: Brand) -> None:
    """Remove a brand that nothing but mailboxes belongs to.

    Raises Refused: not_allowed, house_brand, brand_in_use (it has widgets or forms).
    """
    if not by.is_admin:
        raise Refused("not_allowed")
    if brand.pk == house().pk:
        raise Refused("house_brand")
    try:
        with transaction.atomic():
            record("brand.removed", actor_id=by.pk, data={"brand": brand.pk, "name": brand.name})
            brand.delete()
    except ProtectedError as error:
        raise Refused("brand_in_use") from error


def _record_change(by: Teammate, brand: Brand, what: list[str]) -> None:
    record("brand.changed", actor_id=by.pk, data={"brand": brand.pk, "name": brand.name, "what": what})


def _checked(by: Teammate, **values: str) -> dict[str, str]:
    if not by.is_admin:
        raise Refused("not_allowed")
    values = {name: " ".join(value.split()) for name, value in values.items()}
    values["colour"] = values["colour"].lower()
    if not values["name"]:
        raise Refused("empty_name")
    if max(len(values["name"]), len(values["name_latin"])) > LONGEST_NAME:
        raise Refused("name_too_long", longest=LONGEST_NAME)
    if not _COLOUR.fullmatch(values["colour"]):
        raise Refused("not_a_colour")
    if values["language"] not in LANGUAGES:
        raise Refused("no_such_language")
    return values
