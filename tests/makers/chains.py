"""Locations of every kind, and the people who work there."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.makers.world import insert, put, stamps

RIGA, KOLKATA, BOGOTA = "Europe/Riga", "Asia/Kolkata", "America/Bogota"
CITIES = {RIGA: ("LV", 456172), KOLKATA: ("IN", 1275004), BOGOTA: ("CO", 3688689)}


async def make_location(db: Any, chain_id: int, title: str = "Salon", *, zone: str = RIGA, **columns: Any) -> int:
    """A location in the city of its zone, with its coordinates; `columns` say otherwise. No booking settings yet."""
    iso, city_id = CITIES[zone]
    country = await db.fetchrow("SELECT id, currency_id, lang_id FROM countries WHERE iso_code = $1", iso)
    city = await db.fetchrow("SELECT lat, lon FROM cities WHERE id = $1", city_id)
    place = {
        "country_id": country["id"],
        "city_id": city_id,
        "currency_id": country["currency_id"],
        "language_id": country["lang_id"],
        "timezone": zone,
        "lat": city["lat"],
        "lon": city["lon"],
    }
    values = {"chain_id": chain_id, "title": title} | place | stamps() | columns
    location_id = await insert(db, "locations", **values)
    await put(db, "location_chains", location_id=location_id, chain_id=chain_id)
    return location_id


async def make_member_of_staff(
    db: Any,
    chain_id: int,
    location_id: int,
    name: str = "Anna",
    *,
    position: str | None = None,
    is_hidden: bool = False,
    fired_on: date | None = None,
    **columns: Any,
) -> int:
    """Somebody on the team, without working time; `position` makes one of that title at the location."""
    position_id = None
    if position is not None:
        position_id = await insert(db, "positions", chain_id=chain_id, title=position, **stamps())
        link = {"position_id": position_id, "location_id": location_id}
        await put(db, "position_locations", chain_id=chain_id, **link)
    values = {"location_id": location_id, "name": name, "position_id": position_id} | columns
    state = {"is_hidden": is_hidden, "fired_on": fired_on}
    return await insert(db, "team_members", chain_id=chain_id, **values, **state, **stamps())
