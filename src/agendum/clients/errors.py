"""Why a client is not found, written or searched for."""

from __future__ import annotations

from agendum.core.errors import BadRequest, Invalid, NotFound


class NoSuchClient(NotFound):
    text = "Client not found"


class PhoneKnown(Invalid):
    """A phone is that of one client of a location."""

    text = "The client with the specified phone number already exists in the database"

    def __init__(self) -> None:
        super().__init__(field="phone")


class BadFilter(BadRequest):
    """A filter of a search that nobody knows, or whose state is not of its kind."""

    text = "Invalid filter value"

    def __init__(self, message: str = "Invalid filter state value") -> None:
        super().__init__(errors=[{"code": 400, "field": "filters", "message": message}])
