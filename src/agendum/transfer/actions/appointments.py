"""Appointments from CSV and back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import count
from typing import Any

import msgspec

from agendum.appointments.facts import DeskFacts, desk_facts, forget_tally
from agendum.appointments.notices import AppointmentCreated
from agendum.chains.facts import LocationFacts
from agendum.clients.rules.given import Field
from agendum.core.clock import wire_time
from agendum.core.db.sql import Connection, Row
from agendum.core.errors import Invalid
from agendum.core.outbox import body_of
from agendum.core.phone import show_phone
from agendum.schedule.actions import lock, take_seats
from agendum.transfer.actions.clients import cell, make_clients
from agendum.transfer.actions.common import BATCH, MetError, Mode, Refusals, batches, fields_here, sql, tags_here, whole
from agendum.transfer.rules.appointments import (
    COLUMNS,
    REQUIRED,
    AppointmentLine,
    Busy,
    Diary,
    Known,
    Taken,
    appointment_of,
    name_of,
)
from agendum.transfer.rules.clients import ClientLine, own_mark
from agendum.transfer.rules.sheets import FIELD, SEPARATOR, Totals, read, value_text

Instances = dict[int, list[int]]


class _Outcome(msgspec.Struct):
    """What became of a batch: counted and told only when it stays."""

    new: int = 0
    same: int = 0
    refused: dict[int, str] = {}
    dry_rows: list[Busy] = []


async def import_appointments(
    db: Connection, place: LocationFacts, text: Iterable[str], mode: Mode, hear: Callable[[int, str], None]
) -> Totals:
    """Write the appointments of a CSV text, given line by line. One that is there is left as it is. Past ones are
    history; coming ones take their time under the locks of the calendar. Raises Invalid for a wrong header.
    """
    fields = await fields_here(db, place, "record")
    known = Known(
        country_iso=place.country_iso,
        tz=place.tz,
        at=mode.at,
        desk=await desk_facts(db, place.chain_id, place.id),
        tags=await tags_here(db, place, 2),
        fields=fields,
    )
    refusals = Refusals(hear)
    seen: dict[tuple[str, str], int] = {}
    dry_rows: list[Busy] = []  # what a dry run would have taken so far
    for batch in batches(read(text, COLUMNS, REQUIRED, [field.code for field in fields])):
        refusals.totals.lines += len(batch)
        lines: list[AppointmentLine] = []
        for line in batch:
            try:
                appointment = appointment_of(line, known)
                for key in appointment.keys:
                    if (first := seen.setdefault(key, line.number)) != line.number:
                        raise Invalid(f"{key[0]}: stands in line {first} already")
            except Invalid as error:
                refusals.refuse(line.number, error.message)
            else:
                lines.append(appointment)
        if not lines:
            continue
        outcome = await whole(db, partial(_write, db, place, lines, mode, dry_rows))
        dry_rows += outcome.dry_rows
        refusals.totals.new += outcome.new
        refusals.totals.same += outcome.same
        for number in sorted(outcome.refused):
            refusals.refuse(number, outcome.refused[number])
    return refusals.totals


async def _write(
    db: Connection, place: LocationFacts, lines: Sequence[AppointmentLine], mode: Mode, dry_rows: Sequence[Busy]
) -> _Outcome:
    """The days are locked first, as bookings do: who would hold clients and wait for days could wait in a ring."""
    here = {"chain_id": place.chain_id, "location_id": place.id}
    coming = [line for line in lines if not line.is_past]
    instances = await _instances(db, place, coming)
    if coming and not mode.dry:
        await lock(db, place.chain_id, _spans(coming, instances), place.tz)
    asked = [
        {
            "n": line.n,
            "api_id": line.api_id,
            "team_member_id": line.team_member_id,
            "starts_at": line.starts_at,
            "client_phone": line.client_phone,
            "client_external_id": line.client_external_id,
            "client_key": line.client_key,
            "client_name": line.client_name,
        }
        for line in lines
    ]
    mark = own_mark(place.id, 0).removesuffix("0") + r"(\d{1,18})$"
    rows = await sql.known_appointments.rows(db, **here, rows=asked, own_mark=f"^{mark}")
    known = {row["n"]: row for row in rows}
    outcome = _Outcome(same=sum(row["appointment_id"] is not None for row in rows))
    diary = await _diary(db, place, coming, instances, [] if not mode.dry else dry_rows, mode)
    taken: dict[int, Taken] = {}
    todo: list[AppointmentLine] = []
    for line in lines:
        if known[line.n]["appointment_id"] is not None:
            continue
        try:
            if line.client_key and known[line.n]["client_id"] is None and not line.client_name:
                raise Invalid("client_phone: there is no such client; import clients first, or give client_name")
            if not line.is_past:
                taken[line.n] = diary.take(line, overbook=mode.overbook)
        except Invalid as error:
            outcome.refused[line.n] = error.message
        else:
            todo.append(line)
    if mode.dry:
        before = {row.id for row in dry_rows}
        outcome.new, outcome.dry_rows = len(todo), [row for row in diary.new if row.id not in before]
        return outcome
    clients = {line.n: known[line.n]["client_id"] for line in todo}
    await _find_clients(db, place, todo, clients, mode)
    if todo:
        await _put(db, place, todo, clients, taken, diary, mode)
    outcome.new = len(todo)
    return outcome


async def _put(
    db: Connection,
    place: LocationFacts,
    lines: Sequence[AppointmentLine],
    clients: Mapping[int, int | None],
    taken: Mapping[int, Taken],
    diary: Diary,
    mode: Mode,
) -> None:
    here = {"chain_id": place.chain_id, "location_id": place.id}
    await sql.import_busy.run(db, **here, rows=[msgspec.structs.asdict(row) for row in diary.new])
    for spot in taken.values():
        if spot.joins:
            await take_seats(db, place.chain_id, spot.busy_id, 1)
    rows: list[dict[str, Any]] = []
    for line in lines:
        spot = taken.get(line.n)
        more = {
            "client_id": clients[line.n],
            "date": line.starts_at.astimezone(place.tz).date(),
            "busy_id": spot.busy_id if spot else None,
            "is_overbooked": spot is not None and spot.is_overbooked,
            "has_instances": spot is not None and spot.has_instances,
        }
        rows.append({**msgspec.structs.asdict(line), **line.facts, **more})
    days = [{"client_id": row["client_id"], "date": row["date"]} for row in rows]
    await sql.import_visits.run(db, **here, rows=days, at=mode.at)
    made = await sql.import_appointments.rows(
        db,
        **here,
        rows=rows,
        at=mode.at,
        kind=AppointmentCreated.kind,
        notice=body_of(AppointmentCreated(chain_id=place.chain_id, location_id=place.id, appointment_id=0)),
        tells=not mode.quiet,
    )
    await forget_tally(db, place.id)  # they were made when their line says
    await sql.settle_visits.run(db, chain_id=place.chain_id, ids=sorted({row["visit_id"] for row in made}))
    counted = {clients[line.n] for line in lines if line.facts["attendance"] in (1, -1)} - {None}
    if counted:
        await sql.settle_clients.run(db, chain_id=place.chain_id, ids=list(counted))


async def _find_clients(
    db: Connection, place: LocationFacts, lines: Sequence[AppointmentLine], clients: dict[int, int | None], mode: Mode
) -> None:
    """Make those who are not there, each once, and give their lines their ids. Raises MetError."""
    by_mark: dict[str, str] = {}  # external id: what the first line that has it knows the client by
    missing: dict[str, AppointmentLine] = {}
    keys: dict[int, str] = {}
    for line in lines:
        if line.client_key and clients[line.n] is None:
            mark = line.client_external_id
            keys[line.n] = by_mark.setdefault(mark, line.client_key) if mark else line.client_key
            missing.setdefault(keys[line.n], line)
    made = await make_clients(db, place, [_client(line) for line in missing.values()], mode)
    for number, key in keys.items():
        clients[number] = made.get(missing[key].n)
        if clients[number] is None:
            raise MetError()


def _client(line: AppointmentLine) -> ClientLine:
    name, _, surname = line.client_name.partition(" ")
    facts = {"name": name, "surname": surname.strip(), "email": line.client_email, "phone": line.client_phone}
    return ClientLine(
        n=line.n,
        external_id=line.client_external_id,
        own_id=None,
        name=name,
        surname=surname.strip(),
        phone=line.client_phone,
        facts={column: text for column, text in facts.items() if text},
        fields={},
        tag_ids=[],
        spent_before=None,
        balance_before=None,
    )


async def _instances(db: Connection, place: LocationFacts, lines: Sequence[AppointmentLine]) -> Instances:
    found: Instances = {}
    if resource_ids := sorted({resource_id for line in lines for resource_id, _, _ in line.needs}):
        for row in await sql.instances_here.rows(db, chain_id=place.chain_id, resource_ids=resource_ids):
            found.setdefault(row["resource_id"], []).append(row["id"])
    return found


def _spans(lines: Sequence[AppointmentLine], instances: Instances) -> list[tuple[int, Any, Any]]:
    spans: list[tuple[int, Any, Any]] = [(line.team_member_id, line.starts_at, line.ends_at) for line in lines]
    for line in lines:
        for resource_id, _, _ in line.needs:
            spans += [(owner, line.starts_at, line.ends_at) for owner in instances.get(resource_id, ())]
    return spans


async def _diary(
    db: Connection,
    place: LocationFacts,
    coming: Sequence[AppointmentLine],
    instances: Instances,
    taken: Sequence[Busy],
    mode: Mode,
) -> Diary:
    rows = list(taken)
    if not coming:
        return Diary(rows, instances, count(-1, -1).__next__)
    owners = {line.team_member_id for line in coming} | {owner for owners in instances.values() for owner in owners}
    found = await sql.busy_within.rows(
        db,
        chain_id=place.chain_id,
        owner_ids=list(owners),
        from_at=min(line.starts_at for line in coming),
        till=max(line.ends_at for line in coming),
    )
    rows += [Busy(**dict(row)) for row in found]
    if mode.dry:
        return Diary(rows, instances, count(-1 - len(taken), -1).__next__)
    wanted = sum(1 + len(line.needs) for line in coming)
    ids = iter([row["id"] for row in await sql.next_busy_ids.rows(db, count=wanted)])
    return Diary(rows, instances, ids.__next__)


async def export_appointments(db: Connection, place: LocationFacts) -> AsyncIterator[Sequence[Sequence[str]]]:
    """The header, then the living appointments of a location in the order of their ids, some at a time."""
    fields = await fields_here(db, place, "record")
    desk = await desk_facts(db, place.chain_id, place.id)
    yield [[*COLUMNS, *(FIELD + field.code for field in fields)]]
    after = 0
    while rows := await sql.exported_appointments.rows(
        db, chain_id=place.chain_id, location_id=place.id, after=after, count=BATCH
    ):
        after = rows[-1]["id"]
        yield [_cells(row, fields, desk, place) for row in rows]


def _cells(row: Row, fields: Sequence[Field], desk: DeskFacts, place: LocationFacts) -> list[str]:
    parts = row["parts"] or []
    joined = {
        name: SEPARATOR.join(str(part[name]) for part in parts) for name in ("amount", "first_cost", "discount", "cost")
    }
    has_client = row["client_name"] is not None
    mark = row["external_id"] or (
        own_mark(place.id, row["client_id"]) if has_client and not row["client_phone"] else ""
    )
    shown: dict[str, Any] = {
        **dict(row),
        **joined,
        "team_member": name_of(desk.members[row["team_member_id"]], desk.members.values()),
        "start": wire_time(row["starts_at"], place.tz),
        "created_at": wire_time(row["created_at"], place.tz),
        "service": SEPARATOR.join(name_of(desk.services[part["service_id"]], desk.services.values()) for part in parts),
        "service_length": SEPARATOR.join(str(part["length"]) for part in parts),
        "client_phone": show_phone(row["client_phone"] or ""),
        "client_external_id": mark,
        "client_name": f"{row['client_name']} {row['client_surname']}".strip() if has_client else "",
        "tag": SEPARATOR.join(row["tags"]),
    }
    values = row["custom_fields"]
    return [*(cell(shown[name]) for name in COLUMNS), *(value_text(values.get(field.code)) for field in fields)]
