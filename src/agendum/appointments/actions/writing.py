"""Appointments as they come and go: held time, a visit, a notice, an entry in the audit trail. Every path that moves
time goes through `schedule.actions`.

Locks are taken in one order by all: the days that change, then the visit. What was read before it was locked is read
again, and who finds it moved meanwhile is told so (409).
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import msgspec

from agendum.appointments.actions import visits
from agendum.appointments.facts import sql
from agendum.appointments.notices import AppointmentChanged, AppointmentCreated, AppointmentDeleted
from agendum.appointments.rules.lines import Line
from agendum.clients.actions import Named
from agendum.core.audit import Author, note_change
from agendum.core.db.sql import Connection, Row
from agendum.core.errors import Conflict, NotFound
from agendum.core.outbox import body_of, tell
from agendum.schedule.actions import Claim, dates_of, hold, let_go, lock, lock_claims, taking
from agendum.schedule.errors import TimeTaken


class NewAppointment(msgspec.Struct, frozen=True, kw_only=True):
    """What an appointment says besides its time. Reminders are hours before the start; `seats` makes its time one that
    so many clients share. `author` is who writes it, `send_sms` asks for a word to the client."""

    author: Author
    lines: Sequence[Line]
    technical_break: int
    client_id: int | None
    seats: int = 1
    clients_count: int = 1
    attendance: int = 0
    is_online: bool = False
    is_member_requested: bool = True
    is_overbooked: bool = False
    sms_before: int = 0
    email_before: int = 0
    comment: str = ""
    api_id: str = ""
    source: str = ""
    device: int = 0
    from_url: str = ""
    custom_color: str = ""
    booking_form_id: int | None = None
    partner_id: int | None = None
    created_user_id: int | None = None
    custom_fields: dict[str, Any] = {}
    send_sms: bool = False


class Terms(msgspec.Struct, frozen=True):
    """Which clients may come; `wants_card`: whoever comes is to be shown."""

    may_add_client: bool
    may_be_blacklisted: bool
    wants_card: bool = False


class Written(msgspec.Struct, frozen=True):
    """`is_joined`: the visit was there before. `fresh`: all that there is to show of a new appointment."""

    appointment_id: int
    visit_id: int
    is_joined: bool
    fresh: Fresh | None = None


class Fresh(msgspec.Struct, frozen=True):
    """An appointment as it was written, with the row of its client."""

    spot: Spot
    new: NewAppointment
    card: dict[str, Any] | None
    at: datetime


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """Held time: whose, from when (`date` by the local calendar), for how many seconds, on which busy row; `event_id`
    where it is an event's."""

    chain_id: int
    location_id: int
    team_member_id: int
    busy_id: int
    starts_at: datetime
    date: date
    length: int
    event_id: int | None = None
    has_instances: bool = False


def spot_of(claim: Claim, busy_id: int) -> Spot:
    """The time of a claim once it is held."""
    return Spot(
        chain_id=claim.asked.chain_id,
        location_id=claim.location_id,
        team_member_id=claim.need.member_id,
        busy_id=busy_id,
        starts_at=claim.at,
        date=claim.at.astimezone(claim.tz).date(),
        length=claim.need.length,
        has_instances=bool(claim.need.requirements),
    )


async def write_appointment(
    db: Connection, claim: Claim, new: NewAppointment, instances: dict[int, list[int]], at: datetime
) -> Written:
    """Hold the time of a locked claim and write an appointment on it. Raises TimeTaken."""
    busy_id = await hold(db, claim, instances, seats=new.seats)
    return await write_on(db, spot_of(claim, busy_id), new, at)


async def write_at_once(
    db: Connection, claim: Claim, new: NewAppointment, who: Named | None, at: datetime, terms: Terms
) -> Written | None:
    """Lock and hold the time of a claim and write an appointment on it, of the client of `new` or of whom `who` names.

    One round trip, and a transaction of its own where there is none. None when it is not that plain: nothing is
    written, and the steps one by one tell what is in the way. Raises TimeTaken."""
    if not claim.is_plain or new.attendance in visits.COUNTED:
        return None
    spot = spot_of(claim, 0)
    args = {
        **_arguments(spot, new, at),
        **taking(claim, seats=new.seats),
        **(who or Named()).arguments(spot.chain_id, spot.location_id),
        "dates": dates_of(claim.at, claim.ends_at, claim.tz),
        **msgspec.structs.asdict(terms),
    }
    step = db.transaction() if db.is_in_transaction() else contextlib.nullcontext()
    try:
        async with step:
            row = await sql.write_at_once.row(db, **args, client_id=new.client_id)
    except asyncpg.RaiseError:
        return None
    except asyncpg.ExclusionViolationError:
        raise TimeTaken() from None
    assert row is not None
    if row["appointment_id"] is None:
        raise TimeTaken()
    # What a visit comes to with others in it, and what custom fields look like, is for the database to say.
    is_whole = terms.wants_card and not row["is_joined"] and not new.custom_fields
    fresh = Fresh(spot, new, row["card"], at) if is_whole else None
    return Written(row["appointment_id"], row["visit_id"], row["is_joined"], fresh)


