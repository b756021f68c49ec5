"""To whom, where and when each channel is shown, as it is kept."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from majlis.channels.showing import Hours, Joined


class ChannelRule(models.Model):
    """The rule of one channel: a widget, a form, or a mailbox. One without a row has none.

    `conditions` are `showing.Condition`s ({ask, name, values}), `shown_on` and `never_on` patterns of pages. A mailbox
    has neither pages nor hours, a form no conditions: nobody knows who will fill it in. `text_ar` and `text_en` are what a mailbox answers, once in a thread, to whom it is not
    for; empty for nothing.
    """

    widget = models.OneToOneField("channels.Widget", null=True, on_delete=models.CASCADE, related_name="rule")
    form = models.OneToOneField("channels.Form", null=True, on_delete=models.CASCADE, related_name="rule")
    mailbox = models.OneToOneField("people.Mailbox", null=True, on_delete=models.CASCADE, related_name="rule")
    conditions: models.JSONField[list[dict[str, Any]]] = models.JSONField(default=list, db_default=[])
    joined = models.CharField(max_length=3, default=Joined.ALL.value, db_default=Joined.ALL.value)
    shown_on: models.JSONField[list[str]] = models.JSONField(default=list, db_default=[])
    never_on: models.JSONField[list[str]] = models.JSONField(default=list, db_default=[])
    hours = models.CharField(max_length=6, default=Hours.ALWAYS.value, db_default=Hours.ALWAYS.value)
    text_ar = models.TextField(default="", db_default="")
    text_en = models.TextField(default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(widget__isnull=False, form=None, mailbox=None)
                | Q(widget=None, form__isnull=False, mailbox=None)
                | Q(widget=None, form=None, mailbox__isnull=False),
                name="rule_of_one_channel",
            ),
            models.CheckConstraint(condition=Q(joined__in=[one.value for one in Joined]), name="rule_joined"),
            models.CheckConstraint(condition=Q(hours__in=[one.value for one in Hours]), name="rule_hours"),
            models.CheckConstraint(
                condition=Q(mailbox=None) | Q(shown_on=[], never_on=[], hours=Hours.ALWAYS.value),
                name="rule_of_mail_has_no_page",
            ),
            models.CheckConstraint(
                condition=Q(form=None) | Q(conditions=[]), name="rule_of_form_knows_nobody"
            ),
            models.CheckConstraint(
                condition=Q(mailbox__isnull=False) | Q(text_ar="", text_en=""), name="rule_text_of_mail"
            ),
        ]

    def __str__(self) -> str:
        named = {"widget": self.widget_id, "form": self.form_id, "mailbox": self.mailbox_id}
        return f"rule of {' '.join(f'{what} {number}' for what, number in named.items() if number)}"
