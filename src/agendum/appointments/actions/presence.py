"""Editing a visit: its appointments' attendance, what was sold in it, what was paid. Whole, or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from agendum.appointments.actions import visits, writing
from agendum.appointments.facts import sql
from agendum.appointments.rules import allowing, lines
from agendum.appointments.rules.allowing import Desk
from agendum.appointments.rules.lines import Line
from agendum.appointments.wire.visits import VisitBody, VisitLine
from agendum.chains.facts import LocationFacts
from agendum.core.audit import author_of, note_change
from agendum.core.db.sql import Row
from agendum.core.errors import Invalid, NotFound
from agendum.core.money import to_cents
from agendum.core.server import Call

_METHODS = {1: "cash", 2: "card"}


async def edit(call: Call, place: LocationFacts, desk: Desk, visit_id: int, record_id: int, body: VisitBody) -> None:
    """Make a visit what the body says. Raises NotFound, Invalid and Forbidden."""
    _check_body(body)
    db, chain_id = call.db, place.chain_id
    # Whoever edits the visit at the same time waits here, and then sees all of this edit or nothing.
    await sql.lock_visit.run(db, chain_id=chain_id, id=visit_id)
    ids = [row["id"] for row in await sql.appointments_of_visit.rows(db, chain_id=chain_id, visit_id=visit_id)]
    if record_id not in ids:
        raise NotFound("There is no such appointment in this visit.")
    before = {row["id"]: row for row in await sql.appointments.rows(db, chain_id=chain_id, ids=ids)}
    sold = _read_services(desk, before, body.services, record_id)
    for id_, row in before.items():
        _check(desk, row, body, sold.get(id_), is_named=id_ == record_id)
    for id_, row in before.items():
        comment = body.comment if id_ == record_id else row["comment"]
        marks = {"comment": comment, "attendance": body.attendance}
        if id_ in sold or marks != {name: row[name] for name in marks}:
            await sql.mark_appointment.run(db, chain_id=chain_id, id=id_, **marks, at=call.now)
        if id_ in sold:
            key = {"chain_id": chain_id, "appointment_id": id_}
            await sql.set_lines.run(db, **key, **writing.columns(sold[id_]))
    costs = [line.cost for id_, row in before.items() for line in sold.get(id_, writing.lines_of(row))]
    paid = await _pay(call, desk, chain_id, before[record_id], body, sum(costs, Decimal(0)))
    await visits.settle(db, chain_id, visit_id, call.now)
    await visits.recount(db, chain_id, *{row["client_id"] for row in before.values()})
    author = author_of(call)
    for row in before.values():
        await writing.changed(db, chain_id, row, author, call.now)
    was, now = {"paid": before[record_id]["paid"]}, {"paid": paid}
    spot: dict[str, Any] = {"chain_id": chain_id, "location_id": place.id, "at": call.now}
    await note_change(db, author, **spot, entity="visit", entity_id=visit_id, before=was, after=now)


def _check_body(body: VisitBody) -> None:
    if body.goods_transactions:
        raise Invalid("goods_transactions: this location has no stock.", field="goods_transactions")
    if body.fast_payment > 2:
        raise Invalid("fast_payment: this location has no receipt printer.", field="fast_payment")
    for n, one in enumerate(body.new_transactions):
        if one.account_id:
            field = f"new_transactions[{n}].account_id"
            raise Invalid(f"{field}: there is no such account.", field=field)
        field = f"new_transactions[{n}].amount"
        lines.check_sum(one.amount, field)
        if not one.amount or one.amount != to_cents(one.amount):
            raise Invalid(f"{field}: whole cents are paid, and more than none.", field=field)


def _check(desk: Desk, row: Row, body: VisitBody, sold: Sequence[Line] | None, *, is_named: bool) -> None:
    """Raises Forbidden when the user may not do this to an appointment of the visit."""
    was = writing.judged(row)
    after: dict[str, Any] = {"attendance": body.attendance} | ({"comment": body.comment} if is_named else {})
    if sold is not None:
        allowing.check_prices(desk, row["team_member_id"], sold, writing.lines_of(row))
        after |= writing.sold_of(sold)
    if all(was[name] == value for name, value in after.items()) and not is_named:
        return
    desk.check_sight(row["team_member_id"], row["starts_at"])
    desk.check_days(row["starts_at"])
    allowing.check_edit(desk, was, after)


def _read_services(
    desk: Desk, before: Mapping[int, Row], bodies: Sequence[VisitLine], record_id: int
) -> dict[int, list[Line]]:
    """The new services of each appointment that the body names. Raises Invalid."""
    wanted: dict[int, list[tuple[int, VisitLine]]] = {}
    for n, body in enumerate(bodies):
        id_ = record_id if body.record_id is None else body.record_id
        if id_ not in before:
            field = f"services[{n}].record_id"
            raise Invalid(f"{field}: there is no such appointment in this visit.", field=field)
        wanted.setdefault(id_, []).append((n, body))
    return {id_: _lines(desk, before[id_], those) for id_, those in wanted.items()}


def _lines(desk: Desk, row: Row, bodies: Sequence[tuple[int, VisitLine]]) -> list[Line]:
    facts, member_id = desk.facts, row["team_member_id"]
    known = {line.service_id: line for line in writing.lines_of(row)}
    lengths: list[int] = []
    for n, body in bodies:
        link = facts.links.get((body.id, member_id))
        if body.id not in known and (link is None or not facts.services[body.id].is_here):
            field = f"services[{n}].id"
            raise Invalid(f"{field}: not given by team member {member_id} here.", field=field)
        lengths.append(link.duration * body.amount if link else known[body.id].length or 1)
    served = lines.shared_out(row["length"] - row["technical_break"], lengths)
    found: list[Line] = []
    for (n, body), length in zip(bodies, served, strict=True):
        link, old = facts.links.get((body.id, member_id)), known.get(body.id)
        service = facts.services.get(body.id)
        price = link.price if link and link.price is not None else service.price_min if service else Decimal(0)
        discount = service.discount if service else Decimal(0)
        if old is not None:  # what is not said of it stays
            price, discount = old.first_cost, old.discount
        found.append(lines.priced(body, price, discount, length, f"services[{n}]"))
    if _resources(found, desk) != _resources(writing.lines_of(row), desk):
        message = "services: what needs other resources is changed in the appointment itself."
        raise Invalid(message, field="services")
    return found


def _resources(sold: Sequence[Line], desk: Desk) -> list[int]:
    services = desk.facts.services
    return sorted(id_ for line in sold if line.service_id in services for id_ in services[line.service_id].resource_ids)


async def _pay(call: Call, desk: Desk, chain_id: int, appointment: Row, body: VisitBody, cost: Decimal) -> Decimal:
    """Write the payments of the body; gives what is paid then. Raises Invalid, Forbidden."""
    paid: Decimal = appointment["paid"]
    if not (body.new_transactions or body.deleted_transaction_ids or body.fast_payment):
        return paid
    desk.demand("records_finances_access")
    visit_id = appointment["visit_id"]
    known = {row["id"]: row for row in await sql.payments_of_visit.rows(call.db, chain_id=chain_id, visit_id=visit_id)}
    steps: list[tuple[Decimal, str, int | None]] = []
    for n, id_ in enumerate(dict.fromkeys(body.deleted_transaction_ids)):
        one = known.get(id_)
        if one is None or one["is_undone"] or one["undoes_id"] is not None:
            field = f"deleted_transaction_ids[{n}]"
            raise Invalid(f"{field}: there is no such payment of this visit.", field=field)
        steps.append((-one["amount"], one["method"], id_))
    steps += [(one.amount, "cash", None) for one in body.new_transactions]
    owed = cost - paid - sum((amount for amount, _, _ in steps), Decimal(0))
    if body.fast_payment and owed > 0:
        steps.append((owed, _METHODS[body.fast_payment], None))
    for amount, method, undoes in steps:
        who: dict[str, Any] = {"user_id": call.user.id, "at": call.now}
        await visits.pay(call.db, appointment, chain_id, amount, method, **who, undoes_id=undoes)
        paid += amount
    return paid
