"""Visits: one presence of a client, its bill, its payments, and the history of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from agendum.appointments.actions import presence, reading
from agendum.appointments.facts import Member, desk_facts, sql
from agendum.appointments.rules import history, showing
from agendum.appointments.rules.allowing import Desk
from agendum.appointments.rules.asking import BEGIN, read_date
from agendum.appointments.rules.lines import paid_of, payment_state
from agendum.appointments.wire.visits import (
    Company,
    History,
    HistoryBody,
    HistoryMeta,
    HistoryRecord,
    HistoryService,
    HistoryStaff,
    Item,
    PositionCompact,
    Receipts,
    Tips,
    Visit,
    VisitBody,
    VisitDetails,
)
from agendum.chains.facts import LocationFacts, location_facts
from agendum.core.clock import local_midnight, wire_time, zone
from agendum.core.db.sql import Row
from agendum.core.envelope import Answer
from agendum.core.errors import Forbidden, Invalid, NotFound
from agendum.core.permissions import USER, allows, may
from agendum.core.phone import parse_phone
from agendum.core.routes import Routes
from agendum.core.server import Call
from agendum.core.wire import to_json

routes = Routes("/api/v1", group="appointments")


@routes.get("/visits/{visit_id}", needs=USER)
async def get_visit(call: Call, visit_id: int) -> Annotated[bytes, Answer[Visit]]:
    """A visit with its appointments, as far as the user may see them."""
    place, desk = await _desk(call, visit_id, "timetable_access")
    return await _visit(call, place, desk, visit_id)


@routes.get("/visit/details/{location_id}/{record_id}/{visit_id}", needs=may("timetable_access"))
async def get_visit_details(call: Call, record_id: int, visit_id: int) -> Annotated[bytes, Answer[VisitDetails]]:
    """The bill of a visit: what was sold in it, what was paid for it."""
    place, desk = await reading.desk_of(call)
    rows = [row for row in await _rows(call, place, visit_id) if desk.sees(row["team_member_id"], row["starts_at"])]
    if record_id not in {row["id"] for row in rows}:
        raise NotFound("There is no such appointment in this visit.")
    details = VisitDetails(
        payment_transactions=await _payments(call, place, desk, visit_id, rows),
        loyalty_transactions=[],
        kkm_transaction_details_container=Receipts(last_operation_type=0, transactions=[]),
        items=[_item(row, desk) for row in rows if row["service_id"] is not None],
    )
    return to_json(Answer(data=details))


@routes.put("/visits/{visit_id}/{record_id}", needs=USER)
async def update_visit(call: Call, visit_id: int, record_id: int, body: VisitBody) -> Annotated[bytes, Answer[Visit]]:
    """Edit a visit: attendance of all its appointments, the comment of one, services, payments. Answers the visit."""
    place, desk = await _desk(call, visit_id, "edit_records_access")
    await presence.edit(call, place, desk, visit_id, record_id, body)
    return await _visit(call, place, desk, visit_id)


@routes.post(
    "/company/{location_id}/clients/visits/search",
    needs=may("clients_show_attendance_history_access"),
    status=200,
    reads=True,
    group="clients",
)
async def search_client_visits(call: Call, body: HistoryBody) -> Answer[History]:
    """A client's visits, latest first, 25 to a page and all of the last date; `meta.dateCursor` says where the next and
    the previous page lie. By `client_phone` those of the whole chain, for whoever may see it."""
    place, desk = await reading.desk_of(call)
    found = await _history(call, place, desk, body)
    days: dict[date, int] = {}
    for row in found:
        day = _day(row)
        days[day] = days.get(day, 0) + 1
    first = read_date(body.from_, "from") if body.from_ else None
    last = read_date(body.to, "to") if body.to else None
    cursor = history.cut(list(days.items()), first, last)
    if cursor.current.to is None or cursor.current.from_ is None:
        return Answer(data=History(goods_transactions=[], records=[]), meta=HistoryMeta(cursor))
    shown = [row for row in found if cursor.current.from_ <= _day(row).isoformat() <= cursor.current.to]
    records = await _history_records(call, desk, shown)
    return Answer(data=History(goods_transactions=[], records=records), meta=HistoryMeta(cursor))


async def _desk(call: Call, visit_id: int, right: str) -> tuple[LocationFacts, Desk]:
    """Where a visit is, and who the user is there. Raises NotFound for a stranger, Forbidden without the right."""
    row = await sql.chain_of_visit.row(call.db, id=visit_id)
    membership = call.user.membership(row["chain_id"], row["location_id"]) if row is not None else None
    if row is None or membership is None:
        raise NotFound("Visit not found.")
    if not allows(membership.rights, right):
        raise Forbidden()
    place = await location_facts(call.db, row["chain_id"], row["location_id"])
    return place, await reading.desk_at(call, place, membership.rights)


async def _rows(call: Call, place: LocationFacts, visit_id: int) -> Sequence[Row]:
    rows = await sql.appointments_of_visit.rows(call.db, chain_id=place.chain_id, visit_id=visit_id)
    found = await reading.rows_by_id(call, place, [row["id"] for row in rows])
    return [row for row in found if row["location_id"] == place.id]


async def _visit(call: Call, place: LocationFacts, desk: Desk, visit_id: int) -> bytes:
    rows = await _rows(call, place, visit_id)
    if not rows:
        raise NotFound("Visit not found.")
    seen = [row for row in rows if desk.sees(row["team_member_id"], row["starts_at"])]
    if not seen:
        raise Forbidden()
    stage = await reading.stage_of(call, place, desk, flags=showing.NUMBERS)
    records = ",".join(showing.records(seen, stage).values())
    when, attendance = wire_time(rows[0]["starts_at"], place.tz), rows[0]["visit_attendance"]
    data = f'{{"attendance":{attendance},"datetime":"{when}","comment":0,"records":[{records}]}}'
    return f'{{"success":true,"data":{data},"meta":[]}}'.encode()


async def _payments(call: Call, place: LocationFacts, desk: Desk, visit_id: int, rows: Sequence[Row]) -> list[Any]:
    since = desk.lens.paid_since
    if since is None:
        return []
    from_at = local_midnight(since, place.tz)
    found = await sql.payments_of_visit.rows(call.db, chain_id=place.chain_id, visit_id=visit_id)
    stage = await reading.stage_of(call, place, desk)
    by_id = {row["id"]: row for row in rows}
    return [
        showing.payment(
            {**dict(one), "at": one["created_at"].isoformat()}, by_id.get(one["appointment_id"], rows[0]), stage
        )
        for one in found
        if one["created_at"] >= from_at
    ]


def _item(line: Row, desk: Desk) -> Item:
    service, one, amount = desk.facts.services.get(line["service_id"]), Decimal(line["first_cost"]), line["amount"]
    cost = Decimal(line["cost"])
    return Item(
        id=0,
        item_id=line["service_id"],
        item_type_id=1,
        record_id=line["id"],
        item_title=service.title if service else "",
        amount=amount,
        first_cost=one * amount,
        manual_cost=cost,
        discount=Decimal(line["discount"]),
        cost=cost,
        master_id=line["team_member_id"],
        good_id=0,
        service_id=line["service_id"],
        event_id=0,
        is_service=True,
        is_event=False,
        is_good=False,
    )


async def _history(call: Call, place: LocationFacts, desk: Desk, body: HistoryBody) -> list[Row]:
    """The visits of the client that the body names. Raises NotFound, Invalid, Forbidden."""
    if body.payment_statuses and not desk.lens.money:
        raise Forbidden()
    phone = None
    if body.client_id is None:
        phone = parse_phone(body.client_phone or "", place.country_iso)
        if phone is None:
            field = "client_phone" if body.client_phone else "client_id"
            raise Invalid(f"{field}: a client is given by client_id or client_phone.", field=field)
    since = desk.lens.sight.since
    rows = await sql.client_visits.rows(
        call.db,
        chain_id=place.chain_id,
        location_id=place.id,
        client_id=body.client_id,
        phone=phone,
        whole_chain=allows(desk.rights, "records_group_id_access"),
        member_ids=desk.member_ids(None),
        attendance=body.attendance,
        since=BEGIN if since is None else local_midnight(since, place.tz),
    )
    if not rows:
        raise NotFound("Client not found.")
    wanted = body.payment_statuses
    found = [row for row in rows if row["id"] is not None]
    return [row for row in found if not wanted or payment_state(row["cost"], row["paid"]) in wanted]


def _day(row: Row) -> date:
    return row["starts_at"].astimezone(zone(row["timezone"])).date()


async def _history_records(call: Call, desk: Desk, visits: Sequence[Row]) -> list[HistoryRecord]:
    places = {row["location_id"]: await location_facts(call.db, call.chain_id, row["location_id"]) for row in visits}
    ids = [id_ for row in visits for id_ in row["ids"]]
    lines: dict[int, list[Row]] = {}
    for line in await reading.rows_by_id(call, places[visits[0]["location_id"]], ids):
        lines.setdefault(line["id"], []).append(line)
    found: list[HistoryRecord] = []
    for visit in visits:
        place = places[visit["location_id"]]
        facts = desk.facts if place.id == call.location_id else await desk_facts(call.db, place.chain_id, place.id)
        sold = [line for id_ in visit["ids"] for line in lines[id_] if line["service_id"] is not None]
        sums = paid_of([Decimal(line["cost"]) for line in sold], visit["paid"])
        paid: dict[tuple[int, int], Decimal] = {}
        for line, amount in zip(sold, sums, strict=True):
            paid[line["id"], line["position"]] = amount
        state = payment_state(visit["cost"], visit["paid"])
        for id_ in reversed(visit["ids"]):
            row = lines[id_][0]
            found.append(
                HistoryRecord(
                    id=id_,
                    comment=row["comment"],
                    date=wire_time(row["starts_at"], place.tz),
                    visit_id=visit["id"],
                    attendance=row["attendance"],
                    services=[
                        _history_service(line, facts.services, paid[id_, line["position"]], state, desk)
                        for line in lines[id_]
                        if line["service_id"] is not None
                    ],
                    staff=_history_staff(call, place, facts.members[row["team_member_id"]]),
                    company=Company(place.id, place.title),
                    tips=Tips(has_tips=False, sum=None),
                )
            )
    return found


def _history_service(line: Row, services: Mapping[int, Any], paid: Decimal, state: Any, desk: Desk) -> HistoryService:
    service = services.get(line["service_id"])
    found = HistoryService(
        id=line["service_id"],
        title=service.title if service else "",
        first_cost=Decimal(line["first_cost"]) * line["amount"],
        discount_percent=Decimal(line["discount"]),
        cost_to_pay=Decimal(line["cost"]),
        consumables=[],
    )
    if desk.lens.money:
        found.paid_sum, found.payment_status = paid, state
    return found


def _history_staff(call: Call, place: LocationFacts, member: Member) -> HistoryStaff:
    position = None if member.position_id is None else PositionCompact(member.position_id, member.position)
    return HistoryStaff(
        id=member.id,
        name=member.name,
        company_id=place.id,
        specialization=member.specialization,
        avatar=call.server.url(member.avatar),
        avatar_big=call.server.url(member.avatar_big),
        position=position,
        is_paid_staff=member.is_paid,
    )
