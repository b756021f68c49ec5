"""Contact forms, each with what it asks."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Form(models.Model):
    """A form on a page of ours, or standing in a page of a site. `key` is its address and no secret.

    `fields` is a list as `forms.fields.kept` writes it, in the shape `fields_version`. `language`: "ar" or "en" for that
    one alone, "auto" for the reader's choice. `sites` are the origins it may stand on ("https://shop.example"), none:
    anywhere. Without `needs_address` somebody may write who leaves no address, and cannot be answered.
    Texts that are empty are said in the other language, or are our own. `removed_at`: gone, and may still be brought back.
    """

    brand = models.ForeignKey("people.Brand", on_delete=models.PROTECT, related_name="forms")
    mailbox = models.ForeignKey("people.Mailbox", on_delete=models.PROTECT, related_name="forms")
    key = models.CharField(max_length=24, unique=True)
    name = models.TextField()
    language = models.CharField(max_length=4, default="auto", db_default="auto")
    title_ar = models.TextField(default="", db_default="")
    title_en = models.TextField(default="", db_default="")
    intro_ar = models.TextField(default="", db_default="")
    intro_en = models.TextField(default="", db_default="")
    thanks_ar = models.TextField(default="", db_default="")
    thanks_en = models.TextField(default="", db_default="")
    fields = models.JSONField(default=list, db_default=[])
    fields_version = models.SmallIntegerField(default=1, db_default=1)
    needs_address = models.BooleanField(default=True, db_default=True)
    is_on = models.BooleanField(default=True, db_default=True)
    sites = models.JSONField(default=list, db_default=[])
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(language__in=["auto", "ar", "en"]), name="form_language_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name
