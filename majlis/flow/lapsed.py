"""The letter that tells admins that a mailbox stands still until somebody signs in to it again."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from majlis.channels import outbox
from majlis.channels.letters import has_open_way_out
from majlis.channels.oauth.models import OAuthGrant
from majlis.journal.models import Event
from majlis.people.models import Mailbox, Role, Teammate


def mail_lapse(event: Event) -> None:
    """One letter to each admin, unless somebody has signed in meanwhile or no letter could leave before they do."""
    mailbox = Mailbox.objects.filter(pk=event.mailbox_id or 0).first()
    lapsed = OAuthGrant.objects.filter(connection__mailbox=mailbox).exclude(problem="")
    if mailbox is None or not lapsed.exists() or not has_open_way_out():
        return
    url = f"{settings.CONFIG.url}{reverse('settings_mailbox_sign_in', args=[mailbox.pk])}"
    for teammate in Teammate.objects.filter(is_active=True, role__in=[Role.OWNER, Role.ADMIN]):
        said = {"mailbox": mailbox.name, "address": mailbox.address, "url": url}
        said["name"] = teammate.name_for(teammate.language)
        with translation.override(teammate.language):
            subject = _("Mail for %(mailbox)s has stopped") % said
            text = (
                _(
                    "Hello %(name)s,\n\nthe sign-in to the mailbox %(mailbox)s (%(address)s) has ended, so no mail comes "
                    "or goes there. Nothing is lost: sign in again and it goes on from where it stopped.\n\n%(url)s"
                )
                % said
            )
        outbox.queue_letter(teammate.email, subject, text)
