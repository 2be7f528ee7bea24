"""Writing appointments. Every path that moves time goes through `schedule.actions`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from agendum.appointments.notices import (
    AppointmentChanged,
    AppointmentCreated,
    AppointmentDeleted,
    ReviewLeft,
)
from agendum.core.db.sql import Connection, Row, load
from agendum.core.errors import NotFound
from agendum.core.outbox import body_of, tell
from agendum.schedule.actions import Claim, hold, let_go, lock, lock_claims

sql = load(__file__)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One service of an appointment: `length` in seconds, `first_cost` of one before the discount (per cent)."""

    service_id: int
    length: int
    first_cost: Decimal
    discount: Decimal
    cost: Decimal


class NewAppointment(msgspec.Struct, frozen=True, kw_only=True):
    """What an appointment says besides its time. Reminders are hours before the start; `seats` makes its time one that
    so many clients share."""

    lines: Sequence[Line]
    technical_break: int
    client_id: int | None
    seats: int = 1
    clients_count: int = 1
    is_online: bool = False
    is_member_requested: bool = True
    sms_before: int = 0
    email_before: int = 0
    comment: str = ""
    api_id: str = ""
    source: str = ""
    device: int = 0
    from_url: str = ""
    booking_form_id: int | None = None
    partner_id: int | None = None
    created_user_id: int | None = None
    custom_fields: dict[str, Any] = {}


class Written(msgspec.Struct, frozen=True):
    appointment_id: int
    visit_id: int


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """Held time: whose, from when, for how many seconds, on which busy row; `event_id` where it is an event's."""

    chain_id: int
    location_id: int
    team_member_id: int
    busy_id: int
    starts_at: datetime
    length: int
    event_id: int | None = None


async def write_appointment(
    db: Connection,
    claim: Claim,
    new: NewAppointment,
    instances: dict[int, list[int]],
    visit_id: int | None,
    at: datetime,
) -> Written:
    """Hold the time of a locked claim and write an appointment on it. Raises TimeTaken."""
    spot = Spot(
        chain_id=claim.asked.chain_id,
        location_id=claim.location_id,
        team_member_id=claim.need.member_id,
        busy_id=await hold(db, claim, instances, seats=new.seats),
        starts_at=claim.at,
        length=claim.need.length,
    )
    return await write_on(db, spot, new, visit_id, at)


async def write_on(db: Connection, spot: Spot, new: NewAppointment, visit_id: int | None, at: datetime) -> Written:
    """Write an appointment with its services on held time, with a visit of its own unless it joins one, and tell."""
    row = await sql.create_appointment.row(
        db,
        chain_id=spot.chain_id,
        location_id=spot.location_id,
        visit_id=visit_id,
        team_member_id=spot.team_member_id,
        client_id=new.client_id,
        busy_id=spot.busy_id,
        event_id=spot.event_id,
        clients_count=new.clients_count,
        starts_at=spot.starts_at,
        length=spot.length,
        technical_break=new.technical_break,
        is_online=new.is_online,
        is_member_requested=new.is_member_requested,
        sms_before=new.sms_before,
        email_before=new.email_before,
        comment=new.comment,
        api_id=new.api_id,
        source=new.source,
        device=new.device,
        from_url=new.from_url,
        booking_form_id=new.booking_form_id,
        partner_id=new.partner_id,
        created_user_id=new.created_user_id,
        custom_fields=new.custom_fields,
        at=at,
        service_ids=[line.service_id for line in new.lines],
        lengths=[line.length for line in new.lines],
        first_costs=[line.first_cost for line in new.lines],
        discounts=[line.discount for line in new.lines],
        costs=[line.cost for line in new.lines],
        kind=AppointmentCreated.kind,
        # The statement that makes the appointment puts its id in.
        notice=body_of(AppointmentCreated(chain_id=spot.chain_id, location_id=spot.location_id, appointment_id=0)),
    )
    assert row is not None
    return Written(row["id"], row["visit_id"])


