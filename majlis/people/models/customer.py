"""Customers, the addresses they write from, the companies they belong to, and what the team knows of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class Company(models.Model):
    """Where customers work; `domain` brings the ones who write from it together."""

    name = models.TextField()
    name_key = models.TextField(default="", db_index=True)
    domain = models.TextField(default="", db_index=True)
    attributes = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="company_name_once")]

    def __str__(self) -> str:
        return self.name


class Customer(models.Model):
    """Somebody the company talks with.

    `attributes` is what the team keeps of its own ({name: text or number}); `talk` how to talk to them:
    {"is_technical": bool, "form": text, "hours": text}, each only when known. One merged into another stays
    as a row that points there.
    """

    name = models.TextField(default="")
    name_key = models.TextField(default="", db_index=True)
    language = models.CharField(max_length=8, default="")
    created_at = models.DateTimeField()
    job = models.TextField(default="", db_default="")
    company = models.ForeignKey(Company, null=True, on_delete=models.SET_NULL, related_name="customers")
    plan = models.TextField(default="", db_default="")
    pays = models.TextField(default="", db_default="")
    customer_since_on = models.DateField(null=True)
    time_zone = models.TextField(default="", db_default="")
    attributes = models.JSONField(default=dict, db_default={})
    talk = models.JSONField(default=dict, db_default={})
    is_unwilling = models.BooleanField(default=False, db_default=False)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="merged_here")

    class Meta:
        indexes = [
            models.Index(
                fields=["name_key", "id"], name="customer_by_name", condition=Q(merged_into__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CustomerAddress(models.Model):
    """An address a customer writes from, kept in lower case."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="addresses")
    address = models.TextField(unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.address


class CustomerNote(models.Model):
    """Something the team wants to remember about a customer."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="notes")
    teammate = models.ForeignKey("people.Teammate", null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField()
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.text[:40]


class CustomerMerge(models.Model):
    """Two customers turned out to be one; `moved` is what it takes to undo that."""

    into = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="merges")
    merged = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    teammate = models.ForeignKey("people.Teammate", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    moved = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.merged_id} into {self.into_id}"


class CustomerView(models.Model):
    """A kept search for customers; without an owner, everybody's."""

    name = models.TextField()
    query = models.TextField()
    owner = models.ForeignKey("people.Teammate", null=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class CustomerImport(models.Model):
    """A table of customers that somebody handed in; `fields` names for each column what it holds, "" for nothing.

    A field is the name of one of the customer's own, "address", "note", or "attribute:" and a name.
    """

    teammate = models.ForeignKey("people.Teammate", null=True, on_delete=models.SET_NULL, related_name="+")
    file_name = models.TextField(default="")
    headers = models.JSONField(default=list)
    fields = models.JSONField(default=list)
    should_overwrite = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.file_name


class CustomerImportRow(models.Model):
    """One line of such a table, and what became of it."""

    class Outcome(models.TextChoices):
        """Nothing yet, a new customer, one who was known, or why it could not be."""

        WAITING = ""
        MADE = "made"
        KNOWN = "known"
        BAD = "bad"

    of = models.ForeignKey(CustomerImport, on_delete=models.CASCADE, related_name="rows")
    number = models.IntegerField()
    cells = models.JSONField(default=list)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.WAITING, blank=True)
    reason = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "number"], name="import_row_once")]

    def __str__(self) -> str:
        return f"{self.of_id}.{self.number}"


class ContextLink(models.Model):
    """A link to one of the team's own pages about a customer, its address with {email}, {name} and attributes."""

    name = models.TextField()
    template = models.TextField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Block(models.Model):
    """Mail from this address, or from anybody at this domain, goes to spam and says why."""

    address = models.TextField(default="")
    domain = models.TextField(default="")
    reason = models.TextField(default="")
    teammate = models.ForeignKey("people.Teammate", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address"], name="block_address_once", condition=~Q(address="")),
            models.UniqueConstraint(fields=["domain"], name="block_domain_once", condition=~Q(domain="")),
            models.CheckConstraint(condition=Q(address="") ^ Q(domain=""), name="block_one_of_two"),
        ]

    def __str__(self) -> str:
        return self.address or f"@{self.domain}"
