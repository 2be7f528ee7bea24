"""Refusals of the desk."""

from __future__ import annotations

from agendum.core.errors import Invalid


class Busy(Invalid):
    """The time is taken or not worked, and nobody said that this does not matter."""

    text = "The selected time is already taken or is not working."

    def __init__(self, field: str = "datetime") -> None:
        super().__init__(errors=[{"code": 433, "field": field, "message": self.text}])


class NoSeats(Invalid):
    text = "There are not that many free seats in this event."

    def __init__(self) -> None:
        super().__init__(errors=[{"code": 433, "field": "activity_id", "message": self.text}])


def required(*fields: str) -> Invalid:
    """Fields without which there is no appointment."""
    items = [{"code": 422, "field": field, "message": "This field is required."} for field in fields]
    return Invalid(f"{fields[0]}: this field is required.", errors=items)
