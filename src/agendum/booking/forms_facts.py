"""What booking tells the directory of locations (see `agendum.chains.hooks`)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import msgspec

from agendum.chains.hooks import LocationBooking, NextSlots, Place
from agendum.core.cache import Cache
from agendum.core.db.sql import Connection, load

sql = load(__file__)

# Of its settings and its team; who changes either forgets it there.
_plain: Cache[int, LocationBooking] = Cache("booking_of_location", dropped_with=("booking", "catalogue"))


class BookingOfLocations:
    """The registered facts. `next_slots` is the engine's answer; without one no nearest start is shown."""

    def __init__(self, next_slots: NextSlots | None = None) -> None:
        self.next_slots = next_slots

    async def of_locations(
        self, db: Connection, places: list[Place], include: Collection[str]
    ) -> dict[int, LocationBooking]:
        """Settings, team and forms by location id, in one statement; without lists from the process's cache."""
        if include:
            return await _read(db, places, include)
        chains = {location_id: chain_id for chain_id, location_id in places}
        return await _plain.get_many(chains, lambda ids: _read(db, [(chains[id_], id_) for id_ in ids], ()))

    async def closed(self, db: Connection, chain_ids: list[int] | None) -> list[int]:
        """Locations whose online booking is switched off."""
        rows = await sql.closed_locations.rows(db, chain_ids=chain_ids)
        return [row["location_id"] for row in rows]

    async def upcoming(self, db: Connection, chain_id: int, location_id: int, now: datetime) -> int:
        """Appointments still to come at a location, those in group events among them."""
        return await sql.upcoming_of_location.value(db, chain_id=chain_id, location_id=location_id, now=now)


def _booking(fields: dict[str, object]) -> LocationBooking:
    return msgspec.convert(fields, LocationBooking)


async def _read(db: Connection, places: Collection[Place], include: Collection[str]) -> dict[int, LocationBooking]:
    rows = await sql.booking_of_locations.rows(
        db,
        chain_ids=[chain_id for chain_id, _ in places],
        location_ids=[location_id for _, location_id in places],
        with_forms="forms" in include,
        with_staff="staff" in include,
        with_positions="positions" in include,
    )
    return {row["location_id"]: _booking({k: v for k, v in row.items() if v is not None}) for row in rows}
