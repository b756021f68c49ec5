"""What was posted to a form, read: what was typed, what is wrong with it, and what it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from majlis.channels.forms import answers, words
from majlis.channels.forms.answers import Problem
from majlis.channels.forms.fields import MESSAGE, Field, Kind
from majlis.channels.forms.shown import ADDRESS, NAME, label
from majlis.flow.form_arrival import Enclosed, Filled
from majlis.lib.errors import Refused
from majlis.people.queries import own_addresses

from . import enclosing
from .asking import Asked

LONGEST_VALUE = 50_000  # what is read of one at all


@dataclass(frozen=True, slots=True)
class Posted:
    """What came. `said` is by field, clean; `before` are files of an earlier try, `uploads` those that came now."""

    said: dict[str, list[str]]
    problems: dict[str, Problem]
    uploads: dict[str, list[UploadedFile[bytes]]]
    before: dict[str, list[Enclosed]]
    stamp: str = ""
    work: str = ""
    trap: str = ""
    is_turned: bool = False
    kept: dict[str, list[Enclosed]] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """How large what came now is."""
        return sum(one.size or 0 for here in self.uploads.values() for one in here)


def parse(request: HttpRequest) -> None:
    """Read the body. Raises Refused("too_many_parts") for one that is no form of ours or breaks off."""
    try:
        request.POST, request.FILES  # noqa: B018 - read here, so that what is wrong with it is known here
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError) as problem:
        raise Refused("too_many_parts") from problem


def read(request: HttpRequest, here: Asked) -> Posted:
    """What was posted, cleaned and checked."""
    given = {key: _values(request, key) for key in (NAME, ADDRESS, *(one.key for one in here.fields))}
    said = {NAME: _line(given[NAME]), ADDRESS: _line(given[ADDRESS])}
    for one in here.fields:
        said[one.key] = [] if one.kind == Kind.FILE else answers.typed(one, given[one.key])
    uploads = {
        one.key: list(request.FILES.getlist(f"f-{one.key}"))[: enclosing.MOST_FILES + 1]
        for one in here.fields
        if one.kind == Kind.FILE
    }
    before, is_gone = enclosing.kept(here.form, request.POST.getlist("kept"))
    return Posted(
        said=said,
        problems=_problems(here, said, uploads, before, is_gone=is_gone),
        uploads=uploads,
        before=before,
        stamp=request.POST.get("stamp", "")[:200],
        work=request.POST.get("proof", "")[:20],
        trap=request.POST.get("website", "")[:200],
        is_turned="turn" in request.POST,
    )


def prefilled(request: HttpRequest, here: Asked) -> dict[str, list[str]]:
    """What the address of the page says beforehand; what does not fit a field is left out."""
    found: dict[str, list[str]] = {}
    for one in (Field(NAME, Kind.TEXT), Field(ADDRESS, Kind.EMAIL), *here.fields):
        if one.kind == Kind.FILE:
            continue
        values = answers.typed(one, [value[:LONGEST_VALUE] for value in request.GET.getlist(one.key)])
        if one.kind in (Kind.CHOICE, Kind.SEVERAL, Kind.YES_NO) and answers.problem(one, values, {}):
            continue
        found[one.key] = values
    return found


def filled(here: Asked, posted: Posted, *, key: str, page: str, may_be_told: bool) -> Filled:
    """What comes in: checked, in the words of the page, with its files."""
    pairs = [(label(one, here.language), text) for one in here.fields if (text := _text(one, here, posted))]
    return Filled(
        name=_first(posted.said, NAME),
        address=_first(posted.said, ADDRESS).lower(),
        language=here.language,
        subject=_subject(here, posted),
        message=_first(posted.said, MESSAGE),
        fields=pairs,
        files=[one for found in posted.kept.values() for one in found],
        page=page,
        key=key,
        may_be_told=may_be_told,
    )


def _text(one: Field, here: Asked, posted: Posted) -> str:
    if one.key == MESSAGE:
        return ""
    if one.kind == Kind.FILE:
        return ("، " if here.language == "ar" else ", ").join(
            found.name for found in posted.kept.get(one.key, ())
        )
    values = posted.said.get(one.key)
    yes, no = words.yes_no()
    return answers.shown(one, values, language=here.language, yes=yes, no=no) if values else ""


def _subject(here: Asked, posted: Posted) -> str:
    """The form's title with the first choice and order number: words of ours, and none that could lead anywhere.

    The subject goes back to an address that nobody has proven.
    """
    parts = [words.title(here.form, here.language)]
    for kind in (Kind.CHOICE, Kind.ORDER):
        first = next((one for one in here.fields if one.kind == kind and posted.said.get(one.key)), None)
        if first is not None:
            parts.append(_text(first, here, posted).removeprefix("#"))  # it would change sides in Arabic
    return " · ".join(parts)[:200]


def _problems(
    here: Asked,
    said: Mapping[str, list[str]],
    uploads: Mapping[str, list[UploadedFile[bytes]]],
    before: Mapping[str, list[Enclosed]],
    *,
    is_gone: bool,
) -> dict[str, Problem]:
    address = _first(said, ADDRESS)
    found = {
        NAME: answers.name_problem(_first(said, NAME)),
        ADDRESS: answers.address_problem(address, is_required=here.form.needs_address),
    }
    if address and not found[ADDRESS] and address in own_addresses():
        found[ADDRESS] = Problem("own_address", {})
    for one in here.fields:
        if one.kind == Kind.FILE:
            names = [file.name or "file" for file in uploads.get(one.key, ())]
            there = [*names, *(file.name for file in before.get(one.key, ()))]
            found[one.key] = answers.problem(one, ["file"] if there else [], said)
        else:
            found[one.key] = answers.problem(one, said[one.key], said)
    problems = {key: problem for key, problem in found.items() if problem is not None}
    problems |= enclosing.problems(here.fields, uploads, before)
    files = next((one.key for one in here.fields if one.kind == Kind.FILE), "")
    if is_gone and files:
        problems[files] = Problem("file_gone", {})
    if not problems and not any(said[one.key] or uploads.get(one.key) for one in here.fields):
        problems[MESSAGE] = Problem("required", {})
    return problems


def _values(request: HttpRequest, key: str) -> list[str]:
    return [value[:LONGEST_VALUE] for value in request.POST.getlist(f"f-{key}")]


def _line(values: list[str]) -> list[str]:
    return [text] if values and (text := answers.one_line(values[0])) else []


def _first(said: Mapping[str, list[str]], key: str) -> str:
    values = said.get(key)
    return values[0] if values else ""
