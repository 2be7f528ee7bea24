"""Appointments as JSON:API."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Annotated, Any

from agendum.appointments.actions import desk as actions
from agendum.appointments.actions import reading
from agendum.appointments.actions.reading import desk_of
from agendum.appointments.facts import sql
from agendum.appointments.rules import resources, showing
from agendum.appointments.rules.allowing import Desk
from agendum.appointments.rules.asking import BEGIN, END, read_moment
from agendum.appointments.wire.v2 import AppointmentsQuery, Attributes, DeleteBody, IncludeQuery, Pagination
from agendum.chains.facts import LocationFacts
from agendum.core.clock import local_midnight
from agendum.core.errors import Forbidden, Invalid, NotFound
from agendum.core.jsonapi import Document, Resource
from agendum.core.permissions import may
from agendum.core.routes import Routes
from agendum.core.server import Call
from agendum.core.wire import to_json

routes = Routes("/api/v2", group="v2")

SEES = may("timetable_access")
Appointments = Document[list[Resource[Attributes]]]

_GROUP = re.compile(r"(record|visit)_([0-9]{1,18})")


@routes.get("/locations/{location_id}/appointments", needs=SEES)
async def list_appointments(call: Call, query: AppointmentsQuery) -> Annotated[bytes, Appointments]:
    """A page of the location's living appointments, earliest start first, with what `include` names."""
    place, desk = await desk_of(call)
    from_at, till = _span(query, place)
    since = desk.lens.sight.since
    asked: dict[str, Any] = {
        "chain_id": place.chain_id,
        "location_id": place.id,
        "client_id": query.client_id,
        "event_id": query.activity_id,
        "from_at": from_at,
        "till": till,
        "since": BEGIN if since is None else local_midnight(since, place.tz),
        "member_ids": desk.member_ids(None),
        "count": query.limit,
        "skip": (query.page - 1) * query.limit,
    }
    if query.client_id is None:
        del asked["client_id"]
        rows = await sql.intersecting.rows(call.db, **asked)
    else:
        rows = await sql.of_client.rows(call.db, **asked)
    pagination = Pagination(query.page, (query.page - 1) * query.limit, query.limit)
    if query.include:
        document = await _document(call, place, desk, [row["id"] for row in rows], query.include)
        document.meta = {"pagination": pagination}
        return to_json(document)
    stage = await reading.stage_of(call, place, desk)
    shown = showing.Shown(stage, "v2")
    data = await reading.shown_anew(call, place, desk, rows, shown, lambda new: resources.plain(new, stage))
    return b'{"data":[%b],"meta":%b}' % (data, to_json({"pagination": pagination}))


@routes.get("/locations/{location_id}/attendances/{attendance_id}/appointments", needs=SEES)
async def list_attendance_appointments(call: Call, attendance_id: str, query: IncludeQuery) -> Appointments:
    """The appointments of one presence: of a visit (`visit_5`), or of the visit of an appointment (`record_7`)."""
    place, desk = await desk_of(call)
    group = _GROUP.fullmatch(attendance_id)
    if group is None:
        what = "attendance_id: expected record_ or visit_ and a number."
        raise Invalid(what, field="attendance_id")
    rows = await sql.presence.rows(
        call.db,
        chain_id=place.chain_id,
        location_id=place.id,
        appointment_id=int(group[2]) if group[1] == "record" else None,
        visit_id=int(group[2]) if group[1] == "visit" else None,
    )
    if not rows:
        raise NotFound("There is no such visit.")
    ids = [row["id"] for row in rows if desk.sees(row["team_member_id"], row["starts_at"])]
    if not ids:
        raise Forbidden()
    return await _document(call, place, desk, ids, query.include)


@routes.delete("/locations/{location_id}/appointments/{appointment_id}", needs=may("delete_records_access"), status=204)
async def delete_appointment(call: Call, appointment_id: int) -> None:
    """Delete an appointment; its time is free again. The last one of a visit ends it."""
    place, desk = await desk_of(call)
    await actions.delete(call, place, desk, appointment_id)


@routes.post("/locations/{location_id}/timetable/appointments/delete", needs=may("delete_records_access"), status=200)
async def delete_timetable_appointment(call: Call, query: IncludeQuery, body: DeleteBody) -> Appointments:
    """Delete an appointment. Answers with what is left of its visit."""
    place, desk = await desk_of(call)
    visit_id = await actions.delete(call, place, desk, body.record_id)
    rows = await sql.appointments_of_visit.rows(call.db, chain_id=place.chain_id, visit_id=visit_id)
    return await _document(call, place, desk, [row["id"] for row in rows], query.include)


async def _document(
    call: Call, place: LocationFacts, desk: Desk, ids: Sequence[int], include: Collection[str]
) -> Appointments:
    with_payments = "transactions" in include
    rows = await reading.rows_for(call, place, desk, ids, with_payments=with_payments) if ids else []
    return resources.document(rows, await reading.stage_of(call, place, desk), include)


def _span(query: AppointmentsQuery, place: LocationFacts) -> tuple[datetime, datetime]:
    """The time that appointments touch. Raises Invalid."""
    names = ("filter[date_intersect_from]", "filter[date_intersect_to]")
    if query.from_ is None and query.to is None:
        return BEGIN, END
    if query.from_ is None or query.to is None:
        missing = names[query.from_ is not None]
        raise Invalid(f"{missing}: both ends of the span are needed.", field=missing)
    from_at, till = read_moment(query.from_, place.tz, names[0]), read_moment(query.to, place.tz, names[1])
    if till <= from_at:
        raise Invalid(f"{names[1]}: the span ends after it begins.", field=names[1])
    return from_at, till
