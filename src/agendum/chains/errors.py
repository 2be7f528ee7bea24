"""Why a location is not written."""

from __future__ import annotations

from agendum.core.errors import Conflict, Forbidden, NotFound


class NoSuchLocation(NotFound):
    text = "Location not found."


class ForeignChain(Forbidden):
    text = "You may not add locations to this chain."


class ClientsAwaited(Conflict):
    """Who has booked is let down by nobody: move or cancel first."""

    def __init__(self, upcoming: int) -> None:
        what = "appointment" if upcoming == 1 else "appointments"
        super().__init__(f"The location has {upcoming} upcoming {what}: move or cancel them first.")
