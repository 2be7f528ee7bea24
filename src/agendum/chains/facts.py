"""What every domain asks of a location, kept in the process."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import msgspec

from agendum.core.cache import Cache
from agendum.core.clock import zone
from agendum.core.db.sql import Connection, load
from agendum.core.errors import NotFound

sql = load(__file__)

_locations: Cache[int, LocationFacts] = Cache("location")


class LocationFacts(msgspec.Struct, frozen=True, kw_only=True):
    """`technical_break` is the default pause after an appointment, in seconds."""

    chain_id: int
    id: int
    title: str
    timezone: str
    country_id: int
    country_iso: str
    currency_id: int
    language_id: int
    city_id: int | None
    technical_break: int
    active: bool

    @property
    def tz(self) -> ZoneInfo:
        return zone(self.timezone)


async def location_facts(db: Connection, chain_id: int, location_id: int) -> LocationFacts:
    """The facts of a living location. Raises NotFound. Who changes a location calls `forget(db, "location", id)`."""

    async def load_facts() -> LocationFacts | None:
        row = await sql.location_facts.row(db, chain_id=chain_id, location_id=location_id)
        return None if row is None else LocationFacts(**dict(row))

    facts = await _locations.get(location_id, load_facts)
    if facts is None:
        raise NotFound("Location not found.")
    return facts
