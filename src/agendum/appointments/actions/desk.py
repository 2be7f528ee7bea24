"""What the desk does with appointments: make, change, delete. It is bound neither by the grid nor, if it says so, by
what is busy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import UNSET

from agendum.appointments.actions import visits, writing
from agendum.appointments.actions.writing import NewAppointment, Spot, Written
from agendum.appointments.errors import Busy, NoSeats, required
from agendum.appointments.facts import sql
from agendum.appointments.rules import allowing
from agendum.appointments.rules.allowing import Desk
from agendum.appointments.rules.asking import read_moment
from agendum.appointments.rules.lines import Line, break_of, question_of, read_lines, shared_service
from agendum.appointments.wire.records import ClientBody, RecordBody
from agendum.chains.facts import LocationFacts
from agendum.clients.actions import Named, find_client, find_or_make_client
from agendum.core.audit import author_of
from agendum.core.db.sql import Row
from agendum.core.errors import Invalid, NotFound
from agendum.core.money import less_discount
from agendum.core.phone import parse_phone
from agendum.core.server import Call
from agendum.custom_fields.facts import fields_of
from agendum.custom_fields.rules import check_values
from agendum.events.actions import Event, lock_event
from agendum.schedule.actions import Claim, hold, hold_anyway, lock_claims, take_seats
from agendum.schedule.errors import TimeTaken
from agendum.schedule.rules import any_moment

_REQUIRED = ("staff_id", "services", "client", "datetime", "seance_length")
_ADDS = "record_form_client_add_access"
_VALUES = ("custom_fields_record_values_read_access", "custom_fields_record_values_edit_access")


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """An appointment as the desk wants it, understood: its time as a claim, its services, the break in seconds."""

    claim: Claim
    lines: list[Line]
    technical_break: int


async def create(call: Call, place: LocationFacts, desk: Desk, body: RecordBody) -> Written:
    """Make an appointment, of a time or in a group event. Raises Invalid, Busy, NoSeats and Forbidden."""
    if body.activity_id:
        async with call.db.transaction():
            return await _join_event(call, place, desk, body)
    wanted = _read(place, desk, body)
    labels, values = await _labels(call, body), await _values(call, desk, body)
    if values:
        desk.demand(*_VALUES)
    allowing.check_prices(desk, wanted.claim.need.member_id, wanted.lines)
    desk.check_days(wanted.claim.at)
    whom = await _whom(call, place, body.client)
    new = _new(call, body, wanted.lines, None, wanted.technical_break, values)
    if not labels and (made := await _at_once(call, desk, wanted, whom, new, anyway=body.save_if_busy)) is not None:
        return made
    async with call.db.transaction():
        instances = await lock_claims(call.db, [wanted.claim])
        client_id = await _client(call, desk, whom)
        busy_id, is_overbooked = await _hold(call, wanted, desk, instances, anyway=body.save_if_busy)
        new = msgspec.structs.replace(new, client_id=client_id, is_overbooked=is_overbooked)
        written = await writing.write_on(call.db, writing.spot_of(wanted.claim, busy_id), new, call.now)
        await _finish(call, written, new, labels)
        return written


async def _at_once(
    call: Call, desk: Desk, wanted: Wanted, whom: int | Named | None, new: NewAppointment, *, anyway: bool
) -> Written | None:
    """Make it in one round trip; None when it is not as simple. Raises Busy."""
    known, who = (None, whom) if isinstance(whom, Named) else (whom, None)
    new = msgspec.structs.replace(new, client_id=known)
    terms = writing.Terms(may_add_client=desk.may(_ADDS), may_be_blacklisted=True, wants_card=True)
    try:
        return await writing.write_at_once(call.db, wanted.claim, new, who, call.now, terms)
    except TimeTaken:
        if not anyway:
            raise Busy() from None
    return None


async def _join_event(call: Call, place: LocationFacts, desk: Desk, body: RecordBody) -> Written:
    """Seat somebody in a group event; what is not said of him is the event's."""
    if body.client is UNSET:
        raise required("client")
    try:
        event = await lock_event(call.db, call.chain_id, place.id, body.activity_id)
    except NotFound:
        raise Invalid("activity_id: there is no such event.", field="activity_id") from None
    desk.check_sight(event.team_member_id, event.starts_at)
    desk.check_days(event.starts_at)
    if event.seats_taken >= event.seats:
        raise NoSeats()
    labels, values = await _labels(call, body), await _values(call, desk, body)
    client_id = await _client(call, desk, await _whom(call, place, body.client))
    await take_seats(call.db, call.chain_id, event.busy_id, 1)
    spot = Spot(
        chain_id=call.chain_id,
        location_id=place.id,
        team_member_id=event.team_member_id,
        busy_id=event.busy_id,
        starts_at=event.starts_at,
        date=event.starts_at.astimezone(place.tz).date(),
        length=event.length,
        event_id=event.id,
    )
    new = _new(call, body, [_seat(event)], client_id, 0, values)
    written = await writing.write_on(call.db, spot, new, call.now)
    await _finish(call, written, new, labels)
    return written


