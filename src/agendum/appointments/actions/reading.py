"""Appointments as somebody sees them: who he is, which rows he may have, and how they look."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec

from agendum.appointments.actions.writing import Written
from agendum.appointments.facts import desk_facts, sql, tally
from agendum.appointments.rules import showing
from agendum.appointments.rules.allowing import Desk
from agendum.appointments.rules.asking import BEGIN, Asked
from agendum.appointments.rules.sight import lens_of
from agendum.chains.facts import LocationFacts, location_facts
from agendum.core.clock import local_midnight
from agendum.core.db.sql import Row, Statement
from agendum.core.errors import NotFound
from agendum.core.links import record_hash
from agendum.core.money import to_cents
from agendum.core.server import Call
from agendum.core.signing import Signer
from agendum.custom_fields.facts import fields_of


async def desk_of(call: Call, chain_id: int = 0, location_id: int = 0) -> tuple[LocationFacts, Desk]:
    """The location of the path (or another one) and who sits at its desk. Raises NotFound."""
    place = await location_facts(call.db, chain_id or call.chain_id, location_id or call.location_id)
    return place, await desk_at(call, place, call.membership.rights if call.membership is not None else {})


async def desk_at(call: Call, place: LocationFacts, rights: Mapping[str, Any]) -> Desk:
    """Somebody with these rights at the desk of a location."""
    today = call.now.astimezone(place.tz).date()
    facts = await desk_facts(call.db, place.chain_id, place.id)
    return Desk(rights=rights, lens=lens_of(rights, today), tz=place.tz, today=today, facts=facts)


async def page(
    call: Call, place: LocationFacts, desk: Desk, asked: Asked, *, with_payments: bool = False
) -> tuple[bytes, int]:
    """A page of what is asked for as the JSON of v1 (objects side by side), and how many there are in all."""
    spot = {"chain_id": place.chain_id, "location_id": place.id}
    if asked.by not in ("day", "whole") or with_payments:
        found = await _statement(asked).rows(call.db, **spot, **asked.arguments())
        ids = [row["id"] for row in found if row["id"] is not None]
        texts = await show(call, place, desk, ids, with_payments=with_payments, prices=False)
        return ",".join(texts.values()).encode(), found[0]["total"] if found else 0
    if asked.by == "day":
        rows = await sql.day.rows(call.db, **spot, **asked.arguments())
        return await _shown(call, place, desk, rows, asked), rows[0]["total"] if rows else 0
    known = await tally(call.db, place.chain_id, place.id, call.now)
    names = ("with_deleted", "count", "skip", "changed_till")
    bounds = {name: getattr(asked, name) for name in names} | {"as_of": known.as_of}
    rows = await sql.whole.rows(call.db, **spot, **bounds)
    total = rows[0]["more"] + (known.everything if asked.with_deleted else known.living)
    return await _shown(call, place, desk, [row for row in rows if row["id"] is not None], asked), total


async def _shown(call: Call, place: LocationFacts, desk: Desk, rows: Sequence[Row], asked: Asked) -> bytes:
    stage = await stage_of(call, place, desk)
    shown = showing.Shown(stage)
    return await shown_anew(call, place, desk, rows, shown, lambda new: showing.records(new, stage), asked.with_deleted)


async def shown_anew(
    call: Call,
    place: LocationFacts,
    desk: Desk,
    rows: Sequence[Row],
    shown: showing.Shown,
    write: Callable[[Sequence[Row]], dict[int, str]],
    with_deleted: bool = False,
) -> bytes:
    """The texts of appointments given by rows with versions, side by side; what was shown of them before is not read
    again."""
    if (page := shown.known_page(rows)) is not None:
        return page
    known = {row[0]: shown.known(row) for row in rows}
    if new := [id_ for id_, text in known.items() if text is None]:
        written = write(await rows_for(call, place, desk, new, with_deleted=with_deleted))
        for row in rows:
            if row[0] in written:
                known[row[0]] = written[row[0]]
                shown.learn(row, written[row[0]])
    return shown.learn_page(rows, [text for text in known.values() if text is not None])


def _statement(asked: Asked) -> Statement:
    match asked.by:
        case "client":
            return sql.find_by_client
        case "changed":
            return sql.find_by_change
        case "made":
            return sql.find_by_maker
        case "day" | "start" | "whole":
            return sql.find_by_start


async def show(
    call: Call,
    place: LocationFacts,
    desk: Desk,
    ids: Sequence[int],
    *,
    with_payments: bool = False,
    flags: tuple[str, str] = showing.FLAGS,
    prices: bool = True,
) -> dict[int, str]:
    """Appointments by id as the JSON of v1, earliest first."""
    rows = await rows_for(call, place, desk, ids, with_payments=with_payments)
    return showing.records(rows, await stage_of(call, place, desk, flags=flags, prices=prices))


async def show_made(call: Call, place: LocationFacts, desk: Desk, made: Written) -> str:
    """A new appointment as the JSON of v1, as it was written where that says it all."""
    if made.fresh is None:
        return (await show(call, place, desk, [made.appointment_id]))[made.appointment_id]
    spot, new, card, at = msgspec.structs.astuple(made.fresh)
    if card is not None and card["birth_date"]:
        card["birth_date"] = date.fromisoformat(card["birth_date"])
    own = (
        made.appointment_id,
        spot.location_id,
        made.visit_id,
        spot.team_member_id,
        spot.event_id,
        new.clients_count,
        spot.starts_at,
        spot.length,
        new.technical_break,
        new.attendance,
        True,  # is_confirmed
        new.is_online,
        new.is_member_requested,
        new.sms_before,
        new.email_before,
        new.comment,
        new.api_id,
        new.from_url,
        new.device,
        new.booking_form_id,
        new.created_user_id,
        new.custom_color,
        None,  # no custom fields
        at,
        at,
        *(False, False, False, False, False),  # not deleted, nobody told or reminded or asked
        new.is_overbooked,
        new.attendance,
        0,  # nothing paid
        new.client_id,
        *(None, None, None),  # no labels, instances or form
    )
    lines = [
        {
            "service_id": line.service_id,
            "amount": line.amount,
            "line_length": line.length,
            "first_cost": str(to_cents(line.first_cost)),
            "discount": str(to_cents(line.discount)),
            "cost": str(to_cents(line.cost)),
        }
        for line in new.lines
    ]
    return showing.record(own, card, lines, await stage_of(call, place, desk, prices=True))


async def show_one(call: Call, place: LocationFacts, desk: Desk, id_: int, *, with_payments: bool = False) -> str:
    """One living appointment of the location. Raises NotFound, and Forbidden beyond the user's sight."""
    rows = await rows_for(call, place, desk, [id_], with_payments=with_payments, with_deleted=False)
    if not rows or rows[0]["location_id"] != place.id:
        raise NotFound("Appointment not found.")
    desk.check_sight(rows[0]["team_member_id"], rows[0]["starts_at"])
    return showing.records(rows, await stage_of(call, place, desk, prices=True))[id_]


