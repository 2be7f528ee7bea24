"""The nearest free start of a location: what a directory of locations shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from agendum.booking.facts import booking_settings
from agendum.chains.facts import location_facts
from agendum.chains.hooks import Place
from agendum.core.clock import wire_time
from agendum.core.db.sql import Connection
from agendum.schedule.availability import Need, first_of_places, question
from agendum.schedule.facts import offer_of
from agendum.schedule.rules import Grid, Window, lay_grid


async def next_slots(db: Connection, places: list[Place], now: datetime) -> dict[int, str | None]:
    """By location id, when the first thing can be booked there: ISO 8601 with the location's offset, None for never.

    One statement a chain: tenants are asked one by one.
    """
    found: dict[int, str | None] = dict.fromkeys(location_id for _, location_id in places)
    for chain_id in dict.fromkeys(chain_id for chain_id, _ in places):
        ids = [location_id for of_chain, location_id in places if of_chain == chain_id]
        asked = [await _asked(db, chain_id, location_id, now) for location_id in ids]
        for location_id, start in zip(ids, await first_of_places(db, chain_id, asked), strict=True):
            if start is not None:
                found[location_id] = wire_time(start, (await location_facts(db, chain_id, location_id)).tz)
    return found


async def _asked(db: Connection, chain_id: int, location_id: int, now: datetime) -> tuple[Sequence[Need], Grid]:
    """What would have to be free at a location, and when it may begin."""
    facts = await location_facts(db, chain_id, location_id)
    offer = await offer_of(db, chain_id, location_id)
    settings = await booking_settings(db, chain_id, location_id)
    today = now.astimezone(facts.tz).date()
    days = [today + timedelta(days=n) for n in range(settings.horizon_days + 1)] if settings.is_enabled else []
    window = Window(now=now, lead=settings.lead, horizon=settings.horizon_days)
    grid = lay_grid(days, facts.tz, offer.rules, settings.default_grid, window)
    return question(offer, chain_id, [], offer.members_for([])).needs, grid
