"""Brands: the names under which the company meets its customers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

COLOUR = "#0f6b74"


class Brand(models.Model):
    """A name with its colour, logo and language; mailboxes, widgets and forms belong to one.

    `name_latin` is how those who do not read Arabic meet it, empty for the same name. `colour` is #rrggbb. The one
    with the lowest id is the house's own: what names no brand belongs to it.
    """

    name = models.TextField()
    name_latin = models.TextField(default="", db_default="")
    colour = models.CharField(max_length=7, default=COLOUR, db_default=COLOUR)
    language = models.CharField(max_length=8, default="ar", db_default="ar")
    logo = models.ForeignKey("files.File", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="brand_name_once"),
            models.CheckConstraint(condition=Q(colour__regex=r"^#[0-9a-f]{6}$"), name="brand_colour_is_one"),
        ]

    def __str__(self) -> str:
        return self.name

    def name_for(self, language: str) -> str:
        """How it is called towards who reads `language`."""
        return self.name if language == "ar" else self.name_latin or self.name


class CustomerIdentity(models.Model):
    """By which name of its own a brand's site knows a customer; signed by the site whenever it says so."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    value = models.TextField()
    customer = models.ForeignKey("people.Customer", on_delete=models.CASCADE, related_name="identities")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "value"], name="identity_once")]

    def __str__(self) -> str:
        return self.value
