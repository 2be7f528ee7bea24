"""Group events."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from agendum.core.db.sql import Connection, load
from agendum.core.errors import NotFound

sql = load(__file__)


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A group event as someone joins it. `length` is seconds; one seat costs `price_min` less `discount` per cent."""

    id: int
    location_id: int
    service_id: int
    team_member_id: int
    busy_id: int
    starts_at: datetime
    length: int
    seats: int
    seats_taken: int
    price_min: Decimal
    discount: Decimal


async def lock_event(db: Connection, chain_id: int, location_id: int, event_id: int) -> Event:
    """The living event of a location, locked with its seats. Raises NotFound."""
    row = await sql.lock_event.row(db, chain_id=chain_id, location_id=location_id, id=event_id)
    if row is None:
        raise NotFound("Event not found.")
    return Event(**dict(row))
