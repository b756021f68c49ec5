"""The value by which a changed secret key is noticed: written once, and anew only when somebody says so."""

from __future__ import annotations

from majlis.channels import keys
from majlis.channels.models import KeyCheck
from majlis.channels.secrets import encrypt

SAID = "majlis"


def remember_key() -> bool:
    """Keep the value, unless there is one, or unless what is stored already says that the key is another.

    Whether it was written now.
    """
    if KeyCheck.objects.exists() or keys.unreadable():
        return False
    return KeyCheck.objects.get_or_create(pk=1, defaults={"token": encrypt(SAID)})[1]


def take_new_key() -> None:
    """The old key is lost for good: from now on the present one is right."""
    KeyCheck.objects.update_or_create(pk=1, defaults={"token": encrypt(SAID)})
