"""A planned calendar as rows of tables: numbered, priced, with attendance, comments and reviews."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Any

from agendum.core.money import less_discount, to_cents
from agendum.demo import words
from agendum.demo.plan import DAY, Booking, Calendar, Day, Held, Shop

Row = dict[str, Any]
_SITES = ("https://aurora.example/book", "https://instagram.com/", "")
_GUESTS = ("found_us", ("Friends", "Instagram", "Walked by", "Search"))
_COLORS = ("f44336", "4caf50", "2196f3")


@dataclass(frozen=True)
class Desk:
    """Who wrote the appointments: the integration and the form of those made online, the user of the others."""

    partner_id: int
    user_id: int
    booking_form_id: int | None
    latvian: bool


@dataclass
class Rows:
    """Rows by table, in the order in which they may be written."""

    days: list[Row] = field(default_factory=list[Row])
    busy: list[Row] = field(default_factory=list[Row])
    visits: list[Row] = field(default_factory=list[Row])
    appointments: list[Row] = field(default_factory=list[Row])
    appointment_services: list[Row] = field(default_factory=list[Row])
    reviews: list[Row] = field(default_factory=list[Row])


def number(calendar: Calendar, busy: Iterable[int], visits: Iterable[int], appointments: Iterable[int]) -> None:
    """Give out ids: time as it lies in the calendar, the rest as it was booked."""
    for held, id_ in zip(sorted(calendar.held, key=lambda held: (held.start, held.owner_id)), busy, strict=True):
        held.id = id_
    for visit, id_ in zip(visits_of(calendar), visits, strict=True):
        visit.id = id_
    for booking, id_ in zip(calendar.bookings, appointments, strict=True):
        booking.id = id_


def visits_of(calendar: Calendar) -> list[Any]:
    """Each visit once, first booked first."""
    return list(dict.fromkeys(booking.visit for booking in calendar.bookings))


def rows_of(shop: Shop, calendar: Calendar, desk: Desk, now: datetime) -> Rows:
    """Everything of a numbered calendar. What has ended by `now` was attended, or missed."""
    rows = Rows()
    rows.days = [_day(day) for day in calendar.days]
    rows.busy = sorted((_held(held, shop) for held in calendar.held), key=lambda row: row["id"])
    rows.visits = [
        {"id": v.id, "location_id": shop.location_id, "client_id": v.client_id, "created_at": _at(v.created)}
        for v in visits_of(calendar)
    ]
    moment = int(now.timestamp())
    for booking in calendar.bookings:
        rng = Random(booking.luck)  # noqa: S311 - no secret
        appointment = _appointment(booking, shop, desk, moment, rng)
        rows.appointments.append(appointment)
        rows.appointment_services += _services(booking, shop, is_online=appointment["is_online"])
        if review := _review(booking, shop, desk, moment, rng, attended=appointment["attendance"] == 1):
            rows.reviews.append(review)
    rows.reviews.sort(key=lambda row: row["created_at"])
    return rows


def ratings_of(reviews: list[Row]) -> list[Row]:
    """What the reviews add to the team's sums."""
    sums: dict[int, Row] = {}
    for review in reviews:
        member_id = review["team_member_id"]
        sum_ = sums.setdefault(
            member_id, {"team_member_id": member_id, "votes_count": 0, "rating_sum": 0, "comments_count": 0}
        )
        sum_["votes_count"] += 1
        sum_["rating_sum"] += review["rating"]
        sum_["comments_count"] += bool(review["text"])
    return [sums[member_id] for member_id in sorted(sums)]


def _day(day: Day) -> Row:
    ranges = ",".join(f"[{_at(start).isoformat()},{_at(end).isoformat()})" for start, end in day.work)
    return {"owner_id": day.owner_id, "date": day.date, "work": f"{{{ranges}}}", "off_kind": day.off_kind}


def _held(held: Held, shop: Shop) -> Row:
    return {
        "id": held.id,
        "location_id": shop.location_id,
        "owner_id": held.owner_id,
        "starts_at": _at(held.start),
        "ends_at": _at(held.end),
        "holder_id": held.holder.id if held.holder else None,
        "kind": "appointment",
        "service_id": held.service_id,
        "seats": held.seats,
        "seats_taken": held.seats_taken,
    }


def _appointment(booking: Booking, shop: Shop, desk: Desk, now: int, rng: Random) -> Row:
    is_online = booking.client is not None and rng.random() < 0.6
    end = booking.start + booking.length
    if booking.deleted:
        attendance = 0
    elif end <= now:
        attendance = -1 if rng.random() < 0.06 else 1
    else:
        attendance = 1 if booking.start <= now else 2 if rng.random() < 0.3 else 0
    touched = booking.deleted or (end if end <= now else booking.created)
    return {
        "id": booking.id,
        "location_id": shop.location_id,
        "visit_id": booking.visit.id,
        "team_member_id": booking.member_id,
        "client_id": booking.client.id if booking.client else None,
        "busy_id": booking.held.id if booking.held else None,
        "starts_at": _at(booking.start),
        "length": booking.length,
        "technical_break": booking.pause,
        "attendance": attendance,
        "is_confirmed": True,
        "is_online": is_online,
        "is_member_requested": rng.random() < 0.75,
        "sms_before": rng.choice((0, 2, 24)) if booking.client else 0,
        "email_before": rng.choice((0, 0, 24)) if booking.client else 0,
        "comment": words.comment(rng),
        "source": rng.choice(("", "booking form", "Instagram")) if is_online else "",
        "device": rng.choice((1, 1, 2)) if is_online else 0,
        "from_url": rng.choice(_SITES) if is_online else "",
        "booking_form_id": desk.booking_form_id if is_online else None,
        "partner_id": desk.partner_id if is_online else None,
        "created_user_id": None if is_online else desk.user_id,
        "custom_color": rng.choice(_COLORS) if rng.random() < 0.04 else "",
        "custom_fields": {_GUESTS[0]: rng.choice(_GUESTS[1])} if rng.random() < 0.2 else {},
        "created_at": _at(booking.created),
        "updated_at": _at(touched),
        "deleted_at": _at(booking.deleted) if booking.deleted else None,
    }


def _services(booking: Booking, shop: Shop, *, is_online: bool) -> list[Row]:
    """Clients get their discount at the desk; online the service's own counts."""
    rows: list[Row] = []
    for position, service_id in enumerate(booking.service_ids):
        service, link = shop.offer.services[service_id], shop.offer.links[service_id, booking.member_id]
        first_cost = to_cents(service.price_min if link.price is None else link.price)
        discount = service.discount
        if booking.client and not is_online:
            discount = max(discount, booking.client.discount)
        rows.append(
            {
                "appointment_id": booking.id,
                "position": position,
                "service_id": service_id,
                "amount": 1,
                "length": link.duration,
                "first_cost": first_cost,
                "discount": discount,
                "cost": less_discount(first_cost, discount),
            }
        )
    return rows


def _review(booking: Booking, shop: Shop, desk: Desk, now: int, rng: Random, *, attended: bool) -> Row | None:
    written = booking.start + booking.length + rng.randint(1800, 2 * DAY)
    if not attended or booking.client is None or written > now or rng.random() > 0.25:
        return None
    stars = words.rating(rng)
    return {
        "location_id": shop.location_id,
        "team_member_id": booking.member_id,
        "appointment_id": booking.id,
        "author": booking.client.author,
        "rating": stars,
        "text": words.review(stars, rng, latvian=desk.latvian),
        "tips_amount": Decimal(rng.choice((0, 0, 0, 5, 10))) if stars == 5 else Decimal(0),
        "created_at": _at(written),
    }


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
