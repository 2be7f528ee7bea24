"""Booking forms, a location's booking settings, its privacy policy."""

from __future__ import annotations

from typing import Any

from agendum.core import clock
from tests.makers.world import insert, put, stamps

ENGLISH, GERMAN, LATVIAN, ESTONIAN, FRENCH = 2, 3, 4, 5, 8


async def make_booking_form(
    db: Any, chain_id: int, location_id: int | None = None, title: str = "Book with us", **columns: Any
) -> int:
    """A form in English of a location, or with None of the whole chain."""
    values = {"location_id": location_id, "title": title, "default_language_id": ENGLISH} | columns
    return await insert(db, "booking_forms", chain_id=chain_id, **values, **stamps())


async def set_booking(db: Any, chain_id: int, location_id: int, **columns: Any) -> None:
    """The booking settings of a location that has none yet."""
    place = {"chain_id": chain_id, "location_id": location_id}
    await put(db, "booking_settings", **place, **columns)


async def make_privacy_policy(db: Any, chain_id: int, location_id: int, content: str) -> None:
    place = {"chain_id": chain_id, "location_id": location_id}
    await put(db, "privacy_policies", **place, content=content, updated_at=clock.now())


async def make_asked_field(db: Any, chain_id: int, code: str, location_id: int | None = None, **columns: Any) -> int:
    """A custom field of appointments, of a location or with None of its chain."""
    values = {"category": "record", "kind": "text", "title": code, "location_id": location_id} | columns
    return await insert(db, "custom_fields", chain_id=chain_id, code=code, **values, **stamps())
