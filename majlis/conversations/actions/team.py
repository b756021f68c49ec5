"""Which team a conversation belongs to."""

from __future__ import annotations

from majlis.lib.errors import Refused
from majlis.people.models import Team, Teammate

from .changing import Change


def set_team(change: Change, team_id: int | None, *, teammate: Teammate) -> bool:
    """Give it to a team, to none when None; False when it stands so already. Raises Refused("no_such_team")."""
    conversation = change.conversation
    if conversation.team_id == team_id:
        return False
    team = Team.objects.filter(pk=team_id).first() if team_id else None
    if team_id and team is None:
        raise Refused("no_such_team")
    conversation.team = team
    name = team.name if team else ""
    change.record("team.set", actor_id=teammate.pk, data={"team": team_id, "name": name})
    return True
