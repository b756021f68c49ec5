"""Who works here, and who may see what: mailbox access is decided here and nowhere else."""

from __future__ import annotations

from django.db.models import QuerySet

from majlis.people.models import Installation, Mailbox, Role, Team, Teammate


def installation() -> Installation | None:
    """The one company, or None before the first run began."""
    return Installation.objects.filter(pk=1).first()


def has_owner() -> bool:
    """Claims that the first run is behind us."""
    return Teammate.objects.filter(role=Role.OWNER).exists()


def mailboxes_visible_to(teammate: Teammate) -> QuerySet[Mailbox]:
    """The mailboxes `teammate` may see: owners and admins all, others those they were given."""
    if not teammate.is_active:
        return Mailbox.objects.none()
    if teammate.is_admin:
        return Mailbox.objects.all()
    return Mailbox.objects.filter(accesses__teammate=teammate)


def mailbox_ids_visible_to(teammate: Teammate) -> list[int]:
    """The ids of `mailboxes_visible_to`, ascending."""
    return list(mailboxes_visible_to(teammate).order_by("pk").values_list("pk", flat=True))


def may_see(teammate: Teammate, mailbox_id: int) -> bool:
    """Claims that `teammate` may see this mailbox."""
    return mailboxes_visible_to(teammate).filter(pk=mailbox_id).exists()


def teammates() -> QuerySet[Teammate]:
    """Everybody, by name; the active ones first; with the mailboxes each was given."""
    return Teammate.objects.prefetch_related("accesses__mailbox").order_by("-is_active", "name_key", "pk")


def teammates_seeing(mailbox_id: int) -> QuerySet[Teammate]:
    """The active teammates who may see this mailbox, by name."""
    given = Teammate.objects.filter(accesses__mailbox_id=mailbox_id)
    everything = Teammate.objects.filter(role__in=[Role.OWNER, Role.ADMIN])
    return (given | everything).filter(is_active=True).distinct().order_by("name_key", "pk")


def first_team() -> Team | None:
    """The team the first run named."""
    return Team.objects.order_by("pk").first()