async def write_on(db: Connection, spot: Spot, new: NewAppointment, at: datetime) -> Written:
    """Write an appointment with its services on held time. It joins its client's visit of the day, or begins one."""
    args = _arguments(spot, new, at)
    row = await sql.create_appointment.row(db, **args, busy_id=spot.busy_id, client_id=new.client_id)
    assert row is not None
    if row["is_joined"]:
        await visits.settle(db, spot.chain_id, row["visit_id"], at)
    return Written(row["id"], row["visit_id"], row["is_joined"])


def _arguments(spot: Spot, new: NewAppointment, at: datetime) -> dict[str, Any]:
    """An appointment as the statements that write one want it, but for its client and its busy row."""
    author = new.author
    notice = AppointmentCreated(
        chain_id=spot.chain_id,
        location_id=spot.location_id,
        appointment_id=0,
        team_member_ids=(spot.team_member_id,),
        starts_at=spot.starts_at,
        send_sms=new.send_sms,
    )
    return {
        "chain_id": spot.chain_id,
        "location_id": spot.location_id,
        "date": spot.date,
        "team_member_id": spot.team_member_id,
        "event_id": spot.event_id,
        "clients_count": new.clients_count,
        "starts_at": spot.starts_at,
        "length": spot.length,
        "technical_break": new.technical_break,
        "is_online": new.is_online,
        "is_member_requested": new.is_member_requested,
        "sms_before": new.sms_before,
        "email_before": new.email_before,
        "comment": new.comment,
        "api_id": new.api_id,
        "source": new.source,
        "device": new.device,
        "from_url": new.from_url,
        "booking_form_id": new.booking_form_id,
        "partner_id": new.partner_id,
        "created_user_id": new.created_user_id,
        "custom_fields": new.custom_fields,
        "attendance": new.attendance,
        "custom_color": new.custom_color,
        "is_overbooked": new.is_overbooked,
        "has_instances": spot.has_instances,
        "at": at,
        **columns(new.lines),
        "kind": AppointmentCreated.kind,
        # The statement that makes the appointment puts its id in here, and its client's below.
        "notice": body_of(notice),
        "author_user_id": author.user_id,
        "author_partner_id": author.partner_id,
        "request_id": author.request_id,
        "after": msgspec.to_builtins(_new_facts(spot, new), enc_hook=str),
    }


def columns(lines: Sequence[Line]) -> dict[str, list[Any]]:
    """Lines as the arrays of a statement."""
    return {
        "service_ids": [line.service_id for line in lines],
        "amounts": [line.amount for line in lines],
        "lengths": [line.length for line in lines],
        "first_costs": [line.first_cost for line in lines],
        "discounts": [line.discount for line in lines],
        "costs": [line.cost for line in lines],
    }


async def find_appointment(db: Connection, chain_id: int, appointment_id: int) -> Row:
    """The living appointment as it is now, nothing locked. Raises NotFound."""
    row = await sql.appointments.row(db, chain_id=chain_id, ids=[appointment_id])
    if row is None or row["deleted_at"] is not None:
        raise NotFound("Appointment not found.")
    return row


async def hold_still(db: Connection, chain_id: int, seen: Row) -> Row:
    """Lock the visit of an appointment that was read before, and read the appointment again. The days that its change
    touches must be locked. Raises NotFound when it is gone, Conflict when it was moved meanwhile."""
    await sql.lock_visit.run(db, chain_id=chain_id, id=seen["visit_id"])
    row = await find_appointment(db, chain_id, seen["id"])
    if any(row[name] != seen[name] for name in ("visit_id", "team_member_id", "starts_at", "length", "client_id")):
        raise Conflict("The appointment was changed meanwhile: read it again.")
    return row


async def move_appointment(
    db: Connection, seen: Row, claim: Claim, *, seats: int, comment: str | None, author: Author, at: datetime
) -> None:
    """Move an appointment to the time of `claim`. Raises TimeTaken (the caller's transaction then ends), Conflict."""
    chain_id = claim.asked.chain_id
    instances = await lock_claims(db, [claim], and_spans=[span_of(seen)])
    before = await hold_still(db, chain_id, seen)
    await give_back(db, chain_id, before)
    spot = spot_of(claim, await hold(db, claim, instances, seats=seats))
    visit_id = await visits.regroup(db, chain_id, before, spot.date, before["client_id"], at)
    await sql.move_appointment.run(
        db,
        chain_id=chain_id,
        id=before["id"],
        starts_at=claim.at,
        busy_id=spot.busy_id,
        visit_id=visit_id,
        has_instances=spot.has_instances,
        comment=comment,
        at=at,
    )
    await visits.settle_both(db, chain_id, before["visit_id"], visit_id, at)
    if before["attendance"] in visits.COUNTED:
        await visits.recount(db, chain_id, before["client_id"])
    await changed(db, chain_id, before, author, at)


