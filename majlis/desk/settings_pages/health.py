"""How the desk itself stands: each thing it rests on in words, with the next step where something is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from majlis import __version__
from majlis.channels import stale
from majlis.channels.models import MailConnection
from majlis.channels.problems import CODES, explain, words
from majlis.desk.settings_pages.frame import admins_only, page
from majlis.flow import pulse
from majlis.lib import backups
from majlis.lib.disk_room import rooms
from majlis.lib.timekeeping import sign

SAVED_WITHIN = timedelta(days=7)


@require_safe
@admins_only
def shown(request: HttpRequest) -> HttpResponse:
    """/settings/health/: what `majlis doctor` and the monitors see of a running desk."""
    context = {
        "database": _database(),
        "is_worker_there": pulse.is_worker_there(),
        "queues": [{"queue": one, "label": _queue(one.name)} for one in pulse.queues()],
        "fetched": MailConnection.objects.filter(is_enabled=True).exclude(in_host="").count(),
        "doubtful": [{"alarm": one, "why": _why(one.problem)} for one in stale.alarms()],
        **_machine(),
        "version": __version__,
    }
    return page(
        request, "settings/health.html", _("State of the desk"), context={**context, "wrong": _wrong(context)}
    )


def _database() -> str:
    """The server's version, as it says it itself."""
    (version,) = _ask("show server_version") or ("",)
    return str(version).split(" ")[0]


def _ask(question: str) -> Sequence[object] | None:
    with connection.cursor() as cursor:
        cursor.execute(question)
        row: Sequence[object] | None = cursor.fetchone()
    return row


def _machine() -> dict[str, Any]:
    """Disk, clock and backups. The clock says of itself only when it is wrong, the disks when they are short."""
    config = settings.CONFIG
    found, clock = rooms(config.data, config.files), sign(_ask, config.files)
    saved = backups.last(config.data)
    return {
        "rooms": [room for room in found if room.is_short or room.lacks_names],
        "free": found[0].free,
        "clock": clock,
        "clock_at": datetime.fromtimestamp(clock.moment, UTC) if clock and clock.moment else None,
        "saved": saved,
        "is_saved_lately": saved is not None and saved.at > timezone.now() - SAVED_WITHIN,
        "upgrade_saved": backups.last_of_upgrade(config.data),
    }


def _wrong(context: dict[str, Any]) -> int:
    """How many things need somebody."""
    wrong: int = (
        (not context["is_worker_there"])
        + sum(one["queue"].is_stuck for one in context["queues"])
        + len(context["doubtful"])
        + len(context["rooms"])
        + (context["clock"] is not None)
        + (not context["is_saved_lately"])
    )
    return wrong


def _queue(name: str) -> str:
    return {
        "raw": _("Mail that came in"),
        "due": _("Mail to be sent"),
        "events": _("News to be told"),
    }.get(name, name)


def _why(problem: str) -> str:
    if not problem:
        return ""
    return words(problem) if problem in CODES else explain(problem)
