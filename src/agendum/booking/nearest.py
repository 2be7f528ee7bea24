"""The nearest free start of a location: what a directory of locations shows."""

from __future__ import annotations

from datetime import datetime, timedelta

from agendum.booking.facts import booking_settings
from agendum.chains.facts import location_facts
from agendum.chains.hooks import Place
from agendum.core.clock import wire_time
from agendum.core.db.sql import Connection
from agendum.schedule.availability import first_start, question
from agendum.schedule.facts import offer_of
from agendum.schedule.rules import Window, lay_grid


async def next_slots(db: Connection, places: list[Place], now: datetime) -> dict[int, str | None]:
    """By location id, when the first thing can be booked there: ISO 8601 with the location's offset, None for never.

    One statement a location; the page of the directory bounds them.
    """
    found: dict[int, str | None] = {}
    for chain_id, location_id in places:
        facts = await location_facts(db, chain_id, location_id)
        offer = await offer_of(db, chain_id, location_id)
        settings = await booking_settings(db, chain_id, location_id)
        found[location_id] = None
        if not settings.is_enabled:
            continue
        today = now.astimezone(facts.tz).date()
        days = [today + timedelta(days=n) for n in range(settings.horizon_days + 1)]
        window = Window(now=now, lead=settings.lead, horizon=settings.horizon_days)
        grid = lay_grid(days, facts.tz, offer.rules, settings.default_grid, window)
        asked = question(offer, chain_id, [], offer.members_for([]))
        start = await first_start(db, asked, grid)
        found[location_id] = None if start is None else wire_time(start.at, facts.tz)
    return found
