"""Customers and the addresses they write from."""

from __future__ import annotations

from django.db import models


class Customer(models.Model):
    """Somebody the company talks with."""

    name = models.TextField(default="")
    name_key = models.TextField(default="", db_index=True)
    language = models.CharField(max_length=8, default="")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class CustomerAddress(models.Model):
    """An address a customer writes from, kept in lower case."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="addresses")
    address = models.TextField(unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.address
