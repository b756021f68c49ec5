"""Search: the list of what was found, in the place of a folder's list."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from majlis.conversations import filters, search
from majlis.conversations.around import around
from majlis.conversations.filters import PHRASE, WORD, Problem, Term
from majlis.conversations.marking import excerpt

from .asking import me
from .filter_labels import label, language, offered
from .inbox import beside, cursor, cursor_text, rendered_rows, surroundings
from .rendered import reader


@require_safe
def found(request: HttpRequest) -> HttpResponse:
    """The page of a search, no conversation opened."""
    return render(request, "desk/inbox.html", search_context(request))


@require_safe
def found_list(request: HttpRequest) -> HttpResponse:
    """The list alone; the address of the page goes along with it."""
    response = render(request, "desk/_list.html", {**search_context(request), "oob": True})
    response["HX-Push-Url"] = _address(_typed(request))
    return response


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """What the filter that is being typed may say."""
    typed = request.GET.get("typed", "").replace("\x00", "")[:100]
    response = render(request, "desk/_search_options.html", {"options": offered(typed, reader=me(request))})
    response["Cache-Control"] = "no-store"
    return response


def search_context(request: HttpRequest, *, opened: int | None = None) -> dict[str, Any]:
    """What the list and the navigation show of a search; `opened` is the conversation beside the list."""
    typed = _typed(request)
    teammate = me(request)
    asked = filters.parse(typed)
    standing = around(teammate)
    now = timezone.localtime()
    result = search.search(
        asked.terms,
        reader=teammate,
        mailbox_ids=[box.pk for box in standing.mailboxes] if asked.terms else [],
        today=now.date(),
        zone=timezone.get_current_timezone(),
        before=cursor(request.GET.get("before", "")),
    )
    query = f"?{urlencode({'q': typed})}"
    pieces = {number: excerpt(text, result.marks) for number, text in result.said.items()}
    shown = surroundings(standing, query=typed)
    return {
        **shown,
        **beside(request),
        "rows": rendered_rows(
            reader(request), result.rows, folder="", query=query, opened=opened, pieces=pieces
        ),
        "next_before": cursor_text(result.following),
        "total": result.number,
        "folder": "",
        "search": {
            "typed": typed,
            "list_url": f"{reverse('search_list')}{query}",
            "is_more": result.is_more,
            "is_asked": bool(asked.terms),
            "chips": [_chip(term, asked.terms) for term in asked.terms if term.key not in (WORD, PHRASE)],
            "problems": [_said(problem) for problem in asked.problems],
            "unknown": [_unknown(term) for term in result.unknown],
            "view": next((view for view in shown["views"] if view["current"]), None),
        },
    }


def _typed(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[: filters.LONGEST]


def _address(typed: str) -> str:
    return f"{reverse('search')}?{urlencode({'q': typed})}"


def _chip(term: Term, terms: tuple[Term, ...]) -> dict[str, Any]:
    rest = filters.write(filters.without(terms, term), language())
    return {
        "label": label(term),
        "is_negated": term.is_negated,
        "url": _address(rest),
        "list_url": f"{reverse('search_list')}?{urlencode({'q': rest})}",
    }


def _said(problem: Problem) -> dict[str, str]:
    """Why a part was not understood, and what to write."""
    return {
        "part": problem.part,
        "text": {
            "no_value": _("It names a filter but not what to look for. Write it right after the colon."),
            "not_a_date": _("This is no day. Write it as 2026-11-22, or as today, yesterday or last week."),
            "no_such_value": _("This filter knows no such word. Choose one from the menu of filters."),
            "no_such_filter": _("There is no such filter. Did you mean “%(hint)s”?") % {"hint": problem.hint},
        }[problem.code],
    }


def _unknown(term: Term) -> dict[str, str]:
    return {
        "part": filters.one(term, language()),
        "text": _("Nothing is called that. Look at the spelling, or remove this part."),
    }