async def lock_appointment(db: Connection, chain_id: int, appointment_id: int) -> Row:
    """The living appointment, locked. Raises NotFound."""
    row = await sql.lock_appointment.row(db, chain_id=chain_id, id=appointment_id)
    if row is None or row["deleted_at"] is not None:
        raise NotFound("Appointment not found.")
    return row


async def move_appointment(
    db: Connection, appointment: Row, claim: Claim, *, seats: int, comment: str | None, at: datetime
) -> None:
    """Move a locked appointment to the time of `claim`. Raises TimeTaken; the caller's transaction then ends."""
    chain_id = claim.asked.chain_id
    old = (appointment["team_member_id"], appointment["starts_at"], _end(appointment))
    instances = await lock_claims(db, [claim], and_spans=[old])
    await sql.free_appointment.run(db, chain_id=chain_id, id=appointment["id"])
    if appointment["busy_id"] is not None:
        await let_go(db, chain_id, appointment["busy_id"], seats=appointment["clients_count"])
    busy_id = await hold(db, claim, instances, seats=seats)
    await sql.move_appointment.run(
        db,
        chain_id=chain_id,
        id=appointment["id"],
        starts_at=claim.at,
        busy_id=busy_id,
        comment=comment,
        at=at,
    )
    notice = AppointmentChanged(
        chain_id=chain_id,
        location_id=claim.location_id,
        appointment_id=appointment["id"],
        moved_from=appointment["starts_at"],
    )
    await tell(db, notice, at)


async def comment_appointment(db: Connection, chain_id: int, appointment: Row, comment: str, at: datetime) -> None:
    """Change nothing but the comment."""
    await sql.comment_appointment.run(db, chain_id=chain_id, id=appointment["id"], comment=comment, at=at)
    location_id = appointment["location_id"]
    notice = AppointmentChanged(chain_id=chain_id, location_id=location_id, appointment_id=appointment["id"])
    await tell(db, notice, at)


async def delete_appointment(db: Connection, chain_id: int, appointment: Row, tz: ZoneInfo, at: datetime) -> None:
    """Delete a locked appointment and give its time back."""
    await lock(db, chain_id, [(appointment["team_member_id"], appointment["starts_at"], _end(appointment))], tz)
    await sql.delete_appointment.run(db, chain_id=chain_id, id=appointment["id"], at=at)
    if appointment["busy_id"] is not None:
        await let_go(db, chain_id, appointment["busy_id"], seats=appointment["clients_count"])
    location_id = appointment["location_id"]
    notice = AppointmentDeleted(chain_id=chain_id, location_id=location_id, appointment_id=appointment["id"])
    await tell(db, notice, at)


async def leave_review(
    db: Connection,
    *,
    chain_id: int,
    location_id: int,
    team_member_id: int | None,
    appointment_id: int | None,
    user_id: int | None,
    author: str,
    rating: int,
    text: str,
    tips_amount: Decimal,
    at: datetime,
) -> int | None:
    """Write a review and count it. None when this visit has one already."""
    review_id = await sql.leave_review.value(
        db,
        chain_id=chain_id,
        location_id=location_id,
        team_member_id=team_member_id,
        appointment_id=appointment_id,
        user_id=user_id,
        author=author,
        rating=rating,
        text=text,
        tips_amount=tips_amount,
        at=at,
    )
    if review_id is None:
        return None
    if team_member_id is not None:
        await sql.count_review.run(
            db, chain_id=chain_id, team_member_id=team_member_id, rating=rating, comments=int(bool(text))
        )
    notice = ReviewLeft(chain_id=chain_id, location_id=location_id, review_id=review_id, team_member_id=team_member_id)
    await tell(db, notice, at)
    return review_id


def _end(appointment: Row) -> datetime:
    return appointment["starts_at"] + timedelta(seconds=appointment["length"])
