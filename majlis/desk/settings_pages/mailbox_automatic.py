"""What one mailbox answers by itself, what it never answers, and what the gate decided lately."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from majlis.channels import acknowledging, gate, greeting
from majlis.channels.decided import lately
from majlis.channels.models import Acknowledgement, AutomaticMail, StoppedAddress
from majlis.coverage import opening_words
from majlis.coverage.queries import of_team
from majlis.coverage.schedule import Plan
from majlis.desk import refusals
from majlis.desk.asking import me
from majlis.desk.settings_pages.frame import admins_only, page
from majlis.desk.settings_pages.mailbox_tabs import tabs
from majlis.lib.direction import direction
from majlis.lib.errors import Refused
from majlis.people import queries
from majlis.people.called import name_of
from majlis.people.models import Mailbox


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def automatic(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """/settings/mailboxes/<id>/automatic/: POST stores `is_on`, `only` (always, outside), `text_ar`, `text_en`."""
    mailbox = get_object_or_404(queries.mailboxes_visible_to(me(request)), pk=mailbox_id)
    found, problem = acknowledging.of_mailbox(mailbox), {}
    if request.method == "POST":
        said = {
            language: request.POST.get(f"text_{language}", "").replace("\x00", "")
            for language in acknowledging.LANGUAGES
        }
        shape = {
            "is_on": "is_on" in request.POST,
            "is_only_outside_hours": request.POST.get("only") == "outside",
        }
        try:
            acknowledging.set_up(me(request), mailbox, texts=said, **shape)
            messages.success(request, _("Saved."))
            return redirect("settings_mailbox_automatic", mailbox.pk)
        except Refused as refused:
            problem = {str(refused.data.get("language", "ar")): refusals.words(refused)}
            found = Acknowledgement(mailbox=mailbox, text_ar=said["ar"], text_en=said["en"], **shape)
    return _page(request, mailbox, found, problem)


@require_POST
@admins_only
def let_go_on(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """POST /settings/mailboxes/<id>/automatic/released: automatic mail goes to `address` again."""
    mailbox = get_object_or_404(queries.mailboxes_visible_to(me(request)), pk=mailbox_id)
    address = request.POST.get("address", "").replace("\x00", "")
    try:
        gate.let_go_on(me(request), address)
        messages.success(
            request, _("Automatic mail goes to %(address)s again.") % {"address": f"\u2066{address}\u2069"}
        )
    except Refused as refused:
        if refused.code != "not_found":
            raise
        messages.success(request, _("This address is not stopped any more."))
    return redirect("settings_mailbox_automatic", mailbox.pk)


def _page(
    request: HttpRequest, mailbox: Mailbox, found: Acknowledgement, problem: dict[str, str]
) -> HttpResponse:
    now = timezone.now()
    whys, kinds = _stops(), _kinds()
    plan = of_team(mailbox.team_id)
    context: dict[str, Any] = {
        "mailbox": mailbox,
        "mailbox_tabs": tabs(request, mailbox),
        "is_on": found.is_on,
        "is_only_outside_hours": found.is_only_outside_hours,
        "has_hours": plan is not None,
        "texts": [
            text_shown(
                found.text_ar if language == "ar" else found.text_en,
                language,
                problem=problem.get(language, ""),
                plan=plan,
            )
            for language in acknowledging.LANGUAGES
        ],
        "stopped": [
            {"address": one.address, "at": one.at, "until": one.at + gate.STOPPED_FOR, "why": whys[one.why]}
            for one in gate.stopped(now=now)
        ],
        "rows": [
            {
                "address": row.address,
                "at": row.at,
                "kind": kinds[row.kind],
                "is_sent": not row.refused,
                "why": _why(row.refused),
                "number": row.conversation_id,
            }
            for row in lately(mailbox.pk)
        ],
    }
    return page(
        request,
        "settings/mailbox_automatic.html",
        mailbox.name,
        context=context,
        status=422 if problem else 200,
    )


def text_shown(text: str, language: str, *, problem: str, plan: Plan | None) -> dict[str, Any]:
    """One of the two texts, with what stands for its placeholders in the preview."""
    installation = queries.installation()
    with translation.override(language):
        sample = {
            "name": pgettext("a customer's name in a preview", "Layla"),
            "team": name_of(installation),
            "company": installation.company if installation else "",
        }
    to = opening_words.reader(language, region=installation.region if installation else "")
    sample["answer"] = opening_words.answer(plan, now=timezone.now(), to=to)
    return {
        "language": language,
        "label": _("Text in Arabic") if language == "ar" else _("Text in English"),
        "text": text,
        "sample": sample,
        "shown": greeting.filled(text, **sample),
        "way": direction(text, "rtl" if language == "ar" else "ltr"),
        "problem": problem,
    }


def _kinds() -> dict[str, str]:
    return {
        AutomaticMail.Kind.ACKNOWLEDGEMENT.value: _("Acknowledgement"),
        AutomaticMail.Kind.NOTICE.value: _("Letter to a teammate"),
        AutomaticMail.Kind.LETTER.value: _("Letter that was asked for"),
        AutomaticMail.Kind.CHAT.value: _("Answers in a chat that were not seen"),
    }


def _stops() -> dict[str, str]:
    return {
        StoppedAddress.Why.LOOP.value: _("It answers like a machine: the same again and again."),
        StoppedAddress.Why.FLOOD.value: _("It had 20 automatic mails within an hour."),
    }


def _why(code: str) -> str:
    """Why nothing was sent, in a sentence."""
    if not code:
        return ""
    return {
        "own": _("It is an address of your own."),
        "nobody": _("Nobody reads mail at this address."),
        "demo": _("It belongs to the demo shop."),
        "bounces": _("Mail to this address comes back."),
        "stopped": _("Automatic mail to this address has stopped."),
        "loop": _("It answers like a machine: the same again and again."),
        "flood": _("It had its most of an hour."),
        "automatic": _("A machine or a list wrote it."),
        "historic": _("It is mail from before."),
        "put_away": _("The conversation lies in spam or in the trash."),
        "late": _("The message was more than a day old."),
        "no_way": _("This mailbox has no server to send by."),
        "in_thread": _("This conversation has its acknowledgement."),
        "answered": _("Somebody has answered here already."),
        "today": _("This sender had one within a day."),
        "in_hours": _("It came within your hours."),
        "not_covered": _("Support by mail is not for them, and there are no words for that."),
        "failed": _("It failed three times."),
        "rush": _("Too many came by one form, or from one place."),
    }[code]
