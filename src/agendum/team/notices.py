"""Facts about the team that others may hear."""

from __future__ import annotations

from typing import ClassVar

from agendum.core.outbox import Notice


class TeamMemberCreated(Notice, kw_only=True):
    kind: ClassVar[str] = "team_member.created"

    team_member_id: int


class TeamMemberChanged(Notice, kw_only=True):
    """Dismissed and taken back, too."""

    kind: ClassVar[str] = "team_member.changed"

    team_member_id: int


class TeamMemberDeleted(Notice, kw_only=True):
    kind: ClassVar[str] = "team_member.deleted"

    team_member_id: int


class TeamMemberInvited(Notice, kw_only=True):
    """He shall become a user of the location: an invitation is to be sent to `email`. `phone`: E.164 digits that he
    will sign in with, maybe empty; `invited_by`: the user who asks for it."""

    kind: ClassVar[str] = "team_member.invited"

    team_member_id: int
    name: str
    email: str
    phone: str
    invited_by: int