def _seat(event: Event) -> Line:
    cost = less_discount(event.price_min, event.discount)
    return Line(
        service_id=event.service_id,
        length=event.length,
        first_cost=event.price_min,
        discount=event.discount,
        cost=cost,
    )


async def change(call: Call, place: LocationFacts, desk: Desk, seen: Row, body: RecordBody) -> None:
    """Make an appointment what the body says, whole. Raises Invalid, Busy, Forbidden, and Conflict when it was moved
    while this was read."""
    if body.activity_id != (seen["event_id"] or 0):
        raise Invalid("activity_id: an appointment stays with its event.", field="activity_id")
    desk.check_sight(seen["team_member_id"], seen["starts_at"])
    wanted = None
    if not body.activity_id:
        wanted = _read(place, desk, body)
        allowing.check_prices(desk, wanted.claim.need.member_id, wanted.lines, writing.lines_of(seen))
        desk.check_days(seen["starts_at"], wanted.claim.at)
    elif body.client is UNSET:
        raise required("client")
    else:
        desk.check_days(seen["starts_at"])
    labels, values = await _labels(call, body), await _values(call, desk, body)
    if not all(desk.may(right) for right in _VALUES):
        values = None  # without the rights they stay as they were
    takes_time = wanted is not None and _takes_other_time(seen, wanted, desk)
    instances: dict[int, list[int]] = {}
    if wanted is not None and takes_time:
        instances = await lock_claims(call.db, [wanted.claim], and_spans=[writing.span_of(seen)])
    client_id = await _client(call, desk, await _whom(call, place, body.client))
    if client_id is None and not desk.lens.client:
        client_id = seen["client_id"]  # whom he is not shown he cannot mean to take away
    before = await writing.hold_still(call.db, call.chain_id, seen)
    after = _laid_over(before, body, wanted, client_id, values)
    allowing.check_edit(desk, writing.judged(before), after)
    columns = {name: before[name] for name in _COLUMNS} | {name: after[name] for name in _COLUMNS if name in after}
    if wanted is not None and takes_time:
        await writing.give_back(call.db, call.chain_id, before)
        stays = writing.span_of(before) == (wanted.claim.need.member_id, wanted.claim.at, wanted.claim.ends_at)
        anyway = body.save_if_busy or (stays and before["is_overbooked"])
        held = await _hold(call, wanted, desk, instances, anyway=anyway)
        columns["busy_id"], columns["is_overbooked"] = held
    day = columns["starts_at"].astimezone(place.tz).date()
    columns["visit_id"] = await visits.regroup(call.db, call.chain_id, before, day, client_id, call.now)
    has_instances = bool(wanted and wanted.claim.need.requirements)
    await sql.change_appointment.run(
        call.db, chain_id=call.chain_id, id=before["id"], **columns, has_instances=has_instances, at=call.now
    )
    if wanted is not None:
        key = {"chain_id": call.chain_id, "appointment_id": before["id"]}
        await sql.set_lines.run(call.db, **key, **writing.columns(wanted.lines))
    if labels is not None:
        await sql.set_labels.run(call.db, chain_id=call.chain_id, id=before["id"], tag_ids=labels)
    await visits.settle_both(call.db, call.chain_id, before["visit_id"], columns["visit_id"], call.now)
    counts = before["attendance"] in visits.COUNTED or columns["attendance"] in visits.COUNTED
    if counts or (before["paid"] and client_id != before["client_id"]):
        await visits.recount(call.db, call.chain_id, before["client_id"], client_id)
    author = author_of(call)
    await writing.changed(call.db, call.chain_id, before, author, call.now, send_sms=body.send_sms)


