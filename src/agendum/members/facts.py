"""How users stand in a location, also for the audit trail, and what their rights can be narrowed to."""

from __future__ import annotations

import msgspec

from agendum.core.audit import Kind
from agendum.core.db.sql import Connection, load
from agendum.core.errors import Forbidden
from agendum.members.errors import NoSuchUser
from agendum.members.rules.grants import Place
from agendum.members.rules.wishes import Choices

sql = load(__file__)

USER = Kind("user", sql.user_facts)


async def find_place(db: Connection, chain_id: int, location_id: int, user_id: int) -> Place | None:
    """None where he neither belongs nor is invited."""
    row = await sql.place.row(db, chain_id=chain_id, location_id=location_id, user_id=user_id)
    return None if row is None else Place(**dict(row))


async def place_of(db: Connection, chain_id: int, location_id: int, user_id: int) -> Place:
    """Raises NoSuchUser where he neither belongs nor is invited."""
    place = await find_place(db, chain_id, location_id, user_id)
    if place is None:
        raise NoSuchUser()
    return place


async def callers_place(db: Connection, chain_id: int, location_id: int, user_id: int, *rights: str) -> Place:
    """Where the caller stands at this moment: the edge knew what was so a moment ago. Raises Forbidden."""
    place = await find_place(db, chain_id, location_id, user_id)
    if place is None or not place.may(*rights):
        raise Forbidden()
    return place


async def choices_of(db: Connection, chain_id: int, location_id: int) -> Choices:
    row = await sql.choices.row(db, chain_id=chain_id, location_id=location_id)
    assert row is not None
    return msgspec.convert({"chain_id": chain_id, **dict(row)}, Choices)
