"""A form being made: what the editor's page posts, as a shape, and a shape as that page shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from majlis.channels.forms import words
from majlis.channels.forms.fields import (
    MESSAGE,
    MOST_FIELDS,
    WITH_OPTIONS,
    Condition,
    Field,
    Kind,
    When,
)
from majlis.channels.forms.making import Shape
from majlis.channels.forms.shown import label

_TEXTS: Final = ("name", "title_ar", "title_en", "intro_ar", "intro_en", "thanks_ar", "thanks_en")
_BETWEEN = "|"


@dataclass(frozen=True, slots=True)
class Edited:
    """What was posted. `done` is the key of a field that was just added: it is shown open."""

    shape: Shape
    is_saving: bool
    done: str = ""


def read(data: QueryDict) -> Edited:
    """The shape that the page shows, after what its button asks for (`act`: add, up:N, down:N, remove:N, or save)."""
    fields = [_field(data, number) for number in range(min(_number(data.get("count", "")), MOST_FIELDS + 1))]
    renamed = {data.get(f"f{number}-was", ""): field.key for number, field in enumerate(fields) if field.key}
    fields = [_follow(field, renamed) for field in fields]
    act, colon, place = data.get("act", "save").partition(":")
    fields, done = _acted(fields, act, _number(place) if colon else -1, data.get("new_kind", ""))
    texts = {name: data.get(name, "").replace("\x00", "") for name in _TEXTS}
    shape = Shape(
        **texts,
        brand_id=_number(data.get("brand", "")),
        mailbox_id=_number(data.get("mailbox", "")),
        language=data.get("language", "auto"),
        needs_address="needs_address" in data,
        sites=tuple(
            line.strip() for line in data.get("sites", "").replace("\x00", "").splitlines() if line.strip()
        ),
        fields=tuple(fields),
    )
    return Edited(shape, is_saving=act == "save", done=done)


def rows(shape: Shape, language: str) -> list[dict[str, Any]]:
    """The fields for the editor's page, each with what it may hang on."""
    kinds = words.kinds()
    found = []
    for number, field in enumerate(shape.fields):
        chosen = _written(field.condition)
        choices = _whens(shape.fields[:number], language)
        if chosen and chosen not in {value for value, _word in choices}:
            choices.append((chosen, _("A field that stands below, or is gone")))
        found.append(
            {
                "number": number,
                "field": field,
                "kind": kinds[field.kind],
                "name": label(field, language),
                "is_message": field.key == MESSAGE,
                "has_options": field.kind in WITH_OPTIONS,
                "options": "\n".join(_line(*pair) for pair in field.options),
                "whens": choices,
                "when": chosen,
                "is_last": number == len(shape.fields) - 1,
            }
        )
    return found


def _line(arabic: str, english: str) -> str:
    """An option as it is typed: Arabic, a bar, English; without the bar where there is one language."""
    return f"{arabic} {_BETWEEN} {english}" if english else arabic


def _whens(fields: tuple[Field, ...], language: str) -> list[tuple[str, str]]:
    """What a field may hang on: the answers of those above it."""
    found: list[tuple[str, str]] = []
    for one in fields:
        if one.kind == Kind.FILE:
            continue
        if one.kind in WITH_OPTIONS:
            answers = [(str(number), word) for number, word in enumerate(one.words(language))]
        elif one.kind == Kind.YES_NO:
            answers = list(zip(("yes", "no"), words.yes_no(), strict=True))
        else:
            answers = []
        for test in (When.IS, When.IS_NOT) if len(answers) > 2 else (When.IS,):
            for value, _word in answers:
                asked = Condition(one.key, test, value)
                found.append((_written(asked), words.condition(asked, one, language)))
        asked = Condition(one.key, When.FILLED)
        found.append((_written(asked), words.condition(asked, one, language)))
    return found


def _written(asked: Condition | None) -> str:
    return _BETWEEN.join((asked.field, asked.test, asked.value)) if asked else ""


def _field(data: QueryDict, number: int) -> Field:
    def given(name: str) -> str:
        return data.get(f"f{number}-{name}", "").replace("\x00", "").strip()

    kind = given("kind")
    options = []
    for line in given("options").splitlines():
        words_of_both = [part.strip() for part in line.split(_BETWEEN, 1)]
        options.append((words_of_both[0], words_of_both[-1] if len(words_of_both) > 1 else ""))
    asked = given("when").split(_BETWEEN)
    is_asked = len(asked) == 3 and asked[1] in {str(test) for test in When}
    return Field(
        key=given("key") or given("was"),
        kind=Kind(kind) if kind in {str(one) for one in Kind} else Kind.TEXT,
        label_ar=given("label_ar"),
        label_en=given("label_en"),
        help_ar=given("help_ar"),
        help_en=given("help_en"),
        is_required=bool(given("required")),
        options=tuple(options),
        condition=Condition(asked[0], When(asked[1]), asked[2]) if is_asked else None,
    )


def _follow(field: Field, renamed: dict[str, str]) -> Field:
    """What a field hangs on may have a new name."""
    if field.condition is None:
        return field
    other = renamed.get(field.condition.field, field.condition.field)
    return replace(field, condition=replace(field.condition, field=other))


def _acted(fields: list[Field], act: str, place: int, kind: str) -> tuple[list[Field], str]:
    if act == "add" and kind in {str(one) for one in Kind} and len(fields) < MOST_FIELDS:
        made = _new(Kind(kind), {field.key for field in fields})
        # The message comes last as a rule, and files after it.
        last = next((n for n, one in enumerate(fields) if one.key == MESSAGE), len(fields))
        at = len(fields) if made.kind == Kind.FILE else last
        return [*fields[:at], made, *fields[at:]], made.key
    if not 0 <= place < len(fields):
        return fields, ""
    here = fields[place]
    if act == "remove" and here.key != MESSAGE:
        return [*fields[:place], *fields[place + 1 :]], ""
    if act in ("up", "down"):
        to = max(0, min(len(fields) - 1, place + (1 if act == "down" else -1)))
        others = [*fields[:place], *fields[place + 1 :]]
        return [*others[:to], here, *others[to:]], ""
    return fields, ""


def _new(kind: Kind, taken: set[str]) -> Field:
    base = str(kind)
    key = next(
        name for name in (base, *(f"{base}_{n}" for n in range(2, 99))) if name not in {*taken, "email"}
    )
    options = (("الأول", "First"), ("الثاني", "Second")) if kind in WITH_OPTIONS else ()
    return Field(key, kind, options=options)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
