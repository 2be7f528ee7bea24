"""Appointments as the desk lists, makes, changes and deletes them."""

from __future__ import annotations

from typing import Annotated

from agendum.appointments.actions import desk as actions
from agendum.appointments.actions import reading, writing
from agendum.appointments.actions.reading import desk_of
from agendum.appointments.rules import asking
from agendum.appointments.wire.records import Appointment, OneQuery, RecordBody, RecordsQuery
from agendum.core.envelope import Answer
from agendum.core.errors import NotFound
from agendum.core.permissions import may
from agendum.core.routes import Routes
from agendum.core.server import Call

routes = Routes("/api/v1", group="appointments")

SEES = may("timetable_access")


@routes.get("/records/{location_id}", needs=SEES)
async def get_appointment_list(call: Call, query: RecordsQuery) -> Annotated[bytes, Answer[list[Appointment]]]:
    """A page of the location's appointments, earliest start first; `total_count` counts all pages."""
    place, desk = await desk_of(call)
    asked = asking.asked_of(query, desk, place.tz)
    with_payments = query.include_finance_transactions
    data, total = await reading.page(call, place, desk, asked, with_payments=with_payments)
    return _list(data, query.page, total)


@routes.post("/records/{location_id}", needs=may("create_records_access"), begins=True)
async def create_appointment(call: Call, body: RecordBody) -> Annotated[bytes, Answer[list[Appointment]]]:
    """Make an appointment: of a team member's time, or with `activity_id` a seat in a group event.

    It joins the client's visit of that day. Taken or unworked time is refused unless `save_if_busy`.
    """
    place, desk = await desk_of(call)
    made = await actions.create(call, place, desk, body)
    return _list((await reading.show_made(call, place, desk, made)).encode(), 1, 1)


@routes.get("/record/{location_id}/{record_id}", needs=SEES)
async def get_appointment(call: Call, record_id: int, query: OneQuery) -> Annotated[bytes, Answer[Appointment]]:
    """One appointment, its services with their lengths and price ranges."""
    place, desk = await desk_of(call)
    text = await reading.show_one(call, place, desk, record_id, with_payments=query.include_finance_transactions)
    return _one(text)


@routes.put("/record/{location_id}/{record_id}", needs=may("edit_records_access"), status=201)
async def update_appointment(
    call: Call, record_id: int, query: OneQuery, body: RecordBody
) -> Annotated[bytes, Answer[Appointment]]:
    """Make an appointment what the body says: what a new one needs must be given again, other things stay when they are
    not. 409 when somebody moved it meanwhile."""
    place, desk = await desk_of(call)
    seen = await writing.find_appointment(call.db, call.chain_id, record_id)
    if seen["location_id"] != place.id:
        raise NotFound("Appointment not found.")
    await actions.change(call, place, desk, seen, body)
    with_payments = query.include_finance_transactions
    return _one((await reading.show(call, place, desk, [record_id], with_payments=with_payments))[record_id])


@routes.delete("/record/{location_id}/{record_id}", needs=may("delete_records_access"), status=204)
async def delete_appointment(call: Call, record_id: int, query: OneQuery) -> None:
    """Delete an appointment; its time is free again. The last one of a visit ends it."""
    place, desk = await desk_of(call)
    await actions.delete(call, place, desk, record_id)


def _list(data: bytes, page: int, total: int) -> bytes:
    return b'{"success":true,"data":[%b],"meta":{"page":%d,"total_count":%d}}' % (data, page, total)


def _one(text: str) -> bytes:
    return f'{{"success":true,"data":{text},"meta":[]}}'.encode()
