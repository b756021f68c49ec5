"""The step of the first run that asks which channel to begin with; the owner is signed in by now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from majlis.channels import advised
from majlis.channels.actions.advised import keep_advice
from majlis.channels.advising import advise
from majlis.desk import advising
from majlis.desk.asking import me
from majlis.desk.setup import STEPS


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def channels(request: HttpRequest) -> HttpResponse:
    """/setup/channels/: can be left for later; once answered it shows the advice, `?again` the questions."""
    if not me(request).is_admin:
        return redirect("/")
    kept = next(iter(advised.newest(1)), None)
    form = advising.form_for(kept, request.POST or None)
    if request.method == "POST" and form.is_valid():
        keep_advice(me(request), form.answers())
        return redirect("setup_channels")
    answers = advised.answers_of(kept) if kept is not None else None
    is_advised = answers is not None and request.method != "POST" and "again" not in request.GET
    context = {
        "step": 5,
        "steps": STEPS,
        "step_title": _("Which channel first?"),
        "step_lead": _("Short questions. You can change everything later."),
        "form": form,
        "next_url": reverse("setup_mailbox"),
    }
    if is_advised and answers is not None:
        shown = advising.shown(advise(answers), wants_all=answers.wants_all)
        context |= {"advice": shown, "step_title": shown["title"], "step_lead": ""}
    return render(request, "setup/channels.html", context)
