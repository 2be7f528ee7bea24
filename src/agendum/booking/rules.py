"""Online booking without a database: from engine answers to what is shown, prices, and what a client may still do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from agendum.booking.wire import Slot
from agendum.core.clock import wire_time
from agendum.core.money import less_discount
from agendum.custom_fields.rules import check_values
from agendum.schedule.availability import Start
from agendum.schedule.facts import Offer

check_custom_fields = check_values

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]{2,}")


def slots(starts: Iterable[Start], tz: ZoneInfo) -> list[Slot]:
    """One slot a moment, in time order; where several team members are free then, the shortest length counts."""
    best: dict[datetime, Start] = {}
    for start in starts:
        known = best.get(start.at)
        if known is None or start.need.length < known.need.length:
            best[start.at] = start
    return [slot(best[at], tz) for at in sorted(best)]


def slot(start: Start, tz: ZoneInfo) -> Slot:
    text = wire_time(start.at, tz)
    return Slot(text[11:16], start.need.length, start.need.served, text)


def by_month(days: Iterable[date]) -> dict[str, list[int]] | list[Any]:
    """Month number to days of that month; an empty array when there is none, as the wire has it."""
    months: dict[str, list[int]] = {}
    for day in days:
        months.setdefault(str(day.month), []).append(day.day)
    return months or []


def month_of(day: date) -> list[date]:
    first = day.replace(day=1)
    return [day for n in range(31) if (day := first + timedelta(days=n)).month == first.month]


def price(offer: Offer, service_id: int, member_id: int) -> tuple[Decimal, Decimal, Decimal]:
    """(first cost, discount in per cent, cost) of a service by a team member; the lower end of a range counts."""
    service, link = offer.services[service_id], offer.links[service_id, member_id]
    first_cost = service.price_min if link.price is None else link.price
    return first_cost, service.discount, less_discount(first_cost, service.discount)


def sane(moment: datetime) -> datetime:
    """The moment itself, in a year that clocks can still add to. Raises ValueError."""
    if not 1970 <= moment.year <= 2200:
        raise ValueError("out of range")
    return moment


def is_email(text: str) -> bool:
    return _EMAIL.fullmatch(text) is not None


def still_allowed(allowed: bool, delay: int, starts_at: datetime, now: datetime) -> bool:
    """May a client still move or cancel? Only before the visit, and not within `delay` seconds of it."""
    return allowed and now < starts_at - timedelta(seconds=delay)
