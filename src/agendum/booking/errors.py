"""Refusals of online booking, with the wire's codes 431 to 438."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from agendum.core.errors import AppError

Item = dict[str, Any]


class BookingRefused(AppError):
    """One or more reasons, each an item of `meta.errors` with the caller's number of the appointment."""

    status, text = 422, "An error has occurred"

    def __init__(self, *items: Item) -> None:
        super().__init__(errors=list(items))


class Blacklisted(AppError):
    status, text = 403, "The client is in the blacklist."

    def __init__(self) -> None:
        super().__init__(errors=[{"code": 434, "message": self.text}])


def item(code: int, message: str, appointment_id: int | None = None) -> Item:
    return {"code": code, "message": message} | ({} if appointment_id is None else {"id": appointment_id})


def no_services(appointment_id: int) -> Item:
    return item(422, "No services or promotions set", appointment_id)


def bad_phone() -> BookingRefused:
    return BookingRefused(item(431, "Invalid phone format"))


def bad_code() -> BookingRefused:
    return BookingRefused(item(432, "Invalid confirmation code"))


def no_name() -> BookingRefused:
    return BookingRefused(item(435, "Client name is missing"))


def taken(name: str, member_id: int, at: datetime, tz: ZoneInfo, appointment_id: int) -> Item:
    who = f"Team Member {name} ({member_id})" if member_id else "Team Member (0)"
    text = f"{who} cannot be booked on {_moment(at, tz)}. The selected time is already taken or is not working."
    return item(433, text, appointment_id)


def nobody_free(appointment_id: int) -> Item:
    return item(436, "No team members available for enrollment", appointment_id)


def overlaps(name: str, member_id: int, at: datetime, tz: ZoneInfo, appointment_id: int) -> Item:
    text = f"Team Member {name} ({member_id}) cannot be booked for {_moment(at, tz)}. Intersection with previous visit."
    return item(437, text, appointment_id)


def not_offered(appointment_id: int) -> Item:
    return item(438, "There is no appointment for the specified service/promotion", appointment_id)


def event_full(event_id: int) -> Item:
    return item(433, "There are not that many free seats in this event", event_id)


def _moment(at: datetime, tz: ZoneInfo) -> str:
    local = at.astimezone(tz)
    return f"{local:%B} {local.day}, {local:%Y} at {local:%H:%M}"
