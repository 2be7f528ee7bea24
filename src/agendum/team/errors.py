"""What the team refuses."""

from __future__ import annotations

from agendum.core.errors import Invalid, NotFound


class UnknownMember(NotFound):
    """Said in `meta.errors` too."""

    def __init__(self, team_member_id: int, location_id: int) -> None:
        message = f"Team Member with ID {team_member_id} was not found in branch {location_id}."
        super().__init__(message, errors=[{"message": message}])


class UnknownPosition(NotFound):
    text = "Position not found."


class UnknownTips(NotFound):
    text = "Tips settings not found."


class StillBooked(Invalid):
    """Somebody waits for this team member: leaving now would break what is still to come."""


class PositionInUse(Invalid):
    """Somebody of the team holds it."""