async def rows_by_id(call: Call, place: LocationFacts, ids: Sequence[int]) -> Sequence[Row]:
    """Living appointments of the chain, one row a service line, earliest first."""
    facts = {"with_deleted": False, "with_payments": False, "paid_since": BEGIN}
    return await sql.records.rows(call.db, chain_id=place.chain_id, ids=list(ids), **facts)


async def rows_for(
    call: Call,
    place: LocationFacts,
    desk: Desk,
    ids: Sequence[int],
    *,
    with_payments: bool = False,
    with_deleted: bool = True,
) -> Sequence[Row]:
    """Appointments by id, one row a service line."""
    paid_since = desk.lens.paid_since
    return await sql.records.rows(
        call.db,
        chain_id=place.chain_id,
        ids=list(ids),
        with_deleted=with_deleted,
        with_payments=with_payments and paid_since is not None,
        paid_since=BEGIN if paid_since is None else local_midnight(paid_since, place.tz),
    )


async def stage_of(
    call: Call, place: LocationFacts, desk: Desk, *, flags: tuple[str, str] = showing.FLAGS, prices: bool = False
) -> showing.Stage:
    """What appointments of a location are shown with."""
    server = call.server
    return showing.Stage(
        tz=place.tz,
        facts=desk.facts,
        lens=desk.lens,
        record_fields=await fields_of(call.db, place.chain_id, place.id, "record"),
        client_fields=await fields_of(call.db, place.chain_id, place.id, "client"),
        link=lambda id_: _link(server.signer, server.base_url, id_),
        address=server.url,
        flags=flags,
        prices=prices,
    )


@lru_cache(maxsize=20_000)
def _link(signer: Signer, base_url: str, id_: int) -> str:
    return f"{base_url}/a/{id_}-{record_hash(signer, id_)}"
