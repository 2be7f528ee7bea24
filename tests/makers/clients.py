"""Clients with what belongs to them, and people who may see all or some of it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from agendum.clients.actions import ClientStats, set_stats
from agendum.core import clock
from agendum.core.rights import owner_rights
from tests.makers.world import Business, Person, insert, make_person, put, stamps


async def make_client(db: Any, business: Business, name: str = "James", **columns: Any) -> int:
    """A client of the first location, or of `location_id`; gives his id."""
    values = {"location_id": business.location_id, "name": name} | columns
    return await insert(db, "clients", chain_id=business.chain_id, **values, **stamps())


async def make_stats(db: Any, business: Business, client_id: int, **sums: Any) -> None:
    """What his appointments come to."""
    await set_stats(db, business.chain_id, client_id, ClientStats(**sums))


async def make_client_tag(db: Any, business: Business, title: str = "Loyal", **columns: Any) -> int:
    values = {"location_id": business.location_id, "entity": 1, "color": "#bfd4f2", "font_color": "#000000"} | columns
    return await insert(db, "tags", chain_id=business.chain_id, title=title, **values, **stamps())


async def make_client_field(db: Any, business: Business, code: str = "drink", kind: str = "text", **more: Any) -> int:
    values = {"location_id": business.location_id, "category": "client", "title": code.title()} | more
    return await insert(db, "custom_fields", chain_id=business.chain_id, code=code, kind=kind, **values, **stamps())


async def make_presence(
    db: Any,
    business: Business,
    client_id: int,
    *,
    days: float = -3,
    member_id: int = 0,
    service_id: int = 0,
    attendance: int = 1,
    cost: str = "50.00",
) -> int:
    """An appointment some days from now with one service, its visit beside it; by default it took place, with Anna."""
    at, chain_id, here = clock.now() + timedelta(days=days), business.chain_id, business.location_id
    facts = {"chain_id": chain_id, "location_id": here, "client_id": client_id}
    visit_id = await insert(db, "visits", **facts, created_at=at)
    appointment_id = await insert(
        db,
        "appointments",
        **facts,
        visit_id=visit_id,
        team_member_id=member_id or business.anna,
        starts_at=at,
        length=3600,
        attendance=attendance,
        created_at=at - timedelta(days=1),
        updated_at=at,
    )
    line = {"service_id": service_id or business.haircut, "first_cost": Decimal(cost), "cost": Decimal(cost)}
    await put(
        db,
        "appointment_services",
        chain_id=chain_id,
        appointment_id=appointment_id,
        position=1,
        length=3600,
        **line,
    )
    return appointment_id


async def make_holder(db: Any, business: Business, rights: dict[str, Any], name: str = "Carl Colleague") -> Person:
    """Somebody at the first location with exactly these rights."""
    person = await make_person(db, name)
    place = {"chain_id": business.chain_id, "location_id": business.location_id, "user_id": person.id}
    await insert(db, "memberships", **place, role="custom", rights=rights, **stamps())
    return person


async def make_chief(db: Any, business: Business) -> Person:
    """Somebody at the first location who may do everything."""
    return await make_holder(db, business, owner_rights(business.chain_id), "Cleo Chief")
