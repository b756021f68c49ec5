"""Teammates, their roles and teams."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy, pgettext_lazy


class Role(models.TextChoices):
    """What a teammate may do; owners and admins see every mailbox."""

    OWNER = "owner", pgettext_lazy("role", "Owner")
    ADMIN = "admin", pgettext_lazy("role", "Admin")
    MANAGER = "manager", pgettext_lazy("role", "Manager")
    AGENT = "agent", pgettext_lazy("role", "Agent")


class Department(models.Model):
    """Teams whose reports add up."""

    name = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="department_name_once")]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """People who answer together."""

    name = models.TextField()
    department = models.ForeignKey(Department, null=True, on_delete=models.SET_NULL, related_name="teams")

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="team_name_once")]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """A teammate answers with a team; somebody may belong to several."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    teammate = models.ForeignKey("people.Teammate", on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "teammate"], name="team_member_once")]

    def __str__(self) -> str:
        return f"{self.teammate_id} in {self.team_id}"


class Signature(models.Model):
    """What stands under replies: of a mailbox (with {name} for who wrote), or of a person."""

    mailbox = models.OneToOneField(
        "people.Mailbox", null=True, on_delete=models.CASCADE, related_name="signature"
    )
    teammate = models.OneToOneField(
        "people.Teammate", null=True, on_delete=models.CASCADE, related_name="signature"
    )
    html = models.TextField(default="")

    def __str__(self) -> str:
        return f"signature of {self.mailbox_id or self.teammate_id}"


class TeammateManager(BaseUserManager["Teammate"]):
    """Finds a teammate by address whatever its letter case, as sign-in needs it."""

    def get_by_natural_key(self, username: str | None) -> Teammate:
        return self.get(email__iexact=username or "")


class Teammate(AbstractBaseUser):
    """Somebody who works here: signs in with an address."""

    name = models.TextField()
    name_key = models.TextField(default="", db_index=True)
    email = models.EmailField(gettext_lazy("email address"), unique=True)
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.AGENT)
    language = models.CharField(max_length=8, default="ar")
    numerals = models.CharField(max_length=4, default="auto")
    theme = models.CharField(max_length=8, default="auto")
    time_zone = models.TextField(default="Asia/Riyadh")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    name_latin = models.TextField(default="", db_default="")
    calendar = models.CharField(max_length=10, default="gregorian", db_default="gregorian")
    picture = models.ForeignKey("files.File", null=True, on_delete=models.SET_NULL, related_name="+")

    objects: ClassVar[TeammateManager] = TeammateManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="teammate_email_once")]

    def __str__(self) -> str:
        return self.name

    def name_for(self, language: str) -> str:
        """How this teammate is called towards who reads `language`: in Latin script unless that is Arabic."""
        return self.name if language == "ar" else self.name_latin or self.name

    @property
    def is_admin(self) -> bool:
        """Claims that this teammate may change settings and sees every mailbox."""
        return self.role in (Role.OWNER, Role.ADMIN)

    # Django's permission questions; rights here come from the role alone.
    @property
    def is_staff(self) -> bool:
        return False

    def has_perm(self, _perm: str, _obj: object = None) -> bool:
        return False

    def has_module_perms(self, _app: str) -> bool:
        return False
