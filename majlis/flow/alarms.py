"""A letter to owners and admins when a mailbox cannot be relied on, and when it can again."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from majlis.channels import outbox
from majlis.channels.letters import has_way_out
from majlis.channels.models import MailConnection
from majlis.channels.problems import CODES, explain, words
from majlis.journal.models import Event
from majlis.people.models import Mailbox, Role, Teammate


def mail_alarm(event: Event) -> None:
    """Tell every admin by mail, in their language. Without a way out the banner and the audit page tell alone.

    One whose address is a mailbox of ours is left out: the letter might lie in the very mailbox that is not fetched.
    """
    mailbox = Mailbox.objects.filter(pk=event.mailbox_id or 0).first()
    if mailbox is None or not has_way_out():
        return
    own = {address.lower() for address in Mailbox.objects.values_list("address", flat=True)}
    admins = Teammate.objects.filter(is_active=True, role__in=[Role.OWNER, Role.ADMIN]).order_by("pk")
    for teammate in admins:
        if teammate.email.lower() not in own:
            outbox.queue_letter(teammate.email, *_letter(event, mailbox, teammate))


def _letter(event: Event, mailbox: Mailbox, teammate: Teammate) -> tuple[str, str]:
    connection = MailConnection.objects.filter(mailbox=mailbox).first()
    problem = connection.problem if connection else ""
    with translation.override(teammate.language):
        said = {
            "name": teammate.name_for(teammate.language),
            "mailbox": f"\u2068{mailbox.name}\u2069",
            "address": mailbox.address,
            "why": (words(problem) if problem in CODES else explain(problem)) if problem else "",
            "url": f"{settings.CONFIG.url}{reverse('settings_mailbox_ledger', args=[mailbox.pk])}",
        }
        if event.kind == "mailbox.well":
            subject = _("Mail for %(mailbox)s comes in again")
            text = _(
                "Hello %(name)s,\n\nthe mailbox %(mailbox)s (%(address)s) is fetched again and nothing is missing. "
                "Nothing was lost meanwhile: what waited on its server has been fetched.\n\n%(url)s"
            )
        elif event.data.get("why") == "differs":
            subject = _("Mail for %(mailbox)s is not complete")
            text = _(
                "Hello %(name)s,\n\nfor over an hour the server of the mailbox %(mailbox)s (%(address)s) has held "
                "mail that cannot be fetched from it. It still lies there and is tried again every hour. "
                "What stands where is written here:\n\n%(url)s"
            )
        else:
            subject = _("Mail for %(mailbox)s does not come in")
            text = _(
                "Hello %(name)s,\n\nthe mailbox %(mailbox)s (%(address)s) could not be fetched for over 15 minutes. "
                "%(why)s\n\nIts mail waits on its server. Here you see how it stands and put it right:\n\n%(url)s"
            )
    return subject % said, text % said
