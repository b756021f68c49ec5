"""The letter that asks somebody in, in the language chosen for them; it leaves by the desk's own outbox."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from majlis.channels import outbox
from majlis.channels.letters import has_way_out
from majlis.journal.models import Event
from majlis.people import queries
from majlis.people.actions import links
from majlis.people.called import name_of
from majlis.people.models import Teammate


def mail_invitation(event: Event) -> None:
    """Mail the invitation that still works, once. Without a way out nothing is queued: the page shows the link."""
    if event.kind == "link.issued" and event.data.get("purpose") != links.Purpose.INVITATION:
        return
    teammate = Teammate.objects.filter(pk=event.data["teammate"], is_active=True).first()
    link = links.invitation_of(teammate) if teammate is not None else None
    if teammate is None or link is None or link.message_id or not has_way_out():
        return
    token = links.invitation_token(link)
    if token is None:
        return
    by = Teammate.objects.filter(pk=event.actor_id or 0).first()
    subject, text = _letter(teammate, by, f"{settings.CONFIG.url}{reverse('setup_invitation', args=[token])}")
    links.was_mailed(link, outbox.queue_letter(teammate.email, subject, text).message_id)


def _letter(teammate: Teammate, by: Teammate | None, url: str) -> tuple[str, str]:
    installation = queries.installation()
    said = {
        "name": teammate.name_for(teammate.language),
        "by": by.name_for(teammate.language) if by else "",
        "company": installation.company if installation else "",
        "url": url,
    }
    with translation.override(teammate.language):
        said["called"] = name_of(installation)
        subject = _("Invitation to the desk of %(company)s") % said
        text = _(
            "Hello %(name)s,\n\n%(by)s invites you to answer customers of %(company)s together (%(called)s). "
            "Choose your password here:\n\n%(url)s\n\nThe link works once, for a week. "
            "If you do not know what this is about, do nothing."
        )
    return subject, text % said