_COLUMNS = [
    "team_member_id",
    "client_id",
    "visit_id",
    "starts_at",
    "length",
    "technical_break",
    "busy_id",
    "is_overbooked",
    "attendance",
    "comment",
    "sms_before",
    "email_before",
    "api_id",
    "custom_color",
    "custom_fields",
    "is_member_requested",
]


async def delete(call: Call, place: LocationFacts, desk: Desk, appointment_id: int) -> int:
    """Delete an appointment; gives the visit that it was of. Raises NotFound, Forbidden, Conflict."""
    seen = await writing.find_appointment(call.db, call.chain_id, appointment_id)
    if seen["location_id"] != place.id:
        raise NotFound("Appointment not found.")
    allowing.check_delete(desk, seen)
    await writing.delete_appointment(call.db, call.chain_id, seen, place.tz, author=author_of(call), at=call.now)
    return seen["visit_id"]


def _read(place: LocationFacts, desk: Desk, body: RecordBody) -> Wanted:
    """What the body asks of a team member's time. Raises Invalid, and Forbidden beyond the user's sight."""
    given = (body.team_member_id, body.services, body.client, body.datetime, body.seance_length)
    missing = [
        name
        for name, value in zip(_REQUIRED, given, strict=True)
        if value is UNSET or (value is None and name != "client")
    ]
    member_id, services, length, moment = body.team_member_id, body.services, body.seance_length, body.datetime
    if member_id is None or services is None or length is None or moment is None or missing:
        raise required(*missing)
    at = read_moment(moment, place.tz, "datetime")
    member = desk.facts.members.get(member_id)
    if member is None or member.is_deleted:
        raise Invalid("staff_id: there is no such team member here.", field="staff_id")
    if member.fired_on is not None and at.astimezone(place.tz).date().isoformat() > member.fired_on:
        raise Invalid(f"staff_id: {member.name} is dismissed by then.", field="staff_id")
    desk.check_sight(member_id, at)
    pause = break_of(body.technical_break_duration, [line.id for line in services], desk.facts, length)
    lines = read_lines(services, member_id, desk.facts, length - pause)
    asked = question_of(place.chain_id, member_id, lines, length, pause, desk.facts)
    claim = Claim(location_id=place.id, tz=place.tz, asked=asked, grid=any_moment(at, place.tz), at=at)
    return Wanted(claim=claim, lines=lines, technical_break=pause)


async def _hold(
    call: Call, wanted: Wanted, desk: Desk, instances: dict[int, list[int]], *, anyway: bool
) -> tuple[int, bool]:
    """Take the locked time; the busy row, and whether that is over other time. Raises Busy."""
    shared = shared_service(wanted.lines, desk.facts)
    seats = 1 if shared is None else desk.facts.services[shared].seats
    try:
        return await hold(call.db, wanted.claim, instances, seats=seats), False
    except TimeTaken:
        if not anyway:
            raise Busy() from None
    return await hold_anyway(call.db, wanted.claim, instances, seats=seats), True


async def _whom(call: Call, place: LocationFacts, body: Any) -> int | Named | None:
    """Who comes: a known client, or one to be found or made; None when nobody is known. Raises Invalid."""
    if not isinstance(body, ClientBody) or body == ClientBody():
        return None
    if body.id:
        if await find_client(call.db, call.chain_id, place.id, body.id) is None:
            raise Invalid("client.id: there is no such client here.", field="client.id")
        return body.id
    phone = ""
    if body.phone.strip():
        phone = parse_phone(body.phone, place.country_iso) or ""
        if not phone:
            raise Invalid("client.phone: not a phone number.", field="client.phone")
    name = " ".join(part.strip() for part in (body.name, body.surname) if part.strip())
    if not name:
        raise Invalid("client.name: this field is required.", field="client.name")
    return Named(phone=phone, fullname=name, email=body.email.strip())


async def _client(call: Call, desk: Desk, whom: int | Named | None) -> int | None:
    """The client's id. Raises Forbidden for a new one by who may not add clients."""
    if not isinstance(whom, Named):
        return whom
    place = {"chain_id": call.chain_id, "location_id": call.location_id}
    found = await find_or_make_client(call.db, whom, **place, author=author_of(call), at=call.now)
    if found.is_new:
        desk.demand(_ADDS)
    return found.id