async def comment_appointment(
    db: Connection, chain_id: int, seen: Row, comment: str, *, author: Author, at: datetime
) -> None:
    """Change nothing but the comment."""
    before = await hold_still(db, chain_id, seen)
    marks = {"comment": comment, "attendance": before["attendance"]}
    await sql.mark_appointment.run(db, chain_id=chain_id, id=before["id"], **marks, at=at)
    await changed(db, chain_id, before, author, at)


async def delete_appointment(
    db: Connection, chain_id: int, seen: Row, tz: ZoneInfo, *, author: Author, at: datetime
) -> None:
    """Delete an appointment and give its time back; the last one of a visit ends it. Raises NotFound, Conflict."""
    await lock(db, chain_id, [span_of(seen)], tz)
    before = await hold_still(db, chain_id, seen)
    await sql.delete_appointment.run(db, chain_id=chain_id, id=before["id"], at=at)
    if before["busy_id"] is not None:
        await let_go(db, chain_id, before["busy_id"], seats=before["clients_count"])
    await visits.settle(db, chain_id, before["visit_id"], at)
    if before["attendance"] in visits.COUNTED:
        await visits.recount(db, chain_id, before["client_id"])
    place = {"chain_id": chain_id, "location_id": before["location_id"]}
    entry: dict[str, Any] = {"entity": "appointment", "entity_id": before["id"], "at": at}
    await note_change(db, author, **place, **entry, before=facts_of(before), after=None)
    touched: dict[str, Any] = {"team_member_ids": (before["team_member_id"],), "starts_at": before["starts_at"]}
    await tell(db, AppointmentDeleted(**place, appointment_id=before["id"], **touched), at)


async def note_message(db: Connection, chain_id: int, appointment_id: int, kind: str, channel: str) -> None:
    """Remember that the client was sent a word (booked, moved, reminder, review) by sms or email."""
    await sql.note_message.run(db, chain_id=chain_id, id=appointment_id, kind=kind, channel=channel)


async def give_back(db: Connection, chain_id: int, before: Row) -> None:
    """Take a locked appointment off its time, so that it may be held anew."""
    await sql.free_appointment.run(db, chain_id=chain_id, id=before["id"])
    if before["busy_id"] is not None:
        await let_go(db, chain_id, before["busy_id"], seats=before["clients_count"])


async def changed(
    db: Connection, chain_id: int, before: Row, author: Author, at: datetime, *, send_sms: bool = False
) -> None:
    """Note what has become of an appointment since `before`, and tell; when nothing has, be silent."""
    after = await find_appointment(db, chain_id, before["id"])
    was, now = facts_of(before), facts_of(after)
    if was == now and not send_sms:
        return
    place = {"chain_id": chain_id, "location_id": after["location_id"]}
    entry: dict[str, Any] = {"entity": "appointment", "entity_id": after["id"], "at": at}
    await note_change(db, author, **place, **entry, before=was, after=now)
    moved_from = before["starts_at"] if before["starts_at"] != after["starts_at"] else None
    notice = AppointmentChanged(
        **place,
        appointment_id=after["id"],
        team_member_ids=tuple({before["team_member_id"], after["team_member_id"]}),
        starts_at=after["starts_at"],
        moved_from=moved_from,
        send_sms=send_sms,
    )
    await tell(db, notice, at)


def facts_of(row: Row) -> Mapping[str, Any]:
    """What the audit trail keeps of an appointment."""
    return {name: row[name] for name in _NOTED} | {"services": row["lines"], "labels": row["tag_ids"]}


_NOTED = [
    "visit_id",
    "team_member_id",
    "client_id",
    "starts_at",
    "length",
    "technical_break",
    "attendance",
    "comment",
    "sms_before",
    "email_before",
    "api_id",
    "custom_color",
    "custom_fields",
    "event_id",
    "clients_count",
    "is_overbooked",
]


def _new_facts(spot: Spot, new: NewAppointment) -> dict[str, Any]:
    return {
        "team_member_id": spot.team_member_id,
        "starts_at": spot.starts_at,
        "length": spot.length,
        "technical_break": new.technical_break,
        "attendance": new.attendance,
        "comment": new.comment,
        "event_id": spot.event_id,
        "clients_count": new.clients_count,
        "is_overbooked": new.is_overbooked,
        "services": new.lines,
    }


def span_of(row: Row) -> tuple[int, datetime, datetime]:
    """Whose time an appointment takes, and from when to when."""
    return row["team_member_id"], row["starts_at"], row["starts_at"] + timedelta(seconds=row["length"])


def lines_of(row: Row) -> list[Line]:
    """The services of an appointment that was read."""
    return msgspec.convert(row["lines"], list[Line], strict=False)


def sold_of(lines: Sequence[Line]) -> dict[str, Any]:
    """What was sold and for which prices, to be compared."""
    return {
        "sold": [(line.service_id, line.amount) for line in lines],
        "prices": [(line.first_cost, line.discount, line.cost) for line in lines],
    }


def judged(row: Row) -> dict[str, Any]:
    """An appointment that was read, under the names of what it may be made."""
    return dict(row) | sold_of(lines_of(row))
