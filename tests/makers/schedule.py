"""Calendars by hand: working days, what occupies them, what a service needs. Whole weeks: `make_work` of `world`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from tests.makers.world import insert, make_service, put, stamps

__all__ = ["make_busy", "make_days", "make_link", "make_resource", "make_service"]

Span = tuple[datetime, datetime]


async def make_days(db: Any, chain_id: int, owner_id: int, days: dict[date, Sequence[Span]]) -> None:
    """Working days of a team member, each with the intervals that begin on it; none for a day off."""
    await db.executemany(
        """INSERT INTO days (chain_id, owner_id, date, work)
           SELECT $1, $2, $3, coalesce(range_agg(tstzrange(begins, ends)), '{}')
             FROM unnest($4::timestamptz[], $5::timestamptz[]) AS x (begins, ends)""",
        [(chain_id, owner_id, day, [a for a, _ in spans], [b for _, b in spans]) for day, spans in days.items()],
    )


async def make_busy(
    db: Any,
    chain_id: int,
    location_id: int,
    owner_id: int,
    starts_at: datetime,
    ends_at: datetime,
    *,
    kind: str = "appointment",
    **facts: Any,
) -> int:
    """Time taken from a team member or a resource instance. `facts`: service_id, seats, seats_taken for a session."""
    span = {"owner_id": owner_id, "starts_at": starts_at, "ends_at": ends_at}
    return await insert(db, "busy", chain_id=chain_id, location_id=location_id, kind=kind, **span, **facts)


async def make_link(
    db: Any, chain_id: int, service_id: int, member_id: int, *, seconds: int = 3600, **facts: Any
) -> None:
    """A team member gives a service, in a time of his own."""
    link = {"service_id": service_id, "team_member_id": member_id, "duration": seconds}
    await put(db, "service_links", chain_id=chain_id, **link, **facts)


async def make_resource(
    db: Any, chain_id: int, location_id: int, *, instances: int = 1, service_ids: Sequence[int] = ()
) -> list[int]:
    """A resource that these services need; gives the ids of its instances."""
    resource_id = await insert(db, "resources", chain_id=chain_id, location_id=location_id, title="Cabin", **stamps())
    for service_id in service_ids:
        await put(db, "service_resources", chain_id=chain_id, service_id=service_id, resource_id=resource_id)
    return [
        await insert(db, "resource_instances", chain_id=chain_id, resource_id=resource_id, title=f"Cabin {number}")
        for number in range(1, instances + 1)
    ]