async def _labels(call: Call, body: RecordBody) -> list[int] | None:
    """The tags of the body; None when it says nothing of them. Raises Invalid for one that is not the location's."""
    if body.record_labels is UNSET:
        return None
    wanted = list(dict.fromkeys(body.record_labels))
    if not wanted:
        return []
    place = {"chain_id": call.chain_id, "location_id": call.location_id}
    known = {row["id"] for row in await sql.labels_here.rows(call.db, **place, ids=wanted)}
    for n, tag in enumerate(wanted):
        if tag not in known:
            raise Invalid(f"record_labels[{n}]: there is no such category.", field=f"record_labels[{n}]")
    return wanted


async def _values(call: Call, desk: Desk, body: RecordBody) -> dict[str, Any] | None:
    """The custom fields of the body; None when it says nothing of them. Raises Invalid."""
    if not isinstance(body.custom_fields, dict):
        return None
    fields = await fields_of(call.db, call.chain_id, call.location_id, "record")
    return check_values(body.custom_fields, fields, "custom_fields")


def _new(
    call: Call,
    body: RecordBody,
    lines: list[Line],
    client_id: int | None,
    technical_break: int,
    values: dict[str, Any] | None,
    *,
    is_overbooked: bool = False,
) -> NewAppointment:
    said = _said(body)
    return NewAppointment(
        author=author_of(call),
        lines=lines,
        technical_break=technical_break,
        client_id=client_id,
        is_overbooked=is_overbooked,
        partner_id=call.actor.partner.id if call.actor.partner else None,
        created_user_id=call.user.id,
        custom_fields=values or {},
        send_sms=body.send_sms,
        **said,
    )


def _said(body: RecordBody) -> dict[str, Any]:
    """What the body says of the plain columns, under their names."""
    given = {
        "comment": body.comment,
        "attendance": body.attendance,
        "sms_before": body.sms_remain_hours,
        "email_before": body.email_remain_hours,
        "api_id": body.api_id,
        "custom_color": body.custom_color,
    }
    empty: dict[str, Any] = {"sms_before": 0, "email_before": 0, "api_id": "", "custom_color": ""}
    said: dict[str, Any] = {
        name: empty[name] if value is None else value for name, value in given.items() if value is not UNSET
    }
    if "custom_color" in said:
        said["custom_color"] = said["custom_color"].removeprefix("#").lower()
    return said


def _laid_over(
    before: Row, body: RecordBody, wanted: Wanted | None, client_id: int | None, values: dict[str, Any] | None
) -> dict[str, Any]:
    """What the appointment is to be, as far as the body says so."""
    after: dict[str, Any] = {**_said(body), "client_id": client_id}
    if values is not None:
        said = body.custom_fields if isinstance(body.custom_fields, dict) else {}
        kept = {code: value for code, value in before["custom_fields"].items() if code not in said}
        after["custom_fields"] = kept | values
    if wanted is not None:
        claim = wanted.claim
        after |= {"team_member_id": claim.need.member_id, "starts_at": claim.at, "length": claim.need.length}
        after["technical_break"] = wanted.technical_break
        after |= writing.sold_of(wanted.lines)
    return after


def _takes_other_time(seen: Row, wanted: Wanted, desk: Desk) -> bool:
    """Whether the appointment will hold other time than now: of somebody else, from another moment, for another while,
    with other resources, or shared with others."""
    claim, lines = wanted.claim, writing.lines_of(seen)
    if writing.span_of(seen) != (claim.need.member_id, claim.at, claim.ends_at):
        return True
    if any(line.service_id not in desk.facts.services for line in lines):
        return True
    return _place_taken(lines, desk) != _place_taken(wanted.lines, desk)


def _place_taken(lines: Sequence[Line], desk: Desk) -> tuple[list[tuple[int, int]], int | None]:
    [need] = question_of(0, 0, lines, 0, 0, desk.facts).needs
    return [(one.resource_id, one.length) for one in need.requirements], need.shared_service_id


async def _finish(call: Call, written: Written, new: NewAppointment, labels: list[int] | None) -> None:
    """What a new appointment has beside its row, and what it makes of its client."""
    if labels:
        await sql.set_labels.run(call.db, chain_id=call.chain_id, id=written.appointment_id, tag_ids=labels)
    if new.attendance in visits.COUNTED:
        await visits.recount(call.db, call.chain_id, new.client_id)
