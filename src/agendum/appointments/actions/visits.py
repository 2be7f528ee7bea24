"""Visits: which one an appointment belongs to, what they come to, what is paid for them, what they make of a client."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import asyncpg

from agendum.appointments.facts import sql
from agendum.clients.actions import ClientStats, set_stats
from agendum.core.db.sql import Connection, Row
from agendum.core.errors import Conflict

COUNTED = (1, -1)
"""Attendances that count for a client: he came, he did not come."""


async def settle(db: Connection, chain_id: int, visit_id: int, at: datetime) -> None:
    """Work out what a visit comes to now that its appointments have changed. A visit without any has ended."""
    await sql.settle_visit.run(db, chain_id=chain_id, visit_id=visit_id, at=at)


async def settle_both(db: Connection, chain_id: int, one: int, other: int, at: datetime) -> None:
    """The same for the visit that an appointment left and the one that it came to."""
    for visit_id in sorted({one, other}):
        await settle(db, chain_id, visit_id, at)


async def regroup(db: Connection, chain_id: int, before: Row, day: date, client_id: int | None, at: datetime) -> int:
    """The visit to which a locked appointment belongs once it is on this local day and this client's.

    It joins the client's visit of that day. Without one it takes its own along if it has that for itself, or begins
    another. What was paid stays with the visit for which it was.
    """
    own = before["visit_id"]
    if (day, client_id) == (before["visit_date"], before["client_id"]):
        return own
    place = {"chain_id": chain_id, "location_id": before["location_id"], "client_id": client_id, "date": day}
    alone = await sql.is_alone.value(db, chain_id=chain_id, visit_id=own, id=before["id"])
    if not alone:
        return await sql.join_visit.value(db, **place, at=at)
    other = None if client_id is None else await sql.other_visit.value(db, **place, id=own)
    if other is not None and not before["paid"]:
        await sql.lock_visit.run(db, chain_id=chain_id, id=other)
        return other
    try:
        date_ = None if other is not None else day
        await sql.take_visit_along.run(db, chain_id=chain_id, id=own, client_id=client_id, date=date_)
    except asyncpg.UniqueViolationError:  # somebody began the client's visit of that day a moment ago
        raise Conflict("The client's visits were changed meanwhile: try again.") from None
    return own


async def pay(
    db: Connection,
    appointment: Row,
    chain_id: int,
    amount: Decimal,
    method: str,
    *,
    user_id: int | None,
    at: datetime,
    undoes_id: int | None = None,
) -> None:
    """Write a payment for the locked visit of an appointment; a negative one takes back what `undoes_id` was."""
    await sql.pay_visit.run(
        db,
        chain_id=chain_id,
        location_id=appointment["location_id"],
        visit_id=appointment["visit_id"],
        appointment_id=appointment["id"],
        amount=amount,
        method=method,
        undoes_id=undoes_id,
        user_id=user_id,
        at=at,
    )


async def recount(db: Connection, chain_id: int, *client_ids: int | None) -> None:
    """Work out the sums of clients from their appointments and payments."""
    for client_id in sorted({client_id for client_id in client_ids if client_id is not None}):
        # Writing the row locks it, so that of two who recount at once the second sees what the first has done.
        await set_stats(db, chain_id, client_id, ClientStats())
        row = await sql.client_sums.row(db, chain_id=chain_id, client_id=client_id)
        assert row is not None
        await set_stats(db, chain_id, client_id, ClientStats(**dict(row)))
